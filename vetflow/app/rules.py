"""The rules of a project, and those in force for a proposal: the base's, with what somebody may add to them.

A proposal cannot rule on itself. What it accepts, lets pass or lets go counts when every commit that did so is signed
by somebody whose key the base allows; what it holds back always counts (DESIGN.md 6).
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Final, NamedTuple, TypeVar

from vetflow.app.decisions import read_decisions
from vetflow.app.project import Project
from vetflow.app.recording import own_text
from vetflow.app.signature_files import POLICY_FILES, read_keys, shown
from vetflow.errors import Place
from vetflow.formats.import_receipts import RECEIPTS
from vetflow.formats.policy_baseline import BACKLOG, parse_backlog
from vetflow.formats.policy_toml import parse_rules
from vetflow.formats.publishers_toml import PUBLISHERS
from vetflow.formats.store_files import CONFIG
from vetflow.model.advisories import AdvisoryPolicy
from vetflow.model.decisions import Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.rules import RULES_FILE, AdvisoryRules, Backlog, CoolDownRules, GateRules, ProjectRules
from vetflow.model.store import FINDINGS
from vetflow.project.revision import open_revision, revision_name
from vetflow.project.signed_commits import commits_touching, fork_point, is_shallow
from vetflow.trust.commit_signatures import why_not_signed
from vetflow.trust.signatures import Judge

DECIDING: Final = (*POLICY_FILES, CONFIG)
"""The files of a store that decide what counts."""
_BELIEVED: Final = (RULES_FILE, FINDINGS, BACKLOG, RECEIPTS, PUBLISHERS)
"""The files of a store by which later runs let something pass, besides entries and whose keys count."""
_HELD: Final = "held"
_ACCEPTED: Final = "accepted"
_LET_GO: Final = "let go"
_ALLOWED: Final = "allowed"
_LOOSENING: Final = (_ACCEPTED, _LET_GO)
"""The kinds of decisions of findings.toml by which something passes."""
_Row = TypeVar("_Row")


class MadeHere(NamedTuple):
    """A decision that a proposal brings. kind: in words; what: its subject beside the crate.

    why_not: why it does not count; None where it does.
    """

    kind: str
    crate: CrateName
    what: str
    reason: str
    by: tuple[str, ...]
    why_not: str | None


class InForce(NamedTuple):
    """What a proposal is judged by. made: its own decisions. findings: about the files that decide.

    why_not: says of a file of the store why what the proposal makes of it does not count; None where somebody whom the
    base allows signed every commit that did so.
    """

    rules: ProjectRules
    backlog: Backlog | None
    decisions: Decisions
    made: tuple[MadeHere, ...] = ()
    findings: tuple[Finding, ...] = ()
    why_not: Callable[[str], str | None] = lambda _: None


def read_rules(project: Project, profile: str | None = None) -> ProjectRules:
    """Read a project's vetflow.toml; the usual rules where there is none. Raises StoreError."""
    text = own_text(project, RULES_FILE)
    if text is None:
        return ProjectRules()
    return parse_rules(text, shown(project, RULES_FILE), profile)


def read_backlog(project: Project) -> Backlog | None:
    """Read what the rules only warn of for a time; None where there is no such list. Raises StoreError."""
    text = own_text(project, BACKLOG)
    return None if text is None else parse_backlog(text, shown(project, BACKLOG))


def rules_in_force(head: Project, base: Project | None, fork: Project | None, profile: str | None, now: int) -> InForce:
    """Return what `head` is judged by: its own rules without a base. Raises StoreError.

    fork: the base as it was when the proposal began, from which its own changes count. now: seconds since 1970.
    """
    if base is None:
        return InForce(read_rules(head, profile), read_backlog(head), read_decisions(head))
    return _Proposal(head, base, fork or base, now).in_force(profile)


