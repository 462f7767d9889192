use super::*;
use crate::audit::standing::Cost;
use crate::domain::seat::SeatState;
use crate::ledger::audit::SaleRow;

const DEADLINE_MS: i64 = 1_700_000_000_000;
const FLOOR: AreaNumber = AreaNumber(0);

/// A sale of seat 0 and two places on the floor, and a hold of seat 1 and three places, as both stores
/// should have them; seat 2 is kept back, and seats 3 and 4 are free.
struct Evening {
    world: World,
    sale: ReservationId,
    hold: ReservationId,
    buyer: UserId,
    holder: UserId,
}

fn standing(user: UserId, state: State, seat: u32, places: u16) -> Standing {
    let (seats, areas) = (vec![SeatNumber(seat)], vec![(FLOOR, places)]);
    let cost = Some(Cost { total_minor: 900, lines_minor: 900 });
    Standing { user, state, version: 2, deadline_ms: DEADLINE_MS, seats, areas, cost }
}

fn evening() -> Evening {
    let (sale, hold) = (ReservationId::new(), ReservationId::new());
    let (buyer, holder) = (UserId::new(), UserId::new());
    let row = SaleRow {
        id: sale,
        user: buyer,
        state: State::Confirmed,
        version: 2,
        seats: vec![SeatNumber(0)],
        areas: vec![(FLOOR, 2)],
        total_minor: 900,
        lines_minor: 900,
        has_won: false,
    };
    let owned = |id, places, deadline_ms| vec![Owned { id, places, deadline_ms }];
    let world = World {
        room: Room { seats: 5, areas: vec![10] },
        whole: Whole {
            capacity: 5,
            states: vec![0b1001_1100, 0],
            areas: HashMap::from([(FLOOR, [10, 3, 2])]),
        },
        holders: vec![sale, hold, NOBODY, NOBODY, NOBODY],
        records: HashMap::from([
            (sale, standing(buyer, State::Confirmed, 0, 2)),
            (hold, standing(holder, State::Held, 1, 3)),
        ]),
        owners: HashMap::from([(buyer, owned(sale, 3, 0)), (holder, owned(hold, 4, DEADLINE_MS))]),
        deadlines: HashMap::from([(hold, DEADLINE_MS)]),
        area_holds: HashMap::from([(hold, HashMap::from([(FLOOR, DEADLINE_MS)]))]),
        sales: Sales::new(&[row], vec![SeatNumber(2)]),
        ..World::default()
    };
    Evening { world, sale, hold, buyer, holder }
}

impl Evening {
    fn set(&mut self, seat: u32, state: SeatState) {
        let mut states = self.world.states();
        states.set(SeatNumber(seat), state);
        self.world.whole.states = states.as_bytes().to_vec();
    }

    fn record(&mut self, id: ReservationId) -> &mut Standing {
        self.world.records.get_mut(&id).unwrap()
    }
}

/// The kinds of problems of an evening to which something was done, each once.
fn after(change: impl FnOnce(&mut Evening)) -> Vec<Kind> {
    let mut evening = evening();
    change(&mut evening);
    let mut kinds: Vec<_> = evening.world.problems().iter().map(|it| it.kind).collect();
    kinds.sort_unstable_by_key(|kind| kind.name());
    kinds.dedup();
    kinds
}

#[test]
fn an_evening_in_step_has_no_problem_and_adds_up() {
    assert_eq!(after(|_| {}), []);
    let counts = evening().world.counts();
    let expected =
        Counts { available: 7, held: 4, sold_redis: Some(3), sold_postgres: 3, blocked: 1 };
    assert_eq!(counts, expected);
}

#[test]
fn a_seat_whose_state_nobody_has_is_named() {
    use SeatState::{Available, Blocked, Held, Sold};
    assert_eq!(after(|on| on.set(3, Held)), [Kind::HeldByNobody]);
    assert_eq!(after(|on| on.set(3, Sold)), [Kind::SoldToNobody]);
    assert_eq!(after(|on| on.set(1, Available)), [Kind::SeatNotKept]);
    let free = after(|on| on.set(0, Available));
    assert_eq!(free, [Kind::SeatNotKept, Kind::SoldInPostgresqlOnly]);
    assert_eq!(after(|on| on.set(3, Blocked)), [Kind::BlockedDiffers]);
    assert_eq!(after(|on| on.set(2, Available)), [Kind::BlockedDiffers]);
    let other = after(|on| on.world.holders[0] = ReservationId::new());
    assert_eq!(other, [Kind::SeatNotKept, Kind::SoldToTwo]);
}

