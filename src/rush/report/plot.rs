//! A drawing of a rush: who came, what they were told, and how long that took.

use std::error::Error;
use std::time::Duration;

use hdrhistogram::Histogram;
use plotters::prelude::*;

use super::empty;
use crate::rush::crowd::{Ask, Crowd, Sample, Seen, Told};

const SIZE: (u32, u32) = (960, 640);
/// How much time one point of a line stands for.
const STEP: Duration = Duration::from_millis(250);
const INK: RGBColor = RGBColor(0x33, 0x33, 0x33);
const GRANTED: RGBColor = RGBColor(0x1b, 0x7f, 0x5c);
const REFUSED: RGBColor = RGBColor(0xc2, 0x41, 0x0c);
const SOLD: RGBColor = RGBColor(0x1d, 0x4e, 0x89);

/// Points of a line: seconds, and a value.
type Line = Vec<(f64, f64)>;

/// The drawing, as SVG.
pub(super) fn draw(crowd: &Crowd, seen: &Seen) -> Result<String, String> {
    let mut svg = String::new();
    try_draw(&mut svg, crowd, seen).map_err(|error| error.to_string())?;
    Ok(svg)
}

fn try_draw(svg: &mut String, crowd: &Crowd, seen: &Seen) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let title = format!("{} people, seed {}", crowd.people, crowd.seed);
    let root = root.titled(&title, ("sans-serif", 20).into_font().color(&INK))?;
    let (above, below) = root.split_vertically(SIZE.1 * 3 / 5);
    let is = |ask: Ask, told: Told| move |it: &Sample| it.ask == ask && it.told == told;
    let rates = [
        ("came", INK, rate(seen, |it| it.due, |it| it.ask == Ask::Look)),
        ("held", GRANTED, rate(seen, |it| it.answered, is(Ask::Claim, Told::Yes))),
        ("refused", REFUSED, rate(seen, |it| it.answered, is(Ask::Claim, Told::No))),
        ("sold", SOLD, rate(seen, |it| it.answered, is(Ask::Confirm, Told::Yes))),
    ];
    chart(&above, seen.took, "a second", &rates)?;
    let latencies =
        [("claim, p50", GRANTED, latency(seen, 0.5)), ("claim, p99", REFUSED, latency(seen, 0.99))];
    chart(&below, seen.took, "ms", &latencies)?;
    root.present()?;
    Ok(())
}

fn chart(
    area: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>,
    took: Duration,
    unit: &str,
    lines: &[(&str, RGBColor, Line)],
) -> Result<(), Box<dyn Error>> {
    let values = lines.iter().flat_map(|(_, _, line)| line.iter().map(|point| point.1));
    let highest = values.fold(1.0, f64::max) * 1.05;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(64)
        .build_cartesian_2d(0.0..took.as_secs_f64(), 0.0..highest)?;
    chart.configure_mesh().light_line_style(WHITE).x_desc("seconds").y_desc(unit).draw()?;
    for (name, color, line) in lines {
        let series = LineSeries::new(line.iter().copied(), color.stroke_width(2));
        let key = *color;
        chart
            .draw_series(series)?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], key.stroke_width(2)));
    }
    chart.configure_series_labels().border_style(INK).background_style(WHITE).draw()?;
    Ok(())
}

/// How many of some samples there were a second, step by step.
fn rate(seen: &Seen, at: impl Fn(&Sample) -> Duration, counts: impl Fn(&Sample) -> bool) -> Line {
    let mut line = steps(seen);
    for sample in seen.samples.iter().filter(|sample| counts(sample)) {
        line[step_of(at(sample))].1 += 1.0 / STEP.as_secs_f64();
    }
    line
}

/// How long claims that were answered in each step had waited, in ms.
fn latency(seen: &Seen, quantile: f64) -> Line {
    let mut line = steps(seen);
    let mut waits: Vec<Histogram<u64>> = line.iter().map(|_| empty()).collect();
    for sample in seen.samples.iter().filter(|sample| sample.ask == Ask::Claim) {
        let waited = sample.waited().as_micros().max(1) as u64;
        waits[step_of(sample.answered)].saturating_record(waited);
    }
    for (point, waits) in line.iter_mut().zip(waits) {
        point.1 = waits.value_at_quantile(quantile) as f64 / 1_000.0;
    }
    line
}

/// A point in the middle of each step, with nothing in it yet.
fn steps(seen: &Seen) -> Line {
    let middle = |step: usize| (step as f64 + 0.5) * STEP.as_secs_f64();
    (0..=step_of(seen.took)).map(|step| (middle(step), 0.0)).collect()
}

fn step_of(moment: Duration) -> usize {
    (moment.as_nanos() / STEP.as_nanos()) as usize
}
