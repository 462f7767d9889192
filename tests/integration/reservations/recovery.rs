use std::time::Duration;

use frontrow::domain::ids::{ConcertId, ReservationId, UserId};
use frontrow::domain::lines::Lines;
use frontrow::domain::log_entry::{Change, LogEntry, LogEvent, Verb};
use frontrow::domain::position::{Epoch, Position};
use frontrow::domain::reservation::State;
use frontrow::domain::seat::{SeatNumber, SeatState};
use frontrow::embedded::{RedisOptions, RedisServer};
use frontrow::ledger;
use frontrow::ledger::apply::{ApplyError, apply};
use frontrow::ledger::partitions::{PartitionRow, raise_epoch};
use frontrow::reservations::{Answer, ReservationError};
use tempfile::TempDir;

use crate::support::backend::Backend;
use crate::support::database;
use crate::support::house::{self, terms};

const WAIT: Option<Duration> = Some(Duration::from_secs(8));

/// Two instances on a Redis of their own, with one sale (seat 0, persisted) and one hold (seat 1).
struct Night {
    server: RedisServer,
    database: String,
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
        let mut terms = terms("night");
        // Nothing here is about time, and a machine may have much to do.
        terms["hold_seconds"] = 600.into();
        let concert = house::import(&one.pool, 1, 6, &terms).await;
        let (user, nobody) = (UserId::new(), ReservationId::from_key(UserId::new(), concert, ""));
        let (sold, held) = (nobody, nobody);
        let mut night = Self { server, database, one, other, concert, user, sold, held, _dir };
        night.sold = night.reserve_soon(&night.one, "1-1", "1-1").await.reservation.id;
        let sold = night.one.reservations.confirm(user, concert, night.sold, WAIT).await;
        assert!(sold.unwrap().persisted);
        night.held = night.reserve_soon(&night.other, "1-2", "1-2").await.reservation.id;
        night
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
        // Emptied, Redis has also lost the lock that keeps two from rebuilding it one after the other.
        assert_eq!(self.epoch().await > Epoch(1), rebuilt);
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
    let last = verification.state(concert.partition, &[]).await.unwrap().last;
    let first = Position { ms: last.ms + 1, sequence: 0 };
    // The hold was logged and not confirmed, so all that matters is persisted once the writer has
    // read as far as this.
    assert!(verification.reset(concert.partition, last, row.epoch.next(), first).await.unwrap());
    night.assert_resumed(true).await;
}

#[tokio::test]
async fn what_one_instance_has_verified_is_not_verified_for_another() {
    let mut night = Night::begin().await;
    let idle = Backend::idle(&night.server.url(0), &night.database).await;
    idle.reservations.verify().await.unwrap();
    night.server.restart().await.unwrap();
    night.reserve_soon(&night.one, "a", "1-3").await;
    // Its first claim on the new process, once it is connected there, meets scripts that are not its own.
    let seats = ["1-4".to_owned()];
    while idle.reservations.gate().is_open() {
        let refused = idle.reservations.reserve(night.user, night.concert, "b", &seats).await;
        assert!(matches!(refused, Err(ReservationError::Unavailable { .. })), "{refused:?}");
    }
    idle.reservations.verify().await.unwrap();
    night.reserve_soon(&idle, "b", "1-4").await;
}

#[tokio::test]
async fn a_log_that_lost_its_end_and_went_on_is_noticed_by_whoever_had_seen_it() {
    let night = Night::begin().await;
    let concert = ledger::concerts::load(&night.one.pool, night.concert).await.unwrap().unwrap();
    let partition = concert.partition;
    let seen = night.other.reservations.gate().highest_seen(partition);
    let log = format!("{{{partition}}}:log");
    night.redis(&["XDEL", &log, &seen.to_string()]).await;
    night.reserve_soon(&night.one, "on", "1-3").await;
    night.other.reservations.verify().await.unwrap();
    assert_eq!(night.epoch().await, Epoch(2), "the other rebuilds");
}

