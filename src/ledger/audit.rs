//! PostgreSQL as it stands in one moment, for whoever holds Redis against it.

use sqlx::{PgPool, Postgres, Transaction};
use uuid::Uuid;

use super::partitions::{self, PartitionRow};
use super::reservations::state_of;
use super::{LedgerError, blocked_seats};
use crate::domain::area::{AreaNumber, Room};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::limits::ROWS_PER_AUDIT_PAGE;
use crate::domain::reservation::State;
use crate::domain::seat::SeatNumber;

/// Seconds that a conflict may wait to be settled before that is a problem of its own.
const SETTLED_WITHIN: f64 = 10.0;

/// A concert to be audited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// Its id.
    pub concert: ConcertId,
    /// Its name in import files.
    pub slug: String,
    /// Where its keys and its log live.
    pub partition: u16,
    /// How many people fit in.
    pub room: Room,
}

/// A reservation that was ever confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRow {
    /// Which.
    pub id: ReservationId,
    /// Whose.
    pub user: UserId,
    /// Confirmed or cancelled.
    pub state: State,
    /// As of which change.
    pub version: u32,
    /// Its seats that are sold and stand.
    pub seats: Vec<SeatNumber>,
    /// Its places that are sold and stand.
    pub areas: Vec<(AreaNumber, u16)>,
    /// What it costs, in minor units.
    pub total_minor: i64,
    /// What its seats and places that stand cost together, in minor units.
    pub lines_minor: i64,
    /// Whether it ever kept a seat that Redis had granted to somebody else.
    pub has_won: bool,
}

/// What went wrong at a concert.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Seats and areas that two reservations were granted, ever.
    pub conflicts: u64,
    /// Whether losers have only just been found, and are about to be cancelled in Redis.
    pub settling: bool,
    /// The losers that have waited for long to be cancelled in Redis.
    pub open: Vec<ReservationId>,
    /// Entries of its log that were not applied: where they stood, and why.
    pub dead_letters: Vec<String>,
}

/// One moment of PostgreSQL. Dropped, it is over; it changes nothing.
pub struct Snapshot {
    transaction: Transaction<'static, Postgres>,
    /// How far the partition's log was applied in that moment.
    pub row: PartitionRow,
}

#[derive(sqlx::FromRow)]
struct ConcertRow {
    id: Uuid,
    slug: String,
    partition: i16,
    seats: i32,
    areas: Vec<i32>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    state: String,
    version: i64,
    seats: Vec<i32>,
    areas: Vec<i16>,
    quantities: Vec<i32>,
    total_minor: i64,
    lines_minor: i64,
    has_won: bool,
}

/// Concerts by id, from the first after `after`: all, or those whose id or slug is among `named`. A
/// page with fewer than [`ROWS_PER_AUDIT_PAGE`] is the last.
///
/// # Errors
/// When PostgreSQL cannot be reached.
pub async fn concerts(
    pool: &PgPool,
    after: Option<ConcertId>,
    named: Option<&[String]>,
) -> Result<Vec<Audited>, LedgerError> {
    let rows: Vec<ConcertRow> = sqlx::query_as(include_str!("sql/audit_concerts.sql"))
        .bind(after.map_or(Uuid::nil(), |id| id.0))
        .bind(named)
        .bind(i64::from(ROWS_PER_AUDIT_PAGE))
        .fetch_all(pool)
        .await?;
    let audited = |row: ConcertRow| Audited {
        concert: ConcertId(row.id),
        slug: row.slug,
        partition: row.partition.cast_unsigned(),
        room: Room {
            seats: row.seats.cast_unsigned(),
            areas: row.areas.into_iter().map(i32::cast_unsigned).collect(),
        },
    };
    Ok(rows.into_iter().map(audited).collect())
}

