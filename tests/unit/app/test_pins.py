from __future__ import annotations

from tests.readings import seen, surface
from vetflow.app.pins import pin_reading, pinned_facts
from vetflow.app.reading import Reading
from vetflow.graph.crate_facts import CrateDependency, CrateFacts
from vetflow.graph.declared_edges import declare_edges
from vetflow.graph.host_closure import host_closure
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Dependency, DependencyKind, Package, Targets, Workspace
from vetflow.model.pins import PinnedCapability, ShippedBinary
from vetflow.model.version import parse_version
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier

ONE = parse_version("1.0.0")
NORMAL, BUILD = DependencyKind.NORMAL, DependencyKind.BUILD


def needs(*edges: tuple[str, DependencyKind]) -> tuple[CrateDependency, ...]:
    return tuple(CrateDependency(name, name, None, kind) for name, kind in edges)


def reading(
    *evidence: Evidence, dependencies: tuple[CrateDependency, ...] = (), binaries: tuple[str, ...] = ()
) -> Reading:
    targets = Targets(has_library=True, proc_macro=False, build_script=True)
    facts = CrateFacts(targets, "z", dependencies)
    return Reading(facts, surface({}), evidence, "digest", tuple(ShippedBinary(path, "d") for path in binaries))


def test_what_it_can_do_is_pinned_once_each_without_what_is_expected() -> None:
    pinned = pin_reading(
        ONE,
        "c",
        reading(
            seen(Grade.REVIEW),
            seen(Grade.ALERT, path="other.rs"),
            seen(Grade.EXPECTED, detail="rustc"),
            seen(Grade.NOTE, detail="git"),
            seen(Grade.ALERT, None, detail="not of the build"),
        ),
    )
    assert pinned.capabilities == (
        PinnedCapability("T1", "process", "curl", 3),
        PinnedCapability("T1", "process", "git", 1),
    )
    assert (pinned.links, pinned.surface, pinned.targets.build_script) == ("z", "digest", True)


def test_news_is_pinned_although_it_is_ordinary() -> None:
    """Otherwise it would be news again with every bump."""
    ordinary = seen(Grade.EXPECTED)._replace(when_new=Grade.REVIEW)
    assert [each.grade for each in pin_reading(ONE, "c", reading(ordinary)).capabilities] == [2]


def test_machine_code_is_pinned_by_its_digest_alone() -> None:
    blob = seen(Grade.REVIEW, Tier.INPUT, path="a.o")._replace(line=None)
    pinned = pin_reading(ONE, "c", reading(blob, binaries=("a.o",)))
    assert (pinned.capabilities, pinned.binaries) == ((), (ShippedBinary("a.o", "d"),))


def test_dependencies_are_pinned_by_whether_the_build_script_needs_them() -> None:
    pinned = pin_reading(
        ONE, "c", reading(dependencies=needs(("cc", BUILD), ("log", NORMAL), ("both", NORMAL), ("both", BUILD)))
    )
    assert (pinned.build_only, pinned.build_too) == (("cc",), ("both",))


def test_pins_lead_to_the_same_host_closure_as_the_facts() -> None:
    names = ("app", "anvil", "cc", "log", "both", "below")
    edges = ((1,), (2, 3, 4), (5,), (), (), ())
    workspace = Workspace(
        packages=tuple(Package(name, ONE, None if name == "app" else CRATES_IO) for name in names),
        dependencies=tuple(tuple(Dependency(target, NORMAL) for target in targets) for targets in edges),
        members=(0,),
        root="/",
        nodes=tuple(range(len(names))),
    )
    facts = [
        CrateFacts(Targets(has_library=True, proc_macro=False, build_script=False), None, dependencies)
        for dependencies in (
            needs(("anvil", NORMAL)),
            needs(("cc", BUILD), ("log", NORMAL), ("both", NORMAL), ("both", BUILD)),
            needs(("below", NORMAL)),
            (),
            (),
            (),
        )
    ]
    pins = {
        number: pin_reading(ONE, name, Reading(facts[number], surface({}), (), None, ()))
        for number, name in enumerate(names)
        if number
    }
    from_pins = [facts[0], *(pinned_facts(workspace, pins)[number] for number in range(1, len(names)))]
    expected = host_closure(declare_edges(workspace, facts), dev=True)
    assert host_closure(declare_edges(workspace, from_pins), dev=True) == expected
    assert {names[number] for number in expected.host} == {"cc", "both", "below"}
