//! Redis is replaced by one that knows less: a replica that lagged behind, or a copy from before. Two
//! instances are at work, and neither grants anything on what it has not looked at.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use frontrow::audit::Auditor;
use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::position::Epoch;
use frontrow::domain::reservation::State;
use frontrow::embedded::{RedisOptions, RedisServer};
use frontrow::ledger;
use frontrow::reservations::{ReservationError, Reservations};
use tokio::task::JoinHandle;

use super::{hold, until};
use crate::support::backend::Backend;
use crate::support::database;
use crate::support::house::{self, terms};
use crate::support::proxy::Proxy;

const WAIT: Option<Duration> = Some(Duration::from_secs(8));

/// Two instances that reach Redis through an address that can move.
struct Sale {
    proxy: Proxy,
    one: Backend,
    other: Backend,
    concert: ConcertId,
    user: UserId,
}

impl Sale {
    async fn begin(server: &RedisServer) -> Self {
        let (database, port) = (database().await, server.port());
        let proxy = Proxy::before(port).await;
        let url = proxy.on_the_way(&server.url(0), port);
        let one = Backend::on(&url, &database).await;
        let other = Backend::on(&url, &database).await;
        let concert = house::import(&one.pool, 1, 8, &terms("night")).await;
        Self { proxy, one, other, concert, user: UserId::new() }
    }

    /// A sale that both stores have.
    async fn sell(&self, on: &Backend, seat: &str) -> ReservationId {
        let id = hold(on, self.user, self.concert, seat).await;
        let sold = on.reservations.confirm(self.user, self.concert, id, WAIT).await.unwrap();
        assert!(sold.persisted);
        id
    }

    async fn epoch(&self) -> Epoch {
        let concert = ledger::concerts::load(&self.one.pool, self.concert).await.unwrap().unwrap();
        ledger::partitions::read(&self.one.pool, concert.partition).await.unwrap().epoch
    }

    /// Somebody on each instance who wants a seat that is sold, again and again.
    fn besiege(&self, seat: &'static str) -> Siege {
        let running = Arc::new(AtomicBool::new(true));
        let task = |backend: &Backend| {
            let (reservations, running) = (backend.reservations.clone(), Arc::clone(&running));
            tokio::spawn(besiege(reservations, self.concert, seat, running))
        };
        let tasks = [task(&self.one), task(&self.other)];
        Siege { running, tasks }
    }

    /// Claims have resumed on both instances, in the epoch after a rebuild; the sales stand, and the
    /// stores agree.
    async fn assert_rebuilt(&self, sold: &[ReservationId], free: [&str; 2]) {
        for (backend, seat) in [(&self.one, free[0]), (&self.other, free[1])] {
            let (user, seats) = (UserId::new(), [seat.to_owned()]);
            until("claims resume", async || {
                let held = backend.reservations.reserve(user, self.concert, "free", &seats).await;
                held.is_ok()
            })
            .await;
        }
        assert_eq!(self.epoch().await, Epoch(2));
        for id in sold {
            let found = self.other.reservations.find(self.user, self.concert, *id).await.unwrap();
            assert_eq!(found.reservation.state, State::Confirmed);
        }
        let auditor = Auditor::new(self.one.inventory.clone(), self.one.pool.clone());
        let report = auditor.audit(&[self.concert.to_string()]).await.unwrap();
        assert!(report.ok, "{report:#?}");
    }
}

struct Siege {
    running: Arc<AtomicBool>,
    tasks: [JoinHandle<u32>; 2],
}

impl Siege {
    /// Ends it; nobody was ever granted the seat. Some were told that it cannot be said just now.
    async fn end(self) {
        self.running.store(false, Ordering::Relaxed);
        for task in self.tasks {
            assert!(task.await.unwrap() > 0, "nobody noticed anything");
        }
    }
}

