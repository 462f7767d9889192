//! Points in time as people write them: with an offset, or on the clock of a place.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::{Disambiguation, TimeZone};

use crate::domain::limits::{CONCERT_YEAR_MAX, CONCERT_YEAR_MIN};

/// Refuses a time that a clock change skips or repeats, because which of the two was meant is not
/// ours to guess.
static PARSER: DateTimeParser = DateTimeParser::new().disambiguation(Disambiguation::Reject);

/// The moment that `text` names: RFC 3339 with an offset, or local with its zone in brackets.
///
/// # Errors
/// What is wrong with it.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    let time = if text.contains('[') {
        let zoned = PARSER.parse_zoned(text);
        zoned.map(|zoned| zoned.timestamp())
    } else {
        PARSER.parse_timestamp(text)
    };
    let time = time.map_err(|error| {
        format!(
            "{text:?} is not a time: expected 2027-03-05T20:00:00+01:00 or \
             2027-03-05T20:00[Europe/Paris] ({error})"
        )
    })?;
    let year = time.to_zoned(TimeZone::UTC).year();
    if !(CONCERT_YEAR_MIN..=CONCERT_YEAR_MAX).contains(&year) {
        return Err(format!(
            "{text:?} is not between the years {CONCERT_YEAR_MIN} and {CONCERT_YEAR_MAX}"
        ));
    }
    if time.subsec_nanosecond() != 0 {
        return Err(format!("{text:?} has a fraction of a second"));
    }
    Ok(time)
}

/// Whether there is such an IANA time zone, spelled as browsers expect it. The database is in the
/// binary for machines without one.
pub fn is_zone(name: &str) -> bool {
    let regional = name.contains('/') || name == "UTC";
    let spelled_so = |zone: TimeZone| zone.iana_name() == Some(name);
    regional && TimeZone::get(name).is_ok_and(spelled_so)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;

    use super::*;

    #[test]
    fn a_moment_can_be_written_in_both_ways() {
        let expected = "2027-03-05T19:00:00Z".parse::<Timestamp>().unwrap();
        for text in [
            "2027-03-05T20:00:00+01:00",
            "2027-03-05T20:00+01:00",
            "2027-03-05T20:00[Europe/Paris]",
            "2027-03-05T20:00:00+01:00[Europe/Paris]",
            "2027-03-05T19:00:00Z",
        ] {
            assert_eq!(moment(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_moment_that_cannot_be_told_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2027-03-05",
            "2027-03-05T20:00",
            "2027-02-29T20:00Z",
            "2027-03-05T20:00[Europe/Atlantis]",
            // Skipped and repeated by the clock changes of 2027, and an offset that is not Paris's.
            "2027-03-28T02:30[Europe/Paris]",
            "2027-10-31T02:30[Europe/Paris]",
            "2027-03-05T20:00:00+05:00[Europe/Paris]",
        ] {
            let refusal = moment(text).unwrap_err();
            assert!(refusal.contains("is not a time"), "{text}: {refusal}");
        }
        assert!(moment("1999-12-31T20:00Z").unwrap_err().contains("between the years"));
        assert!(moment("2027-03-05T20:00:00.5Z").unwrap_err().contains("fraction"));
    }

    #[test]
    fn zones_are_known_without_the_systems_database() {
        let bundled = TimeZoneDatabase::bundled();
        for name in ["Europe/Paris", "America/Argentina/Buenos_Aires", "Asia/Tokyo"] {
            assert!(bundled.get(name).is_ok(), "{name}");
            assert!(is_zone(name), "{name}");
        }
        for name in ["", "CET", "Europe/Atlantis", "europe/paris", "+01:00", "../etc/passwd"] {
            assert!(!is_zone(name), "{name}");
        }
    }
}
