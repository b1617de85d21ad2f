"""What sets of audits would settle: a paragraph a set for people, a document for programs.

The document follows docs/schemas/imports-coverage.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from vetflow.app.audit_sets import KnownSet, addresses
from vetflow.app.imports.coverage import ImportCoverage, SetCoverage, Spared
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.cli.render.short_list import short_list
from vetflow.model.packages import PackageGraph
from vetflow.resolve.criteria_maps import MappedCriterion
from vetflow.resolve.import_coverage import Settled

SCHEMA: Final = "vetflow/imports-coverage/1"
_INDENT: Final = "    "
_WIDTH: Final = 160


class _BuildTime(NamedTuple):
    """Of some crates: those known to run code when the workspace is built, and how many nobody has looked into."""

    names: list[str]
    unknown: int


def as_lines(coverage: ImportCoverage) -> Iterator[Line]:
    """Yield what is open today, what each set settles, what all of them do together, and what could not be had."""
    graph = coverage.graph
    third_party = sum(node.is_third_party for node in graph.nodes)
    now = (
        f"{len(coverage.open_now)} of {third_party} third-party crates are settled by no audit of yours or your imports"
    )
    yield (Styled(now, Style.TITLE), " (exemptions set aside)")
    settling = [each for each in coverage.sets if each.settled.settled or each.settled.contradicted]
    for each in settling:
        yield ()
        yield from set_lines(each, graph)
    idle = [each for each in coverage.sets if each not in settling]
    if idle:
        yield ()
        yield (f"settle nothing here: {enumerate_words([each.known.name for each in idle])}",)
        for each in idle:
            yield from _maps(each)
    yield ()
    together = coverage.together
    yield (
        Styled("together", Style.TITLE),
        f": settles {_settling(together, coverage.spared)}, {_left(together)}",
    )
    left = _build_time(graph, together.left)
    if left.names:
        yield (_INDENT, f"left, and run code when you build: {', '.join(left.names)}")
    for lacking in coverage.lacking:
        yield (Styled("could not be had", Style.WARN), f": {lacking.what}: {lacking.reason}")


def as_json(coverage: ImportCoverage) -> str:
    """Return the answer as a document with a schema."""
    graph = coverage.graph
    return inert(
        {
            "schema": SCHEMA,
            "third_party": sum(node.is_third_party for node in graph.nodes),
            "open": [_crate(graph, node) for node in coverage.open_now],
            "sets": [
                {
                    "name": each.known.name,
                    "imported": each.known.imported,
                    "addresses": addresses(each.known),
                    "successor": each.known.successor,
                    "copy": each.is_copy,
                    "newest_entry": _newest(each.known),
                    **_settled(each.settled, each.spared, graph),
                    "criteria": [_mapped(criterion) for criterion in each.maps],
                }
                for each in coverage.sets
            ],
            "together": _settled(coverage.together, coverage.spared, graph),
            "lacking": [each._asdict() for each in coverage.lacking],
        }
    )


def set_lines(each: SetCoverage, graph: PackageGraph) -> Iterator[Line]:
    """Yield what one publisher would settle."""
    known, settled = each.known, each.settled
    role = "imported" if known.imported else "not imported"
    yield (
        Styled(f"{known.name} ({role})", Style.TITLE),
        f": settles {_settling(settled, each.spared)}, {_left(settled)}",
    )
    yield (_INDENT, Styled(_whence(each), Style.FAINT))
    if known.successor:
        command = f"vetflow import {known.name} {known.successor}"
        stale = f"the {'imported' if known.imported else 'registered'} address is stale"
        yield (_INDENT, Styled(stale, Style.WARN), ": ", Styled(command, Style.COMMAND))
    if settled.settled:
        yield (_INDENT, f"crates: {short_list(_names(graph, settled.settled), _WIDTH)}")
        yield from _running(_build_time(graph, settled.settled))
    if settled.contradicted:
        names = ", ".join(_names(graph, settled.contradicted))
        yield (_INDENT, Styled("contradicts what is recorded here (violations)", Style.BAD), f": {names}")
    yield from _maps(each)


def _settling(settled: Settled, spared: Spared) -> str:
    """Return how many crates that is, and how much there would be to read in them."""
    if not settled.settled:
        return "0"
    unknown = f"{spared.unmeasured} of unknown size" if spared.unmeasured else ""
    lines = f"{spared.lines:,} lines to read" if spared.lines or not unknown else ""
    return f"{len(settled.settled)} ({', '.join(part for part in (lines, unknown) if part)})"


def _left(settled: Settled) -> str:
    begun = f" ({len(settled.begun)} of them only for what changed since an audited version)" if settled.begun else ""
    return f"leaves {len(settled.left)}{begun}"


def _whence(each: SetCoverage) -> str:
    newest = _newest(each.known)
    age = f"; newest entry when vetflow was released: {newest}" if newest else ""
    return f"{addresses(each.known)}{' (the copy of an earlier run)' if each.is_copy else ''}{age}"


def _running(found: _BuildTime) -> Iterator[Line]:
    if found.names:
        yield (_INDENT, f"of these run code when you build: {', '.join(found.names)}")
    if found.unknown:
        yield (_INDENT, Styled(f"of {found.unknown} it is not known: they are not on this machine", Style.FAINT))


def _maps(each: SetCoverage) -> Iterator[Line]:
    """Yield the maps that raise, maps of nothing, and the set's own criteria that count as nothing here."""
    name = each.known.name
    for criterion in each.maps:
        mapped = f"{name}'s {criterion.theirs} counts as {enumerate_words(criterion.ours)}"
        if criterion.raised:
            yield (
                _INDENT,
                Styled("raises", Style.BAD),
                f": {mapped}, which the audits that name it do not say ({_entries(criterion)})",
            )
        elif criterion.ours and not criterion.is_defined:
            yield (_INDENT, Styled("no effect", Style.WARN), f": {mapped}, and {name} has no such criterion")
        elif criterion.ours and criterion.ours != (criterion.theirs,):
            yield (_INDENT, f"{mapped} ({_entries(criterion)})")
    unused = [f"{own.theirs} ({_entries(own)})" for own in each.maps if own.entries and not own.ours]
    if unused:
        yield (_INDENT, Styled(f"criteria that count as nothing here: {', '.join(unused)}", Style.FAINT))


