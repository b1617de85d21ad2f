"""The criteria each package needs: policies, handed down from the roots (shared spec resolver 3.1, 3.2)."""

from __future__ import annotations

from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN
from vetflow.model.packages import PackageGraph
from vetflow.model.store import Policy, Store


def requirements(graph: PackageGraph, store: Store) -> tuple[CriteriaSet, ...]:
    """Return the criteria required of each node, by node index.

    A package gets the union of what is handed down to it; `criteria` of its own policy replace that union.
    Linear in the edges of the graph. Policies must name known criteria only, which whoever made the store has
    seen to.
    """
    criteria = store.criteria
    policies = [store.config.policy.get(node.name, node.version) for node in graph.nodes]
    required = [0] * len(graph.nodes)

    def hand_down(wanted: CriteriaSet, dependencies: tuple[int, ...], policy: Policy) -> None:
        exceptions = policy.dependency_criteria
        for dependency in dependencies:
            names = exceptions.get(graph.nodes[dependency].name) if exceptions else None
            required[dependency] |= wanted if names is None else criteria.set(names)

    for node, policy in zip(graph.nodes, policies, strict=True):
        if node.dev:
            names = (SAFE_TO_RUN,) if policy.dev_criteria is None else policy.dev_criteria
            hand_down(criteria.set(names), node.dev, policy)
    for index in reversed(graph.topological):
        node, policy = graph.nodes[index], policies[index]
        if policy.criteria is not None:
            required[index] = criteria.set(policy.criteria)
        elif node.is_root:
            required[index] |= criteria.closure(SAFE_TO_DEPLOY)
        hand_down(required[index], node.normal_and_build, policy)
    return tuple(required)
