use frontrow::domain::ids::UserId;
use frontrow::domain::refusal::Refusal;
use frontrow::domain::reservation::{Cause, State};
use frontrow::domain::seat::SeatState;
use frontrow::inventory::commands::{Own, Payment};

use crate::support::hot::{Hot, PRICE_MINOR, STANDING_MINOR, concert, lines_with};

fn payment(total_minor: u32, honour_late: bool) -> Payment {
    Payment { reference: "pay-1".into(), total_minor: total_minor.into(), honour_late }
}

#[tokio::test]
async fn a_paid_hold_becomes_a_sale_that_knows_its_payment() {
    let hot = Hot::standing(4, &[9], concert()).await;
    let user = UserId::new();
    let held = hot.send(&hot.claim(user, lines_with(&[1], &[(0, 2)]))).await.unwrap();
    let own = Own { id: held.reservation.id, user };
    let total = PRICE_MINOR + 2 * STANDING_MINOR;
    let refused = hot.pay(own, payment(total - 1, false)).await;
    assert_eq!(refused, Err(Refusal::AmountMismatch { total_minor: total.into() }));
    let sold = hot.pay(own, payment(total, false)).await.unwrap().reservation;
    assert_eq!((sold.state, sold.cause), (State::Confirmed, Cause::Merchant));
    assert_eq!(sold.payment_reference, "pay-1");
    let again = hot.pay(own, payment(total, false)).await.unwrap();
    assert_eq!((again.replayed, again.reservation), (true, sold));
    let twice = Payment { reference: "pay-2".into(), ..payment(total, false) };
    let refused = hot.pay(own, twice).await;
    assert_eq!(refused, Err(Refusal::WrongState { state: State::Confirmed }), "paid twice");
}

#[tokio::test]
async fn a_late_payment_is_told_whether_it_can_be_honoured_and_is_if_asked_to() {
    let hot = Hot::standing(4, &[2], concert()).await;
    let user = UserId::new();
    let held = hot.send(&hot.claim(user, lines_with(&[1], &[(0, 2)]))).await.unwrap();
    let own = Own { id: held.reservation.id, user };
    let total = PRICE_MINOR + 2 * STANDING_MINOR;
    hot.run_out().await;
    let refused = hot.pay(own, payment(total, false)).await;
    assert_eq!(refused, Err(Refusal::PaymentLate { still_free: true }));
    let sold = hot.pay(own, payment(total, true)).await.unwrap().reservation;
    assert_eq!(sold.state, State::Confirmed);
    assert_eq!(hot.states().await[1], SeatState::Sold);
    assert_eq!(hot.area_counts().await[0].sold, 2);
    assert_eq!(hot.area_counts().await[0].held, 0);
}

#[tokio::test]
async fn a_hold_that_was_swept_is_honoured_too_and_belongs_to_its_buyer_again() {
    let hot = Hot::standing(4, &[2], concert()).await;
    let user = UserId::new();
    let held = hot.send(&hot.claim(user, lines_with(&[1], &[(0, 1)]))).await.unwrap();
    let own = Own { id: held.reservation.id, user };
    hot.run_out().await;
    hot.inventory.sweep(&hot.keys, &[own.id]).await.unwrap();
    let sold = hot.pay(own, payment(PRICE_MINOR + STANDING_MINOR, true)).await.unwrap();
    assert_eq!(hot.states().await[1], SeatState::Sold);
    assert_eq!((hot.area_counts().await[0].held, hot.area_counts().await[0].sold), (0, 1));
    let owned = hot.inventory.owned_by(&hot.keys, user).await.unwrap().unwrap();
    assert_eq!(owned, [sold.reservation]);
    hot.cancel(own).await.unwrap();
    assert_eq!(hot.states().await[1], SeatState::Available);
}

#[tokio::test]
async fn a_late_payment_is_never_honoured_with_what_somebody_else_has() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[1, 2]).await;
    hot.run_out().await;
    hot.hold(UserId::new(), &[2]).await;
    let refused = hot.pay(own, payment(2 * PRICE_MINOR, true)).await;
    assert_eq!(refused, Err(Refusal::PaymentLate { still_free: false }));
    assert_eq!(hot.states().await[1], SeatState::Available);
}

