"""Going through all variables: only those of cargo, or everything there is."""

from __future__ import annotations

import pytest

from tests.surfaces import analysed, graded, with_build_script


def dump_of(code: str) -> dict[str, int]:
    found = graded(analysed(with_build_script(f"use std::env; fn main() {{ {code} }}")))
    return {rule: grade for rule, grade in found.items() if rule.startswith("env-dump")}


@pytest.mark.parametrize(
    "code",
    [
        'for (k, _) in env::vars() { if k.starts_with("CARGO_FEATURE_") { f(k) } }',
        'for (k, _) in env::vars() { if let Some(n) = k.strip_prefix("CARGO_CFG_") { f(n) } }',
        'let a: Vec<_> = env::vars().filter(|(k, _)| k.starts_with("DEP_Z_")).collect();',
        'env::vars().filter_map(|(k, _)| k.strip_prefix("CARGO_FEATURE_").map(|s| s.to_owned())).count();',
    ],
)
def test_a_search_among_the_variables_of_cargo_is_a_note(code: str) -> None:
    assert dump_of(code) == {"env-dump/filtered": 1}


@pytest.mark.parametrize(
    "code",
    [
        "for (k, v) in env::vars() { f(k, v) }",
        'for (k, v) in env::vars() { g(v); if k.starts_with("CARGO_FEATURE_") { f(k) } }',
        'for (k, v) in env::vars() { if k.starts_with("CARGO_FEATURE_") { f(k) } else { g(v) } }',
        'for (k, v) in env::vars() { if !k.starts_with("CARGO_FEATURE_") { f(k) } }',
        'for (k, v) in env::vars() { if g(&v) || k.starts_with("CARGO_FEATURE_") { f(k) } }',
        'for (k, v) in env::vars() { if { g(&v); k.starts_with("CARGO_FEATURE_") } { f(k) } }',
        'for (k, v) in env::vars() { if k.starts_with("") { f(k) } }',
        'for (k, v) in env::vars() { if k.starts_with("C") { f(k) } }',
        'for (k, v) in env::vars() { if k.starts_with("CARGO_") { f(k) } }',
        'for (k, v) in env::vars() { if k.starts_with("AWS_") { f(k) } }',
        'env::vars().filter(|(k, v)| g(v) && k.starts_with("CARGO_FEATURE_")).count();',
        'env::vars().map(g).filter(|(k, _)| k.starts_with("CARGO_FEATURE_")).count();',
        "let all = env::vars; all();",
        'let v = env::vars_os(); for (k, _) in v { if k.starts_with("CARGO_FEATURE_") { f(k) } }',
    ],
)
def test_whatever_else_sees_the_variables_is_a_dump(code: str) -> None:
    assert dump_of(code) == {"env-dump/all": 2}
