//! What each script promises, one file a verb.

mod cancel;
mod confirm;
mod extend;
mod fence;
mod load;
mod release;
mod reserve;
mod sweep;
