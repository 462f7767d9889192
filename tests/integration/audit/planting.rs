//! Each kind of problem is planted into real stores, and named.

use frontrow::audit::Kind;
use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::lines::SeatLine;
use frontrow::domain::seat::SeatNumber;
use frontrow::inventory::commands::Own;
use frontrow::inventory::packed::pack_record;

use super::evening::{Evening, FLOOR, SEATS, auditor, import_house};
use crate::support::backend::Backend;
use crate::support::{database, redis_db};

/// What an owner's list has of a reservation.
fn entry(id: ReservationId, places: u16) -> Vec<u8> {
    [id.0.as_bytes().as_slice(), &places.to_be_bytes(), &[0; 8]].concat()
}

fn cmd(name: &str, key: &str) -> redis::Cmd {
    let mut command = redis::cmd(name);
    command.arg(key);
    command
}

/// A record that has another's seat, too.
async fn claim_seat(on: &Evening<'_>, own: Own, seat: u32) {
    let mut record = on.backend.inventory.find(&on.keys, own.id).await.unwrap().unwrap();
    record.lines.seats.push(SeatLine { seat: SeatNumber(seat), price_minor: 1 });
    let mut command = cmd("HSET", on.keys.reservations());
    command.arg(own.id.0.as_bytes()).arg(pack_record(&record));
    on.redis(command).await;
}

/// Plants what PostgreSQL is to have.
async fn plant_in_postgresql(kind: Kind, on: &Evening<'_>, sale: Own) {
    match kind {
        Kind::SoldInRedisOnly => {
            on.postgres("DELETE FROM reservation_seats WHERE reservation_id = $1", sale).await;
            on.postgres("DELETE FROM reservation_areas WHERE reservation_id = $1", sale).await;
            on.postgres("DELETE FROM reservations WHERE id = $1", sale).await;
        }
        Kind::SaleDiffers => {
            let sql = "UPDATE reservations SET version = version + 1 WHERE id = $1";
            on.postgres(sql, sale).await;
        }
        Kind::AreaSalesDiffer => {
            let sql = "UPDATE area_sales SET sold = sold + 1 WHERE concert_id = \
                       (SELECT concert_id FROM reservations WHERE id = $1)";
            on.postgres(sql, sale).await;
        }
        Kind::ConflictOpen => {
            let sql = "INSERT INTO seat_conflicts (concert_id, seat, winner_id, loser_id, recorded_at) \
                       SELECT concert_id, 0, id, id, now() - interval '1 hour' FROM reservations \
                       WHERE id = $1";
            on.postgres(sql, sale).await;
        }
        Kind::DeadLetter => {
            let sql = "INSERT INTO dead_letters (partition, position_ms, position_sequence, event, \
                       reason, recorded_at) SELECT partition, 1, 1, jsonb_build_object('concert_id', \
                       concert_id), 'a test', now() - interval '1 hour' FROM reservations JOIN concerts ON concerts.id = \
                       concert_id WHERE reservations.id = $1";
            on.postgres(sql, sale).await;
        }
        _ => panic!("{kind:?} is planted in Redis"),
    }
}

