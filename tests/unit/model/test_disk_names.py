"""Which paths are one on some disk."""

from __future__ import annotations

import pytest

from vetflow.model.disk_names import disk_name, find_collisions


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("build.rs", "Build.rs"),
        ("src/lib.rs", "SRC/LIB.RS"),
        ("caf\u00e9.rs", "cafe\u0301.rs"),
        ("CAF\u00c9.rs", "cafe\u0301.rs"),
        ("stra\u00dfe", "STRASSE"),
        ("\u212bngstrom", "\u00e5ngstrom"),
        ("build.rs", "build\u200c.rs"),
    ],
)
def test_case_accents_and_what_has_no_shape_make_no_difference(first: str, second: str) -> None:
    assert disk_name(first) == disk_name(second)
    for paths in ([first, "m", second], [second, "m", first]):
        assert find_collisions(paths) == (tuple(sorted((first, second))),)


def test_other_names_do_not_collide() -> None:
    assert find_collisions(["a", "a-b/c", "ab", "b/a", "b/c", "src.rs", "src/lib.rs"]) == ()


def test_a_file_collides_with_all_in_a_folder_of_its_name() -> None:
    paths = ["SRC", "src-", "src/lib.rs", "Src/b/c.rs", "src.rs", "z/a", "Z/A"]
    assert find_collisions(paths) == (("SRC", "Src/b/c.rs", "src/lib.rs"), ("Z/A", "z/a"))
