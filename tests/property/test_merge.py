"""Laws of merging: it does not matter whose side is whose, what one side alone did is done, the text is canonical."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.property.strategies import audits_files, config_files, imports_files
from tests.property.test_own_formats import decisions, surface_locks
from vetflow.formats.audits_toml import parse_audits, write_audits
from vetflow.formats.config_toml import parse_config, write_config
from vetflow.formats.findings_toml import parse_findings, write_findings
from vetflow.formats.imports_lock import parse_imports_lock, write_imports_lock
from vetflow.formats.surface_lock import parse_surface_lock, write_surface_lock
from vetflow.model.store import AuditsFile, PolicyTable
from vetflow.trust.merge_files import merge_texts


def _audits_text(audits: AuditsFile) -> str:
    return write_audits(audits, {})


FILES: Mapping[str, tuple[SearchStrategy[Any], Callable[[Any], str], Callable[[str, str], Any]]] = {
    "audits.toml": (audits_files, _audits_text, parse_audits),
    "config.toml": (config_files, write_config, parse_config),
    "imports.lock": (imports_files, write_imports_lock, parse_imports_lock),
    "findings.toml": (decisions, write_findings, parse_findings),
    "surface.lock": (surface_locks, write_surface_lock, parse_surface_lock),
}


def mixed(draw: st.DrawFn, some: Any, others: Any) -> Any:
    """Draw a value between two of a kind: of each table's names what one has, or both, or nobody."""
    if isinstance(some, PolicyTable):
        return PolicyTable(mixed(draw, some.by_name, others.by_name))
    if isinstance(some, Mapping):
        found = {}
        for name in sorted({*some, *others}):
            one, other = some.get(name), others.get(name)
            choice = draw(st.sampled_from([one, one, one, other, None]))
            if isinstance(one, tuple) and type(one) is tuple and isinstance(other, tuple) and draw(st.booleans()):
                choice = (*one, *other)
            if choice is not None:
                found[name] = choice
        return found
    if isinstance(some, tuple) and hasattr(some, "_fields"):
        return type(some)(*(mixed(draw, one, other) for one, other in zip(some, others, strict=True)))
    return draw(st.sampled_from([some, some, others]))


@st.composite
def three_texts(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Draw the name of a file, its text, and two texts that people made of it."""
    name = draw(st.sampled_from(sorted(FILES)))
    values, write, parse = FILES[name]
    base, other = draw(values), draw(values)
    ours, theirs = (mixed(draw, base, other) for _ in range(2))
    # What stands in a file, without what no file can say twice.
    base_text, our_text, their_text = (write(parse(write(value), name)) for value in (base, ours, theirs))
    return name, base_text, our_text, their_text


@settings(max_examples=40)
@given(drawn=three_texts())
def test_it_does_not_matter_whose_side_is_whose(drawn: tuple[str, str, str, str]) -> None:
    name, base, ours, theirs = drawn
    one, other = merge_texts(name, base, ours, theirs), merge_texts(name, base, theirs, ours)
    assert bool(one.conflicts) is bool(other.conflicts)
    if not one.conflicts:
        assert one.text == other.text


@settings(max_examples=40)
@given(drawn=three_texts())
def test_the_text_is_canonical(drawn: tuple[str, str, str, str]) -> None:
    name, base, ours, theirs = drawn
    _, write, parse = FILES[name]
    merged = merge_texts(name, base, ours, theirs)
    if merged.conflicts:
        assert "<<<<<<< ours\n" in merged.text
        assert merged.way_out
    else:
        assert write(parse(merged.text, name)) == merged.text


@settings(max_examples=40)
@given(drawn=three_texts())
def test_what_one_side_alone_did_is_done(drawn: tuple[str, str, str, str]) -> None:
    name, base, ours, _ = drawn
    for sides in ((ours, base), (base, ours), (ours, ours)):
        merged = merge_texts(name, base, *sides)
        assert merged.conflicts == ()
        assert merged.text == ours


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_both_sides_add_is_merged_from_nothing(name: str) -> None:
    assert merge_texts(name, "", "", "") == ("", (), None)
