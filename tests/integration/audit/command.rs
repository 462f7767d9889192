//! `frontrow audit`.

use serde_json::Value;
use tokio::process::Command;

use super::evening::{Evening, import_house};
use crate::support::backend::Backend;
use crate::support::{database, redis_db};

/// What it ends with, and what it says.
async fn audit(redis: &str, database: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontrow"));
    command.arg("audit").args(arguments).env_clear();
    command.env("REDIS_URL", redis).env("DATABASE_URL", database);
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn it_ends_with_0_when_all_is_well_1_when_not_and_2_when_it_could_not_look() {
    let (redis, database) = (redis_db().await, database().await);
    let backend = Backend::idle(&redis, &database).await;
    backend.reservations.verify().await.unwrap();
    import_house(&backend).await;
    let on = Evening::new(&backend, &redis, "night", 600).await;
    on.sale(&["1-1", "1-2"], 2).await;
    on.hold(&["1-3"], 0).await;

    let (code, said, error) = audit(&redis, &database, &["--json"]).await;
    assert_eq!((code, error.as_str()), (Some(0), ""));
    let report: Value = serde_json::from_str(&said).unwrap();
    let concert = &report["concerts"][0];
    assert_eq!(report["ok"], true);
    assert_eq!(concert["concert"], on.concert.to_string());
    let count = |name: &str| concert[name].as_u64().unwrap();
    let names = ["capacity", "available", "held", "sold_redis", "sold_postgres", "blocked"];
    assert_eq!(names.map(count), [22, 17, 1, 4, 4, 0]);
    assert_eq!((count("conflicts"), &concert["problems"]), (0, &serde_json::json!([])));

    on.set_state(8, 1).await;
    let (code, said, _) = audit(&redis, &database, &["--json", "--concert", "night"]).await;
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &report["ok"]), (Some(1), &Value::Bool(false)));
    let problem = &report["concerts"][0]["problems"][0];
    assert_eq!((&problem["kind"], &problem["seat"]), (&"held_by_nobody".into(), &8.into()));
    let (code, said, _) = audit(&redis, &database, &[]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("held_by_nobody") && said.contains("1 concerts: 1 problems"), "{said}");

    let (code, said, error) = audit("redis://127.0.0.1:1/0", &database, &["--json"]).await;
    assert_eq!((code, said.as_str()), (Some(2), ""));
    assert!(error.starts_with("frontrow: "), "{error}");
    let (code, _, error) = audit(&redis, &database, &["--concert", "nowhere"]).await;
    assert_eq!(code, Some(2));
    assert!(error.contains("there is no concert nowhere"), "{error}");
}
