//! The protocol without one of its checks: the model has to find what the check is for.

use crate::model::promises::{
    CONFIRMED_LOST, DISAGREE, GRANTED_AFTER_LOSS, GRANTED_TWICE, LOST_FOR_NOTHING, STALE_BATCH,
    TWO_LIVE_ROWS, VERSION_FELL,
};
use crate::model::setup::{Clocks, Faults, Fsync, Guards, Locks, Setup};
use crate::model::{self};
use crate::{NONE, lossy};

const ALL: Guards = Guards::ALL;

fn one_instance() -> Setup {
    Setup { nodes: 1, ..lossy() }
}

fn one_buyer() -> Setup {
    Setup { wants: vec![vec![0]], ..lossy() }
}

#[test]
fn seats_that_are_written_before_they_are_checked_are_granted_twice() {
    let guards = Guards { checks_before_writing: false, ..ALL };
    model::find(Setup { guards, ..Setup::one_seat() }, GRANTED_TWICE);
}

#[test]
fn an_answer_before_the_append_promises_what_never_happens() {
    let guards = Guards { answers_after_append: false, ..ALL };
    model::find(Setup { nodes: 1, guards, ..Setup::one_seat() }, LOST_FOR_NOTHING);
}

#[test]
fn scripts_that_are_reloaded_silently_run_in_a_redis_that_has_forgotten() {
    let guards = Guards { scripts_name_process: false, ..ALL };
    model::find(Setup { guards, ..one_instance() }, GRANTED_AFTER_LOSS);
}

#[test]
fn without_the_epoch_an_instance_does_not_notice_that_another_has_rebuilt() {
    let guards = Guards { scripts_check_epoch: false, ..ALL };
    model::find(Setup { guards, ..one_buyer() }, GRANTED_AFTER_LOSS);
}

#[test]
fn without_its_token_a_slow_load_opens_a_concert_without_its_sales() {
    let guards = Guards { load_token: false, ..ALL };
    model::find(Setup { guards, locks: Locks::Fail, ..one_buyer() }, DISAGREE);
}

#[test]
fn a_verification_that_forgets_what_it_saw_trusts_a_redis_that_has_forgotten_too() {
    let guards = Guards { verifies_seen: false, ..ALL };
    model::find(Setup { guards, ..one_instance() }, GRANTED_AFTER_LOSS);
}

#[test]
fn a_log_that_nobody_compares_with_postgresql_goes_on_without_a_sale() {
    let guards = Guards { verifies_applied: false, writer_knows_its_log: false, ..ALL };
    model::find(Setup { guards, ..one_instance() }, DISAGREE);
}

#[test]
fn a_batch_that_was_read_before_a_failover_is_met_by_the_writer_after_it_alone() {
    let guards = Guards { writer_knows_its_log: false, ..ALL };
    model::find(Setup { guards, ..one_instance() }, DISAGREE);
}

#[test]
fn a_rebuild_that_raises_the_epoch_last_is_taken_for_finished_halfway() {
    let guards = Guards { raises_first: false, ..ALL };
    model::find(Setup { guards, ..one_instance() }, DISAGREE);
}

#[test]
fn a_rebuild_that_persists_nothing_loses_what_survived() {
    let guards = Guards { persists_survivors: false, ..ALL };
    model::find(Setup { guards, ..one_buyer() }, CONFIRMED_LOST);
}

#[test]
fn a_reset_that_does_not_look_loses_what_was_sold_meanwhile() {
    let guards = Guards { resets_conditionally: false, ..ALL };
    model::find(Setup { guards, ..one_buyer() }, CONFIRMED_LOST);
}

#[test]
fn without_the_position_a_slow_writer_applies_what_is_applied() {
    let guards = Guards { position_fence: false, ..ALL };
    model::find(Setup { guards, ..Setup::one_seat() }, STALE_BATCH);
}

#[test]
fn without_the_epoch_a_slow_writer_applies_what_was_lost() {
    let guards = Guards { epoch_fence: false, ..ALL };
    model::find(Setup { guards, ..one_instance() }, STALE_BATCH);
}

#[test]
fn without_the_version_a_sale_that_was_given_back_comes_back() {
    let guards = Guards { version_guard: false, ..ALL };
    model::find(Setup { guards, cancels: true, ..one_buyer() }, VERSION_FELL);
}

#[test]
fn without_the_unique_index_a_seat_is_sold_twice() {
    let guards = Guards { unique_index: false, ..ALL };
    model::find(Setup { guards, ..one_instance() }, TWO_LIVE_ROWS);
}

/// No check of ours, but what all of it supposes of the machines that Redis runs on.
#[test]
fn a_replica_whose_clock_is_behind_hands_out_positions_that_were_handed_out() {
    let faults = Faults { failovers: 1, ..NONE };
    let setup = Setup { clocks: Clocks::Differ, fsync: Fsync::Always, faults, ..one_instance() };
    model::find(setup, DISAGREE);
}