async fn besiege(
    reservations: Reservations,
    concert: ConcertId,
    seat: &'static str,
    running: Arc<AtomicBool>,
) -> u32 {
    let (user, seats) = (UserId::new(), [seat.to_owned()]);
    let mut unavailable = 0;
    while running.load(Ordering::Relaxed) {
        match reservations.reserve(user, concert, "siege", &seats).await {
            Ok(_) => panic!("a seat that is sold was granted"),
            Err(ReservationError::Unavailable { .. }) => unavailable += 1,
            Err(ReservationError::Refused { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    unavailable
}

async fn tell(server: &RedisServer, command: &[&str]) {
    let client = redis::Client::open(server.url(0)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut sent = redis::cmd(command[0]);
    sent.arg(&command[1..]);
    let _: redis::Value = sent.query_async(&mut connection).await.unwrap();
}

/// Whether a replica has got everything.
async fn is_in_step(primary: &RedisServer, replica: &RedisServer) -> bool {
    let offset = async |server: &RedisServer, field: &str| {
        let client = redis::Client::open(server.url(0)).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut info = redis::cmd("INFO");
        info.arg("replication");
        let info: redis::InfoDict = info.query_async(&mut connection).await.unwrap();
        info.get::<u64>(field)
    };
    let there = offset(replica, "slave_repl_offset").await;
    there.is_some_and(|there| there > 0) && there == offset(primary, "master_repl_offset").await
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => _ = std::fs::copy(entry.path(), to).unwrap(),
        }
    }
}

#[tokio::test]
async fn a_replica_that_lagged_behind_grants_nothing_before_it_is_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (dir.path().join("primary"), dir.path().join("replica"));
    let mut primary = RedisServer::start(RedisOptions::new(&first)).await.unwrap();
    let replica = RedisServer::start(RedisOptions::new(&second)).await.unwrap();
    tell(&replica, &["REPLICAOF", "127.0.0.1", &primary.port().to_string()]).await;
    let sale = Sale::begin(&primary).await;
    let early = sale.sell(&sale.one, "1-1").await;
    until("the replica is in step", async || is_in_step(&primary, &replica).await).await;

    // From here on, it learns nothing; and nobody can know how far it got.
    tell(&replica, &["REPLICAOF", "127.0.0.1", "1"]).await;
    let late = sale.sell(&sale.other, "1-2").await;
    hold(&sale.one, sale.user, sale.concert, "1-3").await;
    let siege = sale.besiege("1-2");
    tell(&replica, &["REPLICAOF", "NO", "ONE"]).await;
    primary.kill().await.unwrap();
    sale.proxy.point_at(replica.port());

    sale.assert_rebuilt(&[early, late], ["1-4", "1-5"]).await;
    siege.end().await;
}

#[tokio::test]
async fn a_redis_restored_from_a_copy_of_before_grants_nothing_before_it_is_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    let (data, before) = (dir.path().join("redis"), dir.path().join("before"));
    let mut server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let sale = Sale::begin(&server).await;
    let early = sale.sell(&sale.one, "1-1").await;
    server.kill().await.unwrap();
    copy(&data.join("appendonlydir"), &before);
    server.restart().await.unwrap();
    let late = {
        let (user, concert, seats) = (sale.user, sale.concert, ["1-2".to_owned()]);
        let reservations = &sale.other.reservations;
        until("claims resume after the restart", async || {
            reservations.reserve(user, concert, "1-2", &seats).await.is_ok()
        })
        .await;
        sale.sell(&sale.other, "1-2").await
    };
    assert_eq!(sale.epoch().await, Epoch::FIRST, "it had lost nothing yet");

    let siege = sale.besiege("1-2");
    server.kill().await.unwrap();
    std::fs::remove_dir_all(data.join("appendonlydir")).unwrap();
    copy(&before, &data.join("appendonlydir"));
    server.restart().await.unwrap();

    sale.assert_rebuilt(&[early, late], ["1-4", "1-5"]).await;
    siege.end().await;
}
