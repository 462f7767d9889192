//! The outline of an area: whatever its shape, corners on the drawing.

use std::f64::consts::TAU;

use super::file::{Area, Ellipse, Point};

/// Corners that a circle or an ellipse is drawn with.
const ROUND_CORNERS: u32 = 32;

/// The corners of an area in a zone at `origin`; none when the plan does not say what shape it has.
pub fn of(area: &Area, origin: Point) -> Vec<Point> {
    let (sin, cos) = area.rotation.to_radians().sin_cos();
    let turned = |Point { x, y }| Point {
        x: origin.x + area.position.x + x * cos - y * sin,
        y: origin.y + area.position.y + x * sin + y * cos,
    };
    shape(area).into_iter().map(turned).collect()
}

/// The corners, from the area's position.
fn shape(area: &Area) -> Vec<Point> {
    if let Some(size) = &area.rectangle {
        let (width, height) = (size.width, size.height);
        let corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)];
        return corners.map(|(x, y)| Point { x, y }).to_vec();
    }
    if let Some(circle) = &area.circle {
        return round(circle.radius, circle.radius);
    }
    if let Some(Ellipse { radius }) = &area.ellipse {
        return round(radius.x, radius.y);
    }
    area.polygon.as_ref().map_or_else(Vec::new, |polygon| polygon.points.clone())
}

fn round(across: f64, down: f64) -> Vec<Point> {
    let corner = |index: u32| {
        let (sin, cos) = (TAU * f64::from(index) / f64::from(ROUND_CORNERS)).sin_cos();
        Point { x: across * cos, y: down * sin }
    };
    (0..ROUND_CORNERS).map(corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::import::seating_plan::file::Size;

    #[test]
    fn a_rectangle_is_turned_around_its_position() {
        let area = Area {
            position: Point { x: 10.0, y: 20.0 },
            rotation: 90.0,
            rectangle: Some(Size { width: 4.0, height: 2.0 }),
            ..Area::default()
        };
        let corners = of(&area, Point { x: 100.0, y: 0.0 });
        let rounded: Vec<_> = corners.iter().map(|at| (at.x.round(), at.y.round())).collect();
        assert_eq!(rounded, [(110.0, 20.0), (110.0, 24.0), (108.0, 24.0), (108.0, 20.0)]);
    }

    #[test]
    fn what_has_no_shape_has_no_outline() {
        assert!(of(&Area::default(), Point::default()).is_empty());
    }
}
