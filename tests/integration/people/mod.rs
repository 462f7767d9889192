//! People: guests, accounts, sessions, and what nobody else may see or change.

mod accounts;
mod cookies;
mod ending;
mod fixture;
mod outliving;
mod purchases;
mod recovery;
mod strangers;
