//! Metrics for Prometheus: base units, explicit buckets, and labels of which there are few.

use metrics::{counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::http;

/// Bounds in seconds: a claim takes about one millisecond and waits for a disk, a page a few, and
/// `Prefer: wait` seconds.
const SECONDS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Bounds in seconds for Redis scripts, the fastest of which take tens of microseconds.
const SCRIPT_SECONDS: &[f64] =
    &[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5];

/// Bounds in commands, of which a call takes up to 32.
const COMMANDS_PER_CALL: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0];

const CLAIMS: &str = "frontrow_claims_total";
const SCRIPT: &str = "frontrow_script_duration_seconds";
const COMMANDS: &str = "frontrow_script_commands";

const PERSISTED: &str = "frontrow_log_entries_persisted_total";
const CONFLICTS: &str = "frontrow_seat_conflicts_total";
const DEAD_LETTERS: &str = "frontrow_dead_letters_total";
const EXPIRED: &str = "frontrow_holds_swept_total";

const CACHE: &str = "frontrow_cache_answers_total";

const AUDITED: &str = "frontrow_concerts_audited_total";
const AUDIT_PROBLEMS: &str = "frontrow_audit_problems_total";
const REPAIRS: &str = "frontrow_repairs_total";

/// What has been measured. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

/// Why nothing is measured.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] BuildError);

impl Metrics {
    /// Begins to measure; once in a process.
    ///
    /// # Errors
    /// When something measures already.
    pub fn install() -> Result<Self, MetricsError> {
        let script = Matcher::Full(SCRIPT.to_owned());
        let commands = Matcher::Full(COMMANDS.to_owned());
        let handle = PrometheusBuilder::new()
            .set_buckets(SECONDS)?
            .set_buckets_for_metric(script, SCRIPT_SECONDS)?
            .set_buckets_for_metric(commands, COMMANDS_PER_CALL)?
            .install_recorder()?;
        http::describe();
        describe_counter!(CLAIMS, "Commands on reservations by verb and outcome");
        describe_histogram!(SCRIPT, "Time from sending a script to its reply, by verb");
        describe_histogram!(COMMANDS, "Commands that one script call took along, by verb");
        describe_counter!(PERSISTED, "Log entries that PostgreSQL has applied");
        describe_counter!(
            CONFLICTS,
            "Sales cancelled because PostgreSQL had a seat sold: look why"
        );
        describe_counter!(DEAD_LETTERS, "Log entries that could not be applied: repair by hand");
        describe_counter!(EXPIRED, "Overdue holds that the sweeper has ended");
        describe_counter!(CACHE, "Shared answers by where they came from");
        describe_counter!(AUDITED, "Concerts whose two stores were held against each other");
        describe_counter!(AUDIT_PROBLEMS, "Contradictions that audits found, by kind: look why");
        describe_counter!(REPAIRS, "Contradictions that audits repaired, by kind: look why");
        // Alarms watch these, and a series that is not there cannot be watched.
        counter!(CONFLICTS).absolute(0);
        counter!(DEAD_LETTERS).absolute(0);
        counter!(AUDITED).absolute(0);
        Ok(Self(handle))
    }

    /// Sorts what was measured since the last time into buckets. Until then every single measurement is
    /// kept, so that without this a process that nobody asks for its metrics would fill its memory.
    pub fn sort(&self) {
        self.0.run_upkeep();
    }

    /// Everything measured, in Prometheus's text format.
    pub fn render(&self) -> String {
        self.0.render()
    }
}

/// Counts a command on a reservation. Both labels are fixed words, never anything of a caller's.
pub fn claim(verb: &'static str, outcome: &'static str) {
    counter!(CLAIMS, "verb" => verb, "outcome" => outcome).increment(1);
}

/// Records how many commands a script call took along, and how long it took from sending to reply.
pub fn script_call(verb: &'static str, commands: usize, seconds: f64) {
    histogram!(SCRIPT, "verb" => verb).record(seconds);
    histogram!(COMMANDS, "verb" => verb).record(commands as f64);
}

/// Counts what a batch of the log came to.
pub fn persisted(entries: usize, conflicts: usize, dead_letters: usize) {
    counter!(PERSISTED).increment(entries as u64);
    counter!(CONFLICTS).increment(conflicts as u64);
    counter!(DEAD_LETTERS).increment(dead_letters as u64);
}

/// Counts overdue holds that were ended.
pub fn swept(holds: u64) {
    counter!(EXPIRED).increment(holds);
}

/// Counts a shared answer by where it came from: one of a fixed set of words.
pub fn cache_answered(from: &'static str) {
    counter!(CACHE, "from" => from).increment(1);
}

/// Counts concerts that were audited.
pub fn audited(concerts: usize) {
    counter!(AUDITED).increment(concerts as u64);
}

/// Counts a contradiction that an audit found, by its kind: one of a fixed set of words.
pub fn audit_problem(kind: &'static str) {
    counter!(AUDIT_PROBLEMS, "kind" => kind).increment(1);
}

/// Counts a contradiction that an audit repaired, by its kind.
pub fn repaired(kind: &'static str) {
    counter!(REPAIRS, "kind" => kind).increment(1);
}
