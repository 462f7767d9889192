//! Answers in layers: made once, given while old, ended by changes, and done without Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use frontrow::cache::{
    CacheError, Encoding, Key, Layers, Lifetime, Lifetimes, Made, Settings, Topic,
};
use frontrow::domain::ids::ConcertId;
use frontrow::embedded::{RedisOptions, RedisServer};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::redis_db;

fn settings(redis_url: &str) -> Settings {
    Settings {
        redis_url: Some(redis_url.to_owned()),
        shared_max: 1_000,
        memory_bytes: 1024 * 1024,
        made_at_once: 4,
        lifetimes: Lifetimes::default(),
    }
}

fn key(name: &str, topic: Topic) -> Key {
    Key { topic, name: name.to_owned(), shared: true }
}

/// Makes answers that say how many were made before, and takes its time.
#[derive(Clone, Default)]
struct Maker {
    made: Arc<AtomicUsize>,
    at_once: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
    lifetime: Option<Lifetime>,
}

impl Maker {
    async fn make(self) -> Result<Made, CacheError> {
        let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
        sleep(Duration::from_millis(50)).await;
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        let json = self.made.fetch_add(1, Ordering::SeqCst).to_string().into_bytes();
        let lifetime = self.lifetime.unwrap_or(Lifetime::Settled);
        Ok(Made { json: Some(json), link: None, lifetime, until: None })
    }

    fn count(&self) -> usize {
        self.made.load(Ordering::SeqCst)
    }
}

