//! How good each seat of a map is, from where the seats are: worked out once for each map.
//!
//! Nobody draws the stage in a way that could be relied on, but the seats look at it. The *focus* is
//! the point with the smallest sum of distances to all seats among those that no row has behind it.
//! Which way a row looks follows from the row next to it in its section: rows are listed from front
//! to back, and side by side. Of rows that are not, such as tables or boxes, it cannot be told; they
//! look where the others do, if most look one way. In a theatre that is the middle of the first row,
//! in a stadium around a pitch its middle, and if there are seats on the pitch that look one way, the
//! middle of their first row.
//!
//! A seat's *score* is its distance from the focus in widths of a seat, times 1,000; the lower the
//! better. The distance counts up to three times as much to the side and behind, by how far the house
//! has a side at all: in the round, every direction is as good as the other.

use crate::domain::runs::Run;
use crate::domain::seat::SeatNumber;
use crate::domain::seat_map::{Seat, SeatMap};
use crate::domain::seat_set::SeatSet;

/// Scores in a width of a seat.
pub const SCORE_PER_WIDTH: f64 = 1_000.0;
/// How much more it weighs that a row has the focus behind it than that it is far away: so much that
/// no majority of distances pulls the focus into the rows.
const BEHIND: f64 = 10_000.0;
/// Rows one behind the other: the way between them is across the row, up to this cosine.
const ACROSS: f64 = 0.5;
/// From how much of a common direction on a house looks one way: 1 if all rows look exactly there,
/// 0 in the round.
const ONE_WAY: f64 = 0.5;
/// Directions that the search for the focus tries.
const DIRECTIONS: u32 = 16;

/// What a choice needs to know of a map.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// Each seat's score.
    pub scores: Vec<u32>,
    /// The map's runs, as indices, those with the best seat first.
    pub order: Vec<u32>,
    /// The best score in each run, by the run's index.
    pub best: Vec<u32>,
    /// The accessible seats.
    pub accessible: SeatSet,
    /// Where everybody looks.
    pub focus: Point,
}

/// A place on the drawing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A row as the search for the focus sees it.
struct RowView {
    middle: Point,
    seats: f64,
    /// The direction in which it looks, of length 1, if that can be told.
    looks: Option<Point>,
}

impl Ranking {
    /// Ranks the seats of a map.
    pub fn new(map: &SeatMap) -> Self {
        let rows = rows(map);
        let focus = focus(&rows);
        let scores = scores(map, &rows, focus);
        let score = |seat: u32| scores[seat as usize];
        let best_of = |run: &Run| run.seats.clone().map(score).min().unwrap_or(u32::MAX);
        let best: Vec<u32> = map.runs().iter().map(best_of).collect();
        let mut order: Vec<u32> = (0..best.len() as u32).collect();
        order.sort_by_key(|&run| best[run as usize]);
        let mut accessible = SeatSet::none(map.capacity());
        let marked = (0..).zip(&map.seats).filter(|(_, seat)| seat.accessible);
        marked.for_each(|(number, _)| accessible.add(SeatNumber(number)));
        Self { scores, order, best, accessible, focus }
    }
}

fn scores(map: &SeatMap, rows: &[RowView], focus: Point) -> Vec<u32> {
    let seats: f64 = rows.iter().map(|row| row.seats).sum();
    let middle = rows.iter().map(|row| row.middle.times(row.seats / seats)).sum::<Point>();
    let axis = middle.minus(focus);
    let far = rows.iter().map(|row| row.middle.minus(focus).length() * row.seats / seats);
    let far: f64 = far.sum();
    // 0 in the round, where the seats' middle is the focus, and nearly 1 with all on one side.
    let one_sided = if far > 0.0 { (axis.length() / far).min(1.0) } else { 0.0 };
    let pitch = f64::from(map.pitch());
    let score = |seat: &Seat| {
        let way = Point::of(seat).minus(focus);
        let distance = way.length();
        let straight = axis.dot(way) / (axis.length() * distance).max(f64::MIN_POSITIVE);
        let stretch = 1.0 + one_sided * (1.0 - straight.clamp(-1.0, 1.0));
        // A number too large becomes the largest.
        (distance * stretch / pitch * SCORE_PER_WIDTH).round() as u32
    };
    map.seats.iter().map(score).collect()
}

