//! Areas as they stand in the file.

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::file::{Label, Point, Size};

/// Something that is drawn in a zone: a standing area if it has a capacity; else scenery, of whatever
/// shape its editor knows, which is none of our business.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Drawn(pub Option<Area>);

impl<'de> Deserialize<'de> for Drawn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value.get("capacity").is_none_or(Value::is_null) {
            return Ok(Self(None));
        }
        let area = serde_path_to_error::deserialize(value);
        let area =
            area.map_err(|error| D::Error::custom(format!("{}: {}", error.path(), error.inner())))?;
        Ok(Self(Some(area)))
    }
}

/// A standing area. Its shape's measures are in a key of the shape's name.
#[derive(Default, Deserialize, Serialize)]
pub struct Area {
    /// Its public id; required of a standing area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_guid: Option<Label>,
    /// What the sign says; the drawing's text, or the id, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many people may stand in it.
    pub capacity: u32,
    /// The name of its category; required of a standing area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Box<str>>,
    /// Where it is in the zone.
    #[serde(default)]
    pub position: Point,
    /// Degrees that it is turned by, clockwise, around its position.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rotation: f64,
    /// A rectangle's width and height, from its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rectangle: Option<Size>,
    /// A circle's radius, around its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circle: Option<Circle>,
    /// An ellipse's radii, around its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ellipse: Option<Ellipse>,
    /// A polygon's corners, from its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polygon: Option<Polygon>,
    /// What is written on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
}

/// A circle.
#[derive(Deserialize, Serialize)]
pub struct Circle {
    /// Its radius.
    pub radius: f64,
}

/// An ellipse.
#[derive(Deserialize, Serialize)]
pub struct Ellipse {
    /// Its radii.
    pub radius: Point,
}

/// A polygon.
#[derive(Deserialize, Serialize)]
pub struct Polygon {
    /// Its corners.
    pub points: Vec<Point>,
}

/// What is written on an area.
#[derive(Deserialize, Serialize)]
pub struct Text {
    /// The words.
    #[serde(default)]
    pub text: String,
}

fn is_zero(number: &f64) -> bool {
    *number == 0.0
}
