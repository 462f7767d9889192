//! Holding the best seats for a party that names none.
//!
//! Seats are chosen from the view, and claimed by the script that all claims go through. If somebody
//! was faster, others are chosen. The reservation's id follows from the request's key, and its
//! fingerprint from the request: sent again, it finds what was reserved, whatever would be chosen by
//! then.

mod being_claimed;
mod ranker;
mod refusals;
mod search;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::command::{Claim, Command, refused_by_sale};
use super::{Answer, ReservationError, Reservations};
use crate::domain::best_available::{Choice, Wish, WishText, choose};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::position::Position;
use crate::domain::refusal::Refusal;
use crate::domain::seat_map::SeatMap;
use crate::domain::seat_set::SeatSet;
use crate::inventory::keys::ConcertKeys;
use crate::inventory::view::Sight;
use crate::telemetry;
use being_claimed::{BeingClaimed, Claiming};
use ranker::Ranker;
use refusals::{Nothing, Refusals};
use search::Search;

/// How often seats are chosen for one request before it is told to come again. Each attempt but the
/// last was beaten by somebody who got seats.
const ATTEMPTS_MAX: u64 = 32;
/// How long a request may go on choosing.
const SEARCH_WITHIN: Duration = Duration::from_secs(10);

/// What requests of this process know of each other. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Choosing {
    being_claimed: BeingClaimed,
    ranker: Ranker,
    refusals: Refusals,
}

/// What the view had to offer.
enum Offer {
    /// Seats, which nobody else of this process chooses meanwhile.
    Seats(Claiming, Choice),
    /// Nothing but what others of this process are claiming.
    Contested,
    /// Nothing, at a time by Redis's clock.
    Nothing(Nothing, Timestamp),
}

impl Reservations {
    /// Holds the best seats that are free and as `wish` says. The same `key` gives the same
    /// reservation.
    ///
    /// # Errors
    /// [`ReservationError`] says which of the caller's mistakes or which refusal it was.
    pub async fn reserve_best(
        &self,
        user: UserId,
        concert: ConcertId,
        key: &str,
        wish: &WishText,
    ) -> Result<Answer, ReservationError> {
        let performance = self.performance(concert).await?;
        let wish = Wish::new(&performance.map, wish)?;
        let id = ReservationId::from_key(user, concert, key);
        let mut search = Search { id, user, wish, refused: Vec::new(), attempt: 0 };
        let (began, mut is_current) = (Instant::now(), false);
        while search.attempt < ATTEMPTS_MAX && began.elapsed() < SEARCH_WITHIN {
            match self.offer(&performance, &search).await? {
                Offer::Seats(claiming, choice) if is_current || !choice.is_makeshift => {
                    let answer = self.claim(&performance, &mut search, claiming, choice).await?;
                    if let Some(answer) = answer {
                        return Ok(answer);
                    }
                }
                Offer::Nothing(nothing, now) if is_current => {
                    return self.leave_empty_handed(&performance, &search, nothing, now).await;
                }
                Offer::Seats(..) | Offer::Nothing(..) | Offer::Contested => {
                    // Nobody is refused or split on what the view knew before they asked.
                    self.view.catch_up().await.map_err(ReservationError::unavailable)?;
                    is_current = true;
                }
            }
        }
        Err(ReservationError::unavailable("others kept being faster"))
    }

    /// Chooses from the view. Of a concert that is not loaded every seat may be free; the claim loads
    /// it.
    async fn offer(
        &self,
        performance: &Performance,
        search: &Search,
    ) -> Result<Offer, ReservationError> {
        let (concert, map) = (&performance.concert, &*performance.map);
        self.gate.epoch(concert.partition).ok_or_else(ReservationError::unverified)?;
        // Worked out before the view is locked.
        let ranked = self.choosing.ranker.rank(&performance.map).await;
        ranked.map_err(ReservationError::unavailable)?;
        let place = (concert.partition, concert.id);
        let offer = |sight: Sight<'_>| self.offer_of(concert.id, map, search, &sight);
        let seen = self.view.look(place, map.capacity(), offer).await;
        if let Some(offer) = seen.map_err(ReservationError::unavailable)? {
            return Ok(offer);
        }
        let free = SeatSet::all(map.capacity());
        if let Some(offer) = self.take(concert.id, map, search, &free, Position::START) {
            return Ok(offer);
        }
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let nothing = search.nothing(map, &free, &[]);
        Ok(nothing.map_or(Offer::Contested, |nothing| Offer::Nothing(nothing, now)))
    }

