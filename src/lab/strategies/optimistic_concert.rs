//! `optimistic-concert`: a version on the concert; a booking counts only if nobody else has booked
//! anything since it looked.
//!
//! This is the first solution of the deck. It is as safe as a version on the seat, and turns away
//! more people: two bookings of *different* seats are in each other's way too, because both raise
//! the one version that the concert has. All bookings of a concert also wait for one row.

use anyhow::Result;

use crate::lab::{Answer, Buyer, Database, Stage, Strategy};

const TABLES: &str = "
    CREATE TABLE concerts (id integer PRIMARY KEY, version integer NOT NULL);
    INSERT INTO concerts VALUES (1, 0);
    CREATE TABLE seats (id integer PRIMARY KEY, user_id integer)";

// One statement, so that version and seat are of the same moment.
const FIND: &str = "
    SELECT seats.id, concerts.version FROM seats, concerts
    WHERE concerts.id = 1 AND user_id IS NULL ORDER BY seats.id LIMIT 1";

const RAISE: &str = "UPDATE concerts SET version = version + 1 WHERE id = 1 AND version = $1";

const CLAIM: &str = "UPDATE seats SET user_id = $1 WHERE id = $2";

/// See the head of this file.
pub struct OptimisticConcert {
    database: Database,
}

impl Strategy for OptimisticConcert {
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
        let mut transaction = self.database.begin().await?;
        let raise = sqlx::query(RAISE).bind(version);
        let raised = raise.execute(transaction.counted()).await?;
        if raised.rows_affected() == 0 {
            transaction.rollback().await?;
            return Ok(Answer::No);
        }
        // The version was still the one read with the seat: nobody has booked since, so it is free.
        let claim = sqlx::query(CLAIM).bind(buyer.id).bind(seat);
        claim.execute(transaction.counted()).await?;
        transaction.commit().await?;
        Ok(Answer::Yes)
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.database.owners().await
    }
}
