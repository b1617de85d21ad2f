"""What names mean: imports, re-exports and renamed packages followed to full paths."""

from __future__ import annotations

import pytest

from vetflow.surface.lexemes import read_lexemes
from vetflow.surface.names import UnitNames, read_names, split_path
from vetflow.surface.rust import parse_rust

DEPENDENCIES = {"quiet": ("loud-crate",), "either": ("first", "second")}


def names_of(**files: str) -> UnitNames:
    read = {path: read_names(read_lexemes(parse_rust(path, code.encode()))) for path, code in files.items()}
    return UnitNames(read, DEPENDENCIES, lambda path: path in {("std",), ("std", "process"), ("loud_crate",)})


def meanings(code: str, path: str, **others: str) -> set[str]:
    found = names_of(main=code, **others).meanings("main", split_path(path.encode()))
    return {"::".join(each.path) for each in found}


@pytest.mark.parametrize(
    ("code", "path", "meaning"),
    [
        ("use std::process::Command;", "Command::new", "std::process::Command::new"),
        ("use core::fmt as f;", "f::Write", "std::fmt::Write"),
        ("use ::alloc::vec;", "vec::Vec", "std::vec::Vec"),
        ("use std::{fs, io::{self, Read as R}, env::*};", "R", "std::io::Read"),
        ("use std::{fs, io::{self, Read as R}};", "io::copy", "std::io::copy"),
        ("use std::{fs as f, io::{self}};", "f::write", "std::fs::write"),
        ("pub(crate) use std::process::{Command as C, };", "C", "std::process::Command"),
        ("extern crate std as s;", "s::fs::read", "std::fs::read"),
        ("#[macro_use] extern crate quiet;", "quiet::go", "loud_crate::go"),
        ("type T<X> = std::vec::Vec<X>;", "T::new", "std::vec::Vec::new"),
        ("use a as b; use b as c; use std::fs as a;", "c::read", "std::fs::read"),
        ("", "std::fs::read", "std::fs::read"),
        ("", "quiet::go", "loud_crate::go"),
        ("mod quiet {}", "::quiet::go", "loud_crate::go"),
        ("use std::process::*;", "Command", "std::process::Command"),
        ("use std::*;", "process::Command", "std::process::Command"),
        ("use r#std::r#fs as r#type;", "type::read", "std::fs::read"),
        ("impl Go for std::process::Command {}", "Self::new", "std::process::Command::new"),
        ("macro_rules! m { () => { use std::fs as hidden; } }", "hidden::read", "std::fs::read"),
    ],
)
def test_a_name_is_followed_to_its_package(code: str, path: str, meaning: str) -> None:
    assert meaning in meanings(code, path)


def test_a_name_that_may_mean_several_things_means_all_of_them() -> None:
    assert meanings("", "either::go") == {"first::go", "second::go"}
    assert meanings("mod a { use std::fs as x; } mod b { use std::io as x; }", "x::y") == {"std::fs::y", "std::io::y"}


@pytest.mark.parametrize("path", ["a::X::new", "crate::a::X::new", "super::a::X::new", "self::a::X::new"])
def test_a_name_of_another_file_is_found_through_its_module(path: str) -> None:
    others = {"a": "pub use super::b::Y as X;", "b": "pub use std::process::Command as Y;"}
    assert meanings("mod a; mod b;", path, **others) == {"std::process::Command::new"}


def test_a_name_that_no_declaration_explains_may_come_from_any_file() -> None:
    assert meanings("", "X::new", other="use std::process::Command as X;") == {"std::process::Command::new"}


@pytest.mark.parametrize(
    ("code", "path"),
    [("mod home {}", "home::dir"), ("struct Command;", "Command"), ("", "local"), ("use clap::*;", "Command")],
)
def test_items_of_the_crate_mean_nothing_outside_of_it(code: str, path: str) -> None:
    assert meanings(code, path) == set()


def test_circles_of_imports_end() -> None:
    assert len(meanings("use a::x as b; use b::y as a; use c::*; use b::*;", "a::z")) == 1
    many = {f"m{n}": "use crate::a::b::c; use super::c as a; use self::a as b; use a::*; use b::*;" for n in range(60)}
    assert meanings("", "crate::a::b::c::d", **many) == set()


def test_the_way_to_a_meaning_is_told() -> None:
    found = names_of(main="mod a; use a::X as Z;", a="pub use std::fs as X;").meanings("main", ("Z", "read"))
    assert [each.chain for each in found] == [
        ("`Z` is `a::X` by a declaration", "`X` is `std::fs` by a declaration in a")
    ]
