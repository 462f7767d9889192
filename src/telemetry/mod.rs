//! What the service tells of itself: logs and metrics. A leaf: anyone may use it.

mod http;
mod log;
mod metrics;
mod throttle;

pub use http::{RequestInFlight, request_answered};
pub use log::{LogError, log_to_stderr};
pub use metrics::{
    Metrics, MetricsError, audit_problem, audited, cache_answered, claim, persisted, repaired,
    script_call, swept,
};
pub use throttle::Throttle;