#[tokio::test]
async fn what_was_given_back_is_not_sold_by_a_payment() {
    let hot = Hot::new(4).await;
    let own = hot.hold(UserId::new(), &[1]).await;
    hot.release(own).await.unwrap();
    let refused = hot.pay(own, payment(PRICE_MINOR, true)).await;
    assert_eq!(refused, Err(Refusal::WrongState { state: State::Released }));
}

#[tokio::test]
async fn overdue_holds_in_the_way_of_a_late_payment_end_for_it_as_for_a_claim() {
    let hot = Hot::standing(4, &[3], concert()).await;
    let user = UserId::new();
    let held = hot.send(&hot.claim(user, lines_with(&[1, 2], &[(0, 2)]))).await.unwrap();
    let own = Own { id: held.reservation.id, user };
    let total = 2 * PRICE_MINOR + 2 * STANDING_MINOR;
    hot.run_out().await;
    let mut others = Vec::new();
    for (seats, areas) in [(vec![2], vec![]), (vec![], vec![(0, 2)])] {
        let other = hot.claim(UserId::new(), lines_with(&seats, &areas));
        others.push(hot.send(&other).await.unwrap().reservation.id);
    }
    let refused = hot.pay(own, payment(total, true)).await;
    assert_eq!(refused, Err(Refusal::PaymentLate { still_free: false }));
    hot.run_out().await;
    let before = hot.log().await.len();
    let asked = hot.pay(own, payment(total, false)).await;
    assert_eq!(asked, Err(Refusal::PaymentLate { still_free: true }));
    assert_eq!(hot.log().await.len(), before, "asking ends nothing");
    let sold = hot.pay(own, payment(total, true)).await.unwrap().reservation;
    assert_eq!(sold.state, State::Confirmed);
    for other in others {
        let ended = hot.inventory.find(&hot.keys, other).await.unwrap().unwrap();
        assert_eq!((ended.state, ended.cause), (State::Expired, Cause::Displaced));
    }
    let (sold, free) = (SeatState::Sold, SeatState::Available);
    assert_eq!(hot.states().await, [free, sold, sold, free]);
    assert_eq!((hot.area_counts().await[0].held, hot.area_counts().await[0].sold), (0, 2));
}

#[tokio::test]
async fn what_is_said_of_a_late_payment_is_what_honouring_it_would_do_at_the_limit_too() {
    let hot = Hot::new(20).await;
    let user = UserId::new();
    let late = hot.hold(user, &[0, 1, 2, 3]).await;
    hot.run_out().await;
    let since = hot.hold(user, &[10, 11]).await;
    let total = 4 * PRICE_MINOR;
    let asked = hot.pay(late, payment(total, false)).await;
    assert_eq!(asked, Err(Refusal::PaymentLate { still_free: true }), "six is the limit");
    hot.confirm(since).await.unwrap();
    let third = hot.hold(user, &[12]).await;
    for honour in [false, true] {
        let refused = hot.pay(late, payment(total, honour)).await;
        assert_eq!(refused, Err(Refusal::PaymentLate { still_free: false }));
    }
    hot.release(third).await.unwrap();
    hot.pay(late, payment(total, true)).await.unwrap();
    assert_eq!(
        hot.states().await[..5],
        [SeatState::Sold, SeatState::Sold, SeatState::Sold, SeatState::Sold, SeatState::Available]
    );
}

#[tokio::test]
async fn one_payment_may_be_for_several_reservations_and_each_has_its_own_amount() {
    let hot = Hot::new(4).await;
    let (one, two) = (hot.hold(UserId::new(), &[0]).await, hot.hold(UserId::new(), &[1, 2]).await);
    hot.pay(one, payment(PRICE_MINOR, false)).await.unwrap();
    let refused = hot.pay(two, payment(PRICE_MINOR, false)).await;
    let total_minor = u64::from(2 * PRICE_MINOR);
    assert_eq!(refused, Err(Refusal::AmountMismatch { total_minor }));
    let sold = hot.pay(two, payment(2 * PRICE_MINOR, false)).await.unwrap().reservation;
    assert_eq!(sold.payment_reference, "pay-1");
    let again = hot.pay(two, payment(3 * PRICE_MINOR, false)).await;
    assert_eq!(again, Err(Refusal::AmountMismatch { total_minor }), "not what was paid before");
    assert!(hot.pay(two, payment(2 * PRICE_MINOR, false)).await.unwrap().replayed);
}
