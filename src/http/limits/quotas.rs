//! How much of each limit is left, in this process.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::address::Caller;
use super::class::Class;
use super::headers::Standing;
use crate::config::LimitsConfig;
use crate::domain::ids::UserId;

/// Users behind one address, who claim and confirm at the same time, as a school's or a train's do.
const USERS_PER_ADDRESS: u32 = 10;
/// How often callers are forgotten who have not asked for long enough to have all of their limit again.
const FORGET_EVERY: Duration = Duration::from_secs(10);

type Limiter<K> =
    RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// What is left, of each class, of addresses and of users.
pub(super) struct Quotas {
    addresses: [Option<PerMinute<Caller>>; Class::COUNT],
    users: [Option<PerMinute<UserId>>; Class::COUNT],
}

struct PerMinute<K: Hash + Eq + Clone> {
    per_minute: u32,
    limiter: Limiter<K>,
    clock: DefaultClock,
    forgot_at: Mutex<Instant>,
}

impl Quotas {
    pub(super) fn new(config: &LimitsConfig) -> Self {
        let LimitsConfig { limit_claim, limit_finish, .. } = *config;
        let of_address = [
            (Class::Browse, config.limit_browse),
            (Class::Claim, limit_claim.saturating_mul(USERS_PER_ADDRESS)),
            (Class::Finish, limit_finish.saturating_mul(USERS_PER_ADDRESS)),
            (Class::SignIn, config.limit_sign_in),
        ];
        let of_user = [
            (Class::Claim, limit_claim),
            (Class::Finish, limit_finish),
            (Class::Admin, config.limit_admin),
        ];
        let mut quotas = Self {
            addresses: [const { None }; Class::COUNT],
            users: [const { None }; Class::COUNT],
        };
        for (class, per_minute) in of_address {
            quotas.addresses[class as usize] = PerMinute::new(per_minute);
        }
        for (class, per_minute) in of_user {
            quotas.users[class as usize] = PerMinute::new(per_minute);
        }
        quotas
    }

    /// Takes a request from what an address has left, if that is limited.
    pub(super) fn of_address(&self, class: Class, caller: &Caller) -> Option<Standing> {
        Some(self.addresses[class as usize].as_ref()?.take(class, "address", caller))
    }

    /// Whether a class is limited by user.
    pub(super) fn has_users(&self, class: Class) -> bool {
        self.users[class as usize].is_some()
    }

    /// Takes a request from what a user has left, if that is limited.
    pub(super) fn of_user(&self, class: Class, user: UserId) -> Option<Standing> {
        Some(self.users[class as usize].as_ref()?.take(class, "user", &user))
    }
}

impl<K: Hash + Eq + Clone> PerMinute<K> {
    /// A whole minute's requests may come at once, and then as many as come back meanwhile.
    fn new(per_minute: u32) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
        let limiter = RateLimiter::keyed(quota).with_middleware();
        let (clock, forgot_at) = (DefaultClock::default(), Mutex::new(Instant::now()));
        Some(Self { per_minute, limiter, clock, forgot_at })
    }

    fn take(&self, class: Class, whose: &'static str, key: &K) -> Standing {
        self.forget();
        let each = Duration::from_secs(60) / self.per_minute;
        let (admitted, left, retry_after) = match self.limiter.check_key(key) {
            Ok(state) => (true, state.remaining_burst_capacity(), Duration::ZERO),
            Err(until) => (false, 0, until.wait_time_from(self.clock.now())),
        };
        let quota = self.per_minute;
        let reset = each * (quota - left.min(quota));
        Standing { class, whose, quota, admitted, left, reset, retry_after }
    }

    fn forget(&self) {
        let Ok(mut forgot_at) = self.forgot_at.try_lock() else { return };
        if forgot_at.elapsed() > FORGET_EVERY {
            *forgot_at = Instant::now();
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
    }
}
