//! Areas when many want their last places: never oversold, never lost, whatever the order.

use std::sync::Arc;

use frontrow::domain::area::AreaCounts;
use frontrow::domain::ids::{ReservationId, UserId};
use frontrow::domain::reservation::State;
use frontrow::inventory::commands::Own;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::task::JoinSet;

use crate::support::hot::{Hot, concert, lines_with};

/// What the records say of the areas, which is what the counts have to say.
async fn counts_by_records(
    hot: &Hot,
    capacities: &[u32],
    ids: &[ReservationId],
) -> Vec<AreaCounts> {
    let mut counts: Vec<_> = capacities
        .iter()
        .map(|&capacity| AreaCounts { available: capacity, held: 0, sold: 0 })
        .collect();
    for id in ids {
        let Some(found) = hot.inventory.find(&hot.keys, *id).await.unwrap() else { continue };
        for line in found.lines.areas {
            let area = &mut counts[usize::from(line.area.0)];
            let quantity = u32::from(line.quantity);
            match found.state {
                State::Held => area.held += quantity,
                State::Confirmed => area.sold += quantity,
                State::Cancelled | State::Released | State::Expired => continue,
            }
            area.available = area.available.checked_sub(quantity).expect("an area is oversold");
        }
    }
    counts
}

#[tokio::test]
async fn hundreds_who_want_the_last_places_get_what_there_is_and_no_more() {
    let hot = Arc::new(Hot::standing(0, &[100], concert()).await);
    let mut buyers = JoinSet::new();
    for buyer in 0..300_u16 {
        let hot = Arc::clone(&hot);
        buyers.spawn(async move {
            let command = hot.claim(UserId::new(), lines_with(&[], &[(0, 1 + buyer % 3)]));
            let own = Own { id: command.id, user: command.user };
            if hot.send(&command).await.is_ok() {
                match buyer % 4 {
                    0 => drop(hot.change(own, lines_with(&[], &[(0, 1 + buyer % 5)])).await),
                    1 => drop(hot.release(own).await.unwrap()),
                    _ => drop(hot.confirm(own).await.unwrap()),
                }
            }
            own.id
        });
    }
    let ids = buyers.join_all().await;
    let counts = hot.area_counts().await;
    assert_eq!(counts, counts_by_records(&hot, &[100], &ids).await);
    assert!(counts[0].sold > 0 && counts[0].held > 0, "{counts:?}");
}

/// One step of a random history. Reservations are named by the order in which they were asked for.
#[derive(Clone, Debug)]
enum Step {
    Reserve { areas: Vec<(u16, u16)>, seat: bool },
    Change { which: usize, areas: Vec<(u16, u16)> },
    Confirm { which: usize },
    Release { which: usize },
    Extend { which: usize },
    Cancel { which: usize },
    Sweep { which: usize },
    Advance { ms: u64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let areas = || {
        prop_oneof![
            (0..2_u16, 1..5_u16).prop_map(|line| vec![line]),
            (1..4_u16, 1..4_u16).prop_map(|(first, second)| vec![(0, first), (1, second)]),
        ]
    };
    let which = || 0..30_usize;
    let step = prop_oneof![
        6 => (areas(), any::<bool>()).prop_map(|(areas, seat)| Step::Reserve { areas, seat }),
        2 => (which(), areas()).prop_map(|(which, areas)| Step::Change { which, areas }),
        3 => which().prop_map(|which| Step::Confirm { which }),
        2 => which().prop_map(|which| Step::Release { which }),
        1 => which().prop_map(|which| Step::Extend { which }),
        2 => which().prop_map(|which| Step::Cancel { which }),
        1 => which().prop_map(|which| Step::Sweep { which }),
        2 => prop_oneof![Just(20_000), Just(61_000)].prop_map(|ms| Step::Advance { ms }),
    ];
    proptest::collection::vec(step, 1..60)
}

async fn take(hot: &Hot, step: &Step, made: &mut Vec<Own>) {
    let own = |which: &usize| made.get(which % made.len().max(1)).copied();
    match step {
        Step::Reserve { areas, seat } => {
            let seats = if *seat { vec![made.len() as u32 % 4] } else { vec![] };
            let command = hot.claim(UserId::new(), lines_with(&seats, areas));
            made.push(Own { id: command.id, user: command.user });
            drop(hot.send(&command).await);
        }
        Step::Advance { ms } => hot.advance(*ms).await,
        Step::Change { which, areas } => {
            let Some(own) = own(which) else { return };
            drop(hot.change(own, lines_with(&[], areas)).await);
        }
        Step::Confirm { which } => {
            let Some(own) = own(which) else { return };
            drop(hot.confirm(own).await);
        }
        Step::Release { which } => {
            let Some(own) = own(which) else { return };
            drop(hot.release(own).await);
        }
        Step::Extend { which } => {
            let Some(own) = own(which) else { return };
            drop(hot.extend(own).await);
        }
        Step::Cancel { which } => {
            let Some(own) = own(which) else { return };
            drop(hot.cancel(own).await);
        }
        Step::Sweep { which } => {
            let Some(own) = own(which) else { return };
            hot.inventory.sweep(&hot.keys, &[own.id]).await.unwrap();
        }
    }
}

/// The invariant: what an area has held and sold is the sum over its live records, after every step;
/// what could be had was given, because a refusal for want of room is checked by asking for one place.
#[test]
fn the_counts_of_areas_are_the_sums_of_their_records_whatever_happens() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let capacities = [6, 5];
    let run = runner.run(&steps(), |steps| {
        runtime.block_on(async {
            let hot = Hot::standing(4, &capacities, concert()).await;
            let mut made = Vec::new();
            for step in &steps {
                take(&hot, step, &mut made).await;
                let ids: Vec<_> = made.iter().map(|own| own.id).collect();
                let counts = counts_by_records(&hot, &capacities, &ids).await;
                assert_eq!(hot.area_counts().await, counts, "after {step:?}");
            }
            // With every hold overdue, all that is not sold can be had.
            hot.run_out().await;
            for (area, counts) in (0..).zip(hot.area_counts().await) {
                for _ in 0..counts.available + counts.held {
                    let command = hot.claim(UserId::new(), lines_with(&[], &[(area, 1)]));
                    hot.send(&command).await.unwrap();
                }
                let command = hot.claim(UserId::new(), lines_with(&[], &[(area, 1)]));
                hot.send(&command).await.unwrap_err();
            }
        });
        Ok(())
    });
    run.unwrap();
}
