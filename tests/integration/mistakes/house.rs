//! A house with concerts in every state of sale, and everything that its stores hold.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use frontrow::domain::ids::ConcertId;
use frontrow::domain::limits::PARTITIONS;
use frontrow::inventory::keys::{ConcertKeys, PartitionKeys};
use redis::AsyncCommands as _;
use redis::aio::MultiplexedConnection;
use redis::streams::StreamInfoStreamReply;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tokio::time::sleep;

use crate::support::house::{import_concert, import_map, terms};
use crate::support::service::{Person, Service};
use crate::support::{database, redis_db};

/// A service with a house of two rows of ten seats, a concert in it that is on sale, and a buyer.
pub struct House {
    pub service: Service,
    pub client: Client,
    /// The concert that is on sale.
    pub concert: String,
    pub buyer: Person,
    redis: MultiplexedConnection,
}

/// The bytes of every key in Redis but those of sessions and leases, and of every table.
pub struct Everything(BTreeMap<String, Vec<u8>>);

impl House {
    pub async fn open() -> Self {
        let (redis, database) = (redis_db().await, database().await);
        let service = Service::on(&redis, &database).await;
        let redis = redis::Client::open(redis).unwrap();
        let redis = redis.get_multiplexed_async_connection().await.unwrap();
        import_map(&service.pool, 2, 10).await;
        let client = Client::new();
        let buyer = service.person(&client).await;
        let mut house = Self { service, client, concert: String::new(), buyer, redis };
        house.concert = house.concert_with("on-sale", |_| {}).await;
        house
    }

    /// Another concert, on other terms, that Redis has loaded.
    pub async fn concert_with(&self, slug: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut terms = terms(slug);
        terms["hold_seconds"] = json!(600);
        change(&mut terms);
        let concert = import_concert(&self.service.pool, &terms).await.to_string();
        self.load(&concert).await;
        concert
    }

    /// Brings a concert into Redis, if it is on sale: somebody's claim does, which they give back.
    pub async fn load(&self, concert: &str) {
        let passer_by = self.service.person(&self.client).await;
        let held = passer_by.reserve(concert, "passing-by", &["1-1"]).await;
        if held.status() != 201 {
            return;
        }
        let held: Value = held.json().await.unwrap();
        let id = held["id"].as_str().unwrap();
        let path = format!("/v1/concerts/{concert}/reservations/{id}");
        let released = passer_by.request(Method::DELETE, &path).send().await.unwrap();
        assert_eq!(released.status(), 200);
    }

    /// A claim of the buyer's, which lacks its body.
    pub fn claim_at(&self, concert: &str, key: &str) -> RequestBuilder {
        let path = format!("/v1/concerts/{concert}/reservations");
        self.buyer.request(Method::POST, &path).header("Idempotency-Key", key)
    }

    /// A claim that is as it should be.
    pub fn right_claim_at(&self, concert: &str) -> RequestBuilder {
        self.claim_at(concert, "right").json(&json!({ "seats": ["2-10"] }))
    }