#[tokio::test]
async fn a_rebuild_that_was_cut_off_before_redis_was_emptied_is_finished() {
    let night = Night::begin().await;
    let concert = ledger::concerts::load(&night.one.pool, night.concert).await.unwrap().unwrap();
    let partition = concert.partition;
    let row = ledger::partitions::read(&night.one.pool, partition).await.unwrap();
    let PartitionRow { epoch, position } = row;
    let raised = raise_epoch(&night.one.pool, partition, epoch, epoch.next(), position).await;
    assert!(raised.unwrap());
    night.redis(&["SCRIPT", "FLUSH"]).await;
    night.assert_resumed(true).await;
}

/// A writer reads a sale; Redis is replaced by a replica that lacks it, and is found intact, because
/// PostgreSQL lacks it too; then the writer applies what it read.
#[tokio::test]
async fn what_a_writer_had_read_of_a_lost_log_is_noticed_though_it_is_applied_late() {
    let night = Night::begin().await;
    let concert = ledger::concerts::load(&night.one.pool, night.concert).await.unwrap().unwrap();
    let partition = concert.partition;
    let known = night.one.reservations.find(night.user, night.concert, night.sold).await.unwrap();
    let mut reservation = known.reservation;
    reservation.id = ReservationId::from_key(night.user, night.concert, "lost");
    reservation.lines.seats[0].seat = SeatNumber(2);
    let change = Change { verb: Verb::Confirmed, reservation, dropped: Lines::default() };
    loop {
        let row = ledger::partitions::read(&night.one.pool, partition).await.unwrap();
        let Position { ms, sequence } = row.position;
        let position = Position { ms, sequence: sequence + 1 };
        let entry = LogEntry { position, event: LogEvent::Changed(change.clone()) };
        match apply(&night.one.pool, partition, row.epoch, row.position, &[entry]).await {
            Ok(applied) => break assert_eq!(applied.confirmed, 1),
            Err(ApplyError::StaleWriter { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    night.reserve_soon(&night.one, "on", "1-4").await;
    for _ in 0..400 {
        if night.other.reservations.gate().epoch(partition) == Some(Epoch(2)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    night.reserve_soon(&night.other, "after", "1-5").await;
    let states = night.states(&night.other).await;
    assert_eq!(states[2], SeatState::Sold, "Redis has the sale from PostgreSQL");
    assert_eq!(night.epoch().await, Epoch(2));
}

/// An instance that has not noticed goes on granting, and the log does not stand still by itself.
#[tokio::test]
async fn a_rebuild_comes_to_its_end_while_others_claim_as_fast_as_they_can() {
    let night = Night::begin().await;
    let mut claiming = tokio::task::JoinSet::new();
    for seat in ["1-4", "1-5", "1-6"] {
        let (reservations, concert) = (night.one.reservations.clone(), night.concert);
        claiming.spawn(async move {
            for attempt in 0_u32.. {
                let (user, key) = (UserId::new(), attempt.to_string());
                let seats = [seat.to_owned()];
                let held = reservations.reserve(user, concert, &key, &seats).await;
                match held.map(|held| held.reservation.id) {
                    Ok(id) => drop(reservations.release(user, concert, id).await),
                    Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                }
            }
        });
    }
    let concert = ledger::concerts::load(&night.one.pool, night.concert).await.unwrap().unwrap();
    let PartitionRow { epoch, position } =
        ledger::partitions::read(&night.one.pool, concert.partition).await.unwrap();
    let raised = raise_epoch(&night.one.pool, concert.partition, epoch, epoch.next(), position);
    assert!(raised.await.unwrap());
    let idle = Backend::idle(&night.server.url(0), &night.database).await;
    let verified = tokio::time::timeout(Duration::from_secs(20), idle.reservations.verify()).await;
    verified.expect("the log never stands still").unwrap();
    claiming.shutdown().await;
    night.reserve_soon(&night.one, "after", "1-2").await;
    let states = night.states(&night.one).await;
    assert_eq!(states[..2], [SeatState::Sold, SeatState::Held], "in the next epoch");
}
