"""What ends soon in a store, and the day from which `check` would fail because of it: found out by running it ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from vetflow.app.check import check_locked
from vetflow.app.decisions import read_decisions
from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.errors import StoreError
from vetflow.model.advisories import DEFAULT_ADVISORY_POLICY, AdvisoryPolicy
from vetflow.model.dates import Date
from vetflow.model.findings import Finding
from vetflow.trust.forecast import Expiry, expiries, expiry_findings, failing_day_finding, first_failing_day


class Forecast(NamedTuple):
    """What ends, the first first. fails: the first day on which the run would fail, None for none within 90 days."""

    ends: tuple[Expiry, ...]
    fails: Date | None
    findings: tuple[Finding, ...]


def forecast(
    request: Request,
    policy: AdvisoryPolicy = DEFAULT_ADVISORY_POLICY,
    fails: Callable[[Date], bool] | None = None,
) -> Forecast:
    """Look 90 days ahead; raises what opening workspace and store raises.

    fails: whether a run on a day would fail; without it that is `check --locked`, which costs as much as a check for
    each day on which something ends.
    """
    project = open_project(request)
    store = project.open_store(locked=request.locked).store
    in_use = {package.name for package in project.workspace.packages}
    ends = expiries(store, in_use, read_decisions(project), policy)
    day = first_failing_day(fails or (lambda day: _check_fails(request, day)), ends, request.today)
    failing = failing_day_finding(day, "`vetflow check`" if fails is None else "this run", request.today)
    return Forecast(ends, day, (*((failing,) if failing else ()), *expiry_findings(ends, request.today)))


def _check_fails(request: Request, day: Date) -> bool:
    """Whether a locked check would fail on a day, the store and everything else being as it is."""
    try:
        return not check_locked(request._replace(today=day)).succeeded
    except StoreError:
        return True
