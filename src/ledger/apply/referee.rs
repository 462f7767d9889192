//! Who keeps a seat that two reservations were granted, who gets the last places of an area, and the
//! record of it.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;
use uuid::Uuid;

use super::fold::Outcome;
use crate::domain::area::AreaNumber;
use crate::domain::ids::{ConcertId, ReservationId};
use crate::domain::reservation::{Cause, Reservation, State};
use crate::domain::seat::SeatNumber;
use crate::ledger::LedgerError;
use crate::ledger::conflicts::{Conflict, LostSeat, lost_seat};

/// The reservations that are to be stored as cancelled, each with what it lost.
pub(super) type Losers = HashMap<ReservationId, Lost>;

/// What a reservation lost to others; nothing, if PostgreSQL refused it.
#[derive(Clone, Default)]
pub(super) struct Lost {
    /// Seats that others keep.
    pub(super) seats: Vec<LostSeat>,
    /// Areas that had too few places left.
    pub(super) areas: Vec<AreaNumber>,
}

impl Lost {
    /// Why the reservation is stored as cancelled.
    pub(super) fn cause(&self) -> Cause {
        match self.seats.is_empty() && self.areas.is_empty() {
            true => Cause::Refused,
            false => Cause::Conflict,
        }
    }
}

type Holders = HashMap<(ConcertId, SeatNumber), ReservationId>;
type PlacesLeft = HashMap<(ConcertId, AreaNumber), i64>;

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
    let mut left = places_left(connection, &confirmed, &cancelled).await?;

    let mut losers = Losers::new();
    for reservation in confirmed {
        let lost = lost(reservation, &holders, &left);
        if !lost.seats.is_empty() || !lost.areas.is_empty() {
            losers.insert(reservation.id, lost);
            continue;
        }
        let seats = reservation.lines.seats.iter();
        holders.extend(seats.map(|line| ((reservation.concert, line.seat), reservation.id)));
        for line in &reservation.lines.areas {
            if let Some(left) = left.get_mut(&(reservation.concert, line.area)) {
                *left -= i64::from(line.quantity);
            }
        }
    }
    Ok(losers)
}

fn lost(reservation: &Reservation, holders: &Holders, left: &PlacesLeft) -> Lost {
    let concert = reservation.concert;
    let seats = reservation.lines.seats.iter().filter_map(|line| {
        let winner = *holders.get(&(concert, line.seat))?;
        (winner != reservation.id).then_some(LostSeat { seat: line.seat, winner })
    });
    let areas = reservation.lines.areas.iter().filter(|line| {
        let left = left.get(&(concert, line.area)).copied().unwrap_or_default();
        left < i64::from(line.quantity)
    });
    Lost { seats: seats.collect(), areas: areas.map(|line| line.area).collect() }
}

/// What the areas in question have left once the part's cancellations have given theirs back.
async fn places_left(
    connection: &mut PgConnection,
    confirmed: &[&Reservation],
    cancelled: &[&Reservation],
) -> Result<PlacesLeft, LedgerError> {
    let wanted =
        confirmed.iter().flat_map(|it| it.lines.areas.iter().map(|line| (it.concert, line.area)));
    let wanted: HashSet<_> = wanted.collect();
    if wanted.is_empty() {
        return Ok(PlacesLeft::new());
    }
    let (concerts, areas): (Vec<_>, Vec<_>) =
        wanted.into_iter().map(|(concert, area)| (concert.0, area.0.cast_signed())).unzip();
    let left: Vec<(Uuid, i16, i32)> = sqlx::query_as(include_str!("../sql/area_sales_left.sql"))
        .bind(concerts)
        .bind(areas)
        .fetch_all(&mut *connection)
        .await?;
    let key = |concert, area: i16| (ConcertId(concert), AreaNumber(area.cast_unsigned()));
    let left = left.into_iter().map(|(concert, area, left)| (key(concert, area), i64::from(left)));
    let mut left: PlacesLeft = left.collect();
    let freed: Vec<(Uuid, i16, i64)> =
        sqlx::query_as(include_str!("../sql/reservation_areas_live.sql"))
            .bind(cancelled.iter().map(|it| it.id.0).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?;
    for (concert, area, quantity) in freed {
        *left.entry(key(concert, area)).or_default() += quantity;
    }
    Ok(left)
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
    let mut rows: Vec<(&Conflict, Option<LostSeat>, Option<AreaNumber>)> = Vec::new();
    for conflict in conflicts {
        rows.extend(conflict.seats.iter().map(|lost| (conflict, Some(*lost), None)));
        rows.extend(conflict.areas.iter().map(|area| (conflict, None, Some(*area))));
    }
    let seat = |lost: &Option<LostSeat>| lost.map(|lost| i64::from(lost.seat.0));
    sqlx::query(include_str!("../sql/conflicts_insert.sql"))
        .bind(rows.iter().map(|(conflict, ..)| conflict.concert.0).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, lost, _)| seat(lost)).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, lost, _)| lost.map(|lost| lost.winner.0)).collect::<Vec<_>>())
        .bind(rows.iter().map(|(.., area)| area.map(|it| it.0.cast_signed())).collect::<Vec<_>>())
        .bind(rows.iter().map(|(conflict, ..)| conflict.loser.0).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
