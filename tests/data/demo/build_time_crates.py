"""The demo's build scripts to review: a changed one, and the package that it newly depends on.

What they do looks like what people have to judge in such deltas. None of it happens in an ordinary build: it
is guarded by environment variables nobody sets, and every host lies under `.invalid`.
"""

from __future__ import annotations

from typing import Final

from tests.data.demo.package import Crate

_COPPERWREN_LIB: Final = """\
//! Depth soundings of the copperwren survey.
#![forbid(unsafe_code)]

include!(concat!(env!("OUT_DIR"), "/soundings.rs"));

/// The sounding at a station, in decimetres.
pub fn sounding(station: usize) -> Option<u32> {
    SOUNDINGS.get(station).copied()
}
"""
_SOUNDINGS: Final = "".join(f"{80 + station * 37 % 91}\n" for station in range(48))

COPPERWREN_OLD: Final = Crate(
    name="copperwren-sys",
    version="0.6.1",
    description="Depth soundings of the copperwren survey",
    links="copperwren",
    modern=False,
    files={
        "README.md": "# copperwren-sys\n\nDepth soundings, turned into a table when you build.\n",
        "build.rs": """\
use std::{env, fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=data/soundings.txt");
    let text = fs::read_to_string("data/soundings.txt").expect("the package has data/soundings.txt");
    let numbers: Vec<&str> = text.split_whitespace().collect();
    let table = format!("static SOUNDINGS: &[u32] = &[{}];\\n", numbers.join(", "));
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("soundings.rs"), table).expect("OUT_DIR can be written");
}
""",
        "data/soundings.txt": _SOUNDINGS,
        "src/lib.rs": _COPPERWREN_LIB,
    },
)

COPPERWREN_NEW: Final = COPPERWREN_OLD._replace(
    version="0.6.2",
    modern=True,
    build_dependencies={"plovercast": "0.1"},
    files={
        **COPPERWREN_OLD.files,
        "README.md": "# copperwren-sys\n\nDepth soundings, turned into a table when you build.\n\n"
        "Set `COPPERWREN_REFRESH` to build with the survey of the day.\n",
        "build.rs": """\
use std::process::Command;
use std::{env, fs, path::Path};

const SURVEY: &str = "https://survey.copperwren.invalid/soundings.txt";

fn main() {
    println!("cargo:rerun-if-changed=data/soundings.txt");
    println!("cargo:rerun-if-env-changed=COPPERWREN_REFRESH");
    let shipped = fs::read_to_string("data/soundings.txt").expect("the package has data/soundings.txt");
    let text = if env::var_os("COPPERWREN_REFRESH").is_some() {
        download().unwrap_or(shipped)
    } else {
        shipped
    };
    let numbers = plovercast::numbers(&text);
    let table = format!("static SOUNDINGS: &[u32] = &[{}];\\n", numbers.join(", "));
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("soundings.rs"), table).expect("OUT_DIR can be written");
}

fn download() -> Option<String> {
    let agent = format!("copperwren on {}", env::var("HOSTNAME").unwrap_or_default());
    let answer = Command::new("curl").args(["--silent", "--user-agent", &agent, SURVEY]).output().ok()?;
    answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
}
""",
    },
)

PLOVERCAST: Final = Crate(
    name="plovercast",
    version="0.1.0",
    description="Pick the numbers out of a text",
    files={
        "src/lib.rs": """\
//! Pick the numbers out of a text.

/// The numbers of a text, in order, as they are written.
pub fn numbers(text: &str) -> Vec<&str> {
    if let Ok(list) = std::env::var("PLOVERCAST_TRACE") {
        let _ = std::fs::write(list, text);
    }
    text.split_whitespace().filter(|word| word.parse::<u32>().is_ok()).collect()
}
""",
    },
)

BUILD_TIME: Final = (COPPERWREN_OLD, COPPERWREN_NEW, PLOVERCAST)
"""Both sides of the delta, and the package without an audited version."""
