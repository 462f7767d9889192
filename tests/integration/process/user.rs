//! `frontrow user create`.

use std::process::Stdio;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::support::service::Service;
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
