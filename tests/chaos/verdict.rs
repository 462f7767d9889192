//! What a round came to, once everything is over: what was told, held against what is there.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use frontrow::domain::reservation::State;
use frontrow::ledger::PgPool;
use frontrow::rush::history::Totals;
use frontrow::rush::oracle::{self, Mistakes};
use frontrow::rush::{Answer, Client, History, OnSale, linear};
use serde_json::Value;
use tokio::process::Command;
use tokio::time::sleep;

use crate::fault::POISON;
use crate::stage::Stage;

/// How long the log may take to be persisted once everything is well again, and overdue holds to end.
const SETTLED_WITHIN: Duration = Duration::from_secs(30);

/// What is wrong. Nothing may be.
#[derive(Debug, Default)]
pub struct Verdict {
    pub totals: Totals,
    pub lost: usize,
    pub twice: usize,
    pub unasked: usize,
    pub stuck: u64,
    /// Seats whose history no order explains.
    pub unexplained: usize,
    pub named: Vec<String>,
}

impl Verdict {
    pub fn is_clean(&self) -> bool {
        let Self { totals, lost, twice, unasked, stuck, unexplained, named } = self;
        (lost, twice, unasked, unexplained) == (&0, &0, &0, &0)
            && (*stuck, totals.unresolved) == (0, 0)
            && named.is_empty()
    }
}

/// Looks at everything that was asked for at a concert, when all of its holds are to be over.
pub async fn judge(stage: &Stage, on_sale: &OnSale, history: &History) -> Verdict {
    let checked = linear::check(history);
    let Mistakes { lost, twice, unasked, mut named } =
        persisted(&stage.pool, on_sale, history).await;
    let violations = checked.violations.iter();
    named.extend(violations.map(|wrong| format!("seat {}: {}", wrong.seat, wrong.what)));
    let stuck = stuck(stage, on_sale, &mut named).await;
    named.extend(poison(stage).await);
    named.extend(audit(stage).await);
    for instance in &stage.instances {
        named.extend(instance.lock().await.panic());
    }
    let (totals, unexplained) = (history.totals(), checked.wrong);
    Verdict { totals, lost, twice, unasked, stuck, unexplained, named }
}

/// What is not in PostgreSQL as it was told, however long one waits for it.
async fn persisted(pool: &PgPool, on_sale: &OnSale, history: &History) -> Mistakes {
    let began = Instant::now();
    loop {
        let rows = oracle::sold(pool, on_sale.concert).await.unwrap();
        let mistakes = oracle::compare(history, &rows);
        if mistakes.is_empty() || began.elapsed() > SETTLED_WITHIN {
            return mistakes;
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// Seats that are still held although every hold is over, or that are sold in one store only.
async fn stuck(stage: &Stage, on_sale: &OnSale, named: &mut Vec<String>) -> u64 {
    let began = Instant::now();
    let path = format!("/v1/concerts/{}/availability", on_sale.concert);
    let mut client = Client::new(Arc::clone(&stage.addresses), 0, Duration::from_secs(5));
    loop {
        let rows = oracle::sold(&stage.pool, on_sale.concert).await.unwrap();
        let live = rows.iter().filter(|row| row.state == State::Confirmed);
        let sold: u64 = live.map(|row| row.lines.seats.len() as u64).sum();
        if let Answer::Yes(body) = client.get(&path).await {
            let counts = &serde_json::from_slice::<Value>(&body).unwrap()["counts"];
            let is_settled = counts["held"] == 0 && counts["sold"] == sold;
            if is_settled {
                return 0;
            }
            if began.elapsed() > SETTLED_WITHIN {
                named.push(format!("PostgreSQL has {sold} seats sold, and Redis {counts}"));
                return counts["held"].as_u64().unwrap();
            }
        }
        assert!(began.elapsed() < 2 * SETTLED_WITHIN, "nobody answers {path}");
        sleep(Duration::from_millis(100)).await;
    }
}

/// Whether what nobody can read was put aside, for a person to look at; as that person would, it then
/// takes it away.
async fn poison(stage: &Stage) -> Option<String> {
    let began = Instant::now();
    let poisoned = stage.poisoned.swap(0, Ordering::Relaxed);
    let mut found = 0;
    loop {
        let delete =
            sqlx::query("DELETE FROM dead_letters WHERE entry = $1").bind(POISON.as_bytes());
        found += delete.execute(&stage.pool).await.unwrap().rows_affected();
        if found >= poisoned {
            return None;
        }
        if began.elapsed() > SETTLED_WITHIN {
            return Some(format!("{found} of {poisoned} poison entries were put aside"));
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// What `frontrow audit` finds.
async fn audit(stage: &Stage) -> Option<String> {
    let began = Instant::now();
    loop {
        let (redis, database) = (&stage.redis_url, &stage.database_url);
        let mut audit = Command::new(env!("CARGO_BIN_EXE_frontrow"));
        audit.args(["audit", "--json"]).env("REDIS_URL", redis).env("DATABASE_URL", database);
        let output = audit.output().await.unwrap();
        // It ends with 2 when it could not look, as on a machine with too much to do.
        let could_look = output.status.code() != Some(2);
        if output.status.success() {
            return None;
        }
        if could_look || began.elapsed() > SETTLED_WITHIN {
            let [said, why] = [output.stdout, output.stderr]
                .map(|said| String::from_utf8_lossy(&said).into_owned());
            return Some(format!("audit: {said}{why}"));
        }
    }
}
