//! From concerts in the file to entries, or to the list of everything that is wrong with them.

use std::collections::HashMap;

use iso_currency::Currency;
use jiff::Timestamp;

use crate::catalogue::import::error::Mistakes;
use crate::catalogue::import::text;
use crate::domain::concert::{SaleWindow, Venue};
use crate::domain::limits::{
    CONCERTS_PER_FILE_MAX, HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, SEATS_PER_USER_MAX,
    SLUG_CHARACTERS_MAX,
};

use super::Entry;
use super::file::{self, Entrant};
use super::times;

/// The checked entries.
///
/// # Errors
/// Everything that is wrong with them.
pub fn entries(concerts: Vec<Entrant>) -> Result<Vec<Entry>, Mistakes> {
    let count = concerts.len();
    if count == 0 {
        return Err(Mistakes::one("concerts", "is empty"));
    }
    if count > CONCERTS_PER_FILE_MAX {
        let what = format!("{count} concerts are too many, {CONCERTS_PER_FILE_MAX} is the most");
        return Err(Mistakes::one("concerts", what));
    }
    let mut mistakes = Mistakes::default();
    duplicates(&concerts, &mut mistakes);
    let mut entries = Vec::with_capacity(count);
    for (index, concert) in concerts.into_iter().enumerate() {
        let mut check = Check { index, mistakes: &mut mistakes };
        entries.extend(check.entry(concert));
    }
    mistakes.unless_any(entries)
}

/// Notes slugs that are there twice, and venues that are in two time zones.
fn duplicates(concerts: &[Entrant], mistakes: &mut Mistakes) {
    let mut slugs = HashMap::new();
    let mut venues = HashMap::new();
    for (index, Entrant { slug, venue, .. }) in concerts.iter().enumerate() {
        let first = *slugs.entry(slug).or_insert(index);
        if first != index {
            let what = format!("duplicate {slug:?}, first in concerts[{first}]");
            mistakes.add(|| format!("concerts[{index}].slug"), what);
        }
        let key = (&venue.name, &venue.city);
        let (first, zone) = *venues.entry(key).or_insert((index, &venue.time_zone));
        if *zone != venue.time_zone {
            let what = format!("{:?}, but {zone:?} in concerts[{first}]", venue.time_zone);
            mistakes.add(|| format!("concerts[{index}].venue.time_zone"), what);
        }
    }
}

/// The checks of one concert.
struct Check<'a> {
    index: usize,
    mistakes: &'a mut Mistakes,
}

impl Check<'_> {
    fn add(&mut self, key: &str, what: impl Into<String>) {
        let index = self.index;
        self.mistakes.add(|| format!("concerts[{index}].{key}"), what);
    }

    /// The entry, unless a time or the currency leaves nothing to make it of.
    fn entry(&mut self, concert: Entrant) -> Option<Entry> {
        self.slug(&concert.slug);
        self.text("title", &concert.title);
        self.text("artist", &concert.artist);
        self.text("seat_map", &concert.seat_map);
        self.venue(&concert.venue);
        self.limits(&concert);
        let currency = self.currency(&concert.currency);
        let starts_at = self.moment("starts_at", &concert.starts_at);
        let cancel_until = self.cancel_until(concert.cancel_until, starts_at);
        let sale = self.sale(concert.sale, starts_at);
        Some(Entry {
            slug: concert.slug,
            title: concert.title,
            artist: concert.artist,
            venue: Venue {
                name: concert.venue.name,
                city: concert.venue.city,
                time_zone: concert.venue.time_zone,
            },
            seat_map: concert.seat_map,
            seat_map_version: concert.seat_map_version,
            starts_at: starts_at?,
            sale: sale?,
            cancel_until: cancel_until?,
            currency: currency?,
            prices: concert.prices.0,
            hold_seconds: concert.hold_seconds,
            max_seats_per_user: concert.max_seats_per_user,
            confirmed_by: concert.confirm,
            organiser: concert.organiser_id,
        })
    }

    fn slug(&mut self, slug: &str) {
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if slug.is_empty() || !slug.bytes().all(allowed) {
            self.add("slug", format!("{slug:?} is not made of a-z, 0-9 and - only"));
        } else if slug.len() > SLUG_CHARACTERS_MAX {
            let characters = slug.len();
            let what = format!("has {characters} characters, {SLUG_CHARACTERS_MAX} is the most");
            self.add("slug", what);
        }
    }

    fn text(&mut self, key: &str, text: &str) {
        if let Some(what) = text::complaint(text) {
            self.add(key, what);
        }
    }

    fn venue(&mut self, venue: &file::Venue) {
        self.text("venue.name", &venue.name);
        self.text("venue.city", &venue.city);
        if !times::is_zone(&venue.time_zone) {
            let what = format!("{:?} is not an IANA time zone", venue.time_zone);
            self.add("venue.time_zone", what);
        }
    }

    fn limits(&mut self, concert: &Entrant) {
        let bounds = [
            ("hold_seconds", concert.hold_seconds, HOLD_SECONDS_MIN, HOLD_SECONDS_MAX),
            ("max_seats_per_user", concert.max_seats_per_user, 1, SEATS_PER_USER_MAX),
        ];
        for (key, given, least, most) in bounds {
            if given < least || given > most {
                self.add(key, format!("{given} is not between {least} and {most}"));
            }
        }
    }

    fn currency(&mut self, code: &str) -> Option<Currency> {
        let currency = Currency::from_code(code);
        if currency.is_none() {
            self.add("currency", format!("{code:?} is not an ISO 4217 currency code"));
        }
        currency
    }

    fn moment(&mut self, key: &str, text: &str) -> Option<Timestamp> {
        let moment = times::moment(text);
        moment.map_err(|what| self.add(key, what)).ok()
    }

    fn moment_or(
        &mut self,
        key: &str,
        text: Option<String>,
        otherwise: Option<Timestamp>,
    ) -> Option<Timestamp> {
        match text {
            Some(text) => self.moment(key, &text),
            None => otherwise,
        }
    }

    fn cancel_until(
        &mut self,
        text: Option<String>,
        starts_at: Option<Timestamp>,
    ) -> Option<Timestamp> {
        let cancel_until = self.moment_or("cancel_until", text, starts_at)?;
        // Nobody gives a ticket back that they have used.
        if let Some(starts_at) = starts_at.filter(|starts_at| cancel_until > *starts_at) {
            let what = format!("{cancel_until} is after the concert starts, {starts_at}");
            self.add("cancel_until", what);
        }
        Some(cancel_until)
    }

    fn sale(&mut self, sale: file::Sale, starts_at: Option<Timestamp>) -> Option<SaleWindow> {
        let opens_at = self.moment("sale.opens_at", &sale.opens_at);
        let closes_at = self.moment_or("sale.closes_at", sale.closes_at, starts_at);
        let (opens_at, closes_at) = (opens_at?, closes_at?);
        if opens_at >= closes_at {
            let what = format!("{opens_at} is not before the sale closes, {closes_at}");
            self.add("sale.opens_at", what);
        }
        Some(SaleWindow { opens_at, closes_at })
    }
}
