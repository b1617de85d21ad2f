"""`attest`: the answer of `ci` for a release, as a statement that others can hold against Cargo.lock, and its check.

What is stated is only what holds: where something fails, or could not be decided, there is nothing to attest. Whoever
checks a statement needs the project at that commit, and its keys; the audits need not be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from vetflow import __version__
from vetflow.app.checklist_files import own_checklists
from vetflow.app.ci.answer import Answer
from vetflow.app.project import Project, open_project
from vetflow.app.recording import own_text
from vetflow.app.request import Request
from vetflow.app.rules import DECIDING
from vetflow.app.signature_files import ALLOWED, read_keys
from vetflow.errors import UndecidedError, WorkspaceError
from vetflow.formats.policy_baseline import BACKLOG
from vetflow.model.findings import Finding, Level
from vetflow.model.rules import RULES, rule_of
from vetflow.sources.archives import sha256
from vetflow.trust import sshsig
from vetflow.trust.canonical_json import digest, text_digest
from vetflow.trust.public_keys import SignatureError
from vetflow.trust.signatures import Judge, KeyUse, key_problem
from vetflow.trust.verdict_statement import (
    SUBJECT,
    VerdictStatement,
    VerdictStatementError,
    parse_verdict_statement,
)

VETTED: Final = "VETFLOW_VETTED"
_PREFIX: Final = "VETFLOW_RULE_"


class Checked(NamedTuple):
    """What came of checking a statement. statement: None where it is none that can be understood."""

    statement: VerdictStatement | None
    findings: tuple[Finding, ...]


def statement_of_answer(found: Answer, signer: str | None, now: int) -> VerdictStatement:
    """Return what an answer about a project by itself, in which nothing fails, lets somebody state.

    signer: the e-mail address of whoever signs it. now: seconds since 1970. Raises UndecidedError where something is
    not known.
    """
    if found.undecided:
        raise UndecidedError("there is nothing to attest", causes=found.undecided, help="`vetflow ci` says more")
    project = found.check.project
    lock, policy = _digests(project)
    return VerdictStatement(
        lock=lock,
        policy=policy,
        properties=_properties(found),
        decision=found.decision.value,
        created_at=now,
        tool=__version__,
        signer=signer,
        commit=project.commit,
        profile=found.rules.profile,
    )


def check_attestation(request: Request, text: str, armour: str | None, profile: str | None, now: int) -> Checked:
    """Hold a statement against a project: its signature, its Cargo.lock, the files that decide what counts there.

    armour: the signature, None where there is none. profile: the stricter rules it has to be made by, None for any.
    Raises what opening the project raises.
    """
    try:
        statement = parse_verdict_statement(text)
    except VerdictStatementError as error:
        return Checked(None, (_wrong("attest/not-understood", f"this cannot be checked: {error}"),))
    project = open_project(request)
    lock, policy = _digests(project)
    findings = []
    if (problem := _signature_problem(project, statement, text, armour, now)) is not None:
        findings.append(_wrong("attest/signature", problem))
    if statement.lock != lock:
        findings.append(_wrong("attest/other-lock", f"it is about another {SUBJECT} than the one here"))
    if statement.policy != policy:
        reason = "the rules, keys or settings it was judged by are not those here"
        findings.append(_wrong("attest/other-policy", reason))
    if profile is not None and statement.profile != profile:
        rules = f"those of profile {statement.profile}" if statement.profile else "the usual ones"
        findings.append(_wrong("attest/other-profile", f"the rules it was judged by are {rules}"))
    return Checked(statement, tuple(findings))


def _properties(found: Answer) -> tuple[str, ...]:
    """Return what was verified: the verdict, and each rule that would have failed and was broken by nothing."""
    broken = {rule for row in found.judged if row.breach and (rule := rule_of(row.finding.id)) is not None}
    rules = (rule for rule in RULES if found.rules.level(rule) is Level.FAIL and rule not in broken)
    return (VETTED, *(_PREFIX + _shouted(rule.name) for rule in rules))


def _shouted(name: str) -> str:
    return name.upper().replace(".", "_").replace("-", "_")


def _digests(project: Project) -> tuple[str, str]:
    """Return the sha-256 of Cargo.lock, and of the files that decide what counts; raises WorkspaceError."""
    lock = project.lock_file()
    if lock is None:
        raise WorkspaceError(f"there is no {SUBJECT} to speak of", help="leave out what makes cargo tell the graph")
    texts = {**_known((name, own_text(project, name)) for name in (*DECIDING, BACKLOG)), **own_checklists(project)}
    policy = digest({name: text_digest(text) for name, text in texts.items()})
    return sha256(project.tree.read(lock)), policy.removeprefix("sha256:")


def _known(texts: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    return {name: text for name, text in texts if text is not None}


def _signature_problem(
    project: Project, statement: VerdictStatement, text: str, armour: str | None, now: int
) -> str | None:
    if armour is None:
        return "it is not signed"
    keys = read_keys(project)
    if keys is None:
        return f"there is no {ALLOWED} here that says whose signature counts"
    if statement.signer is None:
        return "it does not say who signed it"
    try:
        signature = sshsig.parse_signature(armour)
        sshsig.verify(signature, text.encode(), sshsig.ATTEST_NAMESPACE, require_touch=True)
    except SignatureError as error:
        return f"its signature {error}"
    use = KeyUse(statement.signer, signature.key, sshsig.ATTEST_NAMESPACE, statement.created_at, armour)
    problem = key_problem(use, Judge(keys, now))
    return None if problem is None else problem.reason


def _wrong(id_: str, reason: str) -> Finding:
    return Finding(id_, Level.FAIL, None, reason)