    fn offer_of(
        &self,
        concert: ConcertId,
        map: &SeatMap,
        search: &Search,
        sight: &Sight<'_>,
    ) -> Offer {
        let (refusals, now_ms) = (&self.choosing.refusals, sight.now_ms);
        // What Redis tells is a time; one that is not would be far in the past.
        let now = Timestamp::from_millisecond(now_ms).unwrap_or_default();
        let known = (sight.seats.revision(), now_ms);
        if let Some(nothing) = refusals.find(concert, known, &search.wish) {
            return Offer::Nothing(nothing, now);
        }
        let free = sight.seats.free_at(now_ms);
        if let Some(offer) = self.take(concert, map, search, &free, sight.seats.position()) {
            return offer;
        }
        let holds: Vec<_> = sight.seats.holds_after(now_ms).collect();
        let Some(nothing) = search.nothing(map, &free, &holds) else { return Offer::Contested };
        let until_ms = holds.first().map_or(i64::MAX, |(deadline_ms, _)| *deadline_ms);
        refusals.remember(concert, (sight.seats.revision(), until_ms), &search.wish, nothing);
        Offer::Nothing(nothing, now)
    }

    /// Chooses what nobody of this process is claiming, and marks it.
    fn take(
        &self,
        concert: ConcertId,
        map: &SeatMap,
        search: &Search,
        free: &SeatSet,
        seen: Position,
    ) -> Option<Offer> {
        let being_claimed = &self.choosing.being_claimed;
        let claimed = being_claimed.claim(concert, seen, map.capacity(), |taken| {
            let mut free = free.clone();
            free.drop_all(taken);
            search.refused_after(seen).for_each(|seat| free.remove(seat));
            let choice = choose(map, &free, &search.wish, search.seed())?;
            Some((choice.seats.clone(), choice))
        });
        claimed.map(|(claiming, choice)| Offer::Seats(claiming, choice))
    }

    /// Claims seats that were chosen; none when somebody was faster.
    async fn claim(
        &self,
        performance: &Performance,
        search: &mut Search,
        claiming: Claiming,
        choice: Choice,
    ) -> Result<Option<Answer>, ReservationError> {
        search.attempt += 1;
        let concert = &performance.concert;
        let seats = choice.seats.clone();
        let claim = Claim {
            id: search.id,
            user: search.user,
            selection: choice.into(),
            asked: Some(search.wish.fingerprint()),
        };
        match self.settle(concert.id, Command::Reserve(claim)).await {
            Ok(settled) => {
                if !settled.answer.replayed {
                    claiming.end_at(settled.position, seats);
                }
                Ok(Some(settled.answer))
            }
            Err(ReservationError::Refused {
                refusal: Refusal::Unavailable { seats, .. }, ..
            }) => {
                // The reply stood there, or before.
                let position = self.gate.seen(concert.partition, concert.id);
                search.refused.extend(seats.iter().map(|&seat| (seat, position)));
                claiming.end_at(position, seats);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// What a request is told for which there are no seats: the reservation that it made before, or
    /// why it makes none, in the order of the script's reasons.
    async fn leave_empty_handed(
        &self,
        performance: &Arc<Performance>,
        search: &Search,
        nothing: Nothing,
        now: Timestamp,
    ) -> Result<Answer, ReservationError> {
        let concert = &performance.concert;
        let keys = ConcertKeys::new(concert.partition, concert.id);
        let made = self.inventory.find(&keys, search.id);
        let owned = self.inventory.owned_by(&keys, search.user);
        let (made, owned) = tokio::try_join!(made, owned).map_err(|error| self.lost(error))?;
        if let Some(reservation) = made {
            if reservation.fingerprint != search.wish.fingerprint() {
                return Err(Refusal::KeyReused.into());
            }
            telemetry::claim("reserve", "replayed");
            let (reservation, performance) = (reservation.seen_at(now), performance.clone());
            return Ok(Answer { reservation, performance, replayed: true, now });
        }
        if let Some(refusal) = refused_by_sale(concert, now) {
            return Err(refusal.into());
        }
        let owned = owned.unwrap_or_default();
        let owned = owned.iter().filter(|own| !own.is_overdue(now)).map(|own| own.lines.places());
        let (owned, limit) = (owned.sum::<u32>(), concert.max_seats_per_user);
        if owned + search.wish.quantity > limit {
            return Err(Refusal::UserLimit { owned, limit }.into());
        }
        telemetry::claim("reserve", "none_available");
        let Nothing { next_deadline, possible_if_split } = nothing;
        Err(ReservationError::NoneAvailable { next_deadline, possible_if_split })
    }
}
