"""A package may need itself for its tests, and for nothing else."""

from __future__ import annotations

import pytest

from vetflow.errors import WorkspaceError
from vetflow.graph.cycles import require_acyclic
from vetflow.model.packages import Dependency, DependencyKind, Package, Workspace
from vetflow.model.version import parse_version

V1 = parse_version("1.0.0")
NORMAL, BUILD, DEV = DependencyKind.NORMAL, DependencyKind.BUILD, DependencyKind.DEV


def workspace(*edges: tuple[int, int, DependencyKind]) -> Workspace:
    names = ("app", "lib", "leaf")
    return Workspace(
        packages=tuple(
            Package(name, parse_version("1.0.0"), None, manifest=f"/ws/{name}/Cargo.toml") for name in names
        ),
        dependencies=tuple(
            tuple(Dependency(to, kinds) for start, to, kinds in edges if start == number) for number in range(3)
        ),
        members=(0,),
        root="/ws",
        nodes=(0, 1, 2),
    )


@pytest.mark.parametrize(
    "edges",
    [
        ((0, 1, NORMAL), (1, 2, NORMAL), (0, 2, BUILD)),
        ((0, 1, NORMAL), (1, 0, DEV)),
        ((0, 0, DEV),),
    ],
    ids=["a diamond", "a circle closed by tests", "itself for its tests"],
)
def test_what_cargo_builds_in_some_order_is_fine(edges: tuple[tuple[int, int, DependencyKind], ...]) -> None:
    require_acyclic(workspace(*edges))


@pytest.mark.parametrize(
    ("edges", "circle"),
    [
        (((0, 0, NORMAL),), "app 1.0.0 -> app 1.0.0"),
        (((0, 1, NORMAL), (1, 0, BUILD | DEV)), "app 1.0.0 -> lib 1.0.0 -> app 1.0.0"),
        (((0, 1, NORMAL), (1, 2, NORMAL), (2, 1, NORMAL)), "lib 1.0.0 -> leaf 1.0.0 -> lib 1.0.0"),
    ],
)
def test_a_circle_is_named(edges: tuple[tuple[int, int, DependencyKind], ...], circle: str) -> None:
    with pytest.raises(WorkspaceError, match=f"cyclic package dependency: {circle}$") as caught:
        require_acyclic(workspace(*edges))
    assert str(caught.value.place).endswith("/Cargo.toml")


def test_a_long_chain_needs_no_deep_stack() -> None:
    count = 5000
    package = Package("link", parse_version("1.0.0"), None)
    chain = Workspace(
        packages=(package,) * count,
        dependencies=(*((Dependency(number + 1, NORMAL),) for number in range(count - 1)), ()),
        members=(0,),
        root="/ws",
        nodes=tuple(range(count)),
    )
    require_acyclic(chain)
