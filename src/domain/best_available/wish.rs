//! What a party asks for.

use sha2::{Digest, Sha256};

use crate::domain::limits::PLACES_PER_CLAIM_MAX;
use crate::domain::reservation::Fingerprint;
use crate::domain::seat_map::SeatMap;

/// What a party asks for, as a caller says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WishText {
    /// How many seats.
    pub quantity: u32,
    /// The name of the section that they have to be in, if that matters.
    pub section: Option<String>,
    /// The name of the category that they have to be of, if that matters.
    pub category: Option<String>,
    /// Whether the party may be split over a row and its neighbour if it does not fit together.
    pub may_split: bool,
    /// Whether it needs accessible seats: then it gets no others.
    pub accessible: bool,
}

/// The same in terms of a map.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wish {
    /// How many seats: 1 to [`PLACES_PER_CLAIM_MAX`].
    pub quantity: u32,
    /// The sections that they may be in, as indices that rise; sections can share a name. None: any.
    pub sections: Option<Vec<u32>>,
    /// The category that they have to be of, as an index.
    pub category: Option<u16>,
    /// Whether the party may be split.
    pub may_split: bool,
    /// Whether it needs accessible seats.
    pub accessible: bool,
}

/// What is wrong with a wish.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WishError {
    /// No seats at all.
    #[error("best_available.quantity: at least one seat is needed")]
    Empty,
    /// More than a claim may have.
    #[error(
        "best_available.quantity: {given} are too many for one reservation, \
         {PLACES_PER_CLAIM_MAX} is the most"
    )]
    TooMany {
        /// How many there were.
        given: u32,
    },
    /// Not a section of this concert's map.
    #[error("best_available.section: {0:?} is not a section of this concert")]
    UnknownSection(String),
    /// Not a category of this concert's map.
    #[error("best_available.category: {0:?} is not a category of this concert")]
    UnknownCategory(String),
}

impl Wish {
    /// Looks up what a caller says in a map.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub fn new(map: &SeatMap, text: &WishText) -> Result<Self, WishError> {
        if text.quantity == 0 {
            return Err(WishError::Empty);
        }
        if text.quantity > PLACES_PER_CLAIM_MAX {
            return Err(WishError::TooMany { given: text.quantity });
        }
        let sections = text.section.as_ref().map(|name| {
            let sections = (0..).zip(&map.sections).filter(|(_, section)| section.name == *name);
            let sections: Vec<u32> = sections.map(|(index, _)| index).collect();
            if sections.is_empty() {
                return Err(WishError::UnknownSection(name.clone()));
            }
            Ok(sections)
        });
        let category = text.category.as_ref().map(|name| {
            let found = map.categories.iter().position(|category| category.name == *name);
            let found = found.ok_or_else(|| WishError::UnknownCategory(name.clone()))?;
            Ok(found as u16)
        });
        Ok(Self {
            quantity: text.quantity,
            sections: sections.transpose()?,
            category: category.transpose()?,
            may_split: text.may_split,
            accessible: text.accessible,
        })
    }

    /// A digest of what is asked for, whichever seats that turns out to be: the same request sent
    /// again is the same request although other seats are free by then.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hasher = Sha256::new();
        hasher.update(b"best available");
        hasher.update(self.quantity.to_be_bytes());
        hasher.update([self.may_split.into(), self.accessible.into()]);
        hasher.update(self.category.map_or([1, 0, 0], |category| {
            let [high, low] = category.to_be_bytes();
            [0, high, low]
        }));
        for section in self.sections.iter().flatten() {
            hasher.update(section.to_be_bytes());
        }
        let mut fingerprint = [0; 8];
        fingerprint.copy_from_slice(&hasher.finalize()[..8]);
        fingerprint
    }

    /// Whether seats of a section are wanted.
    pub(super) fn wants_section(&self, section: u32) -> bool {
        self.sections.as_ref().is_none_or(|wanted| wanted.binary_search(&section).is_ok())
    }

    /// Whether seats of a category are wanted.
    pub(super) fn wants_category(&self, category: u16) -> bool {
        self.category.is_none_or(|wanted| wanted == category)
    }
}
