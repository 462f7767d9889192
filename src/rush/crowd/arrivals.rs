//! When people come.

use std::time::Duration;

use crate::rush::chance::Chance;

/// How much of a burst is over by its end: all but this many e-foldings' worth.
const BURST_FOLDS: f64 = 4.0;

/// The shape of a crowd in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// Most at once and fewer and fewer after them: everybody waited for the clock to strike.
    Burst,
    /// More and more, from none at the beginning to twice the average at the end.
    Ramp,
    /// As somebody counted them.
    Recorded(Curve),
}

/// How many came in each of equal stretches of time: at least one person in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve(Vec<u32>);

/// Why a text is no curve.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CurveError {
    /// A line is not a number.
    #[error("line {line}: {text:?} is not a number of people")]
    NoNumber {
        /// Which, from 1.
        line: usize,
        /// What it says.
        text: String,
    },
    /// Nobody comes.
    #[error("nobody comes: it needs a number of people a line, of which one at least is not 0")]
    Nobody,
}

impl std::str::FromStr for Curve {
    type Err = CurveError;

    /// Reads one number a line; empty lines and lines that begin with `#` say nothing.
    fn from_str(text: &str) -> Result<Self, CurveError> {
        let lines = (1..).zip(text.lines().map(str::trim));
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let counts = lines.map(|(line, text)| {
            text.parse().map_err(|_| CurveError::NoNumber { line, text: text.to_owned() })
        });
        let counts: Vec<u32> = counts.collect::<Result<_, _>>()?;
        match counts.iter().any(|&count| count > 0) {
            true => Ok(Self(counts)),
            false => Err(CurveError::Nobody),
        }
    }
}

impl Arrivals {
    /// When each of so many people comes, counted from the beginning: in order, all `within` that time.
    pub fn schedule(&self, people: u32, within: Duration, chance: &mut Chance) -> Vec<Duration> {
        let mut times: Vec<_> =
            (0..people).map(|_| within.mul_f64(self.quantile(chance.unit()))).collect();
        times.sort_unstable();
        times
    }

    /// By which part of the time this part of all people has come: the inverse of the distribution.
    fn quantile(&self, part: f64) -> f64 {
        match self {
            Self::Burst => -(1.0 - part * (1.0 - (-BURST_FOLDS).exp())).ln() / BURST_FOLDS,
            Self::Ramp => part.sqrt(),
            Self::Recorded(curve) => curve.quantile(part),
        }
    }
}

impl Curve {
    fn quantile(&self, part: f64) -> f64 {
        let Self(counts) = self;
        let all: f64 = counts.iter().map(|&count| f64::from(count)).sum();
        let mut left = part * all;
        for (at, &count) in counts.iter().enumerate() {
            let count = f64::from(count);
            if left < count {
                return (at as f64 + left / count) / counts.len() as f64;
            }
            left -= count;
        }
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn early(arrivals: &Arrivals) -> usize {
        let times = arrivals.schedule(10_000, MINUTE, &mut Chance::new(1));
        assert!(times.is_sorted() && times[9_999] <= MINUTE);
        times.iter().filter(|&&time| time < MINUTE / 2).count()
    }

    #[test]
    fn a_burst_is_early_and_a_ramp_late() {
        // 1 - e⁻² of 1 - e⁻⁴, and a quarter.
        assert!((8_650..8_950).contains(&early(&Arrivals::Burst)));
        assert!((2_300..2_700).contains(&early(&Arrivals::Ramp)));
    }

    #[test]
    fn a_recorded_curve_is_followed() {
        let curve = "# people a second\n3\n\n0\n1\n0\n".parse().unwrap();
        assert!((7_350..7_650).contains(&early(&Arrivals::Recorded(curve))));
    }

    #[test]
    fn what_is_no_curve_is_told_by_its_line() {
        let error = |text: &str| text.parse::<Curve>().unwrap_err().to_string();
        assert_eq!(error("1\nmany"), "line 2: \"many\" is not a number of people");
        assert!(error("0\n").starts_with("nobody comes"));
    }
}
