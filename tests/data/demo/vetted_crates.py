"""The demo's crates that its store vouches for, each in another way (audits/demo/supply-chain)."""

from __future__ import annotations

from typing import Final

from tests.data.demo.package import Crate

BRASSLAMP: Final = Crate(
    name="brasslamp",
    version="1.4.2",
    description="Lengths in metres, feet and fathoms",
    modern=False,
    files={
        "README.md": "# brasslamp\n\nLengths in metres, feet and fathoms, converted without surprises.\n",
        "src/lib.rs": """\
//! Lengths in metres, feet and fathoms.
#![forbid(unsafe_code)]

/// A length in metres.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Length(f64);

impl Length {
    /// A length given in metres.
    pub fn metres(value: f64) -> Self {
        Length(value)
    }

    /// A length given in fathoms.
    pub fn fathoms(value: f64) -> Self {
        Length(value * 1.8288)
    }

    /// The length in metres.
    pub fn in_metres(self) -> f64 {
        self.0
    }

    /// The length in feet.
    pub fn in_feet(self) -> f64 {
        self.0 / 0.3048
    }
}
""",
    },
)

_QUILLCASK_LIB: Final = """\
//! Plain text tables.
#![forbid(unsafe_code)]

/// Render rows of cells with columns aligned to the left.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| WIDTH)
            .max()
            .unwrap_or(0)
    };
    let mut text = String::new();
    for row in rows {
        for column in 0..columns {
            let cell = row.get(column).map_or("", String::as_str);
            text.push_str(&format!("{cell:<0$}", width(column) + 2));
        }
        text.truncate(text.trim_end().len());
        text.push('\\n');
    }
    text
}
"""

QUILLCASK_OLD: Final = Crate(
    name="quillcask",
    version="0.9.1",
    description="Plain text tables",
    files={
        "CHANGELOG.md": "# 0.9.1\n\n* First release with `table`.\n",
        "README.md": "# quillcask\n\nPlain text tables with aligned columns.\n",
        "src/lib.rs": _QUILLCASK_LIB.replace("WIDTH", "cell.len()"),
    },
)

QUILLCASK_NEW: Final = QUILLCASK_OLD._replace(
    version="0.9.3",
    files={
        **QUILLCASK_OLD.files,
        "CHANGELOG.md": "# 0.9.3\n\n* Columns are counted in characters, not in bytes.\n\n"
        "# 0.9.1\n\n* First release with `table`.\n",
        "src/lib.rs": _QUILLCASK_LIB.replace("WIDTH", "cell.chars().count()"),
    },
)

FERROUSGULL: Final = Crate(
    name="ferrousgull",
    version="2.1.0",
    description="Bearings and headings",
    dependencies={"brasslamp": "1.4"},
    files={
        "README.md": "# ferrousgull\n\nBearings between two points on a chart.\n",
        "src/lib.rs": """\
//! Bearings and distances on a flat chart.
#![forbid(unsafe_code)]

use brasslamp::Length;

/// A point on a chart, east and north of its origin.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    pub east: Length,
    pub north: Length,
}

/// The bearing from one point to another, in degrees from north.
pub fn bearing(from: Point, to: Point) -> f64 {
    let east = to.east.in_metres() - from.east.in_metres();
    let north = to.north.in_metres() - from.north.in_metres();
    east.atan2(north).to_degrees().rem_euclid(360.0)
}
""",
    },
)

MOTHDIAL: Final = Crate(
    name="mothdial",
    version="0.4.7",
    description="Times of day",
    files={
        "README.md": "# mothdial\n\nTimes of day without dates.\n",
        "src/lib.rs": """\
//! Times of day without dates.
#![forbid(unsafe_code)]

/// Minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// A time of day; the minutes of the following days wrap around.
    pub fn from_minutes(minutes: u32) -> Self {
        TimeOfDay((minutes % 1440) as u16)
    }

    /// The time as `HH:MM`.
    pub fn to_text(self) -> String {
        format!("{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}
""",
    },
)

OAKENSIEVE: Final = Crate(
    name="oakensieve",
    version="3.0.5",
    description="Smooth a series of readings",
    files={
        "README.md": "# oakensieve\n\nSmooth a series of readings.\n",
        "src/lib.rs": """\
//! Smooth a series of readings.
#![forbid(unsafe_code)]

/// The running mean of `width` readings; shorter at both ends.
pub fn running_mean(readings: &[f64], width: usize) -> Vec<f64> {
    let half = width / 2;
    (0..readings.len())
        .map(|middle| {
            let window = &readings[middle.saturating_sub(half)..readings.len().min(middle + half + 1)];
            window.iter().sum::<f64>() / window.len() as f64
        })
        .collect()
}
""",
    },
)

PEWTERLOOM: Final = Crate(
    name="pewterloom",
    version="0.3.12",
    description="Words for numbers",
    modern=False,
    files={
        "README.md": "# pewterloom\n\nWords for small numbers.\n",
        "build.rs": """\
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_POINTER_WIDTH").as_deref() == Ok("64") {
        println!("cargo:rustc-env=PEWTERLOOM_WIDE=1");
    }
}
""",
        "src/lib.rs": """\
//! Words for small numbers.
#![forbid(unsafe_code)]

const WORDS: [&str; 13] = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// The word for a number up to twelve, its digits above.
pub fn in_words(number: usize) -> String {
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}
""",
    },
)

SALTPIVOT: Final = Crate(
    name="saltpivot",
    version="0.2.8",
    description="Repeatable numbers for tests",
    files={
        "README.md": "# saltpivot\n\nRepeatable numbers for tests.\n",
        "src/lib.rs": """\
//! Repeatable numbers for tests.
#![forbid(unsafe_code)]

/// An endless series that is the same in every run.
pub fn series(seed: u32) -> impl Iterator<Item = u32> {
    let mut state = seed;
    std::iter::from_fn(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(state >> 16)
    })
}
""",
    },
)

VETTED: Final = (
    BRASSLAMP,
    FERROUSGULL,
    MOTHDIAL,
    OAKENSIEVE,
    PEWTERLOOM,
    QUILLCASK_OLD,
    QUILLCASK_NEW,
    SALTPIVOT,
)
"""All of them, both versions of the one that is vetted by a delta."""