/// Plants one kind at an evening with one sale (seats 0 and 1, two on the floor) and one hold (seats 2
/// and 3, three on the floor).
async fn plant(kind: Kind, on: &Evening<'_>, sale: Own, hold: Own) {
    let (id, user) = (hold.id.0.as_bytes(), hold.user.0.as_bytes());
    let area_member = [&[0, 0], id.as_slice()].concat();
    let mut command = match kind {
        Kind::HeldByNobody => return on.set_state(8, 1).await,
        Kind::SoldToNobody => return on.set_state(8, 2).await,
        Kind::SoldInPostgresqlOnly => return on.set_state(0, 0).await,
        Kind::SeatNotKept => return on.set_state(2, 0).await,
        Kind::BlockedDiffers => return on.set_state(8, 3).await,
        Kind::SoldToTwo => return on.set_holder(0, ReservationId::new()).await,
        Kind::SeatInTwoReservations => return claim_seat(on, hold, 0).await,
        Kind::SoldInRedisOnly
        | Kind::SaleDiffers
        | Kind::AreaSalesDiffer
        | Kind::ConflictOpen
        | Kind::DeadLetter => return plant_in_postgresql(kind, on, sale).await,
        Kind::OwnerListDiffers => cmd("HDEL", on.keys.owners()),
        Kind::OwnerListLeft => cmd("HSET", on.keys.owners()),
        Kind::DeadlineMissing | Kind::NeverForgotten => cmd("ZREM", on.keys.deadlines()),
        Kind::AreaHoldMissing => cmd("ZREM", on.keys.area_holds()),
        Kind::AreaHoldLeft => cmd("ZADD", on.keys.area_holds()),
        Kind::AreaCountsDiffer => cmd("HSET", on.keys.areas()),
        Kind::CapacityDiffers => cmd("HSET", on.keys.meta()),
        Kind::RecordUnreadable => cmd("HSET", on.keys.reservations()),
    };
    match kind {
        Kind::OwnerListDiffers => command.arg(user),
        Kind::OwnerListLeft => {
            let stranger = UserId::new();
            command.arg(stranger.0.as_bytes()).arg(entry(ReservationId::new(), 1))
        }
        Kind::DeadlineMissing => command.arg(on.member(hold)),
        Kind::NeverForgotten => {
            on.backend.reservations.release(hold.user, on.concert, hold.id).await.unwrap();
            command.arg(on.member(hold))
        }
        Kind::AreaHoldMissing => command.arg(area_member),
        Kind::AreaHoldLeft => {
            command.arg(1).arg([&[0, 0], sale.id.0.as_bytes().as_slice()].concat())
        }
        Kind::AreaCountsDiffer => {
            let counts = [FLOOR, 3, 3].map(u32::to_be_bytes).concat();
            command.arg(0).arg(counts)
        }
        Kind::CapacityDiffers => command.arg("capacity").arg(SEATS + 1),
        _ => command.arg(id).arg("a record"),
    };
    on.redis(command).await;
}

/// What is done about a problem.
#[derive(PartialEq)]
enum Then {
    /// It is repaired, with all that followed from it.
    Repaired,
    /// It stays, and all that followed from it.
    Stays,
    /// It stays alone.
    StaysAlone,
}
use Then::{Repaired, Stays, StaysAlone};

/// All kinds, each with others that follow from it, and what is done about them.
const KINDS: &[(Kind, &[Kind], Then)] = &[
    (Kind::HeldByNobody, &[], Repaired),
    (Kind::SoldToNobody, &[], Stays),
    (Kind::SoldInPostgresqlOnly, &[Kind::SeatNotKept], Repaired),
    (Kind::SeatNotKept, &[], Repaired),
    (Kind::BlockedDiffers, &[], Stays),
    (Kind::SoldToTwo, &[Kind::SeatNotKept], Stays),
    (Kind::SeatInTwoReservations, &[Kind::OwnerListDiffers], StaysAlone),
    (Kind::SoldInRedisOnly, &[Kind::AreaSalesDiffer], Stays),
    (Kind::SaleDiffers, &[], Stays),
    (Kind::AreaSalesDiffer, &[], Stays),
    (Kind::ConflictOpen, &[], Stays),
    (Kind::DeadLetter, &[], Stays),
    (Kind::OwnerListDiffers, &[], Repaired),
    (Kind::OwnerListLeft, &[], Repaired),
    (Kind::DeadlineMissing, &[], Repaired),
    (Kind::NeverForgotten, &[], Repaired),
    (Kind::AreaHoldMissing, &[], Repaired),
    (Kind::AreaHoldLeft, &[], Repaired),
    (Kind::AreaCountsDiffer, &[], Stays),
    (Kind::CapacityDiffers, &[], Stays),
    (
        Kind::RecordUnreadable,
        &[Kind::HeldByNobody, Kind::OwnerListLeft, Kind::AreaCountsDiffer],
        Stays,
    ),
];

fn sorted(mut kinds: Vec<Kind>) -> Vec<Kind> {
    kinds.sort_unstable_by_key(|kind| kind.name());
    kinds
}

#[tokio::test]
async fn every_kind_of_problem_that_is_planted_is_named_and_repaired_if_that_is_safe() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::idle(&redis, &database).await;
    backend.reservations.verify().await.unwrap();
    import_house(&backend).await;
    for (kind, follow, then) in KINDS {
        let on = Evening::new(&backend, &redis, &kind.name().replace('_', "-"), 600).await;
        let sale = on.sale(&["1-1", "1-2"], 2).await;
        let hold = on.hold(&["1-3", "1-4"], 3).await;
        assert_eq!(on.kinds().await, [], "before {kind:?} was planted");
        plant(*kind, &on, sale, hold).await;
        let expected = sorted(follow.iter().chain([kind]).copied().collect());
        assert_eq!(on.kinds().await, expected, "{:?}", on.audit().await.problems);

        let (made, recorded) = on.repair().await;
        assert_eq!(made, recorded, "{kind:?}: what was repaired is on record");
        let left = match then {
            Repaired => vec![],
            Stays => expected,
            StaysAlone => vec![*kind],
        };
        assert_eq!(made > 0, *then != Stays, "{kind:?}");
        assert_eq!(on.kinds().await, left, "{kind:?}: {:?}", on.audit().await.problems);
    }
}

