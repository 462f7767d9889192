//! What a claim asks for: seats and places by name, or the best seats there are.

use serde::Deserialize;

use crate::domain::best_available::WishText;
use crate::domain::selection::{Standing, Wanted};
use crate::http::extract::there;
use crate::http::problem::{self, Kind, Problem};

/// What to hold, as it is read: one form with everything in it says better what is wrong than a choice
/// between two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    #[serde(default)]
    seats: Vec<String>,
    #[serde(default)]
    areas: Vec<ClaimedArea>,
    #[serde(default, deserialize_with = "there")]
    best_available: Option<BestAvailable>,
}

/// What to hold: seats and places by their ids, or the best seats there are. All are held, or none.
#[derive(Deserialize, utoipa::ToSchema)]
#[schema(as = Claim)]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes what `Claim` reads")]
pub enum ClaimBody {
    /// These seats and places.
    Named(Selected),
    /// The best seats.
    Best(BestClaim),
}

/// A claim for the best seats there are.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it describes what `Claim` reads")]
pub struct BestClaim {
    /// What is wanted of them.
    best_available: BestAvailable,
}

/// Seats and places by their ids: 1 to 20 seats and places in areas together.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Selected {
    /// The ids of seats.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["A-1", "A-2"]))]
    seats: Vec<String>,
    /// Places in standing areas.
    #[serde(default)]
    #[schema(max_items = 20)]
    areas: Vec<ClaimedArea>,
}

/// Places in a standing area.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ClaimedArea {
    /// The area's id.
    #[schema(example = "FLOOR")]
    area: String,
    /// How many places.
    #[schema(minimum = 1, maximum = 20, example = 2)]
    quantity: u32,
}

/// The seats nearest the front and the centre that are free: side by side in one row, leaving no
/// single seat behind while there is another way.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct BestAvailable {
    /// How many seats.
    #[schema(minimum = 1, maximum = 20, example = 2)]
    quantity: u32,
    /// The name of the section that they have to be in. Where several share it, any of them.
    #[schema(example = "Stalls")]
    section: Option<String>,
    /// The name of the category that they have to be of.
    category: Option<String>,
    /// Whether, if not all fit side by side, they may be split: over one row, or two neighbouring ones.
    /// The answer's `together` says if they were.
    #[serde(default)]
    may_split: bool,
    /// Whether they have to be accessible seats. Nobody else gets one of these in this way.
    #[serde(default)]
    accessible: bool,
}

/// What is asked for.
pub enum Asked {
    /// Seats and places by their public ids.
    These(Wanted),
    /// The best seats there are.
    Best(WishText),
}

impl Claim {
    /// What is asked for.
    pub fn asked(self) -> problem::Result<Asked> {
        let Self { seats, areas, best_available } = self;
        let names_none = seats.is_empty() && areas.is_empty();
        match best_available {
            None => Ok(Asked::These(Selected { seats, areas }.into())),
            Some(best) if names_none => Ok(Asked::Best(best.into())),
            Some(_) => {
                let detail =
                    "best_available: it cannot be there with seats or areas that are named";
                let problem = Problem::new(Kind::InvalidRequest).detail(detail);
                Err(problem.error("pointer", "#/best_available", detail))
            }
        }
    }
}

impl From<Selected> for Wanted {
    fn from(Selected { seats, areas }: Selected) -> Self {
        let standing = |ClaimedArea { area, quantity }| Standing { area, quantity };
        Self { seats, areas: areas.into_iter().map(standing).collect() }
    }
}

impl From<BestAvailable> for WishText {
    fn from(best: BestAvailable) -> Self {
        let BestAvailable { quantity, section, category, may_split, accessible } = best;
        Self { quantity, section, category, may_split, accessible }
    }
}
