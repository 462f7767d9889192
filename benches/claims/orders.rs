//! What is asked for, by number.

use frontrow::domain::ids::ConcertId;

use super::GUESTS;
use super::load::Order;
use super::support::{ROW_SEATS, SEATS};

/// Seats that one user may have, as shipped.
const PER_USER: usize = 6;
/// How many seats the orders of a sale have, in turn: 2.3 on average.
const PARTY: [u32; 6] = [1, 2, 3, 2, 4, 2];

/// Claims of so many seats each that nobody else asks for; by guests from a number on.
pub fn named(concert: ConcertId, seats: usize, guest: usize) -> impl Fn(usize) -> Order {
    move |at| Order {
        head: head(concert),
        person: (guest + at / (PER_USER / seats)) % GUESTS,
        key: format!("{seats}-{at}"),
        body: seats_from((at * seats) as u32 % SEATS, seats as u32),
        confirmed: false,
    }
}

/// Claims of the best two seats that there are.
pub fn best(concert: ConcertId) -> impl Fn(usize) -> Order {
    move |at| Order {
        head: head(concert),
        person: at * 2 / PER_USER,
        key: format!("best-{at}"),
        body: r#"{"best_available":{"quantity":2}}"#.to_owned(),
        confirmed: false,
    }
}

/// Claims of ten rows' seats by a crowd: each is asked for by sixty.
pub fn contested(concert: ConcertId) -> impl Fn(usize) -> Order {
    move |at| Order {
        head: head(concert),
        person: at % GUESTS,
        key: format!("contested-{at}"),
        body: seats_from((at * 7919) as u32 % (10 * ROW_SEATS), 1),
        confirmed: false,
    }
}

/// Every seat of the house, claimed and confirmed in orders of one to four, each by a guest of its own.
pub fn orders_of_a_house(concert: ConcertId) -> (usize, impl Fn(usize) -> Order) {
    let (mut orders, mut first) = (Vec::new(), 0);
    while first < SEATS {
        let party = PARTY[orders.len() % PARTY.len()].min(SEATS - first);
        orders.push((first, party));
        first += party;
    }
    let count = orders.len();
    let order = move |at: usize| Order {
        head: head(concert),
        person: at % GUESTS,
        key: format!("order-{at}"),
        body: seats_from(orders[at].0, orders[at].1),
        confirmed: true,
    };
    (count, order)
}

fn head(concert: ConcertId) -> String {
    format!("POST /v1/concerts/{concert}/reservations")
}

/// A claim of seats by their ids, in the order of their numbers.
fn seats_from(first: u32, count: u32) -> String {
    let id = |seat: u32| format!("\"{}-{}\"", seat / ROW_SEATS + 1, seat % ROW_SEATS + 1);
    let ids: Vec<_> = (first..first + count).map(id).collect();
    format!("{{\"seats\":[{}]}}", ids.join(","))
}
