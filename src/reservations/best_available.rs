//! Holding the best seats for a party that names none.
//!
//! Seats are chosen from the view, and claimed by the script that all claims go through. If somebody
//! was faster, others are chosen. The reservation's id follows from the request's key, and its
//! fingerprint from the request: sent again, it finds what was reserved, whatever would be chosen by
//! then.

use jiff::Timestamp;

use super::being_claimed::Claiming;
use super::command::{Claim, Command};
use super::{Answer, ReservationError, Reservations};
use crate::domain::best_available::{Choice, Wish, WishText, choose};
use crate::domain::ids::{ConcertId, ReservationId, UserId};
use crate::domain::performance::Performance;
use crate::domain::position::Position;
use crate::domain::refusal::Refusal;
use crate::domain::seat::SeatNumber;
use crate::domain::seat_map::SeatMap;
use crate::domain::seat_set::SeatSet;
use crate::inventory::keys::ConcertKeys;
use crate::inventory::view::Sight;
use crate::telemetry;

/// How often seats are chosen for one request before it is told to come again. Each attempt but the
/// last was beaten by somebody who got seats.
const ATTEMPTS_MAX: usize = 32;
/// How often a request waits for others of this process that are claiming all that would do.
const WAITS_MAX: usize = 100;

/// One request, as it is tried.
struct Search {
    id: ReservationId,
    user: UserId,
    wish: Wish,
    /// Seats that a script has refused this request, each as of a position.
    refused: Vec<(SeatNumber, Position)>,
    attempt: u64,
}

/// What the view had to offer.
enum Offer {
    /// Seats, which nobody else of this process chooses meanwhile.
    Seats(Claiming, Choice),
    /// Nothing but what others of this process are claiming.
    Contested,
    /// Nothing.
    Nothing(Nothing),
}

