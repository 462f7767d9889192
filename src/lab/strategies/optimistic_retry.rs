//! `optimistic-retry`: a version on the seat, and whoever was too late looks for another seat.
//!
//! What the Prisma text leaves to the people ("refresh the page and choose another ticket") the
//! program does itself. The first attempt is that of `optimistic`. Each further one begins to look
//! at a place in the house that is drawn at random: all who lost the first seat would else meet
//! again at the second.
//!
//! The attempts are bounded, and yet nobody is turned away from a seat that is free. An attempt
//! fails only because the seat that it found free was sold in the meantime, and a seat is sold once.
//! So whoever has failed as many times as there are seats has seen every seat go.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;

use crate::lab::{Answer, Buyer, Database, Stage, Strategy};

const TABLES: &str = "
    CREATE TABLE seats (id integer PRIMARY KEY, user_id integer, version integer NOT NULL DEFAULT 0)";

// The first free seat from a place on, and from the front when there is none behind it.
const FIND: &str = "
    SELECT id, version FROM seats WHERE user_id IS NULL ORDER BY id < $1, id LIMIT 1";

const CLAIM: &str = "
    UPDATE seats SET user_id = $1, version = version + 1 WHERE id = $2 AND version = $3";

/// See the head of this file.
pub struct OptimisticRetry {
    database: Database,
    seats: u32,
    retries: AtomicU64,
}

impl Strategy for OptimisticRetry {
    async fn prepare(stage: &Stage) -> Result<Self> {
        stage.database.make_seats(TABLES, stage.seats).await?;
        let (database, seats) = (stage.database.clone(), stage.seats);
        Ok(Self { database, seats, retries: AtomicU64::new(0) })
    }

    async fn book(&self, buyer: &mut Buyer) -> Result<Answer> {
        for attempt in 0..self.seats {
            let place = if attempt == 0 { 1 } else { 1 + buyer.pick(self.seats) };
            let find = sqlx::query_as(FIND).bind(place.cast_signed());
            let found: Option<(i32, i32)> = find.fetch_optional(self.database.counted()).await?;
            let Some((seat, version)) = found else {
                return Ok(Answer::No);
            };
            let claim = sqlx::query(CLAIM).bind(buyer.id).bind(seat).bind(version);
            let claimed = claim.execute(self.database.counted()).await?;
            if claimed.rows_affected() == 1 {
                return Ok(Answer::Yes);
            }
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
        Ok(Answer::No)
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.database.owners().await
    }

    fn remark(&self) -> String {
        format!("{} retries", self.retries.load(Ordering::Relaxed))
    }
}