/// The point that costs least, found in steps that get smaller. What is looked for is convex, so
/// that there is one valley and the search ends in it.
fn focus(rows: &[RowView]) -> Point {
    let seats: f64 = rows.iter().map(|row| row.seats).sum();
    let mut at = rows.iter().map(|row| row.middle.times(row.seats / seats)).sum::<Point>();
    let mut step = rows.iter().map(|row| row.middle.minus(at).length()).fold(0.0, f64::max);
    let precision = step / 4_096.0;
    let mut cost = cost_of(rows, at);
    while step > precision {
        let turn = |direction| f64::from(direction) * std::f64::consts::TAU / f64::from(DIRECTIONS);
        let near =
            (0..DIRECTIONS).map(turn).map(|angle| at.plus(Point::towards(angle).times(step)));
        let near = near.map(|point| (cost_of(rows, point), point));
        let (best, point) = near.min_by(|(a, _), (b, _)| a.total_cmp(b)).unwrap_or((cost, at));
        // A gain that is only rounding would keep the search going round.
        if best < cost * (1.0 - 1e-12) {
            (cost, at) = (best, point);
        } else {
            step /= 2.0;
        }
    }
    at
}

fn cost_of(rows: &[RowView], focus: Point) -> f64 {
    let cost = |row: &RowView| {
        let way = focus.minus(row.middle);
        let behind = row.looks.map_or(0.0, |looks| (-looks.dot(way)).max(0.0));
        row.seats * (way.length() + BEHIND * behind)
    };
    rows.iter().map(cost).sum()
}

fn rows(map: &SeatMap) -> Vec<RowView> {
    let mut views = Vec::with_capacity(map.rows.len());
    for section in &map.sections {
        let rows = &map.rows[section.rows.start as usize..section.rows.end as usize];
        let seats = rows.iter().map(|row| {
            let range = row.seats.start as usize..row.seats.end as usize;
            &map.seats[range]
        });
        let seats: Vec<&[Seat]> = seats.filter(|seats| !seats.is_empty()).collect();
        let middles: Vec<Point> = seats.iter().map(|seats| middle(seats)).collect();
        for (index, seats) in seats.iter().enumerate() {
            let ways = [
                middles.get(index + 1).map(|behind| middles[index].minus(*behind)),
                index.checked_sub(1).map(|front| middles[front].minus(middles[index])),
            ];
            let looks = ways.into_iter().flatten().find_map(|way| across(seats, way));
            views.push(RowView { middle: middles[index], seats: seats.len() as f64, looks });
        }
    }
    look_where_others_do(&mut views);
    views
}

/// Gives rows of which it cannot be told where they look the direction of most others, if there is
/// one.
fn look_where_others_do(rows: &mut [RowView]) {
    let known = rows.iter().filter_map(|row| Some((row.seats, row.looks?)));
    let sum = |(all, sum): (f64, Point), (seats, looks): (f64, Point)| {
        (all + seats, sum.plus(looks.times(seats)))
    };
    let (seats, sum) = known.fold((0.0, Point::default()), sum);
    let length = sum.length();
    if length <= ONE_WAY * seats || length == 0.0 {
        return;
    }
    let common = sum.times(1.0 / length);
    rows.iter_mut().for_each(|row| row.looks = row.looks.or(Some(common)));
}

/// The direction of `way`, if it leads across a row and not along it.
fn across(seats: &[Seat], way: Point) -> Option<Point> {
    let (first, last) = (seats.first()?, seats.last()?);
    let along = Point::of(last).minus(Point::of(first));
    let size = way.length() * along.length();
    (size > 0.0 && way.dot(along).abs() < ACROSS * size).then(|| way.times(1.0 / way.length()))
}

fn middle(seats: &[Seat]) -> Point {
    let share = 1.0 / seats.len() as f64;
    seats.iter().map(|seat| Point::of(seat).times(share)).sum()
}

impl Point {
    fn of(seat: &Seat) -> Self {
        Self { x: f64::from(seat.x), y: f64::from(seat.y) }
    }

    fn towards(angle: f64) -> Self {
        Self { x: angle.cos(), y: angle.sin() }
    }

    fn plus(self, other: Self) -> Self {
        Self { x: self.x + other.x, y: self.y + other.y }
    }

    fn minus(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y }
    }

    fn times(self, factor: f64) -> Self {
        Self { x: self.x * factor, y: self.y * factor }
    }

    fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn length(self) -> f64 {
        self.x.hypot(self.y)
    }
}

impl std::iter::Sum for Point {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::default(), Self::plus)
    }
}
