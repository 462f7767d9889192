//! Making and changing concerts, by the same words as import files.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::OrganisingError;
use crate::catalogue::import::Mistakes;
use crate::catalogue::import::concert_file::{self, Entry, ONLY};
use crate::domain::concert::{Concert, Venue};
use crate::domain::ids::{ConcertId, UserId};
use crate::domain::listing::{ConcertSummary, Listing};
use crate::domain::organiser::Organiser;
use crate::domain::performance::Performance;
use crate::ledger;
use crate::ledger::changes::NewChange;
use crate::ledger::concert_import::ConcertImport;
use crate::ledger::seat_maps::SeatMapVersion;
use crate::reservations::{ReservationError, Reservations};

/// What writing a concert came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// It was not there before.
    New,
    /// It is other than before.
    Changed,
    /// It was so already.
    Unchanged,
}

/// A concert as it was written.
#[derive(Clone, Debug)]
pub struct WrittenConcert {
    /// The concert and its map.
    pub performance: Arc<Performance>,
    /// What writing it came to.
    pub writing: Writing,
    /// Whether Redis goes by it. If not, it follows as soon as it can.
    pub in_force: bool,
}

impl Reservations {
    /// Makes a concert of the JSON that a file has for one. It is its maker's, unless an
    /// administrator names somebody else.
    ///
    /// # Errors
    /// See [`OrganisingError`]; nothing was written then.
    pub async fn create_concert(
        &self,
        by: &Organiser,
        json: &[u8],
    ) -> Result<WrittenConcert, OrganisingError> {
        self.write_concert(by, concert_file::parse_one(json)?, None).await
    }

    /// Brings a concert to what the JSON says. It keeps slug, seat map, currency and partition.
    ///
    /// # Errors
    /// See [`OrganisingError`]; nothing was written then.
    pub async fn change_concert(
        &self,
        by: &Organiser,
        concert: ConcertId,
        json: &[u8],
    ) -> Result<WrittenConcert, OrganisingError> {
        let slug = self.own(by, concert).await?.concert.slug.clone();
        let entry = concert_file::parse_one(json)?;
        if entry.slug != slug {
            let what = format!("{:?}, but the concert is {slug:?}, for life", entry.slug);
            return Err(Mistakes::one("slug", what).into());
        }
        self.write_concert(by, entry, Some(concert)).await
    }

    /// A concert with everything that its organiser sees.
    ///
    /// # Errors
    /// See [`OrganisingError`].
    pub async fn concert_for(
        &self,
        by: &Organiser,
        concert: ConcertId,
    ) -> Result<Arc<Performance>, OrganisingError> {
        self.own(by, concert).await
    }

    /// Their concerts (of an administrator: all) after a place in the order in which they begin.
    ///
    /// # Errors
    /// When PostgreSQL cannot be reached.
    pub async fn concerts_of(
        &self,
        by: &Organiser,
        after: Option<(Timestamp, ConcertId)>,
        limit: u32,
    ) -> Result<Vec<ConcertSummary>, OrganisingError> {
        let listed = match by.only() {
            Some(own) => ledger::concerts::list_of(&self.ledger, own, after, limit).await,
            None => ledger::concerts::list(&self.ledger, &Listing::all(after, limit)).await,
        };
        Ok(listed?)
    }

    async fn write_concert(
        &self,
        by: &Organiser,
        mut entry: Entry,
        expected: Option<ConcertId>,
    ) -> Result<WrittenConcert, OrganisingError> {
        let mut import = ConcertImport::begin(&self.ledger).await?;
        let existing = import.existing(std::slice::from_ref(&entry.slug)).await?;
        let before = existing.first();
        match (before, expected) {
            (Some(before), Some(id)) if !by.may_touch(before) || before.id != id => {
                return Err(ReservationError::NoSuchConcert.into());
            }
            (Some(before), None) if !by.may_touch(before) => {
                return Err(OrganisingError::ConcertExists);
            }
            (None, Some(_)) => return Err(ReservationError::NoSuchConcert.into()),
            (Some(_), _) | (None, None) => {}
        }
        name_organiser(by, &mut entry, before)?;
        let named: Vec<UserId> = entry.organiser.into_iter().collect();
        let organisers = import.users(&named).await?;
        let in_use: Vec<_> = before.map(|before| before.seat_map).into_iter().collect();
        let names = std::slice::from_ref(&entry.seat_map);
        let maps = import.seat_maps(names, &in_use, by.only()).await?;
        let resolved = concert_file::resolve(vec![entry], &maps, &existing, &organisers);
        let resolved = resolved.map_err(|mistakes| mistakes.within(ONLY))?;
        let Some(after) = resolved.concerts.first() else {
            drop(import);
            let unchanged = before.map(|before| before.id).ok_or(OrganisingError::ConcertExists)?;
            return self.written(unchanged, Writing::Unchanged).await;
        };
        leave_venue(by, &mut import, &after.venue).await?;
        let writing = match (before, expected) {
            (None, _) => Writing::New,
            (Some(_), None) => return Err(OrganisingError::ConcertExists),
            (Some(_), Some(_)) => Writing::Changed,
        };
        let change = record(by, before, after, &maps);
        import.write(&resolved.concerts, Some(&change)).await?;
        self.written(after.id, writing).await
    }

