//! Water levels at the quay.

use brinetables::amber::AMBER;
pub use ferrousgull::{bearing, Point};

/// The state of the tide.
#[derive(glyphderive::Glyph)]
pub struct HighWater;

/// The level at a minute of the day, in metres above the datum, smoothed over an hour.
pub fn level(minute: u32) -> f64 {
    let nearest = AMBER.partition_point(|(start, _)| *start < minute).min(AMBER.len() - 1);
    let around = &AMBER[nearest.saturating_sub(5)..(nearest + 6).min(AMBER.len())];
    let readings: Vec<f64> = around.iter().map(|(_, level)| f64::from(*level) / 100.0).collect();
    oakensieve::running_mean(&readings, 11)[readings.len() / 2]
}
