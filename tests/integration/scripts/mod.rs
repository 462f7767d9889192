//! What each script promises, one file a verb.

mod areas;
mod batch;
mod block;
mod cancel;
mod change;
mod confirm;
mod extend;
mod fence;
mod load;
mod paid;
mod prolong;
mod release;
mod reserve;
mod revoke;
mod sweep;
