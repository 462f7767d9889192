//! `optimistic`: a version on the seat; the update counts only if the version is still the one read.
//!
//! This is the Prisma text's answer (optimistic concurrency control). No seat is sold twice: of all
//! who read version 0, one update finds it, and the others update nothing. But it looks for the
//! *first* free seat and never tries again, so people who come together all want the same seat, and
//! all but one are sent away while the house is empty.

use anyhow::Result;

use crate::lab::{Answer, Buyer, Database, Stage, Strategy};

const TABLES: &str = "
    CREATE TABLE seats (id integer PRIMARY KEY, user_id integer, version integer NOT NULL DEFAULT 0)";

const FIND: &str = "SELECT id, version FROM seats WHERE user_id IS NULL ORDER BY id LIMIT 1";

const CLAIM: &str = "
    UPDATE seats SET user_id = $1, version = version + 1 WHERE id = $2 AND version = $3";

/// See the head of this file.
pub struct Optimistic {
    database: Database,
}

impl Strategy for Optimistic {
    async fn prepare(stage: &Stage) -> Result<Self> {
        stage.database.make_seats(TABLES, stage.seats).await?;
        Ok(Self { database: stage.database.clone() })
    }

    async fn book(&self, buyer: &mut Buyer) -> Result<Answer> {
        let found: Option<(i32, i32)> =
            sqlx::query_as(FIND).fetch_optional(self.database.counted()).await?;
        let Some((seat, version)) = found else {
            return Ok(Answer::No);
        };
        let claim = sqlx::query(CLAIM).bind(buyer.id).bind(seat).bind(version);
        let claimed = claim.execute(self.database.counted()).await?;
        match claimed.rows_affected() {
            1 => Ok(Answer::Yes),
            // Somebody was faster. There may be other seats, but nobody looks.
            _ => Ok(Answer::No),
        }
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.database.owners().await
    }
}
