use std::time::Duration;

use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::State;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::embedded::{RedisOptions, RedisServer};
use frontrow::ledger;
use frontrow::reservations::{Answer, ReservationError};
use tempfile::TempDir;

use crate::support::backend::Backend;
use crate::support::database;
use crate::support::house::{self, terms};

const WAIT: Option<Duration> = Some(Duration::from_secs(8));

/// Two instances on a Redis of their own, with one sale (seat 0, persisted) and one hold (seat 1).
struct Night {
    server: RedisServer,
    one: Backend,
    other: Backend,
    concert: ConcertId,
    user: UserId,
    sold: ReservationId,
    held: ReservationId,
    _dir: TempDir,
}

impl Night {
    async fn begin() -> Self {
        let _dir = tempfile::tempdir().unwrap();
        let data = _dir.path().join("redis");
        let server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
        let database = database().await;
        let one = Backend::on(&server.url(0), &database).await;
        let other = Backend::on(&server.url(0), &database).await;
        let concert = house::import(&one.pool, 1, 6, &terms("night")).await;
        let user = UserId::new();
        let reserve = async |backend: &Backend, seat: &str| {
            let seats = [seat.to_owned()];
            let held = backend.reservations.reserve(user, concert, seat, &seats).await.unwrap();
            held.reservation.id
        };
        let sold = reserve(&one, "1-1").await;
        assert!(one.reservations.confirm(user, concert, sold, WAIT).await.unwrap().persisted);
        let held = reserve(&other, "1-2").await;
        Self { server, one, other, concert, user, sold, held, _dir }
    }

    async fn redis(&self, command: &[&str]) {
        let client = redis::Client::open(self.server.url(0)).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut sent = redis::cmd(command[0]);
        sent.arg(&command[1..]);
        let _: redis::Value = sent.query_async(&mut connection).await.unwrap();
    }

