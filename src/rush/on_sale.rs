//! The concert that is asked for.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde::Deserialize;

use crate::domain::ids::{ConcertId, ReservationId};

/// A concert, and what its seats are called.
#[derive(Debug)]
pub struct OnSale {
    /// The concert.
    pub concert: ConcertId,
    /// The address of its reservations.
    pub(super) path: String,
    seats: Vec<String>,
    numbers: HashMap<String, u32>,
}

/// What an availability says of seats: two bits each, the first in the highest bits of the first byte.
#[derive(Deserialize)]
struct Availability<'a> {
    #[serde(borrow)]
    states: Cow<'a, str>,
}

impl OnSale {
    /// A concert, with the public ids of its seats in the order of their numbers.
    pub fn new(concert: ConcertId, seats: Vec<String>) -> Self {
        let numbers = (0..).zip(&seats).map(|(number, id)| (id.clone(), number)).collect();
        Self { concert, path: format!("/v1/concerts/{concert}/reservations"), seats, numbers }
    }

    /// How many seats there are.
    pub fn capacity(&self) -> u32 {
        self.numbers.len() as u32
    }

    /// A seat's number; none if there is no such seat.
    pub fn number(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    /// The address of a reservation, with what follows it.
    pub(super) fn path_of(&self, reservation: ReservationId, verb: &str) -> String {
        format!("{}/{reservation}{verb}", self.path)
    }

    /// The address of what is free.
    pub(super) fn availability_path(&self) -> String {
        format!("/v1/concerts/{}/availability", self.concert)
    }

    /// The numbers of the seats that an availability says are free, in their order; none if it is none.
    pub(super) fn free(&self, body: &[u8]) -> Option<Vec<u32>> {
        let body: Availability<'_> = serde_json::from_slice(body).ok()?;
        let states = BASE64_STANDARD.decode(body.states.as_bytes()).ok()?;
        let state = |seat: u32| Some(states.get(seat as usize / 4)? >> (6 - 2 * (seat % 4)) & 3);
        (states.len() >= self.seats.len().div_ceil(4))
            .then(|| (0..self.capacity()).filter(|&seat| state(seat) == Some(0)).collect())
    }

    /// The body that asks for these seats.
    ///
    /// # Panics
    /// When there are no such seats.
    pub fn claim(&self, seats: &[u32]) -> Bytes {
        let mut body = String::from("{\"seats\":[");
        for (at, &seat) in seats.iter().enumerate() {
            let comma = if at > 0 { "," } else { "" };
            // As JSON writes strings; writing to one of ours cannot fail.
            let id = serde_json::Value::from(self.seats[seat as usize].as_str());
            let _ = write!(body, "{comma}{id}");
        }
        body.push_str("]}");
        body.into()
    }

    /// The body that asks for the best seats there are.
    pub fn claim_best(&self, quantity: u32) -> Bytes {
        format!("{{\"best_available\":{{\"quantity\":{quantity}}}}}").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_names_seats_as_the_house_does() {
        let seats = vec!["A-1".to_owned(), "the \"box\"".to_owned()];
        let on_sale = OnSale::new(ConcertId::new(), seats);
        let claim: serde_json::Value = serde_json::from_slice(&on_sale.claim(&[1, 0])).unwrap();
        assert_eq!(claim, serde_json::json!({"seats": ["the \"box\"", "A-1"]}));
        assert_eq!((on_sale.number("A-1"), on_sale.number("B-1")), (Some(0), None));
        assert_eq!(on_sale.capacity(), 2);
    }

    #[test]
    fn what_is_free_is_read_from_two_bits_a_seat() {
        let seats = (0..5).map(|seat| seat.to_string()).collect();
        let on_sale = OnSale::new(ConcertId::new(), seats);
        // Available, held, available, sold; blocked.
        assert_eq!(on_sale.free(br#"{"states":"EsA="}"#), Some(vec![0, 2]));
        assert_eq!(on_sale.free(br#"{"states":"Eg=="}"#), None, "of another house");
        assert_eq!(on_sale.free(b"{}"), None);
    }
}
