from __future__ import annotations

from vetflow.model.packages import Targets
from vetflow.model.pins import PinnedCapability, PinnedCrate, ShippedBinary, SurfaceLock
from vetflow.model.version import parse_version
from vetflow.surface.growth import Growth, GrowthKind, find_growth
from vetflow.surface.tiers import Grade, Tier

SCRIPT = Targets(has_library=True, proc_macro=False, build_script=True)
MACRO = Targets(has_library=True, proc_macro=True, build_script=False)
PLAIN = Targets(has_library=True, proc_macro=False, build_script=False)


def crate(
    version: str = "1.0.0",
    targets: Targets = SCRIPT,
    *capabilities: tuple[str, int],
    surface: str | None = None,
    host: bool = False,
    binaries: tuple[str, ...] = (),
) -> PinnedCrate:
    """Return a crate whose checksum and surface follow from its version unless they are given."""
    own = targets.build_script or targets.proc_macro
    return PinnedCrate(
        parse_version(version),
        f"checksum of {version}",
        targets,
        host=host,
        surface=surface or (f"surface of {version}" if own else None),
        capabilities=tuple(PinnedCapability("T1", "network", detail, grade) for detail, grade in capabilities),
        binaries=tuple(ShippedBinary(f"bin/{digest}", digest) for digest in binaries),
    )


def grown(before: list[PinnedCrate], now: list[PinnedCrate]) -> tuple[Growth, ...]:
    return find_growth(
        SurfaceLock("r", {"anvil": tuple(before)} if before else {}), SurfaceLock("r", {"anvil": tuple(now)})
    )


def kinds(growths: tuple[Growth, ...]) -> list[tuple[GrowthKind, str]]:
    return [(each.kind, each.detail) for each in growths]


def test_a_crate_that_is_pinned_as_it_is_has_not_grown() -> None:
    row = crate("1.0.0", SCRIPT, ("ureq", 3), binaries=("ab",))
    assert grown([row], [row]) == ()


def test_a_plain_crate_never_grows() -> None:
    assert grown([], [crate(targets=PLAIN)]) == ()


def test_a_new_package_shows_each_way_in_which_it_runs_and_all_it_can_do() -> None:
    both = Targets(has_library=True, proc_macro=True, build_script=True)
    assert kinds(grown([], [crate("1.0.0", both, ("ureq", 3))])) == [
        (GrowthKind.NEW_PACKAGE, "build script"),
        (GrowthKind.NEW_PACKAGE, "proc macro"),
        (GrowthKind.CAPABILITY, "ureq"),
    ]


def test_what_ran_in_another_way_becomes_build_time_in_the_new_one() -> None:
    (growth,) = grown([crate("1.0.0", MACRO)], [crate("1.1.0", SCRIPT)])
    assert (growth.kind, growth.tier) == (GrowthKind.BECAME_BUILD_TIME, Tier.BUILD_SCRIPT)
    assert growth.since == (parse_version("1.0.0"),)


def test_one_version_that_ran_is_enough_for_all_of_a_name() -> None:
    assert grown([crate("1.0.0", PLAIN), crate("2.0.0", SCRIPT)], [crate("1.0.1", SCRIPT)]) == ()


def test_a_library_that_enters_the_host_closure_runs_during_the_build() -> None:
    row = crate(targets=PLAIN)
    (growth,) = grown([row], [row._replace(host=True)])
    assert (growth.kind, growth.tier) == (GrowthKind.BECAME_BUILD_TIME, Tier.HOST_LIBRARY)


def test_a_proc_macro_is_in_the_host_closure_by_itself() -> None:
    row = crate(targets=MACRO)
    assert grown([row], [row._replace(host=True)]) == ()


def test_notes_are_no_growth() -> None:
    assert grown([crate()], [crate("1.1.0", SCRIPT, ("CARGO", 1))]) == ()


def test_a_capability_that_deserves_more_of_a_look_has_grown() -> None:
    (growth,) = grown([crate("1.0.0", SCRIPT, ("ureq", 2))], [crate("1.1.0", SCRIPT, ("ureq", 3))])
    assert (growth.kind, growth.grade, growth.detail) == (GrowthKind.CAPABILITY, Grade.ALERT, "ureq")


def test_a_capability_that_deserves_less_has_not() -> None:
    assert grown([crate("1.0.0", SCRIPT, ("ureq", 3))], [crate("1.1.0", SCRIPT, ("ureq", 2))]) == ()


def test_the_same_code_is_not_asked_again_what_it_can_do() -> None:
    before = crate("1.0.0", surface="same")
    assert grown([before], [crate("1.1.0", SCRIPT, ("ureq", 3), surface="same")]) == ()


def test_a_thing_is_told_once_with_its_highest_grade() -> None:
    now = crate("1.1.0", SCRIPT, ("ureq", 2), ("ureq", 3))
    assert [each.grade for each in grown([crate()], [now])] == [Grade.ALERT]


def test_machine_code_is_known_by_what_it_is_and_not_by_its_name() -> None:
    before = crate("1.0.0", binaries=("ab",))
    moved = crate("1.1.0")._replace(binaries=(ShippedBinary("elsewhere", "ab"),))
    assert grown([before], [moved]) == ()
    (growth,) = grown([before], [crate("1.1.0", binaries=("ab", "cd"))])
    assert (growth.kind, growth.detail) == (GrowthKind.BINARY, "bin/cd cd")


def test_machine_code_counts_also_where_the_code_stayed() -> None:
    now = crate("1.1.0", surface="same", binaries=("ab",))
    assert kinds(grown([crate("1.0.0", surface="same")], [now])) == [(GrowthKind.BINARY, "bin/ab ab")]


def test_another_content_under_the_same_version_is_compared_with_what_was_pinned() -> None:
    now = crate("1.0.0", SCRIPT, ("ureq", 3))._replace(checksum="other", surface="other")
    assert kinds(grown([crate("1.0.0")], [now])) == [(GrowthKind.CAPABILITY, "ureq")]
