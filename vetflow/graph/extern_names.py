"""One package under two names: cargo refuses that, because code could not tell which one is meant."""

from __future__ import annotations

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_toml import library_name
from vetflow.graph.lock_edges import Edges
from vetflow.model.packages import Targets


def check_extern_names(edges: Edges, targets: dict[int, Targets]) -> list[WorkspaceError]:
    """Return a problem for each package that depends on another one under several names.

    targets: of each local lock entry; a package without a library has no name in code. The name of a third-party
    library is in a file that is not at hand, so of such a package only explicit renames are compared.
    """
    problems = []
    for number, declared in edges.declared.items():
        package = edges.local[number]
        if len(declared) == len(edges.targets[number]):
            continue
        if not package.is_member and not targets[number].has_library:
            # No edge leads to it in the end, so cargo never looks at what it declares.
            continue
        names: dict[int, set[str]] = {}
        for dependency, target in declared:
            if dependency.key != dependency.package:
                names.setdefault(target, set()).add(dependency.key.replace("-", "_"))
            elif target in edges.local:
                names.setdefault(target, set()).add(library_name(edges.local[target].manifest))
        for target, found in names.items():
            if len(found) == 1 or target == number or (target in targets and not targets[target].has_library):
                continue
            problems.append(
                WorkspaceError(
                    f"`{package.name}` depends on one package under several names: {', '.join(sorted(found))}",
                    help="use the same name for it in all tables of dependencies",
                    place=Place(package.manifest.file),
                )
            )
    return problems
