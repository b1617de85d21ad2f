"""Published crates made up in memory, and vetflow's rules, for whoever looks at what runs during a build."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from tests.crates import contents_of
from vetflow.model.contents import CrateFiles
from vetflow.surface.analysis import Analysis, analyse
from vetflow.surface.rules import Rules, parse_rules

_RULES = Path(__file__).resolve().parents[1] / "audits" / "capabilities.toml"

STARTS_A_PROGRAM = 'pub fn run() { std::process::Command::new("curl").spawn().ok(); }\n'
"""Code that is an alert wherever it runs during a build."""


@cache
def rules() -> Rules:
    return parse_rules(_RULES.read_text(encoding="utf-8"), str(_RULES))


def published(
    files: Mapping[str, str | bytes], *, package: str = "", tables: str = "", executable: Collection[str] = ()
) -> CrateFiles:
    """Return a package with these files. package: more of its `[package]`; tables: what follows that."""
    manifest = f'[package]\nname = "wrenfold"\nversion = "1.0.0"\nedition = "2021"\n{package}\n{tables}\n'
    return contents_of({"Cargo.toml": manifest, **files}, executable)


def with_build_script(code: str | bytes, files: Mapping[str, str | bytes] | None = None) -> CrateFiles:
    return published({"build.rs": code, "src/lib.rs": "", **(files or {})})


def with_proc_macro(code: str | bytes, files: Mapping[str, str | bytes] | None = None) -> CrateFiles:
    return published({"src/lib.rs": code, **(files or {})}, tables="[lib]\nproc-macro = true\n")


def analysed(files: CrateFiles, *, host_library: bool = False, under_review: bool = True) -> Analysis:
    return analyse(files, rules(), host_library=host_library, under_review=under_review)


def graded(analysis: Analysis) -> dict[str, int]:
    """Return the highest grade of each rule that saw something."""
    found: dict[str, int] = {}
    for each in analysis.evidence:
        found[each.rule] = max(int(each.grade), found.get(each.rule, 0))
    return found
