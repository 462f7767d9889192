//! Which concerts are wanted: `?q&city&from&to&sort&limit&cursor`.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use uuid::Uuid;

use super::page::{ITEMS_DEFAULT, cursor, invalid, limit};
use crate::domain::ids::ConcertId;
use crate::domain::limits::SEARCH_CHARACTERS_MAX;
use crate::domain::listing::{ConcertSummary, Listing, Order};
use crate::http::page::{Cursor, Listed, escaped};
use crate::http::problem::{Kind, Problem};

/// Times are taken by the minute: whoever asks for what is on from now on, then asks for what others
/// ask for in the same minute, and one answer is for all of them.
const MINUTE_SECONDS: i64 = 60;
/// How long ago the concerts began that a list begins with: somewhere it is still the same day.
const STILL_TODAY: SignedDuration = SignedDuration::from_hours(36);

/// Which concerts are wanted.
#[derive(Clone, Debug)]
pub struct Search {
    words: Option<String>,
    city: Option<String>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    order: Order,
    after: Option<(Timestamp, ConcertId)>,
    /// How many at most.
    pub limit: u32,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchAsked {
    /// Words, each of which begins a word of the title, the artist, the venue or its city; case and
    /// accents do not matter
    #[param(max_length = 100, example = "sigur ros")]
    q: Option<String>,
    /// The venue's city; case and accents do not matter
    #[param(max_length = 100, example = "Paris")]
    city: Option<String>,
    /// Concerts that begin no earlier, as a time or a date; from today on, if not said
    #[param(example = "2026-11-24")]
    from: Option<String>,
    /// Concerts that begin before, as a time or a date
    #[param(example = "2999-12-31T20:00:00Z")]
    to: Option<String>,
    /// `start`, by when concerts begin, if not said; `opening`, by when their sale opens: those that
    /// open next
    #[param(pattern = "^(start|opening)$")]
    sort: Option<String>,
    /// Items on the page: 1 to 50, 20 if not said
    #[param(value_type = Option<u32>, minimum = 1, maximum = 50)]
    limit: Option<String>,
    /// The last page's `next_cursor`
    cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Search {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = Query::<SearchAsked>::from_request_parts(parts, state).await;
        let Query(asked) = asked.map_err(|error| {
            let detail = error.to_string();
            Problem::new(Kind::InvalidRequest).detail(detail)
        })?;
        Self::read(asked)
    }
}

impl Search {
    fn read(asked: SearchAsked) -> Result<Self, Problem> {
        let order = order(asked.sort.as_deref())?;
        let after = asked.cursor.as_deref().map(|text| place(text, order)).transpose()?;
        let at = |name, text: Option<String>| text.map(|text| time(name, &text)).transpose();
        Ok(Self {
            words: text("q", asked.q)?,
            city: text("city", asked.city)?,
            from: at("from", asked.from)?,
            to: at("to", asked.to)?,
            order,
            after,
            limit: asked.limit.as_deref().map(limit).transpose()?.unwrap_or(ITEMS_DEFAULT),
        })
    }

    /// What to look for at `now`: one concert more than a page has, which tells whether there is a next.
    pub fn listing(&self, now: Timestamp) -> Listing {
        let start = match self.order {
            Order::Start => (Timestamp::UNIX_EPOCH, ConcertId(Uuid::nil())),
            // What opens after this very moment.
            Order::Opening => (now, ConcertId(Uuid::max())),
        };
        Listing {
            words: self.words.clone(),
            city: self.city.clone(),
            from: self.from.unwrap_or(now - STILL_TODAY),
            to: self.to.unwrap_or(Timestamp::MAX),
            order: self.order,
            after: self.after.unwrap_or(start),
            limit: self.limit + 1,
        }
    }

    /// Where the list goes on after a concert.
    pub fn place(&self, concert: &ConcertSummary) -> Listed {
        let (time, id) = concert.place(self.order);
        Listed(self.order, Cursor(time, id))
    }

