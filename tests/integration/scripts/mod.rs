//! What each script promises, one file a verb.

mod areas;
mod cancel;
mod change;
mod confirm;
mod extend;
mod fence;
mod load;
mod paid;
mod release;
mod reserve;
mod sweep;
