"""Settings that decide what a build runs, found in the files of cargo and rustup."""

from __future__ import annotations

import pytest

from vetflow.errors import TomlError
from vetflow.formats.build_settings import Effect, cargo_settings, included_files, toolchain_settings


@pytest.mark.parametrize(
    ("text", "key", "effect"),
    [
        ('[build]\nrustc-wrapper = "x"', "build.rustc-wrapper", Effect.PROGRAM),
        ('[build]\nrustc-workspace-wrapper = "x"', "build.rustc-workspace-wrapper", Effect.PROGRAM),
        ('[build]\nrustc = "x"', "build.rustc", Effect.PROGRAM),
        ('[target.x86_64-unknown-linux-gnu]\nlinker = "x"', "target.x86_64-unknown-linux-gnu.linker", Effect.PROGRAM),
        ("[target.'cfg(unix)']\nrunner = ['x', 'y']", "target.cfg(unix).runner", Effect.PROGRAM),
        ('[target.t]\nrustflags = ["-C", "x"]', "target.t.rustflags", Effect.ENVIRONMENT),
        ('[target.t.foo]\nrustc-link-lib = ["foo"]', "target.t.foo.rustc-link-lib", Effect.ENVIRONMENT),
        ('[alias]\nb = "run --package x"', "alias.b", Effect.PROGRAM),
        ('[env]\nPATH = "x"', "env.PATH", Effect.ENVIRONMENT),
        ('[env]\nLD_PRELOAD = { value = "x" }', "env.LD_PRELOAD.value", Effect.ENVIRONMENT),
        ('[source.crates-io]\nreplace-with = "x"', "source.crates-io.replace-with", Effect.CODE),
        ('[source.x]\ndirectory = "vendor"', "source.x.directory", Effect.CODE),
        ('[registries.own]\nindex = "x"', "registries.own.index", Effect.CODE),
        ('[patch.crates-io]\nanvil = { path = "x" }', "patch.crates-io.anvil.path", Effect.CODE),
        ('paths = ["x"]', "paths", Effect.CODE),
        ('include = ["x.toml"]', "include", Effect.CODE),
        ('[registry]\nglobal-credential-providers = ["x"]', "registry.global-credential-providers", Effect.PROGRAM),
    ],
)
def test_what_a_setting_can_do_is_known(text: str, key: str, effect: Effect) -> None:
    assert {each.key: each.effect for each in cargo_settings(text, "f").values()} == {key: effect}


@pytest.mark.parametrize("text", ["[term]\nquiet = true", "[profile.dev]\nopt-level = 1", "[build]\njobs = 2", ""])
def test_what_changes_nothing_of_what_runs_is_left_out(text: str) -> None:
    assert cargo_settings(text, "f") == {}


def test_a_toolchain_is_a_program_by_path_or_by_name() -> None:
    settings = toolchain_settings('[toolchain]\npath = "../mine"\ncomponents = ["rustfmt"]\n', "f")
    assert [(each.key, each.value) for each in settings.values()] == [("toolchain.path", "../mine")]
    old = toolchain_settings("nightly-2026-01-01\n", "f")
    assert [(each.key, each.value) for each in old.values()] == [("toolchain.channel", "nightly-2026-01-01")]


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(TomlError):
        cargo_settings("[build", "f")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('include = "a.toml"', ("a.toml",)),
        ('include = ["a.toml", { path = "b.toml", optional = true }, 3]', ("a.toml", "b.toml")),
        ("include = 3", ()),
        ("", ()),
    ],
)
def test_files_that_are_included_are_named_as_they_are_written(text: str, names: tuple[str, ...]) -> None:
    assert included_files(text, "f") == names
