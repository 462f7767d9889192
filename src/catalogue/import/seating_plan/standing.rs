//! Standing areas of a plan.

use std::collections::hash_map::Entry;

use super::check::{Walk, narrow};
use super::file::{self, Point};
use super::outline;
use crate::catalogue::import::text;
use crate::domain::area::Area;
use crate::domain::limits::CORNERS_PER_AREA_MAX;

impl<'a> Walk<'a> {
    /// Reads the standing area at (zone, area).
    pub(super) fn area(&mut self, at: (usize, usize), area: &'a file::Area, origin: Point) {
        let of = |key: &str| format!("zones[{}].areas[{}].{key}", at.0, at.1);
        if area.capacity == 0 {
            self.add(|| of("capacity"), "is 0: an area for nobody");
        }
        let id = area.area_guid.as_ref().map(|id| &*id.0);
        match id.map(|id| (id, text::complaint(id))) {
            None => self.add(|| of("area_guid"), "is missing: an area with a capacity needs an id"),
            Some((_, Some(what))) => self.add(|| of("area_guid"), what),
            Some((id, None)) => self.unique_area(at, id),
        }
        let id = id.unwrap_or_default();
        let written = area.text.as_ref().map(|text| text.text.trim()).filter(|it| !it.is_empty());
        let name = area.name.as_deref().or(written).unwrap_or(id);
        if let Some(what) = text::complaint(name).filter(|_| !id.is_empty()) {
            self.add(|| of("name"), what);
        }
        let category = area.category.as_deref();
        let known = category.and_then(|name| self.categories.get(name).copied());
        if known.is_none() {
            let what = match category {
                Some(name) => format!("unknown category {name:?}"),
                None => "is missing: an area with a capacity needs a category".to_owned(),
            };
            self.add(|| of("category"), what);
        }
        let outline = self.outline(at, area, origin);
        self.layout.areas.push(Area {
            id: id.into(),
            name: name.to_owned(),
            section: self.layout.sections.len() as u32,
            category: known.unwrap_or_default(),
            capacity: area.capacity,
            outline,
        });
    }

    fn outline(&mut self, at: (usize, usize), area: &file::Area, origin: Point) -> Vec<(f32, f32)> {
        let path = || format!("zones[{}].areas[{}]", at.0, at.1);
        let corners = outline::of(area, origin);
        if corners.len() > CORNERS_PER_AREA_MAX {
            let what = format!("has {} corners, {CORNERS_PER_AREA_MAX} is the most", corners.len());
            self.add(path, what);
            return Vec::new();
        }
        let corners = corners.into_iter().map(|corner| {
            let Point { x, y } = self.point(path, corner);
            (narrow(x), narrow(y))
        });
        corners.collect()
    }

    fn unique_area(&mut self, at: (usize, usize), id: &'a str) {
        match self.first_areas.entry(id) {
            Entry::Vacant(vacant) => {
                vacant.insert(at);
            }
            Entry::Occupied(first) => {
                let ((zone, area), (first_zone, first_area)) = (at, *first.get());
                let prefix = self.prefix;
                let first = format!("{prefix}zones[{first_zone}].areas[{first_area}]");
                self.add(
                    || format!("zones[{zone}].areas[{area}].area_guid"),
                    format!("duplicate {id:?}, first in {first}"),
                );
            }
        }
    }
}