    /// Reserves a seat, again and again while the service says that it cannot just now.
    async fn reserve_soon(&self, backend: &Backend, key: &str, seat: &str) -> Answer {
        let seats = [seat.to_owned()];
        for _ in 0..400 {
            match backend.reservations.reserve(self.user, self.concert, key, &seats).await {
                Ok(answer) => return answer,
                Err(ReservationError::Unavailable { .. }) => {
                    tokio::time::sleep(Duration::from_millis(25)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
        panic!("claims did not resume within ten seconds");
    }

    async fn epoch(&self) -> Epoch {
        let concert = ledger::concerts::load(&self.one.pool, self.concert).await.unwrap().unwrap();
        ledger::partitions::read(&self.one.pool, concert.partition).await.unwrap().epoch
    }

    async fn states(&self, backend: &Backend) -> Vec<SeatState> {
        let states = backend.reservations.availability(self.concert).await.unwrap().states;
        (0..6).map(|seat| states.get(SeatNumber(seat))).collect()
    }

    /// Claims have resumed, nothing confirmed is lost, and holds are there if they should be.
    async fn assert_resumed(&self, rebuilt: bool) {
        let [free, held, sold] = [SeatState::Available, SeatState::Held, SeatState::Sold];
        for (backend, seat) in [(&self.one, "1-5"), (&self.other, "1-6")] {
            let answer = self.reserve_soon(backend, seat, seat).await;
            assert!(!answer.replayed);
        }
        let second = if rebuilt { free } else { held };
        assert_eq!(self.states(&self.one).await, [sold, second, free, free, held, held]);
        assert_eq!(self.epoch().await, if rebuilt { Epoch(2) } else { Epoch(1) });
        let answer = self.one.reservations.find(self.user, self.concert, self.sold).await.unwrap();
        assert_eq!(answer.reservation.state, State::Confirmed);
        let confirmed =
            self.other.reservations.confirm(self.user, self.concert, self.held, WAIT).await;
        assert_eq!(confirmed.is_ok_and(|confirmed| confirmed.persisted), !rebuilt);
    }
}

#[tokio::test]
async fn a_redis_that_restarts_with_its_data_keeps_its_holds_and_its_epoch() {
    let mut night = Night::begin().await;
    night.server.kill().await.unwrap();
    let refused = night.one.reservations.find(night.user, night.concert, night.held).await;
    assert!(matches!(refused, Err(ReservationError::Unavailable { .. })), "{refused:?}");
    night.server.restart().await.unwrap();
    night.assert_resumed(false).await;
}

#[tokio::test]
async fn a_flushed_script_cache_is_noticed_and_costs_nothing() {
    let night = Night::begin().await;
    night.redis(&["SCRIPT", "FLUSH"]).await;
    let seats = ["1-3".to_owned()];
    let refused = night.one.reservations.reserve(night.user, night.concert, "k", &seats).await;
    assert!(matches!(refused, Err(ReservationError::Unavailable { .. })), "{refused:?}");
    night.assert_resumed(false).await;
}

#[tokio::test]
async fn an_emptied_redis_is_rebuilt_from_postgresql_in_its_next_epoch() {
    let night = Night::begin().await;
    night.redis(&["FLUSHALL"]).await;
    let seats = ["1-1".to_owned()];
    let refused = night.one.reservations.reserve(UserId::new(), night.concert, "k", &seats).await;
    assert!(refused.is_err(), "a sold seat is never sold again, whatever Redis has lost");
    night.assert_resumed(true).await;
}

#[tokio::test]
async fn an_emptied_redis_whose_scripts_are_gone_too_is_rebuilt() {
    let night = Night::begin().await;
    night.redis(&["FLUSHALL"]).await;
    night.redis(&["SCRIPT", "FLUSH"]).await;
    night.assert_resumed(true).await;
}

#[tokio::test]
async fn a_rebuild_that_was_cut_off_before_postgresql_knew_is_finished() {
    let night = Night::begin().await;
    let concert = ledger::concerts::load(&night.one.pool, night.concert).await.unwrap().unwrap();
    let row = ledger::partitions::read(&night.one.pool, concert.partition).await.unwrap();
    let mut verification = night.one.inventory.begin_verification().await.unwrap();
    let last = verification.state(concert.partition, Position::START).await.unwrap().last;
    let first = Position { ms: last.ms + 1, sequence: 0 };
    // The hold was logged and not confirmed, so all that matters is persisted once the writer has
    // read as far as this.
    assert!(verification.reset(concert.partition, last, row.epoch.next(), first).await.unwrap());
    night.assert_resumed(true).await;
}

#[tokio::test]
async fn what_one_instance_has_verified_is_not_verified_for_another() {
    let mut night = Night::begin().await;
    night.server.restart().await.unwrap();
    night.reserve_soon(&night.one, "a", "1-3").await;
    let seats = ["1-4".to_owned()];
    let mut unverified = 0;
    // The other's first claim on the new process meets scripts that are not its own.
    while let Err(error) =
        night.other.reservations.reserve(night.user, night.concert, "b", &seats).await
    {
        assert!(matches!(error, ReservationError::Unavailable { .. }), "{error}");
        unverified += 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(unverified > 0);
}

#[tokio::test]
async fn a_log_that_lost_its_end_and_went_on_is_noticed_by_whoever_had_seen_it() {
    let night = Night::begin().await;
    let concert = ledger::concerts::load(&night.one.pool, night.concert).await.unwrap().unwrap();
    let partition = concert.partition;
    let seen = night.other.reservations.gate().highest_seen(partition);
    let log = format!("{{{partition}}}:log");
    night.redis(&["XDEL", &log, &seen.to_string()]).await;
    let seats = ["1-3".to_owned()];
    night.one.reservations.reserve(night.user, night.concert, "on", &seats).await.unwrap();
    let mut verification = night.one.inventory.begin_verification().await.unwrap();
    let state = verification.state(partition, seen).await.unwrap();
    assert!(state.last > seen && !state.holds_seen, "{state:?}");
    night.other.reservations.verify().await.unwrap();
    assert_eq!(night.epoch().await, Epoch(2), "the other rebuilds");
}
