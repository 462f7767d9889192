//! `frontrow user role`

use anyhow::Context;
use clap::Args;

use super::RoleName;
use crate::config::{DatabaseConfig, RedisConfig};
use crate::domain::email::Email;
use crate::domain::role::Role;
use crate::identity::{ServiceKeys, Sessions};
use crate::ledger::{self, ConnectionOptions};

#[derive(Args, Debug)]
pub(super) struct ChangeRole {
    /// The address that the account signs in with
    #[arg(long)]
    email: String,
    /// What its owner may do from now on
    #[arg(long, value_enum)]
    role: RoleName,
    #[command(flatten)]
    redis: RedisConfig,
    #[command(flatten)]
    database: DatabaseConfig,
}

impl ChangeRole {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let email = Email::parse(&self.email).with_context(|| format!("--email {}", self.email))?;
        let url = &self.database.database_url;
        let pool = ledger::connect(url.expose(), &ConnectionOptions::default()).await;
        let pool = pool.with_context(|| format!("{url} cannot be reached"))?;
        ledger::ensure_migrated(&pool).await?;
        let redis_url = self.redis.redis_url.expose();
        let sessions = Sessions::open(redis_url, pool.clone())?;
        let service_keys = ServiceKeys::open(redis_url, pool.clone())?;
        let to: Role = self.role.into();
        let changed = ledger::users::change_role(&pool, &email, to).await?;
        let changed = changed.with_context(|| format!("{} has no account", self.email))?;
        // Redis remembers with each session what its user may do. Should this fail, the command says so
        // and can be given again.
        sessions.end_all_of(changed.user).await?;
        service_keys.look_again(changed.user).await?;
        println!("{} {} {}, was {}", changed.user, to.name(), self.email, changed.from.name());
        Ok(())
    }
}
