//! `policy`: the rule lives in the database, and the booking code knows nothing of it.
//!
//! The Prisma text does this with ZenStack: `@@allow("update", future().version == 1)` refuses an
//! update after which the row would have another version than 1. Here a CHECK says the same of the
//! new row. The code is that of `naive`, but for raising the version; it has no guard to forget.
//!
//! Why a CHECK is enough at READ COMMITTED: the second UPDATE of a row waits for the first to commit,
//! and then computes `version + 1` *from the row as it now is*, which gives 2. (The update has to be
//! relative, as Prisma's `increment` is. Were the code to write the version that it had read plus 1,
//! the new row would say 1 again, and the rule would let it pass.) A policy of row-level security
//! would check the new row too, but not for the table's owner unless forced, and never for a
//! superuser; a CHECK binds everybody.
//!
//! It does not sell twice, and like `optimistic` it sends people away from an empty house.

use anyhow::Result;

use crate::lab::{Answer, Buyer, Database, Stage, Strategy};

const TABLES: &str = "
    CREATE TABLE seats (
        id       integer PRIMARY KEY,
        user_id  integer,
        version  integer NOT NULL DEFAULT 0,
        CONSTRAINT sold_once CHECK (version <= 1)
    )";

const FIND: &str = "SELECT id FROM seats WHERE user_id IS NULL ORDER BY id LIMIT 1";

const CLAIM: &str = "UPDATE seats SET user_id = $1, version = version + 1 WHERE id = $2";

/// See the head of this file.
pub struct Policy {
    database: Database,
}

impl Strategy for Policy {
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
        let claim = sqlx::query(CLAIM).bind(buyer.id).bind(seat);
        match claim.execute(self.database.counted()).await {
            Ok(_) => Ok(Answer::Yes),
            Err(error) if broke_the_rule(&error) => Ok(Answer::No),
            Err(error) => Err(error.into()),
        }
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.database.owners().await
    }
}

fn broke_the_rule(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.constraint() == Some("sold_once"))
}