    /// The address of the list, without where it goes on: the same for everybody who asks for the same.
    pub fn address(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.words.as_deref().map(|words| format!("q={}", escaped(words))));
        parts.extend(self.city.as_deref().map(|city| format!("city={}", escaped(city))));
        parts.extend(self.from.map(|from| format!("from={from}")));
        parts.extend(self.to.map(|to| format!("to={to}")));
        if self.order == Order::Opening {
            parts.push("sort=opening".to_owned());
        }
        match parts.is_empty() {
            true => "/v1/concerts".to_owned(),
            false => format!("/v1/concerts?{}", parts.join("&")),
        }
    }

    /// What tells this part of a list from every other.
    pub fn key(&self) -> String {
        let after = self.after.map(|(time, id)| format!("{} {id}", time.as_microsecond()));
        format!("{} {} {}", self.address(), self.limit, after.unwrap_or_default())
    }
}

/// What is searched for, in small letters, and with one space where there are several. Nothing but
/// spaces is nothing.
fn text(name: &str, given: Option<String>) -> Result<Option<String>, Problem> {
    let Some(given) = given else { return Ok(None) };
    let characters = given.chars().count();
    if characters > SEARCH_CHARACTERS_MAX {
        let most = SEARCH_CHARACTERS_MAX;
        let detail = format!("{name}: has {characters} characters, {most} is the most");
        return Err(invalid(name, detail));
    }
    if given.contains('\0') {
        return Err(invalid(name, format!("{name}: has a character in it that no text has")));
    }
    let words: Vec<_> = given.split_whitespace().map(str::to_lowercase).collect();
    Ok((!words.is_empty()).then(|| words.join(" ")))
}

fn order(given: Option<&str>) -> Result<Order, Problem> {
    match given {
        None | Some("start") => Ok(Order::Start),
        Some("opening") => Ok(Order::Opening),
        Some(other) => {
            Err(invalid("sort", format!("sort: {other:?} is neither \"start\" nor \"opening\"")))
        }
    }
}

/// A place in a list in this order.
fn place(text: &str, wanted: Order) -> Result<(Timestamp, ConcertId), Problem> {
    let Listed(order, Cursor(time, id)) = cursor(text)?;
    let wrong = || invalid("cursor", format!("cursor: {text:?} is of a list in another order"));
    (order == wanted).then_some((time, id)).ok_or_else(wrong)
}

fn time(name: &str, text: &str) -> Result<Timestamp, Problem> {
    let date = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    // A date without a time can be read as neither of the two, but a time can be read as a date.
    let time = text.parse::<Timestamp>().ok().or_else(|| date().map(|date| date.timestamp()));
    let wrong = || invalid(name, format!("{name}: {text:?} is neither a time nor a date"));
    let seconds = time.ok_or_else(wrong)?.as_second();
    let minute = seconds - seconds.rem_euclid(MINUTE_SECONDS);
    Timestamp::from_second(minute).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Search, Problem> {
        let uri = format!("/v1/concerts?{query}").parse().unwrap();
        let Query(asked) = Query::<SearchAsked>::try_from_uri(&uri).unwrap();
        Search::read(asked)
    }

    #[test]
    fn those_who_ask_for_the_same_share_an_address() {
        let key = |query| read(query).unwrap().key();
        assert_eq!(key("q=%20Sigur%20%20R%C3%B3s"), key("q=sigur+r%C3%B3s&sort=start&limit=20"));
        assert_eq!(key("from=2027-01-01"), key("from=2027-01-01T00:00:59Z"));
        assert_eq!(key("q=%20"), key(""));
        assert_ne!(key("q=a"), key("city=a"));
        assert_ne!(key("sort=opening"), key(""));
        let address = read("to=2027-01-01&city=a%26b&q=%C3%A9&limit=5").unwrap().address();
        assert_eq!(address, "/v1/concerts?q=%C3%A9&city=a%26b&to=2027-01-01T00:00:00Z");
    }

    #[test]
    fn what_nobody_can_be_looking_for_is_refused() {
        let long = format!("q={}", "a".repeat(101));
        let queries = ["sort=price", "from=soon", "to=2027-13-01", "limit=51", "cursor=a", &long];
        for query in queries.iter().chain(&["q=%00"]) {
            assert_eq!(read(query).unwrap_err().kind(), Kind::InvalidRequest, "{query}");
        }
    }
}
