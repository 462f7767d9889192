//! What people choose.

use crate::rush::chance::Chance;

/// How many seats people want together, in equal shares: 2.3 on average.
const PARTIES: [u32; 6] = [1, 2, 2, 2, 3, 4];

/// How somebody chooses seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taste {
    /// As near to the front as can be, as most do: the n-th seat from the front is wanted by one in n
    /// (Zipf's law), so that a crowd meets there.
    Front,
    /// Whatever the service thinks best.
    Best,
    /// Any seats.
    Anywhere,
}

impl Taste {
    /// Somebody's taste: six in ten want the front, three the best, one is happy anywhere.
    pub fn draw(chance: &mut Chance) -> Self {
        match chance.below(10) {
            0..6 => Self::Front,
            6..9 => Self::Best,
            _ => Self::Anywhere,
        }
    }

    /// Seats out of those that are free, in their order from the front; fewer if there are no more.
    /// None for whoever leaves it to the service.
    pub fn choose(self, free: &[u32], party: u32, chance: &mut Chance) -> Option<Vec<u32>> {
        let count = free.len() as f64;
        let first = match self {
            Self::Front => (count.powf(chance.unit()) as usize).saturating_sub(1),
            Self::Anywhere => (count * chance.unit()) as usize,
            Self::Best => return None,
        };
        let party = party as usize;
        let first = first.min(free.len().saturating_sub(party));
        Some(free[first..].iter().copied().take(party).collect())
    }
}

/// How many seats somebody wants.
pub fn party(chance: &mut Chance) -> u32 {
    PARTIES[chance.below(PARTIES.len() as u64) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_for_the_front_meets_there() {
        let free: Vec<u32> = (0..10_000).collect();
        let mut chance = Chance::new(1);
        let mut in_front = |taste: Taste| {
            let firsts = (0..1_000).map(|_| taste.choose(&free, 2, &mut chance).unwrap()[0]);
            firsts.filter(|&first| first < 100).count()
        };
        // Half of all, by Zipf's law: the logarithm of 100 is half that of 10,000.
        assert!((430..570).contains(&in_front(Taste::Front)));
        assert!(in_front(Taste::Anywhere) < 50);
    }

    #[test]
    fn nobody_chooses_more_than_there_is() {
        let mut chance = Chance::new(1);
        for taste in [Taste::Front, Taste::Anywhere] {
            assert_eq!(taste.choose(&[7], 2, &mut chance), Some(vec![7]));
            for _ in 0..100 {
                assert_eq!(taste.choose(&[1, 2, 3], 3, &mut chance), Some(vec![1, 2, 3]));
            }
        }
    }
}