async fn ask(layers: &Layers, key: Key, maker: &Maker) -> String {
    let maker = maker.clone();
    let body = layers.get(key, move || maker.make()).await.unwrap();
    let bytes = body.encoded.as_ref().unwrap().bytes(Encoding::Identity);
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn of_a_thousand_readers_on_two_instances_one_makes_an_answer() {
    let url = redis_db().await;
    let instances = [(); 2].map(|()| Layers::new(&settings(&url)).unwrap());
    let maker = Maker::default();
    let mut readers = JoinSet::new();
    for number in 0..1_000 {
        let (layers, maker) = (instances[number % 2].clone(), maker.clone());
        readers.spawn(async move { ask(&layers, key("cold", Topic::Lists), &maker).await });
    }
    let answers = readers.join_all().await;
    assert!(answers.iter().all(|answer| answer == "0"));
    assert_eq!(maker.count(), 1);
}

#[tokio::test]
async fn an_old_answer_is_given_while_one_makes_it_anew() {
    let url = redis_db().await;
    let seconds = Duration::from_secs;
    let lifetimes = Lifetimes { selling: Duration::from_millis(300), ..Lifetimes::default() };
    let settings = Settings { lifetimes, ..settings(&url) };
    let instances = [(); 2].map(|()| Layers::new(&settings).unwrap());
    let maker = Maker { lifetime: Some(Lifetime::Selling), ..Maker::default() };
    let asked = || key("selling", Topic::Lists);
    assert_eq!(ask(&instances[0], asked(), &maker).await, "0");
    assert_eq!(ask(&instances[1], asked(), &maker).await, "0");
    sleep(Duration::from_millis(310)).await;
    // Nobody waits for it, and one of the two makes it.
    assert_eq!(ask(&instances[0], asked(), &maker).await, "0");
    assert_eq!(ask(&instances[1], asked(), &maker).await, "0");
    let newer = async {
        while ask(&instances[0], asked(), &maker).await == "0" {
            sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(seconds(10), newer).await.unwrap();
}

#[tokio::test]
async fn a_change_ends_answers_of_its_topic_everywhere_and_no_others() {
    let url = redis_db().await;
    let [one, other] = [(); 2].map(|()| Layers::new(&settings(&url)).unwrap());
    let concert = Topic::Concert(ConcertId::new());
    let (changed, lasting) = (Maker::default(), Maker::default());
    for layers in [&one, &other] {
        assert_eq!(ask(layers, key("changed", concert), &changed).await, "0");
        assert_eq!(ask(layers, key("lasting", Topic::Lists), &lasting).await, "0");
    }
    one.end(&[concert]).await.unwrap();
    assert_eq!(ask(&one, key("changed", concert), &changed).await, "1");
    // The other instance was told nothing, and looks within a second.
    let seen = async {
        while ask(&other, key("changed", concert), &changed).await == "0" {
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), seen).await.unwrap();
    assert_eq!((changed.count(), lasting.count()), (2, 1));
    one.end_all().await.unwrap();
    assert_eq!(ask(&one, key("lasting", Topic::Lists), &lasting).await, "1");
}

#[tokio::test]
async fn what_was_read_before_a_change_is_not_kept_after_it() {
    let url = redis_db().await;
    let layers = Layers::new(&settings(&url)).unwrap();
    let (maker, asked) = (Maker::default(), || key("slow", Topic::Lists));
    let early = {
        let (layers, maker) = (layers.clone(), maker.clone());
        tokio::spawn(async move { ask(&layers, asked(), &maker).await })
    };
    while maker.at_once.load(Ordering::SeqCst) == 0 {
        sleep(Duration::from_millis(1)).await;
    }
    layers.end(&[Topic::Lists]).await.unwrap();
    assert_eq!(early.await.unwrap(), "0");
    assert_eq!(ask(&layers, asked(), &maker).await, "1");
}

#[tokio::test]
async fn without_redis_answers_are_made_by_few_at_once_and_changes_are_told_later() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("redis");
    let mut server = RedisServer::start(RedisOptions::new(&data)).await.unwrap();
    let [layers, other] = [(); 2].map(|()| Layers::new(&settings(&server.url(0))).unwrap());
    let (kept, maker) = (Maker::default(), Maker::default());
    assert_eq!(ask(&layers, key("kept", Topic::Lists), &kept).await, "0");
    assert_eq!(ask(&other, key("kept", Topic::Lists), &kept).await, "0");
    server.kill().await.unwrap();
    let mut readers = JoinSet::new();
    for number in 0..40 {
        let (layers, maker) = (layers.clone(), maker.clone());
        let key = key(&format!("cold {number}"), Topic::Lists);
        readers.spawn(async move { ask(&layers, key, &maker).await });
    }
    readers.join_all().await;
    assert_eq!(maker.count(), 40);
    assert!(maker.most_at_once.load(Ordering::SeqCst) <= 4);

    assert!(layers.end(&[Topic::Lists]).await.is_err());
    assert_eq!(ask(&layers, key("kept", Topic::Lists), &kept).await, "1");
    server.restart().await.unwrap();
    while layers.settle().await.is_err() {
        sleep(Duration::from_millis(50)).await;
    }
    let seen = async {
        while ask(&other, key("kept", Topic::Lists), &kept).await == "0" {
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), seen).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_cannot_be_made_anew_is_better_than_none() {
    let url = redis_db().await;
    let lifetimes = Lifetimes { selling: Duration::ZERO, ..Lifetimes::default() };
    let layers = Layers::new(&Settings { lifetimes, ..settings(&url) }).unwrap();
    let maker = Maker { lifetime: Some(Lifetime::Selling), ..Maker::default() };
    assert_eq!(ask(&layers, key("a", Topic::Lists), &maker).await, "0");
    let fail = || async { Err(CacheError::Lost("the stores are away")) };
    let old = layers.get(key("a", Topic::Lists), fail).await.unwrap();
    assert_eq!(old.encoded.as_ref().unwrap().bytes(Encoding::Identity), "0");
    let none = layers.get(key("b", Topic::Lists), fail).await;
    assert_eq!(none.unwrap_err(), CacheError::Lost("the stores are away"));
    let believed = layers.get(key("b", Topic::Lists), fail).await;
    assert_eq!(believed.unwrap_err(), CacheError::Failing);
}

#[tokio::test]
async fn that_there_is_nothing_is_kept_too() {
    let url = redis_db().await;
    let layers = Layers::new(&settings(&url)).unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    for _ in 0..20 {
        let asked = Arc::clone(&asked);
        let make = move || async move {
            asked.fetch_add(1, Ordering::SeqCst);
            let (json, link, until) = (None, None, None);
            Ok::<_, CacheError>(Made { json, link, lifetime: Lifetime::Absent, until })
        };
        let body = layers.get(key("nothing", Topic::Lists), make).await.unwrap();
        assert!(body.encoded.is_none());
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
