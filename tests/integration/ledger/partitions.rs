//! Each partition's place in its log.

use frontrow::domain::position::{Epoch, Position};
use frontrow::ledger::partitions::{PartitionRow, ensure, raise_epoch, read};

use super::fixture::pool;

const FIRST: PartitionRow = PartitionRow { epoch: Epoch::FIRST, position: Position::START };

#[tokio::test]
async fn a_partition_begins_at_the_start_whether_it_was_made_before_or_not() {
    let pool = pool().await;
    ensure(&pool, 2).await.unwrap();
    for partition in [0, 1, 2, 7] {
        assert_eq!(read(&pool, partition).await.unwrap(), FIRST);
    }
    ensure(&pool, 8).await.unwrap();
    assert_eq!(read(&pool, 5).await.unwrap(), FIRST);
}

#[tokio::test]
async fn an_epoch_is_raised_once() {
    let pool = pool().await;
    ensure(&pool, 1).await.unwrap();
    let position = Position { ms: 9, sequence: 2 };
    let raise = || raise_epoch(&pool, 0, Epoch(1), Epoch(2), position);
    let (left, right) = tokio::join!(raise(), raise());
    assert!(left.unwrap() != right.unwrap());
    let raised = PartitionRow { epoch: Epoch(2), position };
    assert_eq!(read(&pool, 0).await.unwrap(), raised);
}