/// What to tell a party that gets nothing.
struct Nothing {
    next_deadline: Option<Timestamp>,
    possible_if_split: bool,
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
        let (mut waits, mut is_current) = (0, false);
        while search.attempt < ATTEMPTS_MAX as u64 && waits < WAITS_MAX {
            match self.offer(&performance, &search).await? {
                Offer::Seats(claiming, choice) => {
                    if let Some(answer) = self.claim(concert, &mut search, claiming, choice).await?
                    {
                        return Ok(answer);
                    }
                }
                Offer::Nothing(nothing) if is_current => {
                    return self.leave_empty_handed(&performance, &search, nothing).await;
                }
                Offer::Nothing(_) | Offer::Contested => {
                    // Nobody is refused on what the view knew before they asked.
                    self.view.catch_up().await.map_err(ReservationError::unavailable)?;
                    (waits, is_current) = (waits + 1, true);
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
        map.ranking();
        let offer = |sight: Sight<'_>| self.offer_of(concert.id, map, search, &sight);
        let place = (concert.partition, concert.id);
        let seen = self.view.look(place, map.capacity(), offer).await;
        match seen.map_err(ReservationError::unavailable)? {
            Some(offer) => Ok(offer),
            None => {
                let free = SeatSet::all(map.capacity());
                let start = Position::START;
                let found = self.take(concert.id, map, search, &free, start);
                Ok(found.unwrap_or_else(|| search.nothing(map, &free, std::iter::empty())))
            }
        }
    }

    fn offer_of(
        &self,
        concert: ConcertId,
        map: &SeatMap,
        search: &Search,
        sight: &Sight<'_>,
    ) -> Offer {
        let free = sight.seats.free_at(sight.now_ms);
        let found = self.take(concert, map, search, &free, sight.seats.position());
        found.unwrap_or_else(|| search.nothing(map, &free, sight.seats.holds_after(sight.now_ms)))
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
        let claimed = self.being_claimed.claim(concert, seen, map.capacity(), |taken| {
            let mut free = free.clone();
            free.drop_all(taken);
            let refused = search.refused.iter().filter(|(_, until)| *until > seen);
            refused.for_each(|(seat, _)| free.remove(*seat));
            let choice = choose(map, &free, &search.wish, search.seed())?;
            Some((choice.seats.clone(), choice))
        });
        claimed.map(|(claiming, choice)| Offer::Seats(claiming, choice))
    }

    /// Claims seats that were chosen; none when somebody was faster.
    async fn claim(
        &self,
        concert: ConcertId,
        search: &mut Search,
        claiming: Claiming,
        choice: Choice,
    ) -> Result<Option<Answer>, ReservationError> {
        search.attempt += 1;
        let seats = choice.seats.clone();
        let claim = Claim {
            id: search.id,
            user: search.user,
            selection: choice.into(),
            asked: Some(search.wish.fingerprint()),
        };
        match self.settle(concert, Command::Reserve(claim)).await {
            Ok(settled) => {
                if !settled.answer.replayed {
                    claiming.end_at(settled.position, seats);
                }
                Ok(Some(settled.answer))
            }
            Err(ReservationError::Refused {
                refusal: Refusal::Unavailable { seats, .. }, ..
            }) => {
                let partition = self.performance(concert).await?.concert.partition;
                // The reply stood there, or before.
                let position = self.gate.seen(partition, concert);
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
        performance: &std::sync::Arc<Performance>,
        search: &Search,
        nothing: Nothing,
    ) -> Result<Answer, ReservationError> {
        let concert = &performance.concert;
        let keys = ConcertKeys::new(concert.partition, concert.id);
        let now = self.inventory.now().await.map_err(|error| self.lost(error))?;
        let made = self.inventory.find(&keys, search.id).await.map_err(|error| self.lost(error))?;
        if let Some(reservation) = made {
            if reservation.fingerprint != search.wish.fingerprint() {
                return Err(Refusal::KeyReused.into());
            }
            let (reservation, performance) = (reservation.seen_at(now), performance.clone());
            telemetry::claim("reserve", "replayed");
            return Ok(Answer { reservation, performance, replayed: true, now });
        }
        if let Some(refusal) = super::command::refused_by_sale(concert, now) {
            return Err(refusal.into());
        }
        telemetry::claim("reserve", "none_available");
        let Nothing { next_deadline, possible_if_split } = nothing;
        Err(ReservationError::NoneAvailable { next_deadline, possible_if_split })
    }
}

impl Search {
    /// Another for each request and attempt.
    fn seed(&self) -> u64 {
        let (high, low) = self.id.0.as_u64_pair();
        high ^ low.rotate_left(32) ^ self.attempt
    }

    /// What there is to say when nothing was chosen of what is free, with the holds that may end.
    fn nothing<'a>(
        &self,
        map: &SeatMap,
        free: &SeatSet,
        holds: impl Iterator<Item = (i64, &'a [SeatNumber])>,
    ) -> Offer {
        let fits = |free: &SeatSet, wish: &Wish| choose(map, free, wish, 0).is_some();
        if fits(free, &self.wish) {
            return Offer::Contested;
        }
        let split = Wish { may_split: true, ..self.wish.clone() };
        Offer::Nothing(Nothing {
            next_deadline: self.next_deadline(map, free, holds),
            possible_if_split: !self.wish.may_split && fits(free, &split),
        })
    }

    /// When so many holds will be over, if nothing else happens, that the party fits.
    fn next_deadline<'a>(
        &self,
        map: &SeatMap,
        free: &SeatSet,
        holds: impl Iterator<Item = (i64, &'a [SeatNumber])>,
    ) -> Option<Timestamp> {
        let holds: Vec<_> = holds.collect();
        // More free seats never make a party fit less, so that half of the holds can be ruled out at
        // a time.
        let fits_after = |ended: usize| {
            let mut free = free.clone();
            let seats = holds[..ended].iter().flat_map(|(_, seats)| seats.iter());
            seats.for_each(|&seat| free.add(seat));
            choose(map, &free, &self.wish, 0).is_some()
        };
        if !fits_after(holds.len()) {
            return None;
        }
        let (mut too_few, mut enough) = (0, holds.len());
        while enough - too_few > 1 {
            let middle = usize::midpoint(too_few, enough);
            if fits_after(middle) {
                enough = middle;
            } else {
                too_few = middle;
            }
        }
        // A deadline that is not known is none.
        let (deadline_ms, _) = holds.get(enough.checked_sub(1)?)?;
        Timestamp::from_millisecond(*deadline_ms).ok()
    }
}
