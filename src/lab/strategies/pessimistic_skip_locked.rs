//! `pessimistic-skip-locked`: `SELECT … FOR UPDATE SKIP LOCKED` in a transaction.
//!
//! As `pessimistic`, but nobody waits in front of a seat that somebody else is about to take: it is
//! passed over, and as many seats are sold at once as there are connections. It is how queues are
//! built in PostgreSQL. Those who want *the* seat in row F get no help from it.
//!
//! "Nothing found" now means: every seat is sold, *or locked by somebody who may yet let it go*. Only
//! a plain read, which sees what is committed, can tell the two apart; until it says that every seat
//! is sold, the buyer tries again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::time::sleep;

use crate::lab::{Answer, Buyer, Database, Stage, Strategy};

const TABLES: &str = "CREATE TABLE seats (id integer PRIMARY KEY, user_id integer)";

const FIND: &str = "
    SELECT id FROM seats WHERE user_id IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED";

const CLAIM: &str = "UPDATE seats SET user_id = $1 WHERE id = $2";

const IS_ANY_FREE: &str = "SELECT EXISTS (SELECT FROM seats WHERE user_id IS NULL)";

/// How long to leave those alone who have the last seats locked: about as long as a commit.
const LET_THEM_FINISH: Duration = Duration::from_millis(2);

/// See the head of this file.
pub struct PessimisticSkipLocked {
    database: Database,
    retries: AtomicU64,
}

impl Strategy for PessimisticSkipLocked {
    async fn prepare(stage: &Stage) -> Result<Self> {
        stage.database.make_seats(TABLES, stage.seats).await?;
        Ok(Self { database: stage.database.clone(), retries: AtomicU64::new(0) })
    }

    async fn book(&self, buyer: &mut Buyer) -> Result<Answer> {
        loop {
            let mut transaction = self.database.begin().await?;
            let seat: Option<i32> =
                sqlx::query_scalar(FIND).fetch_optional(transaction.counted()).await?;
            if let Some(seat) = seat {
                let claim = sqlx::query(CLAIM).bind(buyer.id).bind(seat);
                claim.execute(transaction.counted()).await?;
                transaction.commit().await?;
                return Ok(Answer::Yes);
            }
            transaction.rollback().await?;
            let is_any_free: bool =
                sqlx::query_scalar(IS_ANY_FREE).fetch_one(self.database.counted()).await?;
            if !is_any_free {
                return Ok(Answer::No);
            }
            self.retries.fetch_add(1, Ordering::Relaxed);
            sleep(LET_THEM_FINISH).await;
        }
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.database.owners().await
    }

    fn remark(&self) -> String {
        format!("{} retries while the last seats were locked", self.retries.load(Ordering::Relaxed))
    }
}
