//! `frontrow user create` and `frontrow user role`

mod role;

use std::io::{BufRead as _, IsTerminal as _};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};

use crate::config::DatabaseConfig;
use crate::domain::email::Email;
use crate::domain::limits::NAME_CHARACTERS_MAX;
use crate::domain::role::Role;
use crate::identity::{IdentityError, Password, Registration, SessionToken, register_as};
use crate::ledger::{self, ConnectionOptions};

use role::ChangeRole;

/// Make accounts for people
#[derive(Args, Debug)]
pub(super) struct User {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make an account. The password is read from standard input, or asked for on a terminal: what is
    /// an argument can be seen by everybody on the machine
    Create(Create),
    /// Give an account another role. Its sessions end, so that the role counts everywhere from then on
    Role(ChangeRole),
}

#[derive(Args, Debug)]
struct Create {
    /// The address to sign in with
    #[arg(long)]
    email: String,
    /// What its owner may do
    #[arg(long, value_enum, default_value_t = RoleName::Buyer)]
    role: RoleName,
    /// What its owner wants to be called
    #[arg(long)]
    name: Option<String>,
    /// Make up a password, and print it once
    #[arg(long)]
    generate_password: bool,
    #[command(flatten)]
    database: DatabaseConfig,
}

/// A role, as an argument.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleName {
    Buyer,
    Organiser,
    Admin,
}

impl User {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self.command {
            UserCommand::Create(create) => create.run().await,
            UserCommand::Role(change) => change.run().await,
        }
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let email = Email::parse(&self.email).with_context(|| format!("--email {}", self.email))?;
        if self.name.as_ref().is_some_and(|name| name.chars().any(char::is_control)) {
            bail!("--name has a control character in it");
        }
        let characters = self.name.as_ref().map_or(1, |name| name.chars().count());
        if !(1..=NAME_CHARACTERS_MAX).contains(&characters) {
            bail!("--name does not have 1 to {NAME_CHARACTERS_MAX} characters");
        }
        let url = &self.database.database_url;
        let pool = ledger::connect(url.expose(), &ConnectionOptions::default()).await;
        let pool = pool.with_context(|| format!("{url} cannot be reached"))?;
        ledger::ensure_migrated(&pool).await?;
        let text = match self.generate_password {
            // As hard to guess as the secret of a session, because it is one.
            true => SessionToken::random()?.expose(),
            false => read_password()?,
        };
        let made_up = self.generate_password.then(|| text.clone());
        let password = Password::parse(text)?;
        let role = self.role.into();
        let registration = Registration { email, password, name: self.name };
        let user = register_as(&pool, role, registration).await.map_err(|error| match error {
            IdentityError::EmailTaken => anyhow::anyhow!("{} has an account already", self.email),
            error => error.into(),
        })?;
        println!("{} {} {}", user.id, role.name(), self.email);
        if let Some(password) = made_up {
            println!("{password}");
        }
        Ok(())
    }
}

/// The first line of standard input. On a terminal, it is asked for, and not shown.
fn read_password() -> anyhow::Result<String> {
    let terminal = std::io::stdin().is_terminal();
    if terminal {
        eprint!("Password: ");
        show_typing(false);
    }
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    if terminal {
        show_typing(true);
        eprintln!();
    }
    read.context("the password cannot be read")?;
    let password = line.trim_end_matches(['\n', '\r']);
    if password.is_empty() {
        bail!("no password on standard input; --generate-password makes one up");
    }
    Ok(password.to_owned())
}

/// Whether the terminal shows what is typed. Where there is no `stty`, it goes on showing it.
fn show_typing(show: bool) {
    let echo = if show { "echo" } else { "-echo" };
    let _ = Command::new("stty").arg(echo).stdin(Stdio::inherit()).status();
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Buyer => Self::Buyer,
            RoleName::Organiser => Self::Organiser,
            RoleName::Admin => Self::Admin,
        }
    }
}
