"""The demo's procedural macro to review: five files that run in the compiler change, and three others.

The new version reads a file of the crate that is being compiled and an environment variable: nothing
harmful, and nothing that a reviewer may miss.
"""

from __future__ import annotations

from typing import Final

from tests.data.demo.package import Crate

GLYPHDERIVE_OLD: Final = Crate(
    name="glyphderive",
    version="1.2.0",
    description="Derive the short name of a type",
    proc_macro=True,
    files={
        "CHANGELOG.md": "# 1.2.0\n\n* Names of generic types.\n",
        "README.md": "# glyphderive\n\n`#[derive(Glyph)]` gives a type its short name in `GLYPH`.\n",
        "src/attr.rs": """\
//! The attributes of a type.

use proc_macro::TokenTree;

/// Whether a token starts an attribute.
pub fn starts_attribute(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(sign) if sign.as_char() == '#')
}
""",
        "src/case.rs": """\
//! Names in other cases.

/// `HighWater` as `high_water`.
pub fn snake(name: &str) -> String {
    let mut text = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_uppercase() && place > 0 {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
""",
        "src/emit.rs": """\
//! The code that the macro adds.

use crate::case::snake;
use crate::parse::Type;

/// An implementation with the constant `GLYPH`.
pub fn implementation(of: &Type) -> String {
    let name = &of.name;
    format!("impl {name} {{ pub const GLYPH: &'static str = {:?}; }}", snake(name))
}
""",
        "src/lib.rs": """\
//! `#[derive(Glyph)]` gives a type its short name.

mod attr;
mod case;
mod emit;
mod parse;

use proc_macro::TokenStream;

/// Add the constant `GLYPH` to a type.
#[proc_macro_derive(Glyph)]
pub fn glyph(input: TokenStream) -> TokenStream {
    let parsed = parse::parse(input);
    emit::implementation(&parsed).parse().expect("what is emitted is Rust")
}
""",
        "src/parse.rs": """\
//! What the macro needs to know of a type.

use crate::attr::starts_attribute;
use proc_macro::{TokenStream, TokenTree};

/// A type as it is written.
pub struct Type {
    pub name: String,
}

/// Find the type's name: what follows `struct` or `enum`.
pub fn parse(input: TokenStream) -> Type {
    let mut tokens = input.into_iter().filter(|token| !starts_attribute(token));
    while let Some(token) = tokens.next() {
        if matches!(token.to_string().as_str(), "struct" | "enum") {
            if let Some(TokenTree::Ident(name)) = tokens.next() {
                return Type { name: name.to_string() };
            }
        }
    }
    panic!("Glyph is derived for structs and enums")
}
""",
        "tests/derive.rs": """\
#[derive(glyphderive::Glyph)]
struct HighWater;

#[test]
fn the_name_is_in_snake_case() {
    assert_eq!(HighWater::GLYPH, "high_water");
}
""",
    },
)

GLYPHDERIVE_NEW: Final = GLYPHDERIVE_OLD._replace(
    version="1.3.0",
    files={
        "CHANGELOG.md": '# 1.3.0\n\n* `#[glyph(rename = "...")]`.\n* Names in `glyphs.txt`.\n\n'
        "# 1.2.0\n\n* Names of generic types.\n",
        "README.md": "# glyphderive\n\n`#[derive(Glyph)]` gives a type its short name in `GLYPH`.\n\n"
        '`#[glyph(rename = "...")]` or a line `Type name` in `glyphs.txt` gives it another one.\n',
        "src/attr.rs": """\
//! The attributes of a type.

use proc_macro::{Delimiter, TokenStream, TokenTree};

/// Whether a token starts an attribute.
pub fn starts_attribute(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(sign) if sign.as_char() == '#')
}

/// The name in `#[glyph(rename = "name")]`, if this is that attribute.
pub fn rename(token: &TokenTree) -> Option<String> {
    let TokenTree::Group(group) = token else { return None };
    if group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let text = squeezed(group.stream());
    let name = text.strip_prefix("glyph(rename=\\"")?.strip_suffix("\\")")?;
    Some(name.to_owned())
}

fn squeezed(stream: TokenStream) -> String {
    stream.to_string().split_whitespace().collect()
}
""",
        "src/case.rs": """\
//! Names in other cases.

/// `HighWater` as `high_water`, `ABRest` as `ab_rest`.
pub fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let follows_word = place > 0 && letters[place - 1].is_lowercase();
        let leads_word = place > 0 && letters.get(place + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (follows_word || leads_word) {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
""",
        "src/emit.rs": """\
//! The code that the macro adds.

use crate::case::snake;
use crate::parse::Type;
use std::path::Path;

/// An implementation with the constant `GLYPH`.
pub fn implementation(of: &Type) -> String {
    let name = &of.name;
    let glyph = of.rename.clone().or_else(|| listed(name)).unwrap_or_else(|| snake(name));
    format!("impl {name} {{ pub const GLYPH: &'static str = {glyph:?}; }}")
}

/// The name that `glyphs.txt`, beside the manifest of the crate being compiled, gives a type.
fn listed(name: &str) -> Option<String> {
    let folder = std::env::var("CARGO_MANIFEST_DIR").ok()?;
    let list = std::fs::read_to_string(Path::new(&folder).join("glyphs.txt")).ok()?;
    let line = list.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
    Some(line.trim().to_owned())
}
""",
        "src/lib.rs": """\
//! `#[derive(Glyph)]` gives a type its short name.

mod attr;
mod case;
mod emit;
mod parse;

use proc_macro::TokenStream;

/// Add the constant `GLYPH` to a type.
#[proc_macro_derive(Glyph, attributes(glyph))]
pub fn glyph(input: TokenStream) -> TokenStream {
    let parsed = parse::parse(input);
    let code = emit::implementation(&parsed);
    if std::env::var_os("GLYPHDERIVE_TRACE").is_some() {
        eprintln!("{}: {code}", parsed.name);
    }
    code.parse().expect("what is emitted is Rust")
}
""",
        "src/parse.rs": """\
//! What the macro needs to know of a type.

use crate::attr::{rename, starts_attribute};
use proc_macro::{TokenStream, TokenTree};

/// A type as it is written, and the name its attributes give it.
pub struct Type {
    pub name: String,
    pub rename: Option<String>,
}

/// Find the type's name: what follows `struct`, `enum` or `union`.
pub fn parse(input: TokenStream) -> Type {
    let mut renamed = None;
    let mut tokens = input.into_iter();
    while let Some(token) = tokens.next() {
        if starts_attribute(&token) {
            renamed = tokens.next().as_ref().and_then(rename).or(renamed);
        } else if matches!(token.to_string().as_str(), "struct" | "enum" | "union") {
            if let Some(TokenTree::Ident(name)) = tokens.next() {
                return Type { name: name.to_string(), rename: renamed };
            }
        }
    }
    panic!("Glyph is derived for structs, enums and unions")
}
""",
        "tests/derive.rs": """\
#[derive(glyphderive::Glyph)]
struct HighWater;

#[derive(glyphderive::Glyph)]
#[glyph(rename = "ebb")]
struct LowWater;

#[test]
fn the_name_is_in_snake_case() {
    assert_eq!(HighWater::GLYPH, "high_water");
}

#[test]
fn an_attribute_gives_another_name() {
    assert_eq!(LowWater::GLYPH, "ebb");
}
""",
    },
)

PROC_MACRO: Final = (GLYPHDERIVE_OLD, GLYPHDERIVE_NEW)
"""Both sides of the delta."""
