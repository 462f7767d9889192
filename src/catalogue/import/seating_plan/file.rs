//! The seating plan as it stands in the file. Keys that are not named here are accepted and left
//! aside: editors add their own, and what a plan looks like is not ours to police.

use std::fmt;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize};

pub use super::area_file::{Area, Drawn, Ellipse, Polygon};

/// A plan.
#[derive(Deserialize, Serialize)]
pub struct Plan {
    /// What the house is called.
    pub name: String,
    /// The drawing's size; plans of older editors have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// Groups of seats of one price.
    pub categories: Vec<Category>,
    /// Parts of the house.
    pub zones: Vec<Zone>,
}

/// A plan as pretix's API answers it.
#[derive(Deserialize)]
pub struct Wrapped {
    /// What the house is called, for whoever looks at the list.
    pub name: Option<String>,
    /// The plan.
    pub layout: Plan,
}

/// The drawing's size.
#[derive(Deserialize, Serialize)]
pub struct Size {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// A group of seats of one price.
#[derive(Deserialize, Serialize)]
pub struct Category {
    /// What seats call it.
    pub name: String,
    /// Its colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Whether its seats are accessible, if they do not say otherwise themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessible: Option<bool>,
}

/// A part of the house.
#[derive(Deserialize, Serialize)]
pub struct Zone {
    /// What the sign says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the editor calls it; stands in for a missing name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_id: Option<Label>,
    /// Where its origin is on the drawing.
    #[serde(default)]
    pub position: Point,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Its areas: those with a capacity are where people stand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<Drawn>,
}

/// A row of seats.
#[derive(Deserialize, Serialize)]
pub struct Row {
    /// What the sign says.
    pub row_number: Label,
    /// Where its origin is in the zone.
    #[serde(default)]
    pub position: Point,
    /// Its seats.
    pub seats: Vec<Seat>,
}

/// A seat.
#[derive(Deserialize, Serialize)]
pub struct Seat {
    /// Its public id.
    pub seat_guid: Label,
    /// What the sign says.
    pub seat_number: Label,
    /// Where it is in the row.
    pub position: Point,
    /// The name of its category.
    pub category: Box<str>,
    /// Whether it is accessible, if that is not as its category says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessible: Option<bool>,
}

/// A place, relative to whatever it is in.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A short text. The format wants a string; hand-made plans have numbers.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Label(pub Box<str>);

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LabelVisitor)
    }
}

/// Takes a string or a whole number.
struct LabelVisitor;

impl Visitor<'_> for LabelVisitor {
    type Value = Label;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a whole number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Label, E> {
        Ok(Label(text.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Label, E> {
        Ok(Label(number.to_string().into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Label, E> {
        Ok(Label(number.to_string().into()))
    }
}
