//! Who keeps a seat that two reservations were granted, and the record of it.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;
use uuid::Uuid;

use super::fold::Outcome;
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::reservation::{Reservation, State};
use crate::domain::seat::SeatNumber;
use crate::ledger::LedgerError;
use crate::ledger::conflicts::{Conflict, LostSeat, lost_seat};

/// The reservations that lose, each with the seats that it lost.
pub(super) type Losers = HashMap<ReservationId, Vec<LostSeat>>;

type Holders = HashMap<(ConcertId, SeatNumber), ReservationId>;

/// Decides about a part of a batch: who has a seat in PostgreSQL keeps it unless the part cancels
/// it, then the log's order decides. Only `news` count: what is applied again claims nothing. One
/// query however many conflicts there are, because after a failover there may be many, while
/// buyers wait for the batch.
pub(super) async fn losers(
    connection: &mut PgConnection,
    part: &[Outcome<'_>],
    news: &HashSet<Uuid>,
) -> Result<Losers, LedgerError> {
    let is_news = |it: &&Reservation| news.contains(&it.id.0);
    let reservations = part.iter().map(|outcome| outcome.reservation);
    let (confirmed, cancelled): (Vec<_>, Vec<_>) =
        reservations.filter(is_news).partition(|it| it.state == State::Confirmed);
    let freed: HashSet<_> = cancelled.iter().map(|it| it.id).collect();
    let mut holders = holders(connection, &confirmed).await?;
    holders.retain(|_, holder| !freed.contains(holder));

    let mut losers = Losers::new();
    for reservation in confirmed {
        let seats = reservation.lines.seats.iter().map(|line| line.seat);
        let lost: Vec<LostSeat> = seats
            .clone()
            .filter_map(|seat| {
                let winner = *holders.get(&(reservation.concert, seat))?;
                (winner != reservation.id).then_some(LostSeat { seat, winner })
            })
            .collect();
        if lost.is_empty() {
            holders.extend(seats.map(|seat| ((reservation.concert, seat), reservation.id)));
        } else {
            losers.insert(reservation.id, lost);
        }
    }
    Ok(losers)
}

async fn holders(
    connection: &mut PgConnection,
    confirmed: &[&Reservation],
) -> Result<Holders, LedgerError> {
    let wanted =
        confirmed.iter().flat_map(|it| it.lines.seats.iter().map(|line| (it.concert.0, line.seat)));
    let (concerts, seats): (Vec<_>, Vec<_>) =
        wanted.map(|(concert, seat)| (concert, i64::from(seat.0))).unzip();
    let held: Vec<(Uuid, i32, Uuid)> =
        sqlx::query_as(include_str!("../sql/reservation_seats_holders.sql"))
            .bind(concerts)
            .bind(seats)
            .fetch_all(connection)
            .await?;
    let held = held.into_iter().map(|(concert, seat, holder)| {
        let held = lost_seat(seat, holder)?;
        Ok(((ConcertId(concert), held.seat), held.winner))
    });
    held.collect()
}

/// Records conflicts whose losers were written.
pub(super) async fn record(
    connection: &mut PgConnection,
    conflicts: &[Conflict],
) -> Result<(), sqlx::Error> {
    if conflicts.is_empty() {
        return Ok(());
    }
    let lost: Vec<(&Conflict, &LostSeat)> = conflicts
        .iter()
        .flat_map(|conflict| conflict.seats.iter().map(move |lost| (conflict, lost)))
        .collect();
    let concerts: Vec<_> = lost.iter().map(|(conflict, _)| conflict.concert.0).collect();
    let seats: Vec<_> = lost.iter().map(|(_, lost)| i64::from(lost.seat.0)).collect();
    let winners: Vec<_> = lost.iter().map(|(_, lost)| lost.winner.0).collect();
    let losers: Vec<_> = lost.iter().map(|(conflict, _)| conflict.loser.0).collect();
    sqlx::query(include_str!("../sql/conflicts_insert.sql"))
        .bind(concerts)
        .bind(seats)
        .bind(winners)
        .bind(losers)
        .execute(connection)
        .await?;
    Ok(())
}
