"""The rules of a project, and those in force for a proposal: the base's, with what somebody may add to them.

A proposal cannot rule on itself. What it accepts, lets pass or lets go counts when every commit that did so is signed
by somebody whose key the base allows; what it holds back always counts (DESIGN.md 6).
"""

from __future__ import annotations

import os.path
from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Final, NamedTuple

from vetflow.app.decisions import read_decisions
from vetflow.app.project import Project
from vetflow.app.recording import own_text
from vetflow.app.signature_files import POLICY_FILES, read_keys, shown
from vetflow.errors import Place
from vetflow.formats.policy_baseline import BACKLOG, parse_backlog
from vetflow.formats.policy_toml import parse_rules
from vetflow.formats.store_files import CONFIG
from vetflow.model.decisions import Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.rules import RULES_FILE, Backlog, ProjectRules
from vetflow.model.store import FINDINGS
from vetflow.project.revision import open_revision, revision_name
from vetflow.project.signed_commits import commits_touching
from vetflow.trust.commit_signatures import why_not_signed
from vetflow.trust.signatures import Judge

DECIDING: Final = (*POLICY_FILES, CONFIG)
"""The files of a store that decide what counts."""


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

    vouched: whether its changes to these are signed by somebody whom the base allows; True where there are none.
    """

    rules: ProjectRules
    backlog: Backlog | None
    decisions: Decisions
    made: tuple[MadeHere, ...] = ()
    findings: tuple[Finding, ...] = ()
    vouched: bool = True


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


def rules_in_force(head: Project, base: Project | None, profile: str | None, now: int) -> InForce:
    """Return what `head` is judged by: its own rules without a base. Raises StoreError.

    now: seconds since 1970.
    """
    if base is None:
        return InForce(read_rules(head, profile), read_backlog(head), read_decisions(head))
    return _Proposal(head, base, profile, now).in_force()


class _Proposal:
    """What a proposal changes of what counts, and whether somebody may."""

    def __init__(self, head: Project, base: Project, profile: str | None, now: int) -> None:
        self._head = head
        self._base = base
        self._now = now
        self._rules = (read_rules(base, profile), read_rules(head, None))
        self._decisions = (read_decisions(base), read_decisions(head))

    def in_force(self) -> InForce:
        changed = [name for name in DECIDING if own_text(self._head, name) != own_text(self._base, name)]
        made = [*self._decided(), *self._ruled()]
        decided = self._why_not(FINDINGS) if any(each.kind != "allowed" for each in made) else None
        ruled = self._why_not(RULES_FILE) if RULES_FILE in changed else None
        return InForce(
            rules=self._merged_rules() if ruled is None else self._rules[0],
            backlog=read_backlog(self._base),
            decisions=self._decisions[1] if decided is None else self._merged_decisions(),
            made=tuple(
                each._replace(why_not=None if each.kind == "held" else ruled if each.kind == "allowed" else decided)
                for each in made
            ),
            findings=tuple(self._changed(changed)),
            vouched=all(self._why_not(name) is None for name in changed),
        )

    def _decided(self) -> Iterator[MadeHere]:
        base, head = self._decisions
        for crate, acceptances in sorted(head.acceptances.items()):
            for each in acceptances:
                if each not in base.acceptances.get(crate, ()):
                    what = f"{each.capability}: {each.detail}" if each.detail else each.capability
                    yield MadeHere("accepted", crate, what, each.reason, each.by, None)
        for kind, old, new in (("held", base, head), ("let go", head, base)):
            for crate, holds in sorted(new.holds.items()):
                for hold in holds:
                    if hold not in old.holds.get(crate, ()):
                        what = "every version" if hold.version is None else str(hold.version)
                        yield MadeHere(kind, crate, what, hold.reason, hold.by, None)

    def _ruled(self) -> Iterator[MadeHere]:
        base, head = self._rules
        for allowed in head.gate.allow:
            if allowed not in base.gate.allow:
                what = f"{allowed.versions} at the gate until {allowed.until}"
                yield MadeHere("allowed", allowed.crate, what, allowed.reason, (), None)
        for skipped in head.cool_down.skip:
            if skipped not in base.cool_down.skip:
                yield MadeHere("allowed", skipped.crate, f"{skipped.version} without waiting", skipped.reason, (), None)
        for ignored in head.advisories.policy.ignores:
            if ignored not in base.advisories.policy.ignores:
                yield MadeHere("allowed", "", f"{ignored.id} until {ignored.until}", ignored.reason, (), None)

    def _merged_rules(self) -> ProjectRules:
        """Return the base's rules with what the proposal lets pass."""
        base, head = self._rules
        policy = base.advisories.policy._replace(ignores=head.advisories.policy.ignores)
        return base._replace(
            gate=base.gate._replace(allow=head.gate.allow),
            cool_down=base.cool_down._replace(skip=head.cool_down.skip),
            advisories=base.advisories._replace(policy=policy),
        )

    def _merged_decisions(self) -> Decisions:
        """Return the base's decisions with what the proposal holds back."""
        base, head = self._decisions
        crates = {**base.holds, **head.holds}
        holds = {name: tuple({*base.holds.get(name, ()), *head.holds.get(name, ())}) for name in crates}
        return base._replace(holds=holds)

    def _changed(self, changed: Collection[str]) -> Iterator[Finding]:
        """Name the rules where they changed and nobody signs; else `verify` does."""
        if RULES_FILE in changed and read_keys(self._base) is None:
            place = Place(shown(self._head, RULES_FILE))
            reason = f"{RULES_FILE} differs from the base, whose rules were used: whoever owns them must look at it"
            yield Finding("policy/changed", Level.WARN, place, reason)

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
        judge = Judge(keys, self._now)
        commits = commits_touching(head.request.cwd, base.commit or "", commit, (path,))
        return next((why for each in commits if (why := why_not_signed(each, judge))), None)
