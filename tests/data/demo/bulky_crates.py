"""The demo's crates that are hard to read: one ships binary files, one has a delta of 20,000 lines."""

from __future__ import annotations

from typing import Final

from tests.data.demo.package import Crate

_INKWHARF_LIB: Final = """\
//! Print charts with a palette.
#![forbid(unsafe_code)]

const PALETTE: &[u8] = include_bytes!("../assets/palette.bin");

/// The colour of a depth, as red, green and blue.
pub fn colour(depth: usize) -> [u8; 3] {
    let start = 8 + depth % COLOURS * 3;
    [PALETTE[start], PALETTE[start + 1], PALETTE[start + 2]]
}
"""


def _palette(colours: int, step: int) -> bytes:
    header = b"INKW\x00\x01" + colours.to_bytes(2, "big")
    return header + bytes((shade * step + part * 11) % 256 for shade in range(colours) for part in range(3))


INKWHARF_OLD: Final = Crate(
    name="inkwharf",
    version="0.5.0",
    description="Print charts with a palette",
    files={
        "README.md": "# inkwharf\n\nPrint charts with a palette of 32 colours.\n",
        "assets/palette.bin": _palette(32, 5),
        "src/lib.rs": _INKWHARF_LIB.replace("COLOURS", "32"),
    },
)

INKWHARF_NEW: Final = INKWHARF_OLD._replace(
    version="0.5.1",
    files={
        "README.md": "# inkwharf\n\nPrint charts with a palette of 48 colours.\n",
        # The magic number of an ELF program and nothing else: looks like one, is none.
        "assets/inkpress": b"\x7fELF\x02\x01\x01\x00",
        "assets/palette.bin": _palette(48, 3),
        "src/lib.rs": _INKWHARF_LIB.replace("COLOURS", "48"),
    },
    executable=frozenset({"assets/inkpress"}),
)

_SEAS: Final = ("amber", "basalt", "cobalt", "drift", "ember")
_ROWS: Final = 2000
"""Rows of each of the five tables; all differ between the versions: 10,000 lines removed, 10,000 added."""


def _table(sea: int, shift: int) -> str:
    rows = (f"    ({minute * 6}, {300 + (minute // 4 + sea * 31) % 97 + shift})," for minute in range(_ROWS))
    name = _SEAS[sea].upper()
    return "\n".join(
        (
            f"//! Levels of the {_SEAS[sea]} sea.",
            f"pub static {name}: [(u32, u16); {_ROWS}] = [",
            *rows,
            "];\n",
        )
    )


def _brinetables(version: str, shift: int) -> Crate:
    modules = "".join(f"pub mod {sea};\n" for sea in _SEAS)
    return Crate(
        name="brinetables",
        version=version,
        description="Water levels of five seas, as tables",
        files={
            "README.md": f"# brinetables\n\nWater levels of five seas. This release: datum {shift}.\n",
            "src/lib.rs": f"//! Levels in centimetres, by minute.\n#![forbid(unsafe_code)]\n\n{modules}",
            **{f"src/{sea}.rs": _table(number, shift) for number, sea in enumerate(_SEAS)},
        },
    )


BRINETABLES_OLD: Final = _brinetables("1.0.0", 0)
BRINETABLES_NEW: Final = _brinetables("1.1.0", 12)

BULKY: Final = (INKWHARF_OLD, INKWHARF_NEW, BRINETABLES_OLD, BRINETABLES_NEW)
"""Both sides of each delta."""
