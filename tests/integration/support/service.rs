//! A whole instance behind its real listener, and a client of it.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use frontrow::app::App;
use frontrow::config::{
    CacheConfig, Config, DatabaseConfig, HttpConfig, LimitsConfig, LogConfig, LogFormat,
    RedisConfig,
};
use frontrow::domain::ids::UserId;
use frontrow::domain::role::Role;
use frontrow::http;
use frontrow::http::server::{self, ServerLimits};
use frontrow::identity::SessionToken;
use frontrow::ledger::PgPool;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// An instance. It stops when it is dropped.
pub struct Service {
    pub url: String,
    _app: App,
    pub pool: PgPool,
    _end_with_this: DropGuard,
}

/// Somebody with a session.
#[derive(Clone)]
pub struct Person {
    client: Client,
    url: String,
    token: String,
}

impl Service {
    /// An instance on stores of the test's own.
    pub async fn start() -> Self {
        let (redis, database) = (super::redis_db().await, super::database().await);
        Self::on(&redis, &database).await
    }

    /// An instance on these stores.
    pub async fn on(redis_url: &str, database_url: &str) -> Self {
        Self::with(redis_url, database_url, |_| {}).await
    }

    /// An instance on these stores, with settings of the test's own.
    pub async fn with(
        redis_url: &str,
        database_url: &str,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = config(redis_url, database_url);
        change(&mut config);
        let app = App::start(&config).await.unwrap();
        let end = CancellationToken::new();
        let state = app.http_state(end.clone(), &config);
        let (router, _) = http::router(state);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(server::serve(listener, router, end.clone(), ServerLimits::default()));
        let pool = frontrow::ledger::connect(database_url, &Default::default()).await.unwrap();
        let service = Self { url, _app: app, pool, _end_with_this: end.drop_guard() };
        service.until_ready().await;
        service
    }

    async fn until_ready(&self) {
        let client = Client::new();
        for _ in 0..400 {
            let answer = client.get(format!("{}/readyz", self.url)).send().await.unwrap();
            if answer.status() == 200 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the service was not ready within ten seconds");
    }

    /// Somebody new with a role: they are in PostgreSQL, so that concerts can be theirs.
    pub async fn person_with(&self, client: &Client, role: Role) -> Person {
        let user = UserId::new();
        let insert = sqlx::query("INSERT INTO users (id, role) VALUES ($1, $2)");
        insert.bind(user.0).bind(role.name()).execute(&self.pool).await.unwrap();
        let token = SessionToken::random().unwrap();
        let insert = "INSERT INTO sessions (token_hash, user_id, expires_at) \
                      VALUES (sha256($1), $2, now() + interval '1 day')";
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.expose()).unwrap();
        sqlx::query(insert).bind(bytes).bind(user.0).execute(&self.pool).await.unwrap();
        Person::new(client.clone(), &self.url, &token.expose())
    }

    /// Somebody new.
    pub async fn person(&self, client: &Client) -> Person {
        let path = format!("{}/v1/sessions", self.url);
        let session = told(client.post(path)).await;
        assert_eq!(session.status(), 201);
        let session: Value = session.json().await.unwrap();
        Person::new(client.clone(), &self.url, session["token"].as_str().unwrap())
    }
}

impl Person {
    pub fn new(client: Client, url: &str, token: &str) -> Self {
        Self { client, url: url.to_owned(), token: token.to_owned() }
    }

    /// The same person, as a client of another instance.
    pub fn at(&self, url: &str) -> Self {
        Self::new(self.client.clone(), url, &self.token)
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// A request with the person's session.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = told(self.request(Method::GET, path)).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// A claim, to be sent.
    pub fn claim(&self, concert: &str, key: &str, seats: &[&str]) -> RequestBuilder {
        let path = format!("/v1/concerts/{concert}/reservations");
        let request = self.request(Method::POST, &path).header("Idempotency-Key", key);
        request.json(&json!({ "seats": seats }))
    }

    pub async fn reserve(&self, concert: &str, key: &str, seats: &[&str]) -> Response {
        self.claim(concert, key, seats).send().await.unwrap()
    }

    /// Asks for the best seats there are.
    pub async fn reserve_best(&self, concert: &str, key: &str, wish: Value) -> Response {
        let path = format!("/v1/concerts/{concert}/reservations");
        let request = self.request(Method::POST, &path).header("Idempotency-Key", key);
        request.json(&json!({ "best_available": wish })).send().await.unwrap()
    }

    /// Confirm, extend or cancel.
    pub async fn change(&self, concert: &str, reservation: &str, verb: &str) -> Response {
        let path = format!("/v1/concerts/{concert}/reservations/{reservation}/{verb}");
        self.request(Method::POST, &path).send().await.unwrap()
    }
}

/// The answer to a request that is sent again while the answer is to do that, as a client should: a
/// crowd that comes at once to a busy machine may well be asked to. Only for so long.
pub async fn told(request: RequestBuilder) -> Response {
    for _ in 0..100 {
        let answer = request.try_clone().unwrap().send().await.unwrap();
        if answer.status() != 503 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("there was no answer but 503");
}

fn config(redis_url: &str, database_url: &str) -> Config {
    Config {
        redis: RedisConfig::at(redis_url.parse().unwrap()),
        database: DatabaseConfig::at(database_url.parse().unwrap()),
        // Whoever looks at seats sees them as they are: only tests of caches look at what is kept.
        cache: CacheConfig {
            cache_seats_ms: 0,
            cache_quiet_seats_seconds: 0,
            ..CacheConfig::default()
        },
        http: HttpConfig {
            listen: "127.0.0.1:0".parse().unwrap(),
            metrics_listen: "127.0.0.1:0".parse().unwrap(),
            connections_max: 4_096,
            requests_max: 4_096,
            unready_seconds: 0,
            drain_seconds: 20,
        },
        limits: LimitsConfig::default(),
        log: LogConfig { log_format: LogFormat::Human, log: "warn".into() },
    }
}
