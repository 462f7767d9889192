use frontrow::domain::ids::UserId;
use frontrow::reservations::ReservationError;

use super::hold;
use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::{database, redis_db};

/// Whether an answer is that there is none just now.
fn is_unavailable<T>(answer: &Result<T, ReservationError>) -> bool {
    matches!(answer, Err(ReservationError::Unavailable { .. }))
}

#[tokio::test]
async fn what_nobody_has_verified_is_shown_to_nobody() {
    let backend = Backend::idle(&redis_db().await, &database().await).await;
    let concert = house::import(&backend.pool, 1, 5, &terms("night")).await;
    let (user, reservations) = (UserId::new(), &backend.reservations);
    reservations.verify().await.unwrap();
    let held = hold(&backend, user, concert, "1-1").await;
    assert!(reservations.find(user, concert, held).await.is_ok());

    reservations.gate().close();
    assert!(is_unavailable(&reservations.find(user, concert, held).await));
    assert!(is_unavailable(&reservations.mine(user, concert).await));
    assert!(is_unavailable(&reservations.availability(concert).await));

    reservations.verify().await.unwrap();
    assert_eq!(reservations.mine(user, concert).await.unwrap().len(), 1);
}