    /// A request of nobody's.
    pub fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.service.url))
    }

    /// A hold of the buyer's, under the key `for-SEAT`.
    pub async fn hold(&self, concert: &str, seat: &str) -> String {
        let held = self.buyer.reserve(concert, &format!("for-{seat}"), &[seat]).await;
        assert_eq!(held.status(), 201);
        let held: Value = held.json().await.unwrap();
        held["id"].as_str().unwrap().to_owned()
    }

    /// A hold of the buyer's, after these verbs.
    pub async fn hold_that_was(&self, concert: &str, seat: &str, verbs: &[&str]) -> String {
        let id = self.hold(concert, seat).await;
        for verb in verbs {
            let changed = self.buyer.change(concert, &id, verb).await;
            assert_eq!(changed.status(), 200, "{verb}");
        }
        id
    }

    /// A hold that the buyer has released.
    pub async fn released(&self, concert: &str, seat: &str) -> String {
        let id = self.hold(concert, seat).await;
        let path = format!("/v1/concerts/{concert}/reservations/{id}");
        let released = self.buyer.request(Method::DELETE, &path).send().await.unwrap();
        assert_eq!(released.status(), 200);
        id
    }

    /// Waits until PostgreSQL has all that was done so far, and nothing moves any more.
    pub async fn until_still(&self) {
        let mut before = None;
        for _ in 0..200 {
            let now = self.everything().await.0;
            if before.as_ref() == Some(&now) && self.is_persisted().await {
                return;
            }
            before = Some(now);
            sleep(Duration::from_millis(50)).await;
        }
        panic!("the stores were not still within ten seconds");
    }

    /// Whether every log was applied to its end.
    async fn is_persisted(&self) -> bool {
        let positions = "SELECT partition, position_ms || '-' || position_sequence FROM partitions";
        let positions = sqlx::query_as(positions).fetch_all(&self.service.pool).await;
        let positions: Vec<(i16, String)> = positions.unwrap();
        let mut redis = self.redis.clone();
        for (partition, persisted) in positions {
            let log = PartitionKeys::new(partition as u16).log;
            let last: Option<StreamInfoStreamReply> = redis.xinfo_stream(log).await.ok();
            if last.is_some_and(|last| last.last_generated_id != persisted) {
                return false;
            }
        }
        true
    }

    /// Waits until Redis goes by a version of a concert's terms.
    pub async fn until_version(&self, concert: &str, version: u32) {
        let id: ConcertId = concert.parse().unwrap();
        let mut redis = self.redis.clone();
        for _ in 0..200 {
            let keys = ConcertKeys::new(id.partition(PARTITIONS), id);
            // While the concert is being loaded it has no version.
            let known: Option<u32> = redis.hget(keys.meta(), "version").await.unwrap();
            if known == Some(version) {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("Redis did not hear of version {version} within ten seconds");
    }

    /// Waits until nothing of a concert is held.
    pub async fn until_swept(&self, concert: &str) {
        for _ in 0..200 {
            let seen = self.buyer.get(&format!("/v1/concerts/{concert}/availability")).await;
            if seen["counts"]["held"] == 0 {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("the hold was not ended within ten seconds");
    }

    pub async fn everything(&self) -> Everything {
        let mut everything = self.redis().await;
        everything.append(&mut self.postgres().await);
        Everything(everything)
    }

    /// Every key's bytes. Sessions prolong themselves, leases are kept up, answers are kept and sign-ins
    /// counted: they are no part of what a mistake must not change.
    async fn redis(&self) -> BTreeMap<String, Vec<u8>> {
        let mut redis = self.redis.clone();
        let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut redis).await.unwrap();
        let passing = ["session:", "guest:", "lock:", "{cache}:", "sign-ins:"];
        let others = |key: &String| passing.iter().any(|kind| key.starts_with(kind));
        let keys: Vec<_> = keys.into_iter().filter(|key| !others(key)).collect();
        assert!(keys.len() > 5, "these are not all: {keys:?}");
        let mut everything = BTreeMap::new();
        for key in keys {
            let value = value(&mut redis, &key).await;
            everything.insert(key, value);
        }
        everything
    }

    /// Every table's rows, as a count and a digest.
    async fn postgres(&self) -> BTreeMap<String, Vec<u8>> {
        let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
        let pool = &self.service.pool;
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.unwrap();
        assert!(tables.len() > 10, "these are not all: {tables:?}");
        let digest = |table: &String| {
            format!(
                "SELECT 'table {table}', count(*) || ' rows, ' || \
                 coalesce(md5(string_agg(t::text, ';' ORDER BY t::text)), '') FROM {table} AS t"
            )
        };
        let query = tables.iter().map(digest).collect::<Vec<_>>().join(" UNION ALL ");
        let query = sqlx::query_as(AssertSqlSafe(query));
        let rows: Vec<(String, String)> = query.fetch_all(pool).await.unwrap();
        rows.into_iter().map(|(table, rows)| (table, rows.into_bytes())).collect()
    }
}

/// A key's bytes. Redis may keep a hash or set in another order from one look to the next.
async fn value(redis: &mut MultiplexedConnection, key: &str) -> Vec<u8> {
    let kind: String = redis.key_type(key).await.unwrap();
    match kind.as_str() {
        "hash" => {
            let fields: BTreeMap<Vec<u8>, Vec<u8>> = redis.hgetall(key).await.unwrap();
            format!("{fields:?}").into_bytes()
        }
        "set" => {
            let members: BTreeSet<Vec<u8>> = redis.smembers(key).await.unwrap();
            format!("{members:?}").into_bytes()
        }
        _ => redis::cmd("DUMP").arg(key).query_async(redis).await.unwrap(),
    }
}

impl Everything {
    /// The names of what differs.
    pub fn changes_to(&self, now: &Self) -> BTreeSet<String> {
        let names = self.0.keys().chain(now.0.keys());
        names.filter(|name| self.0.get(*name) != now.0.get(*name)).cloned().collect()
    }
}
