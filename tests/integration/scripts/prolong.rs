use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::log_entry::{LogEvent, Verb};
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::inventory::commands::Own;
use jiff::{Timestamp, ToSpan};

use crate::support::hot::Hot;

async fn prolong(hot: &Hot, until: Timestamp, ids: &[ReservationId]) -> u32 {
    let told = hot.inventory.prolong(&hot.keys, hot.epoch, until, ids).await;
    told.unwrap().outcome.unwrap()
}

async fn deadline(hot: &Hot, own: Own) -> Timestamp {
    hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap().deadline
}

#[tokio::test]
async fn a_hold_lasts_until_then_and_its_owner_can_still_extend_it() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[0, 1]).await;
    let until =
        Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap() + 90.seconds();
    assert_eq!(prolong(&hot, until, &[own.id, ReservationId::new()]).await, 1);
    assert_eq!(prolong(&hot, until, &[own.id]).await, 0, "nothing adds up");
    let held = hot.inventory.find(&hot.keys, own.id).await.unwrap().unwrap();
    assert_eq!((held.deadline, held.cause, held.extended), (until, Cause::Organiser, false));
    let due = hot.inventory.deadlines(0, 10).await.unwrap();
    assert!(due.next_in_ms.unwrap() > 80_000, "{due:?}");
    let owned = hot.inventory.owned_by(&hot.keys, own.user).await.unwrap().unwrap();
    assert_eq!(owned[0].deadline, until);
    let told = hot.log().await.pop().unwrap().event;
    let LogEvent::Changed(change) = told else { panic!("{told:?}") };
    assert_eq!((change.verb, &change.reservation), (Verb::Extended, &held));

    let in_vain = hot.extend(own).await.unwrap();
    assert_eq!((in_vain.replayed, &in_vain.reservation), (true, &held), "it wins nothing yet");
    hot.advance(40_000).await;
    let extended = hot.extend(own).await.unwrap().reservation;
    assert!(extended.extended && extended.deadline > until);
    assert_eq!(hot.confirm(own).await.unwrap().reservation.state, State::Confirmed);
}

#[tokio::test]
async fn no_deadline_comes_earlier_and_no_hold_comes_back() {
    let hot = Hot::new(4).await;
    let long = hot.hold(UserId::new(), &[0]).await;
    let before = deadline(&hot, long).await;
    assert_eq!(prolong(&hot, before - 1.second(), &[long.id]).await, 0);
    assert_eq!(deadline(&hot, long).await, before);

    let sold = hot.hold(UserId::new(), &[1]).await;
    hot.confirm(sold).await.unwrap();
    let released = hot.hold(UserId::new(), &[2]).await;
    hot.release(released).await.unwrap();
    hot.run_out().await;
    let far = Timestamp::now() + 48.hours();
    assert_eq!(prolong(&hot, far, &[long.id, sold.id, released.id]).await, 0);
    assert_eq!(hot.confirm(long).await, Err(Refusal::HoldExpired), "over is over");
    hot.hold(UserId::new(), &[0]).await;
}

#[tokio::test]
async fn every_hold_is_found_and_nothing_else() {
    let hot = Hot::new(1_000).await;
    let mut held = Vec::new();
    for seat in 0..700 {
        let own = hot.hold(UserId::new(), &[seat]).await;
        match seat % 3 {
            0 => drop(hot.confirm(own).await.unwrap()),
            1 => drop(hot.release(own).await.unwrap()),
            _ => held.push(own.id),
        }
    }
    let (mut found, mut cursor) = (Vec::new(), 0);
    loop {
        let some = hot.inventory.some_holds(&hot.keys, cursor).await.unwrap();
        found.extend(some.holds.iter().map(|hold| hold.id));
        cursor = some.cursor;
        if cursor == 0 {
            break;
        }
    }
    found.sort_unstable();
    found.dedup();
    held.sort_unstable();
    assert_eq!(found, held);
}
