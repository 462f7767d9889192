//! `naive`: find the first free seat, then update it by its id.
//!
//! This is how one would write it, and how the Prisma text begins. It loses updates: two people
//! read the same seat as free before either has written, both write, and the second write covers
//! the first. Both were told that the seat is theirs. The more people come at once, the more read
//! the same seat.

use anyhow::Result;

use crate::lab::{Answer, Buyer, Database, Stage, Strategy};

const TABLES: &str = "CREATE TABLE seats (id integer PRIMARY KEY, user_id integer)";

const FIND: &str = "SELECT id FROM seats WHERE user_id IS NULL ORDER BY id LIMIT 1";

const CLAIM: &str = "UPDATE seats SET user_id = $1 WHERE id = $2";

/// See the head of this file.
pub struct Naive {
    database: Database,
}

impl Strategy for Naive {
    async fn prepare(stage: &Stage) -> Result<Self> {
        stage.database.make_seats(TABLES, stage.seats).await?;
        Ok(Self { database: stage.database.clone() })
    }

    async fn book(&self, buyer: &mut Buyer) -> Result<Answer> {
        let seat: Option<i32> =
            sqlx::query_scalar(FIND).fetch_optional(self.database.counted()).await?;
        let Some(seat) = seat else {
            return Ok(Answer::No);
        };
        // From here to the end of the next statement, everybody else finds the same seat.
        let claim = sqlx::query(CLAIM).bind(buyer.id).bind(seat);
        claim.execute(self.database.counted()).await?;
        Ok(Answer::Yes)
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.database.owners().await
    }
}
