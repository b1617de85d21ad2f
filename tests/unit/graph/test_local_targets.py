from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from tests.unit.graph.workspaces import package
from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_toml import parse_manifest
from vetflow.graph.local_targets import local_targets
from vetflow.model.packages import Targets

LIBRARY = Targets(has_library=True, proc_macro=False, build_script=False)
PROGRAM = Targets(has_library=False, proc_macro=False, build_script=False)


def targets(text: str, *files: str, edition: str = "2021") -> Targets:
    manifest = parse_manifest(text, "/p/Cargo.toml")
    return local_targets(MemoryTree(dict.fromkeys((f"/p/{file}" for file in files), "")), manifest, edition)


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        (package("p"), ["src/lib.rs"], LIBRARY),
        (package("p", extra="autolib = true\n"), ["src/lib.rs"], LIBRARY),
        (package("p", body='[lib]\npath = "elsewhere.rs"\n'), [], LIBRARY),
        (package("p", extra="autolib = false\n", body='[lib]\nname = "x"\n'), ["src/lib.rs"], LIBRARY),
        (package("p"), ["src/main.rs"], PROGRAM),
        (package("p", extra="autolib = false\n"), ["src/lib.rs", "src/main.rs"], PROGRAM),
        (package("p"), ["src/bin/tool.rs"], PROGRAM),
        (package("p"), ["src/bin/tool/main.rs"], PROGRAM),
        (package("p"), ["examples/show.rs"], PROGRAM),
        (package("p"), ["tests/all/main.rs"], PROGRAM),
        (package("p"), ["benches/speed.rs"], PROGRAM),
        (package("p", body='[[bin]]\nname = "tool"\npath = "tool.rs"\n'), [], PROGRAM),
    ],
)
def test_a_library_is_declared_or_found(text: str, files: list[str], expected: Targets) -> None:
    assert targets(text, *files) == expected


@pytest.mark.parametrize(
    ("extra", "files", "expected"),
    [
        ("", ["build.rs"], True),
        ("", [], False),
        ("build = false\n", ["build.rs"], False),
        ("build = true\n", ["build.rs"], True),
        ('build = "scripts/build.rs"\n', [], True),
    ],
)
def test_a_build_script_is_declared_or_found(extra: str, files: list[str], expected: bool) -> None:
    assert targets(package("p", extra=extra), "src/lib.rs", *files).build_script is expected


@pytest.mark.parametrize("key", ["proc-macro = true", "proc_macro = true", 'crate-type = ["proc-macro"]'])
def test_a_proc_macro_says_so(key: str) -> None:
    assert targets(package("p", body=f"[lib]\n{key}\n"), "src/lib.rs").proc_macro is True


@pytest.mark.parametrize(
    ("extra", "files"),
    [
        ("", []),
        ("", ["build.rs"]),
        ("", ["src/bin/tool/lib.rs"]),
        ("", ["src/bin.rs"]),
        ("autolib = false\n", ["src/lib.rs"]),
        ("autobins = false\n", ["src/main.rs"]),
        ("autobins = false\nautotests = false\n", ["src/bin/a.rs", "tests/a.rs"]),
    ],
)
def test_a_package_without_any_target_is_refused(extra: str, files: list[str]) -> None:
    with pytest.raises(WorkspaceError, match="package `p` has no target: nothing in it can be compiled"):
        targets(package("p", extra=extra), *files)


def test_a_declared_library_needs_its_file_and_only_old_editions_look_elsewhere() -> None:
    text = package("my-p", body="[lib]\n")
    assert targets(text, "src/my_p.rs", edition="2015") == LIBRARY
    for edition, file in (("2015", "src/main.rs"), ("2018", "src/my_p.rs")):
        with pytest.raises(WorkspaceError, match=r"the library of /p/Cargo.toml has no file"):
            targets(text, file, edition=edition)
