//! What a checked file means for the concerts and seat maps that there are.

use std::collections::HashMap;

use crate::catalogue::import::error::Mistakes;
use crate::domain::concert::{Concert, SaleSwitch};
use crate::domain::ids::{ConcertId, SeatMapId, UserId};
use crate::domain::limits::PARTITIONS;
use crate::ledger::seat_maps::SeatMapVersion;

use super::Entry;

/// What there is to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved {
    /// The concerts to write, new and changed.
    pub concerts: Vec<Concert>,
    /// How many of them are new.
    pub new: usize,
    /// How many of them are changed.
    pub changed: usize,
    /// How many are as the file says already.
    pub unchanged: usize,
}

/// Brings the entries together with `maps`, in the order of names and versions, with the concerts
/// that have their slugs already, and with those of their `organisers` that there are.
///
/// # Errors
/// Everything that does not fit: seat maps that are not there or that a concert cannot change to,
/// prices that are missing or for nothing, and organisers that nobody is.
pub fn resolve(
    entries: Vec<Entry>,
    maps: &[SeatMapVersion],
    existing: &[Concert],
    organisers: &[UserId],
) -> Result<Resolved, Mistakes> {
    let by_slug: HashMap<_, _> = existing.iter().map(|concert| (&*concert.slug, concert)).collect();
    let mut by_name: HashMap<&str, Vec<&SeatMapVersion>> = HashMap::new();
    for map in maps {
        by_name.entry(&map.name).or_default().push(map);
    }
    let mut mistakes = Mistakes::default();
    let mut resolved = Resolved::default();
    for (index, entry) in entries.into_iter().enumerate() {
        let before = by_slug.get(&*entry.slug).copied();
        let versions = by_name.get(&*entry.seat_map).map_or(&[][..], Vec::as_slice);
        let map = match choose(&entry, versions, before, maps) {
            Ok(map) => map,
            Err((key, what)) => {
                mistakes.add(|| format!("concerts[{index}].{key}"), what);
                continue;
            }
        };
        if let Some(before) = before.filter(|before| before.currency != entry.currency) {
            // What was sold is in the concert's currency, and stays what it was.
            let (wanted, own) = (entry.currency.code(), before.currency.code());
            let what =
                format!("{wanted}, but the concert sells in {own}, and keeps to it for life");
            mistakes.add(|| format!("concerts[{index}].currency"), what);
            continue;
        }
        let strangers = entry.organiser.filter(|organiser| !organisers.contains(organiser));
        if let Some(stranger) = strangers {
            let what = format!("no user has the id {stranger}");
            mistakes.add(|| format!("concerts[{index}].organiser_id"), what);
        }
        let prices = prices(index, &entry, map, &mut mistakes);
        let concert = concert(entry, map.id, prices, before);
        match before {
            None => resolved.new += 1,
            Some(before) if *before == concert => {
                resolved.unchanged += 1;
                continue;
            }
            Some(_) => resolved.changed += 1,
        }
        resolved.concerts.push(concert);
    }
    mistakes.unless_any(resolved)
}

/// The map version that a concert is on: its own if it has one, else the one named, else the newest.
fn choose<'a>(
    entry: &Entry,
    versions: &[&'a SeatMapVersion],
    before: Option<&Concert>,
    maps: &[SeatMapVersion],
) -> Result<&'a SeatMapVersion, (&'static str, String)> {
    let named = |version| versions.iter().find(|map| map.version == version);
    let own = |before: &Concert| versions.iter().find(|map| map.id == before.seat_map);
    let (name, for_life) = (&entry.seat_map, "a concert keeps its seat map version for life");
    let found = match (before, entry.seat_map_version) {
        (Some(before), wanted) => {
            let own = own(before).ok_or_else(|| {
                let now = maps.iter().find(|map| map.id == before.seat_map);
                let now =
                    now.map_or_else(|| "another map".to_owned(), |map| format!("{:?}", map.name));
                ("seat_map", format!("{name:?}, but the concert is on {now}: {for_life}"))
            })?;
            if let Some(wanted) = wanted.filter(|wanted| *wanted != own.version) {
                let what = format!("{wanted}, but the concert is on {}: {for_life}", own.version);
                return Err(("seat_map_version", what));
            }
            Some(own)
        }
        (None, Some(wanted)) => named(wanted),
        (None, None) => versions.last(),
    };
    found.copied().ok_or_else(|| match entry.seat_map_version {
        Some(version) if !versions.is_empty() => {
            ("seat_map_version", format!("{name:?} has no version {version}"))
        }
        _ => ("seat_map", format!("there is no seat map {name:?}: import it first")),
    })
}

/// The prices in the order of the map's categories, after noting what is missing or too much.
fn prices(index: usize, entry: &Entry, map: &SeatMapVersion, mistakes: &mut Mistakes) -> Vec<u32> {
    let (name, version) = (&map.name, map.version);
    let path = || format!("concerts[{index}].prices");
    for category in &map.categories {
        if !entry.prices.contains_key(category) {
            let what =
                format!("no price for {category:?}, a category of {name:?} version {version}");
            mistakes.add(path, what);
        }
    }
    for category in entry.prices.keys() {
        if !map.categories.contains(category) {
            let what = format!("{category:?} is not a category of {name:?} version {version}");
            mistakes.add(path, what);
        }
    }
    let price = |category| entry.prices.get(category).copied().unwrap_or_default();
    map.categories.iter().map(price).collect()
}

/// The concert as it will stand, but for the version, which rises only if something changes.
fn concert(entry: Entry, map: SeatMapId, prices: Vec<u32>, before: Option<&Concert>) -> Concert {
    let id = before.map_or_else(|| ConcertId::from_slug(&entry.slug), |before| before.id);
    Concert {
        id,
        slug: entry.slug,
        organiser: entry.organiser.or(before.and_then(|before| before.organiser)),
        title: entry.title,
        artist: entry.artist,
        venue: entry.venue,
        seat_map: map,
        partition: before.map_or_else(|| id.partition(PARTITIONS), |before| before.partition),
        starts_at: entry.starts_at,
        sale: entry.sale,
        switch: before.map_or(SaleSwitch::Open, |before| before.switch),
        cancel_until: entry.cancel_until,
        currency: entry.currency,
        price_minor_by_category: prices,
        hold_seconds: entry.hold_seconds,
        max_seats_per_user: entry.max_seats_per_user,
        confirmed_by: entry.confirmed_by,
        version: before.map_or(1, |before| before.version),
    }
}
