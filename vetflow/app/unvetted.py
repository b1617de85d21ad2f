"""A crate that is not vetted, with everything a person needs to act on it."""

from __future__ import annotations

from typing import NamedTuple

from vetflow.app.advice import Advice, advise
from vetflow.model.names import CriteriaName
from vetflow.model.packages import Node, Package
from vetflow.model.report import Failure, Miss
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.nearest_miss import nearest_miss


class UnvettedCrate(NamedTuple):
    """One failure, explained.

    missing: the criteria it lacks, minimal. parents: who depends on it directly. is_dev_only: nobody does outside
    development. miss: the entry that came nearest. advice: what to do.
    """

    package: Package
    missing: tuple[CriteriaName, ...]
    parents: tuple[Package, ...]
    is_dev_only: bool
    miss: Miss
    advice: Advice


def describe(resolution: Resolution, failure: Failure) -> UnvettedCrate:
    """Put together what is known about one failure of a resolution."""
    node: Node = resolution.graph.nodes[failure.node]
    miss = nearest_miss(resolution, failure.node)
    criteria = resolution.store.criteria
    return UnvettedCrate(
        package=node.package,
        missing=criteria.minimal_names(failure.missing),
        parents=tuple(resolution.graph.nodes[parent].package for parent in node.reverse),
        is_dev_only=node.is_dev_only,
        miss=miss,
        advice=advise(node, failure, miss, criteria),
    )