impl Snapshot {
    /// Looks at PostgreSQL from now on as it stands now.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn begin(pool: &PgPool, partition: u16) -> Result<Self, LedgerError> {
        let mut transaction = pool.begin_with(include_str!("sql/audit_begin.sql")).await?;
        let row = partitions::find(&mut *transaction, partition).await?;
        let missing = || LedgerError::Unreadable {
            table: "partitions",
            reason: format!("partition {partition} is not there"),
        };
        Ok(Self { transaction, row: row.ok_or_else(missing)? })
    }

    /// A page of what was ever confirmed of a concert, by id, from the first after `after`. A page with
    /// fewer than [`ROWS_PER_AUDIT_PAGE`] is the last.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or a row cannot be read.
    pub async fn sales(
        &mut self,
        concert: ConcertId,
        after: Option<ReservationId>,
    ) -> Result<Vec<SaleRow>, LedgerError> {
        let rows: Vec<Row> = sqlx::query_as(include_str!("sql/audit_sales.sql"))
            .bind(concert.0)
            .bind(after.map_or(Uuid::nil(), |id| id.0))
            .bind(i64::from(ROWS_PER_AUDIT_PAGE))
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.into_iter().map(Row::read).collect()
    }

    /// These reservations, as far as they were ever confirmed, and whichever have one of these seats.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached, or a row cannot be read.
    pub async fn sales_of(
        &mut self,
        concert: ConcertId,
        ids: &[ReservationId],
        seats: &[SeatNumber],
    ) -> Result<Vec<SaleRow>, LedgerError> {
        let rows: Vec<Row> = sqlx::query_as(include_str!("sql/audit_sales_of.sql"))
            .bind(concert.0)
            .bind(ids.iter().map(|id| id.0).collect::<Vec<_>>())
            .bind(seats.iter().map(|seat| seat.0.cast_signed()).collect::<Vec<_>>())
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.into_iter().map(Row::read).collect()
    }

    /// The seats of a concert that are kept back.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn blocked(&mut self, concert: ConcertId) -> Result<Vec<SeatNumber>, LedgerError> {
        blocked_seats::of_concert(&mut *self.transaction, concert).await
    }

    /// How many places of each area are counted as sold, in the order of their numbers.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn areas(&mut self, concert: ConcertId) -> Result<Vec<u32>, LedgerError> {
        let query = sqlx::query_as::<_, (i32, i32)>(include_str!("sql/area_sales_of_concert.sql"));
        let rows = query.bind(concert.0).fetch_all(&mut *self.transaction).await?;
        Ok(rows.into_iter().map(|(_, sold)| sold.cast_unsigned()).collect())
    }

    /// What went wrong at a concert.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn trouble(&mut self, concert: ConcertId) -> Result<Trouble, LedgerError> {
        type Told = (i64, bool, Vec<Uuid>, Vec<String>);
        let (conflicts, settling, open, dead_letters): Told =
            sqlx::query_as(include_str!("sql/audit_trouble.sql"))
                .bind(concert.0)
                .bind(SETTLED_WITHIN)
                .fetch_one(&mut *self.transaction)
                .await?;
        let open = open.into_iter().map(ReservationId).collect();
        Ok(Trouble { conflicts: conflicts.cast_unsigned(), settling, open, dead_letters })
    }
}

impl Row {
    fn read(self) -> Result<SaleRow, LedgerError> {
        let unreadable = |column| LedgerError::Unreadable {
            table: "reservations",
            reason: format!("{column} of {}", self.id),
        };
        let quantity = |quantity: i32| u16::try_from(quantity).map_err(|_| unreadable("areas"));
        let areas = self.areas.iter().zip(&self.quantities);
        let areas =
            areas.map(|(area, places)| Ok((AreaNumber(area.cast_unsigned()), quantity(*places)?)));
        Ok(SaleRow {
            id: ReservationId(self.id),
            user: UserId(self.user_id),
            state: state_of(&self.state).ok_or_else(|| unreadable("state"))?,
            version: u32::try_from(self.version).map_err(|_| unreadable("version"))?,
            areas: areas.collect::<Result<_, LedgerError>>()?,
            seats: self.seats.iter().map(|seat| SeatNumber(seat.cast_unsigned())).collect(),
            total_minor: self.total_minor,
            lines_minor: self.lines_minor,
            has_won: self.has_won,
        })
    }
}