def _entries(criterion: MappedCriterion) -> str:
    return f"{criterion.entries:,} {'entry' if criterion.entries == 1 else 'entries'}"


def _names(graph: PackageGraph, nodes: Iterable[int]) -> list[str]:
    return [f"{graph.nodes[node].name} {graph.nodes[node].version}" for node in nodes]


def _build_time(graph: PackageGraph, nodes: Iterable[int]) -> _BuildTime:
    nodes = tuple(nodes)
    targets = {node: graph.nodes[node].package.targets for node in nodes}
    running = [node for node in nodes if targets[node].build_script or targets[node].proc_macro]
    unknown = [node for node in nodes if targets[node].build_script is None and targets[node].proc_macro is None]
    return _BuildTime(_names(graph, running), len(unknown))


def _newest(known: KnownSet) -> str | None:
    """Return the day of the newest entry the registry knew of; it is about the registered address alone."""
    publisher = known.publisher
    if publisher is None or publisher.newest_entry is None:
        return None
    return str(publisher.newest_entry) if {*known.source.url} & {*publisher.urls} else None


def _settled(settled: Settled, spared: Spared, graph: PackageGraph) -> dict[str, Any]:
    return {
        "settled": [_crate(graph, node) for node in settled.settled],
        **spared._asdict(),
        "left": [_crate(graph, node) for node in settled.left],
        "begun": [_crate(graph, node) for node in settled.begun],
        "contradicted": [_crate(graph, node) for node in settled.contradicted],
    }


def _crate(graph: PackageGraph, node: int) -> dict[str, Any]:
    package = graph.nodes[node].package
    targets = package.targets
    known = targets.build_script is not None or targets.proc_macro is not None
    return {
        "name": package.name,
        "version": str(package.version),
        "build_time": bool(targets.build_script or targets.proc_macro) if known else None,
    }


def _mapped(criterion: MappedCriterion) -> dict[str, Any]:
    return {
        "theirs": criterion.theirs,
        "ours": list(criterion.ours),
        "entries": criterion.entries,
        "raised": criterion.raised,
        "defined": criterion.is_defined,
    }
