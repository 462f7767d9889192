//! The digest of a layout: the same for the same house, however its file was spaced or ordered.

use sha2::{Digest, Sha256};

use crate::domain::seat_map::Layout;

/// SHA-256 over everything in a layout. Texts are prefixed with their length and lists with their
/// count, so that no two layouts are the same bytes.
pub fn of(layout: &Layout) -> [u8; 32] {
    let mut digest = Feed(Sha256::new());
    digest.number(layout.size.0);
    digest.number(layout.size.1);
    digest.count(layout.categories.len());
    for category in &layout.categories {
        digest.text(&category.name);
        digest.text(&category.color);
    }
    digest.count(layout.sections.len());
    for section in &layout.sections {
        digest.text(&section.name);
        digest.count(section.rows.len());
    }
    digest.count(layout.rows.len());
    for row in &layout.rows {
        digest.text(&row.label);
        digest.count(row.seats.len());
    }
    digest.count(layout.seats.len());
    for seat in &layout.seats {
        digest.text(&seat.id);
        digest.text(&seat.label);
        digest.count(usize::from(seat.category));
        digest.number(seat.x);
        digest.number(seat.y);
    }
    // Nothing for a house that has none, so that houses from before there were areas are known again.
    for area in &layout.areas {
        digest.text(&area.id);
        digest.text(&area.name);
        digest.count(area.section as usize);
        digest.count(usize::from(area.category));
        digest.count(area.capacity as usize);
        digest.count(area.outline.len());
        for (x, y) in &area.outline {
            digest.number(*x);
            digest.number(*y);
        }
    }
    // A house without accessible seats keeps the digest that it had before there could be any.
    let accessible = || layout.seats.iter().enumerate().filter(|(_, seat)| seat.accessible);
    if accessible().next().is_some() {
        digest.text("accessible");
        digest.count(accessible().count());
        accessible().for_each(|(number, _)| digest.count(number));
    }
    digest.0.finalize().into()
}

/// A hasher that is fed values instead of bytes.
struct Feed(Sha256);

impl Feed {
    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text);
    }

    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }

    fn number(&mut self, number: f32) {
        // Adding zero makes one zero of the two that IEEE 754 has.
        self.0.update((number + 0.0).to_be_bytes());
    }
}
