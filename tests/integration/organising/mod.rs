//! What organisers do, through the API and on several instances.

mod concerts;
mod figures;
mod fixture;
mod history;
mod holds;
mod on_record;
mod rebuilding;
mod sale;
mod seat_maps;
mod seats;
mod strangers;