class _Proposal:
    """What a proposal changes of what counts, and whether somebody may."""

    def __init__(self, head: Project, base: Project, fork: Project, now: int) -> None:
        self._head = head
        self._base = base
        self._fork = fork
        self._now = now
        self._rules = (read_rules(fork), read_rules(head))
        self._decisions = (read_decisions(fork), read_decisions(head))

    def in_force(self, profile: str | None) -> InForce:
        made = [*self._decided(), *self._ruled()]
        decided = self._why_not(FINDINGS) if any(each.kind in _LOOSENING for each in made) else None
        ruled = self._why_not(RULES_FILE) if any(each.kind == _ALLOWED for each in made) else None
        rules = read_rules(self._base, profile)
        return InForce(
            rules=self._with_exceptions(rules) if ruled is None else rules,
            backlog=read_backlog(self._base),
            decisions=self._with_decisions(read_decisions(self._base), vouched=decided is None),
            made=tuple(
                each._replace(why_not=None if each.kind == _HELD else ruled if each.kind == _ALLOWED else decided)
                for each in made
            ),
            findings=tuple(self._changed(decided)),
            why_not=self._why_not,
        )

    def _decided(self) -> Iterator[MadeHere]:
        fork, head = self._decisions
        for crate, accepted in _added(fork.acceptances, head.acceptances):
            what = f"{accepted.capability}: {accepted.detail}" if accepted.detail else accepted.capability
            yield MadeHere(_ACCEPTED, crate, what, accepted.reason, accepted.by, None)
        for kind, old, new in ((_HELD, fork, head), (_LET_GO, head, fork)):
            for crate, hold in _added(old.holds, new.holds):
                what = "every version" if hold.version is None else str(hold.version)
                yield MadeHere(kind, crate, what, hold.reason, hold.by, None)

    def _ruled(self) -> Iterator[MadeHere]:
        new = self._exceptions()
        for allowed in new.gate.allow:
            what = f"{allowed.versions} at the gate until {allowed.until}"
            yield MadeHere(_ALLOWED, allowed.crate, what, allowed.reason, (), None)
        for skipped in new.cool_down.skip:
            yield MadeHere(_ALLOWED, skipped.crate, f"{skipped.version} without waiting", skipped.reason, (), None)
        for ignored in new.advisories.policy.ignores:
            yield MadeHere(_ALLOWED, "", f"{ignored.id} until {ignored.until}", ignored.reason, (), None)

    def _exceptions(self) -> ProjectRules:
        """Return rules that hold nothing but what the proposal lets pass anew."""
        fork, head = self._rules
        ignores = fork.advisories.policy.ignores
        policy = AdvisoryPolicy(ignores=tuple(e for e in head.advisories.policy.ignores if e not in ignores))
        return ProjectRules(
            gate=GateRules(allow=tuple(each for each in head.gate.allow if each not in fork.gate.allow)),
            cool_down=CoolDownRules(skip=tuple(e for e in head.cool_down.skip if e not in fork.cool_down.skip)),
            advisories=AdvisoryRules(policy=policy),
        )

    def _with_exceptions(self, rules: ProjectRules) -> ProjectRules:
        new = self._exceptions()
        policy = rules.advisories.policy
        ignores = (*policy.ignores, *new.advisories.policy.ignores)
        return rules._replace(
            gate=rules.gate._replace(allow=(*rules.gate.allow, *new.gate.allow)),
            cool_down=rules.cool_down._replace(skip=(*rules.cool_down.skip, *new.cool_down.skip)),
            advisories=rules.advisories._replace(policy=policy._replace(ignores=ignores)),
        )

    def _with_decisions(self, base: Decisions, *, vouched: bool) -> Decisions:
        """Return the base's decisions with what the proposal holds back, and what else of it somebody vouches for."""
        fork, head = self._decisions
        acceptances = [(crate, each) for crate, rows in base.acceptances.items() for each in rows]
        holds = [(crate, each) for crate, rows in base.holds.items() for each in rows]
        holds += [each for each in _added(fork.holds, head.holds) if each not in holds]
        if vouched:
            acceptances += _added(fork.acceptances, head.acceptances)
            gone = _added(head.holds, fork.holds)
            holds = [each for each in holds if each not in gone]
        return Decisions(_by_crate(acceptances), _by_crate(holds))

    def _changed(self, decided: str | None) -> Iterator[Finding]:
        """Name files that later runs would believe, where nobody vouches for what the proposal makes of them.

        decided: why what it accepts or lets go does not count. Rules and keys of a project that signs `verify` names.
        """
        head, fork = self._head, self._fork
        differ = [name for name in _BELIEVED if own_text(head, name) != own_text(fork, name)]
        nobody = read_keys(self._base) is None
        for name in differ:
            if name == FINDINGS:
                why = decided
            elif name in (RULES_FILE, RECEIPTS):
                why = "the base allows nobody's key" if nobody else None
            elif name == BACKLOG and _only_shrinks(read_backlog(fork), read_backlog(head)):
                why = None
            else:
                why = self._why_not(name)
            if why is not None:
                is_rules = name == RULES_FILE
                used = ", whose rules were used" if is_rules else ""
                reason = f"{name} differs from the base{used}: later runs would believe it, and {why}"
                id_ = "policy/changed" if is_rules else "policy/unvouched"
                yield Finding(id_, Level.WARN, Place(shown(head, name)), reason)

    def _why_not(self, name: str) -> str | None:
        """Say why what the proposal makes of a file does not count; None when somebody vouches for it."""
        head, base = self._head, self._base
        keys = read_keys(base)
        if keys is None:
            return "the base allows nobody's key"
        path = os.path.join(head.store.folder, name)
        commit = head.commit or revision_name(head.request.cwd, "HEAD")
        if head.commit is None:
            with closing(open_revision(head.request.cwd, commit)) as tree:
                committed = tree.read(path) if tree.is_file(path) else None
            if committed != (head.tree.read(path) if head.tree.is_file(path) else None):
                return "it is not committed yet"
        cwd, tip = head.request.cwd, base.commit or ""
        if fork_point(cwd, tip, commit) is None and is_shallow(cwd):
            return "this clone is shallow, and not all commits of the proposal are here"
        judge = Judge(keys, self._now)
        commits = commits_touching(cwd, tip, commit, (path,))
        if not commits:
            return "no commit of the proposal makes it so"
        return next((why for each in commits if (why := why_not_signed(each, judge))), None)


def _only_shrinks(before: Backlog | None, after: Backlog | None) -> bool:
    if after is None or before is None:
        return after is None
    return after.findings <= before.findings and after.until <= before.until


def _added(
    before: Mapping[CrateName, tuple[_Row, ...]], after: Mapping[CrateName, tuple[_Row, ...]]
) -> list[tuple[CrateName, _Row]]:
    """Return what the second has and the first has not, by crate."""
    return [
        (crate, row)
        for crate, rows in sorted(after.items(), key=lambda each: each[0])
        for row in rows
        if row not in before.get(crate, ())
    ]


def _by_crate(rows: Iterable[tuple[CrateName, _Row]]) -> dict[CrateName, tuple[_Row, ...]]:
    found: dict[CrateName, tuple[_Row, ...]] = {}
    for crate, row in rows:
        found[crate] = (*found.get(crate, ()), row)
    return found
