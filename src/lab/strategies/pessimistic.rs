//! `pessimistic`: `SELECT … FOR UPDATE` in a transaction.
//!
//! What the deck recommends. Whoever finds the first free seat also locks it; all others wait in
//! front of it, and when it is sold they go on to the next, together. Nobody is turned away while
//! there is a seat, and nothing is sold twice; but the whole sale is one queue, and each place in it
//! takes as long as a commit.
//!
//! Waiting can give an empty result. The seats that a statement looks through are those that were
//! free when it began; when all of them are sold while it waits, it finds nothing, whatever became
//! free since. So "nothing" is believed only from a statement that nobody made wait: a plain read.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;

use crate::lab::{Answer, Buyer, Database, Stage, Strategy};

const TABLES: &str = "CREATE TABLE seats (id integer PRIMARY KEY, user_id integer)";

const FIND: &str = "SELECT id FROM seats WHERE user_id IS NULL ORDER BY id LIMIT 1 FOR UPDATE";

const CLAIM: &str = "UPDATE seats SET user_id = $1 WHERE id = $2";

const IS_ANY_FREE: &str = "SELECT EXISTS (SELECT FROM seats WHERE user_id IS NULL)";

/// See the head of this file.
pub struct Pessimistic {
    database: Database,
    empty: AtomicU64,
    retries: AtomicU64,
}

impl Strategy for Pessimistic {
    async fn prepare(stage: &Stage) -> Result<Self> {
        stage.database.make_seats(TABLES, stage.seats).await?;
        Ok(Self {
            database: stage.database.clone(),
            empty: AtomicU64::new(0),
            retries: AtomicU64::new(0),
        })
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
            self.empty.fetch_add(1, Ordering::Relaxed);
            let is_any_free: bool =
                sqlx::query_scalar(IS_ANY_FREE).fetch_one(self.database.counted()).await?;
            if !is_any_free {
                return Ok(Answer::No);
            }
            self.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn owners(&self) -> Result<Vec<i32>> {
        self.database.owners().await
    }

    fn remark(&self) -> String {
        let empty = self.empty.load(Ordering::Relaxed);
        let retries = self.retries.load(Ordering::Relaxed);
        format!("{empty} empty results, {retries} of them while a seat was free")
    }
}
