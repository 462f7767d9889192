//! Lock nodes come and go; seats do not depend on them.

use std::time::Duration;

use frontrow::audit::Auditor;
use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::embedded::{Persistence, RedisOptions, RedisServer};
use tempfile::TempDir;

use super::{hold, is_in_postgresql, until};
use crate::support::backend::Backend;
use crate::support::house::{self, terms};
use crate::support::{database, redis_db};

const WAIT: Option<Duration> = Some(Duration::from_secs(9));

/// Three nodes that keep nothing on disk, and two instances that ask them.
struct Nodes {
    nodes: Vec<RedisServer>,
    redis: String,
    database: String,
    one: Backend,
    other: Backend,
    concert: ConcertId,
    _dir: TempDir,
}

impl Nodes {
    async fn start() -> Self {
        let _dir = tempfile::tempdir().unwrap();
        let mut nodes = Vec::new();
        for name in ["a", "b", "c"] {
            let data = _dir.path().join(name);
            let options =
                RedisOptions { persistence: Persistence::None, ..RedisOptions::new(&data) };
            nodes.push(RedisServer::start(options).await.unwrap());
        }
        let urls: Vec<_> = nodes.iter().map(|node| node.url(0)).collect();
        let (redis, database) = (redis_db().await, database().await);
        let one = Backend::locking(&redis, &database, urls.clone()).await;
        let other = Backend::locking(&redis, &database, urls).await;
        let concert = house::import(&one.pool, 2, 10, &terms("night")).await;
        Self { nodes, redis, database, one, other, concert, _dir }
    }

    /// Sells a seat on each instance; they are written.
    async fn sell(&self, row: u32, seat: u32) {
        for (backend, seat) in [(&self.one, seat), (&self.other, seat + 1)] {
            let user = UserId::new();
            let id = hold(backend, user, self.concert, &format!("{row}-{seat}")).await;
            self.confirm(backend, user, id).await;
            until("it is written", async || is_in_postgresql(&self.one, id).await).await;
        }
    }

    async fn confirm(&self, backend: &Backend, user: UserId, id: ReservationId) {
        backend.reservations.confirm(user, self.concert, id, WAIT).await.unwrap();
    }

    async fn assert_sound(&self) {
        let auditor = Auditor::new(self.one.inventory.clone(), self.one.pool.clone());
        let report = auditor.audit(&[]).await.unwrap();
        assert!(report.ok && report.concerts[0].conflicts == 0, "{report:#?}");
    }
}

#[tokio::test]
async fn one_of_three_that_is_killed_or_paused_or_comes_back_empty_changes_nothing() {
    let mut nodes = Nodes::start().await;
    nodes.sell(1, 1).await;
    nodes.nodes[0].kill().await.unwrap();
    nodes.sell(1, 3).await;
    // It has forgotten every lock that it knew.
    nodes.nodes[0].restart().await.unwrap();
    nodes.sell(1, 5).await;
    nodes.nodes[1].pause().await.unwrap();
    nodes.sell(1, 7).await;
    // Also for an instance that never had a connection to it.
    let urls = nodes.nodes.iter().map(|node| node.url(0)).collect();
    let third = Backend::locking(&nodes.redis, &nodes.database, urls).await;
    let user = UserId::new();
    let id = hold(&third, user, nodes.concert, "1-9").await;
    nodes.confirm(&third, user, id).await;
    nodes.nodes[1].resume().await.unwrap();
    nodes.sell(2, 1).await;
    nodes.assert_sound().await;
}

#[tokio::test]
async fn without_a_majority_people_go_on_buying_and_all_of_it_is_written_once_there_is_one() {
    let mut nodes = Nodes::start().await;
    nodes.sell(1, 1).await;
    for node in &mut nodes.nodes[..2] {
        node.kill().await.unwrap();
    }
    let (user, mut sold) = (UserId::new(), Vec::new());
    for seat in 3..8 {
        let id = hold(&nodes.other, user, nodes.concert, &format!("1-{seat}")).await;
        nodes.other.reservations.confirm(user, nodes.concert, id, None).await.unwrap();
        sold.push(id);
    }
    for node in &mut nodes.nodes[..2] {
        node.restart().await.unwrap();
    }
    for id in sold {
        until("it is written", async || is_in_postgresql(&nodes.one, id).await).await;
    }
    nodes.assert_sound().await;
}