#[tokio::test]
async fn a_sale_whose_record_is_gone_is_named_though_its_seats_are_still_sold() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::idle(&redis, &database).await;
    backend.reservations.verify().await.unwrap();
    import_house(&backend).await;
    let on = Evening::new(&backend, &redis, "gone", 600).await;
    let sale = on.sale(&["1-1", "1-2"], 0).await;
    let mut command = cmd("HDEL", on.keys.reservations());
    command.arg(sale.id.0.as_bytes());
    on.redis(command).await;
    let named = sorted(vec![Kind::OwnerListLeft, Kind::SoldInPostgresqlOnly]);
    assert_eq!(on.kinds().await, named);
    on.repair().await;
    assert!(on.kinds().await.contains(&Kind::SoldInPostgresqlOnly), "no repair hides it");
    // Unless it kept its seat when somebody else was granted it, too: such a winner has no record.
    let won = "INSERT INTO seat_conflicts (concert_id, seat, winner_id, loser_id, compensated_at) \
               SELECT concert_id, 0, id, id, now() FROM reservations WHERE id = $1";
    on.postgres(won, sale).await;
    assert_eq!(on.kinds().await, []);
}

#[tokio::test]
async fn a_sale_that_costs_another_sum_in_postgresql_is_named() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::idle(&redis, &database).await;
    backend.reservations.verify().await.unwrap();
    import_house(&backend).await;
    for (slug, change) in [
        ("total", "UPDATE reservations SET total_minor = total_minor + 1 WHERE id = $1"),
        ("seat", "UPDATE reservation_seats SET price_minor = 1 WHERE reservation_id = $1"),
        ("area", "UPDATE reservation_areas SET price_minor = 1 WHERE reservation_id = $1"),
    ] {
        let on = Evening::new(&backend, &redis, slug, 600).await;
        let sale = on.sale(&["1-1"], 2).await;
        assert_eq!(on.kinds().await, []);
        on.postgres(change, sale).await;
        assert_eq!(on.kinds().await, [Kind::SaleDiffers], "{slug}");
    }
}

#[tokio::test]
async fn a_seat_that_leaked_is_sold_again_after_a_round_of_repairs() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::idle(&redis, &database).await;
    backend.reservations.verify().await.unwrap();
    import_house(&backend).await;
    let on = Evening::new(&backend, &redis, "leak", 600).await;
    on.hold(&["1-1"], 0).await;
    on.set_state(8, 1).await;
    let seats = ["2-4".to_owned()];
    let refused = backend.reservations.reserve(UserId::new(), on.concert, "k", &seats).await;
    assert!(refused.is_err(), "nobody can have it");
    let round = auditor(&backend).round().await.unwrap();
    assert_eq!((round.concerts, round.problems, round.repairs), (1, 1, 1));
    on.hold(&["2-4"], 0).await;
    let again = auditor(&backend).round().await.unwrap();
    assert_eq!((again.problems, again.repairs), (0, 0));
}

#[tokio::test]
async fn what_postgresql_has_yet_to_learn_is_taken_from_the_log() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::idle(&redis, &database).await;
    backend.reservations.verify().await.unwrap();
    import_house(&backend).await;
    let on = Evening::new(&backend, &redis, "unwritten", 600).await;
    let before = on.audit().await;
    assert!(!before.loaded && before.problems.is_empty());
    assert_eq!((before.counts.sold_redis, before.counts.available), (None, SEATS + FLOOR));

    let (sold, cancelled) = (on.hold(&["1-1"], 2).await, on.hold(&["1-2"], 1).await);
    let reservations = &backend.reservations;
    for own in [sold, cancelled] {
        reservations.confirm(own.user, on.concert, own.id, None).await.unwrap();
    }
    reservations.cancel(cancelled.user, on.concert, cancelled.id).await.unwrap();
    on.hold(&["1-3"], 4).await;
    // Nobody writes: all of it is in the log alone.
    let report = on.audit().await;
    assert_eq!(report.problems, []);
    assert_eq!((report.counts.sold_redis, report.counts.sold_postgres), (Some(3), 3));
    assert_eq!((report.counts.held, report.counts.available), (5, SEATS + FLOOR - 8));
}
