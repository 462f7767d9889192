//! `frontrow user create` and `frontrow user role`.

use std::process::Stdio;
use std::time::Duration;

use frontrow::domain::role::Role;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::support::service::{Person, Service};
use crate::support::{database, redis_db};

const PASSWORD: &str = "correct horse battery";

struct Said {
    code: Option<i32>,
    out: String,
    error: String,
}

async fn create(database: &str, arguments: &[&str], input: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontrow"));
    command.args(["user", "create"]).args(arguments).env_clear().env("DATABASE_URL", database);
    say(command, input).await
}

async fn change_role(redis: &str, database: &str, email: &str, role: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontrow"));
    command.args(["user", "role", "--email", email, "--role", role]).env_clear();
    command.env("REDIS_URL", redis).env("DATABASE_URL", database);
    say(command, "").await
}

async fn say(mut command: Command, input: &str) -> Said {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut stdin = process.stdin.take().unwrap();
    // A command that refuses before it reads has closed its end.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let output = process.wait_with_output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), error: text(output.stderr) }
}

#[tokio::test]
async fn an_account_with_a_role_is_made_and_signs_in() {
    let (redis, database) = (redis_db().await, database().await);
    let service = Service::on(&redis, &database).await;
    let arguments = ["--email", "Root@Example.org", "--role", "admin", "--name", "Root"];
    let said = create(&database, &arguments, &format!("{PASSWORD}\n")).await;
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""));
    assert!(!said.out.contains(PASSWORD), "{}", said.out);
    let generated = create(
        &database,
        &["--email", "o@example.org", "--role", "organiser", "--generate-password"],
        "",
    )
    .await;
    assert_eq!(generated.code, Some(0), "{}", generated.error);
    let made_up = generated.out.lines().nth(1).unwrap();

    let client = Client::new();
    for (email, password, role) in
        [("root@example.org", PASSWORD, "admin"), ("o@example.org", made_up, "organiser")]
    {
        let request = client.post(format!("{}/v1/sessions", service.url));
        let session = request.json(&json!({ "email": email, "password": password })).send().await;
        let session: Value = session.unwrap().json().await.unwrap();
        assert_eq!(session["role"], role, "{session}");
    }
    let again = create(&database, &arguments, &format!("{PASSWORD}\n")).await;
    assert_eq!(again.code, Some(1));
    assert!(again.error.contains("has an account already"), "{}", again.error);
}

#[tokio::test]
async fn what_is_no_account_is_refused_in_a_sentence() {
    let database = database().await;
    for (arguments, input, says) in [
        (&["--email", "a@b"][..], "", "no password on standard input"),
        (&["--email", "a@b"], "short\n", "12 to 1024 bytes"),
        (&["--email", "nonsense"], PASSWORD, "it is not an email address"),
        (&["--email", "a@b", "--name", ""], PASSWORD, "--name does not have 1 to 200"),
    ] {
        let said = create(&database, arguments, input).await;
        assert_eq!(said.code, Some(1));
        assert!(said.error.starts_with("frontrow: "), "{}", said.error);
        assert!(said.error.contains(says) && !said.error.contains(PASSWORD), "{}", said.error);
    }
    let password = create(&database, &["--email", "a@b", "--password", PASSWORD], "").await;
    assert_eq!(password.code, Some(2), "an argument can be seen by everybody on the machine");
}

#[tokio::test]
async fn another_role_counts_at_once_for_sessions_and_keys_and_is_on_record() {
    let (redis, database) = (redis_db().await, database().await);
    let service = Service::on(&redis, &database).await;
    let client = Client::new();
    let account = json!({ "email": "o@example.org", "password": PASSWORD });
    let made = ["--email", "o@example.org", "--role", "organiser"];
    assert_eq!(create(&database, &made, &format!("{PASSWORD}\n")).await.code, Some(0));
    let sign_in = async || {
        let request = client.post(format!("{}/v1/sessions", service.url)).json(&account);
        let session: Value = request.send().await.unwrap().json().await.unwrap();
        Person::new(client.clone(), &service.url, session["token"].as_str().unwrap())
    };
    let status = async |person: &Person, path: &str| {
        person.request(Method::GET, path).send().await.unwrap().status().as_u16()
    };
    let organiser = sign_in().await;
    let request = organiser.request(Method::POST, "/v1/admin/service-keys");
    let key: Value =
        request.json(&json!({ "name": "shop" })).send().await.unwrap().json().await.unwrap();
    let shop = Person::new(client.clone(), &service.url, key["secret"].as_str().unwrap());
    assert_eq!(status(&shop, "/v1/service-keys/current").await, 200);

    let said = change_role(&redis, &database, "O@Example.org", "buyer").await;
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""));
    assert!(said.out.contains("buyer") && said.out.contains("was organiser"), "{}", said.out);
    assert_eq!(status(&shop, "/v1/service-keys/current").await, 401);
    // A process believes for a second what it found of a session.
    let mut left = 400;
    while status(&organiser, "/v1/sessions/current").await != 401 {
        left -= 1;
        assert!(left > 0, "the session did not end within ten seconds");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let buyer = sign_in().await;
    assert_eq!(status(&buyer, "/v1/admin/service-keys").await, 403);

    let admin = service.person_with(&client, Role::Admin).await;
    let changes = admin.get("/v1/admin/changes").await;
    let change = &changes["items"][0];
    assert_eq!(
        (&change["action"], &change["from"]["role"]),
        (&json!("change_role"), &json!("organiser"))
    );
    assert_eq!(change["to"]["role"], "buyer");
    let nobody = change_role(&redis, &database, "nobody@example.org", "admin").await;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.error.contains("nobody@example.org has no account"), "{}", nobody.error);
}
