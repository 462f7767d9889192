//! Redis held against PostgreSQL: what is wrong is named, and what only moves is not.

mod command;
mod evening;
mod live;
mod planting;