#[test]
fn sales_that_only_one_store_has_are_named() {
    let lost = after(|on| on.world.sales = Sales::new(&[], vec![SeatNumber(2)]));
    assert_eq!(lost, [Kind::AreaSalesDiffer, Kind::SoldInRedisOnly]);
    let newer = after(|on| on.record(on.sale).version = 3);
    assert_eq!(newer, [Kind::SaleDiffers]);
    let ended = after(|on| {
        let (sale, buyer) = (on.sale, on.buyer);
        on.record(sale).state = State::Cancelled;
        on.world.owners.remove(&buyer);
    });
    assert!(ended.contains(&Kind::SoldInPostgresqlOnly), "{ended:?}");
    let gone = after(|on| {
        let (sale, buyer) = (on.sale, on.buyer);
        on.world.records.remove(&sale);
        on.world.owners.remove(&buyer);
    });
    assert!(gone.contains(&Kind::SoldInPostgresqlOnly), "{gone:?}");
}

#[test]
fn a_seat_that_two_reservations_have_is_named() {
    let twice = after(|on| {
        let hold = on.hold;
        on.record(hold).seats.push(SeatNumber(0));
    });
    assert_eq!(twice, [Kind::OwnerListDiffers, Kind::SeatInTwoReservations]);
}

#[test]
fn what_follows_from_a_record_and_is_not_so_is_named() {
    assert_eq!(after(|on| _ = on.world.owners.remove(&on.holder)), [Kind::OwnerListDiffers]);
    let wrong = after(|on| {
        let holder = on.holder;
        on.world.owners.get_mut(&holder).unwrap()[0].places = 1;
    });
    assert_eq!(wrong, [Kind::OwnerListDiffers]);
    let left = after(|on| {
        let owned = Owned { id: ReservationId::new(), places: 1, deadline_ms: 0 };
        on.world.owners.insert(UserId::new(), vec![owned]);
    });
    assert_eq!(left, [Kind::OwnerListLeft]);
    assert_eq!(after(|on| on.world.deadlines.clear()), [Kind::DeadlineMissing]);
    assert_eq!(after(|on| on.world.area_holds.clear()), [Kind::AreaHoldMissing]);
    let hold = |on: &mut Evening| {
        let sale = on.sale;
        on.world.area_holds.insert(sale, HashMap::from([(FLOOR, DEADLINE_MS)]));
    };
    assert_eq!(after(hold), [Kind::AreaHoldLeft]);
    let ended = after(|on| {
        let id = ReservationId::new();
        let released = standing(on.holder, State::Released, 4, 1);
        on.world.records.insert(id, released);
    });
    assert_eq!(ended, [Kind::NeverForgotten]);
}

#[test]
fn areas_and_houses_that_do_not_add_up_are_named() {
    let counted = |counts| after(move |on| _ = on.world.whole.areas.insert(FLOOR, counts));
    assert_eq!(counted([10, 3, 3]), [Kind::AreaCountsDiffer]);
    assert_eq!(counted([9, 3, 2]), [Kind::CapacityDiffers]);
    assert_eq!(after(|on| on.world.whole.areas.clear()), [Kind::CapacityDiffers]);
    assert_eq!(after(|on| on.world.whole.capacity = 6), [Kind::CapacityDiffers]);
    assert_eq!(after(|on| on.world.whole.states.push(0)), [Kind::CapacityDiffers]);
    assert_eq!(after(|on| on.world.whole.states[1] |= 1), [Kind::CapacityDiffers]);
}

#[test]
fn what_the_log_says_is_applied_as_the_writer_will() {
    let mut sales = evening().world.sales;
    let (first, second) = (ReservationId::new(), ReservationId::new());
    let mut tell = |ms, id, state, version| {
        let changed = Standing { version, ..standing(UserId::new(), state, 4, 1) };
        let position = crate::domain::position::Position { ms, sequence: 0 };
        let told = crate::audit::standing::Told {
            position,
            what: crate::audit::standing::What::Changed(id, changed),
        };
        sales.apply(&told);
        sales.sold_to(SeatNumber(4))
    };
    assert_eq!(tell(1, first, State::Held, 1), None);
    assert_eq!(tell(2, first, State::Confirmed, 2), Some(first));
    assert_eq!(tell(3, second, State::Confirmed, 2), Some(first), "who has a seat keeps it");
    assert_eq!(tell(4, first, State::Cancelled, 3), None);
    assert_eq!(tell(5, first, State::Confirmed, 2), None, "an older version changes nothing");
    assert_eq!(tell(6, second, State::Cancelled, 3), None);
}