    /// Brings what was committed into force, and says whether it is.
    pub(super) async fn written(
        &self,
        concert: ConcertId,
        writing: Writing,
    ) -> Result<WrittenConcert, OrganisingError> {
        let refreshed = self.refresh(concert).await;
        if let Err(error) = &refreshed {
            tracing::warn!(%concert, %error, "a change is not in force yet");
        }
        let performance = self.performance(concert).await?;
        Ok(WrittenConcert { performance, writing, in_force: refreshed.is_ok() })
    }
}

/// A new concert is its maker's; only an administrator makes it somebody else's.
fn name_organiser(
    by: &Organiser,
    entry: &mut Entry,
    before: Option<&Concert>,
) -> Result<(), OrganisingError> {
    let own = by.only();
    if own.is_some() && entry.organiser.is_some() && entry.organiser != own {
        let what = "only an administrator can name somebody else";
        return Err(Mistakes::one("organiser_id", what).into());
    }
    if before.is_none() {
        entry.organiser = entry.organiser.or(Some(by.user));
    }
    Ok(())
}

/// What goes on record: of what there was, what is other now.
fn record(
    by: &Organiser,
    before: Option<&Concert>,
    after: &Concert,
    maps: &[SeatMapVersion],
) -> NewChange {
    let written = |concert: &Concert| {
        let map = maps.iter().find(|map| map.id == concert.seat_map);
        let (name, version) = map.map_or(("", 0), |map| (&map.name, map.version));
        let categories = map.into_iter().flat_map(|map| &map.categories);
        concert_file::write(concert, (name, version), categories.map(String::as_str))
    };
    let Some(before) = before else {
        return NewChange {
            outcome: Some(json!({ "version": after.version })),
            ..NewChange::of_concert(by, after.id, "create_concert", written(after))
        };
    };
    let (old, new) = difference(written(before), written(after));
    NewChange {
        before: Some(old),
        outcome: Some(json!({ "version": before.version + 1 })),
        ..NewChange::of_concert(by, after.id, "change_concert", new)
    }
}

/// Of two objects with the same keys, what differs in each.
fn difference(before: Value, after: Value) -> (Value, Value) {
    let (Value::Object(mut old), Value::Object(mut new)) = (before, after) else {
        return (Value::Null, Value::Null);
    };
    let same: Vec<String> = old
        .iter()
        .filter(|(key, value)| new.get(*key) == Some(value))
        .map(|(key, _)| key.clone())
        .collect();
    let without =
        |object: &mut Map<String, Value>| same.iter().for_each(|key| drop(object.remove(key)));
    without(&mut old);
    without(&mut new);
    (old.into(), new.into())
}

/// A venue is shared by all who play there, so that only an administrator moves it to another time zone:
/// every concert there would be read in it.
async fn leave_venue(
    by: &Organiser,
    import: &mut ConcertImport,
    venue: &Venue,
) -> Result<(), OrganisingError> {
    let known = import.time_zone_of(venue).await?;
    match known.filter(|known| by.only().is_some() && *known != venue.time_zone) {
        None => Ok(()),
        Some(known) => {
            let what =
                format!("{:?} is in {known}: only an administrator changes that", venue.name);
            Err(OrganisingError::Mistakes(Mistakes::one("venue.time_zone", what)))
        }
    }
}
