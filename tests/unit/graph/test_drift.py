from __future__ import annotations

from typing import NamedTuple

import pytest

from vetflow.formats.source_id import node_version
from vetflow.graph.drift import DriftEvent, DriftKind, LockSide, Privileges, find_drift
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package

QUIET = Privileges(build_script=False, proc_macro=False, host=False)
SCRIPT = QUIET._replace(build_script=True)
MACRO = QUIET._replace(proc_macro=True)
HOST = QUIET._replace(host=True)
UNKNOWN = Privileges(None, None, None)
GIT = "git+https://git.example/tools?branch=main#"


class Made(NamedTuple):
    """A package of a lock. needs: names of others."""

    name: str
    version: str
    needs: tuple[str, ...] = ()
    source: str | None = CRATES_IO
    checksum: str | None = None
    privileges: Privileges = QUIET


def side(*made: Made) -> LockSide:
    """A lock with these packages; a checksum that is not given follows from name and version."""
    names = [each.name for each in made]
    return LockSide(
        packages=tuple(
            Package(
                each.name,
                node_version(each.version, each.source),
                each.source,
                each.checksum or (f"{each.name}-{each.version}" if each.source == CRATES_IO else None),
            )
            for each in made
        ),
        privileges=tuple(each.privileges for each in made),
        dependencies=tuple(tuple(names.index(name) for name in each.needs) for each in made),
    )


def told(old: LockSide, new: LockSide) -> list[str]:
    """What happened, in short."""
    return [_told(event) for event in find_drift(old, new)]


def _told(event: DriftEvent) -> str:
    versions = [None if package is None else str(package.version) for package in (event.old, event.new)]
    return f"{event.kind.name} {event.crate} {' -> '.join(str(version or '-') for version in versions)}"


APP = Made("app", "0.1.0", source=None)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["1.0.0"], ["1.0.0"], []),
        ([], ["1.0.0"], ["ADDED anvil - -> 1.0.0"]),
        (["1.0.0"], [], ["REMOVED anvil 1.0.0 -> -"]),
        (["1.0.0"], ["1.0.1"], ["BUMPED anvil 1.0.0 -> 1.0.1"]),
        (["1.0.0"], ["2.0.0"], ["BUMPED anvil 1.0.0 -> 2.0.0"]),
        (["1.0.1"], ["1.0.1-rc.1"], ["DOWNGRADED anvil 1.0.1 -> 1.0.1-rc.1"]),
        (["1.0.0"], ["1.0.0", "2.0.0"], ["ADDED anvil - -> 2.0.0"]),
        (["1.0.0", "2.0.0"], ["2.0.1"], ["BUMPED anvil 2.0.0 -> 2.0.1", "REMOVED anvil 1.0.0 -> -"]),
        (["0.1.0", "0.2.0"], ["0.2.1", "0.3.0"], ["BUMPED anvil 0.2.0 -> 0.2.1", "BUMPED anvil 0.1.0 -> 0.3.0"]),
    ],
)
def test_versions_are_paired_by_what_is_compatible(before: list[str], after: list[str], expected: list[str]) -> None:
    old, new = (side(APP, *[Made("anvil", version) for version in versions]) for versions in (before, after))
    assert told(old, new) == expected


def test_a_name_is_new_when_no_version_of_it_was_there() -> None:
    old = side(APP, Made("anvil", "1.0.0"))
    new = side(APP, Made("anvil", "1.0.0"), Made("anvil", "2.0.0"), Made("bramble", "1.0.0"))
    assert [(event.crate, event.is_new_name) for event in find_drift(old, new)] == [("anvil", False), ("bramble", True)]


class TestContent:
    def test_the_same_version_with_another_checksum_comes_first(self) -> None:
        old = side(APP, Made("zeta", "1.0.0", checksum="aa"), Made("anvil", "1.0.0"))
        new = side(APP, Made("zeta", "1.0.0", checksum="bb"), Made("anvil", "1.0.1"))
        assert told(old, new) == ["OTHER_CHECKSUM zeta 1.0.0 -> 1.0.0", "BUMPED anvil 1.0.0 -> 1.0.1"]

    def test_a_checksum_that_is_gone_is_another_one_and_one_that_comes_is_none(self) -> None:
        registry = "registry+https://other.example/index"
        with_sum = side(APP, Made("anvil", "1.0.0", source=registry, checksum="aa"))
        without = side(APP, Made("anvil", "1.0.0", source=registry))
        assert told(with_sum, without) == ["OTHER_CHECKSUM anvil 1.0.0 -> 1.0.0"]
        assert told(without, with_sum) == []

    def test_the_same_version_from_elsewhere_has_another_source_whatever_its_checksum(self) -> None:
        old = side(APP, Made("anvil", "1.0.0"))
        new = side(APP, Made("anvil", "1.0.0", source="registry+https://other.example/index", checksum="bb"))
        assert told(old, new) == ["OTHER_SOURCE anvil 1.0.0 -> 1.0.0"]

    def test_a_folder_of_the_project_that_gives_way_to_a_published_crate_is_another_source(self) -> None:
        old, new = side(APP, Made("inner", "0.1.0", source=None)), side(APP, Made("inner", "9.9.9"))
        assert told(old, new) == ["OTHER_SOURCE inner 0.1.0 -> 9.9.9", "BUMPED inner 0.1.0 -> 9.9.9"]

    def test_what_happens_among_folders_of_the_project_is_no_drift(self) -> None:
        old, new = side(APP, Made("inner", "0.1.0", source=None)), side(APP._replace(version="0.2.0"))
        assert told(old, new) == []

    def test_another_commit_of_the_same_repository_is_a_bump(self) -> None:
        first, second = "a" * 40, "b" * 40
        old, new = (side(APP, Made("tool", "1.0.0", source=GIT + commit)) for commit in (first, second))
        assert told(old, new) == [f"BUMPED tool 1.0.0@git:{first} -> 1.0.0@git:{second}"]

    def test_another_repository_or_branch_is_another_source(self) -> None:
        commit = "a" * 40
        old = side(APP, Made("tool", "1.0.0", source=GIT + commit))
        new = side(APP, Made("tool", "1.0.0", source=GIT.replace("main", "next") + commit))
        assert [event.kind for event in find_drift(old, new)] == [DriftKind.OTHER_SOURCE]


