//! Listings: what is on, and where.
