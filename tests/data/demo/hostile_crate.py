"""The demo's hostile crate: a harmless change, and every trick to hide it from the reviewer.

All of it is written as escapes, so that this file and the repository stay plain text: the bytes exist only
inside the archive. The tricks (shared spec ux 1, 2 and 7.1): a `.gitattributes` that calls sources binary, a
NUL in a comment, lone carriage returns, terminal escape sequences, bidirectional overrides, a character without
width in a text, and a description that is markup with an action and an escape sequence. What the change does is
harmless: it returns a text that nobody sends anywhere.
"""

from __future__ import annotations

from typing import Final

from tests.data.demo.package import Crate

HOSTILE_OLD: Final = Crate(
    name="vexlantern",
    version="0.2.0",
    description="Signal lamps",
    files={
        "README.md": b"# vexlantern\n\nSignal lamps and their codes.\n",
        "src/code.rs": b"""\
//! Codes of signal lamps.

/// Flashes for a letter: short is `.`, long is `-`.
pub fn code(letter: char) -> &'static str {
    match letter {
        'a' => ".-",
        'b' => "-...",
        _ => "",
    }
}
""",
        "src/lib.rs": b"""\
//! Signal lamps.
#![forbid(unsafe_code)]

mod code;

pub use code::code;

/// Where the lamp reports to: nowhere.
pub fn beacon() -> Option<String> {
    None
}
""",
    },
)

HOSTILE_NEW: Final = HOSTILE_OLD._replace(
    version="0.2.1",
    description="Signal lamps [@click=app.quit]safe[/] \\u001B[2K\u202e[bold]reviewed[/]",
    files={
        # The oldest trick: git calls these files binary and shows nothing of them.
        ".gitattributes": b"*.rs binary\n*.md -diff\nCargo.toml -diff\n",
        "README.md": b"# vexlantern\n\nSignal lamps and their codes.\x1b]0;all audited\x07\n",
        "src/code.rs": (
            b"""\
//! Codes of signal lamps.
"""
            # A NUL alone makes a file binary for git; the compiler does not mind it in a comment.
            b"// \x00\n"
            b"""\

/// Flashes for a letter: short is `.`, long is `-`.
pub fn code(letter: char) -> &'static str {
    match letter {
        'a' => ".-",
        'b' => "-...",
"""
            # Not the four flashes that it looks like: there is a fifth character in the text.
            b"        'c' => \"-.\xe2\x80\x8b-.\",\n"
            # A comment that a terminal paints as if it were code.
            b"        // no code for d yet \r        'd' => \"-..\",         \n"
            # A comment that reads from its end, as if more were true of the lamps than anybody said.
            b"        // \xe2\x80\xae.detset era sedoc eseht\xe2\x80\xac\n"
            b"""\
        _ => "",
    }
}
"""
        ),
        "src/lib.rs": (
            b"""\
//! Signal lamps.
#![forbid(unsafe_code)]

mod code;

pub use code::code;

/// Where the lamp reports to: nowhere.
pub fn beacon() -> Option<String> {
"""
            # A lone carriage return: a terminal paints the end of this line over its beginning.
            b'    let host = "beacon.vexlantern.invalid"; // \r    // no host is named here              \n'
            # An escape sequence that moves up and wipes the line before.
            b'    let user = std::env::var("USER").ok()?; // \x1b[1A\x1b[2K    // nothing is read here\n'
            # A bidirectional override: what follows is shown in another order than it is compiled.
            b"    /* \xe2\x80\xae } \xe2\x81\xa6 if is_test \xe2\x81\xa9 \xe2\x81\xa6 begin */\n"
            b"""\
    Some(format!("https://{host}/{user}"))
}
"""
        ),
    },
)

HOSTILE: Final = (HOSTILE_OLD, HOSTILE_NEW)
"""Both sides of the delta."""