class TestPrivileges:
    def test_a_crate_that_gains_a_build_script_became_privileged(self) -> None:
        old, new = side(APP, Made("anvil", "1.0.0")), side(APP, Made("anvil", "1.0.1", privileges=SCRIPT))
        first, second = find_drift(old, new)
        assert (first.kind, first.gained, second.kind) == (
            DriftKind.PRIVILEGED,
            ("build_script",),
            DriftKind.BUMPED,
        )

    def test_an_unchanged_crate_can_be_drawn_into_the_build(self) -> None:
        old, new = side(APP, Made("anvil", "1.0.0")), side(APP, Made("anvil", "1.0.0", privileges=HOST))
        (event,) = find_drift(old, new)
        assert (event.kind, event.gained) == (DriftKind.PRIVILEGED, ("host",))

    def test_what_was_there_before_or_was_not_known_is_no_gain(self) -> None:
        new = side(APP, Made("anvil", "1.0.0", privileges=SCRIPT))
        for before in (SCRIPT, UNKNOWN):
            assert told(side(APP, Made("anvil", "1.0.0", privileges=before)), new) == []
        assert told(new, side(APP, Made("anvil", "1.0.0", privileges=UNKNOWN))) == []

    def test_what_is_added_says_how_it_runs(self) -> None:
        (event,) = find_drift(side(APP), side(APP, Made("derive", "1.0.0", privileges=MACRO)))
        assert (event.kind, event.privileges) == (DriftKind.ADDED, MACRO)


class TestNewEdges:
    OLD = side(APP._replace(needs=("anvil",)), Made("anvil", "1.0.0"), Made("cc", "1.0.0", privileges=HOST))

    def grown(self, privileges: Privileges) -> LockSide:
        """The lock after a patch release of `anvil` that depends on something new."""
        return side(
            APP._replace(needs=("anvil",)),
            Made("anvil", "1.0.1", ("payload",)),
            Made("payload", "0.1.0", privileges=privileges),
            Made("cc", "1.0.0", privileges=HOST),
        )

    @pytest.mark.parametrize("privileges", [SCRIPT, MACRO, HOST, UNKNOWN])
    def test_an_old_crate_that_gains_a_dependency_which_runs_or_may_is_told(self, privileges: Privileges) -> None:
        (edge, *_) = find_drift(self.OLD, self.grown(privileges))
        assert (edge.kind, edge.crate, edge.parent and edge.parent.name) == (DriftKind.EDGE, "payload", "anvil")

    def test_a_dependency_that_does_not_run_is_only_added(self) -> None:
        assert told(self.OLD, self.grown(QUIET)) == ["ADDED payload - -> 0.1.0", "BUMPED anvil 1.0.0 -> 1.0.1"]

    def test_a_crate_that_was_there_before_counts_when_somebody_else_begins_to_need_it(self) -> None:
        new = side(APP._replace(needs=("anvil", "cc")), Made("anvil", "1.0.0"), Made("cc", "1.0.0", privileges=HOST))
        (edge,) = find_drift(self.OLD, new)
        assert (edge.crate, edge.is_new_name, edge.parent and edge.parent.name) == ("cc", False, "app")

    def test_an_edge_tells_whether_its_end_ran_before(self) -> None:
        needs = ("anvil", "cc", "payload")
        new = side(
            APP._replace(needs=needs),
            Made("anvil", "1.0.0"),
            Made("cc", "1.0.0", privileges=HOST),
            Made("payload", "0.1.0", privileges=SCRIPT),
        )
        edges = [event for event in find_drift(self.OLD, new) if event.kind is DriftKind.EDGE]
        assert [(event.crate, event.ran_before) for event in edges] == [("cc", True), ("payload", False)]

    def test_what_comes_with_a_crate_that_is_new_itself_is_not_told_twice(self) -> None:
        new = side(
            APP._replace(needs=("anvil",)),
            Made("anvil", "1.0.0", ("other",)),
            Made("other", "1.0.0", ("cc",)),
            Made("cc", "1.0.0", privileges=HOST),
        )
        assert told(self.OLD, new) == ["ADDED other - -> 1.0.0"]

    def test_another_version_of_what_a_crate_needs_is_no_new_edge(self) -> None:
        old = side(APP._replace(needs=("cc",)), Made("cc", "1.0.0", privileges=HOST))
        new = side(APP._replace(needs=("cc",)), Made("cc", "2.0.0", privileges=HOST))
        assert told(old, new) == ["BUMPED cc 1.0.0 -> 2.0.0"]

    def test_a_new_folder_of_the_project_tells_what_it_brings_in(self) -> None:
        member = Made("member", "0.1.0", ("cc",), source=None)
        new = side(APP._replace(needs=("anvil",)), Made("anvil", "1.0.0"), member, Made("cc", "1.0.0", privileges=HOST))
        assert told(self.OLD, new) == ["EDGE cc - -> 1.0.0"]
