//! Ranking a map's seats, which takes a core for tens of milliseconds, where no other answer waits
//! behind it.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::{JoinError, spawn_blocking};

use crate::domain::seat_map::SeatMap;

/// Ranks maps, one at a time: the thousands who come in a sale's first second wait for one thread, and
/// do not take one each. Clones share the turn.
#[derive(Clone, Default)]
pub(super) struct Ranker(Arc<Mutex<()>>);

impl Ranker {
    /// Sees to it that a map is ranked, which it is for as long as it is kept.
    ///
    /// # Errors
    /// When ranking it panicked.
    pub(super) async fn rank(&self, map: &Arc<SeatMap>) -> Result<(), JoinError> {
        if map.is_ranked() {
            return Ok(());
        }
        let _turn = self.0.lock().await;
        if map.is_ranked() {
            return Ok(());
        }
        let map = Arc::clone(map);
        spawn_blocking(move || {
            map.ranking();
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::ids::SeatMapId;
    use crate::domain::seat_map::{Category, Layout, Row, Seat, Section};

    use super::*;

    /// A house of 200 rows of 100 seats.
    fn house() -> SeatMap {
        let (rows, row_seats) = (200, 100);
        let seat = |number: u32| Seat {
            id: number.to_string().into(),
            label: "1".into(),
            category: 0,
            x: (number % row_seats) as f32,
            y: (number / row_seats) as f32,
            accessible: false,
        };
        let row = |row: u32| Row {
            label: row.to_string(),
            seats: row * row_seats..(row + 1) * row_seats,
        };
        let layout = Layout {
            categories: vec![Category { name: "Seat".into(), color: "#112233".into() }],
            sections: vec![Section { name: "Stalls".into(), rows: 0..rows }],
            rows: (0..rows).map(row).collect(),
            seats: (0..rows * row_seats).map(seat).collect(),
            ..Layout::default()
        };
        SeatMap::new(SeatMapId::new(), "House".to_owned(), 1, [0; 32], layout)
    }

    #[tokio::test]
    async fn others_are_answered_while_a_map_is_being_ranked() {
        // On a busy machine the ranking may be over before this thread has its next turn.
        for _ in 0..20 {
            if turns_meanwhile().await > 0 {
                return;
            }
        }
        panic!("nothing else ran while a map was being ranked");
    }

    /// How often something else had a turn on the one thread that a test has.
    async fn turns_meanwhile() -> u32 {
        let (map, ranker) = (Arc::new(house()), Ranker::default());
        let meanwhile = async {
            let mut turns = 0;
            while !map.is_ranked() {
                turns += 1;
                tokio::task::yield_now().await;
            }
            turns
        };
        let other = ranker.clone();
        let (first, second, turns) = tokio::join!(ranker.rank(&map), other.rank(&map), meanwhile);
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(map.ranking().scores.len(), 20_000);
        turns
    }
}
