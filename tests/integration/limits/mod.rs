//! What one caller may ask for, on one instance and on two.

mod callers;
mod claims;

use frontrow::config::{Config, LimitsConfig};

use crate::support::service::Service;
use crate::support::{database, redis_db};

/// Two instances on the same stores with limits of the test's own, which are for this machine, too.
async fn two(change: impl Fn(&mut LimitsConfig)) -> [Service; 2] {
    let (redis, database) = (redis_db().await, database().await);
    let limited = |config: &mut Config| {
        config.limits.limit_loopback = true;
        change(&mut config.limits);
    };
    let (one, other) = tokio::join!(
        Service::with(&redis, &database, limited),
        Service::with(&redis, &database, limited)
    );
    [one, other]
}
