//! Both servers together, as `frontrow dev` has them.

use std::fs;

use frontrow::embedded::DevStack;

use super::{postgres_get, postgres_set, temp_dir};

#[tokio::test]
async fn a_later_start_finds_the_data_of_an_earlier_one() {
    let dir = temp_dir();
    let home = dir.path().join(".frontrow");
    let stack = DevStack::start(&home).await.unwrap();
    assert!(stack.redis_url().starts_with("redis://127.0.0.1:"), "{}", stack.redis_url());
    assert!(stack.database_url().ends_with("/frontrow"), "{}", stack.database_url());
    postgres_set(&stack.database_url(), 1).await;
    stack.stop().await.unwrap();

    let stack = DevStack::start(&home).await.unwrap();
    assert_eq!(postgres_get(&stack.database_url()).await, 1);
    stack.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_one_in_the_same_directory_says_who_has_it() {
    let dir = temp_dir();
    let stack = DevStack::start(dir.path()).await.unwrap();
    let error = DevStack::start(dir.path()).await.unwrap_err().to_string();
    let holder = format!("another 'frontrow dev' (pid {})", std::process::id());
    assert_eq!(
        error,
        format!(
            "{} is in use by {holder}: stop that first, or choose another directory",
            dir.path().display()
        )
    );
    stack.stop().await.unwrap();
    let stack = DevStack::start(dir.path()).await.unwrap();
    stack.stop().await.unwrap();
}

#[tokio::test]
async fn when_one_server_does_not_start_the_other_does_not_stay() {
    let dir = temp_dir();
    // PostgreSQL's directory cannot be made where a file is.
    fs::write(dir.path().join("postgres"), "").unwrap();
    let error = DevStack::start(dir.path()).await.unwrap_err().to_string();
    assert!(error.contains("postgres"), "{error}");

    fs::remove_file(dir.path().join("postgres")).unwrap();
    let stack = DevStack::start(dir.path()).await.unwrap();
    stack.stop().await.unwrap();
}
