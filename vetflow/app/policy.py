"""`policy init` and `policy explain`: what each rule would do in this workspace today, before it does anything.

Nobody is to learn from a red build what a rule means. `init` judges first, writes rules that only warn, and lists what
is in breach already, so that whoever makes a rule fail later fails for what is new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from vetflow.app.ci.answer import Answer, Wanted, answer
from vetflow.app.project import Project, open_project
from vetflow.app.readings import Progress
from vetflow.app.recording import own_text, record_own_files
from vetflow.app.request import Request
from vetflow.app.signature_files import shown
from vetflow.app.updating import Run
from vetflow.errors import NotFoundError, StoreError, UsageError
from vetflow.formats.policy_baseline import BACKLOG, write_backlog
from vetflow.formats.policy_toml import parse_rules
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.rules import LEVEL_WORDS, OF_PROPOSALS, RULES, RULES_FILE, AllowedCrate, Rule, rule_of
from vetflow.store.edit_rules import with_allowed, with_level
from vetflow.store.folder import store_not_found

BACKLOG_DAYS: Final = 90
"""How long a backlog only warns."""
Edit: TypeAlias = Callable[[str], str]
_HEAD: Final = """# The rules of this project beside cargo-vet's policy. A level is "allow", "warn" or "fail".
# `vetflow policy explain` says what each of them would do today; docs/policy.md what they mean.
version = 1

# What of audits in which a machine had a part: "allow", "mark" (tell) or "refuse".
assisted = "mark"

# How much checklists weigh in a review: "light" (they stop nobody), "full" or "thorough".
checklist = "light"
"""


class RuleToday(NamedTuple):
    """A rule, its level, and what breaks it in the workspace as it is.

    unasked: why it cannot be told whether something does; None where it can.
    """

    rule: Rule
    level: Level
    breaches: tuple[Finding, ...]
    unasked: str | None = None


class PolicyToday(NamedTuple):
    """What each rule does. has_file: whether there is a vetflow.toml; else every rule warns."""

    found: Answer
    rules: tuple[RuleToday, ...]
    has_file: bool


class PolicyWritten(NamedTuple):
    """What `init` wrote, or with `--dry-run` would: the texts by name. until: the last day of the backlog."""

    today: PolicyToday
    texts: dict[str, str]
    until: Date


def explain_policy(request: Request, profile: str | None, now: int, progress: Progress) -> PolicyToday:
    """Judge the workspace by its own rules; raises what `ci.answer` raises. now: seconds since 1970."""
    found = answer(request, Wanted(profile=profile), now, progress)
    breaches: dict[str, list[Finding]] = {}
    for row in found.judged:
        rule = rule_of(row.finding.id)
        if rule is not None and row.breach:
            breaches.setdefault(rule.name, []).append(row.finding)
    has_advisories = all(row.finding.id != "advisories/not-asked" for row in found.judged)
    rules = tuple(
        RuleToday(
            rule,
            found.rules.level(rule),
            tuple(breaches.get(rule.name, ())),
            _unasked(rule, has_advisories=has_advisories),
        )
        for rule in RULES
    )
    return PolicyToday(found, rules, own_text(found.check.project, RULES_FILE) is not None)


def _unasked(rule: Rule, *, has_advisories: bool) -> str | None:
    """Say why a workspace by itself, on this machine, cannot break a rule."""
    if rule.name in OF_PROPOSALS:
        return "about what a proposal brings"
    # Whether a version was yanked the index says.
    if rule.table == "advisories" and rule.key != "yanked" and not has_advisories:
        return "no advisory database here"
    return None


def init_policy(request: Request, now: int, run: Run) -> PolicyWritten:
    """Write the first rules, which warn, and the list of what breaks them today.

    Raises UsageError where there are rules already, StoreError where there is no store.
    """
    project = open_project(request)
    if not project.tree.is_dir(project.store.folder):
        raise store_not_found(project.store.folder)
    if own_text(project, RULES_FILE) is not None:
        raise UsageError(f"there is a {RULES_FILE} already", help="`vetflow policy explain` says what it does")
    today = explain_policy(request, None, now, run.progress)
    until = request.today.plus_days(BACKLOG_DAYS)
    known = [(finding.id, finding.reason) for each in today.rules for finding in each.breaches]
    texts = {RULES_FILE: first_rules(today.rules), BACKLOG: write_backlog(known, until)}
    if not run.dry_run:
        record_own_files(project, lambda _: texts, run.waiting)
    return PolicyWritten(today, texts, until)


def first_rules(rules: tuple[RuleToday, ...]) -> str:
    """Return the text of rules that all warn, each with what it means and what breaks it today."""
    lines = [_HEAD]
    table = ""
    for each in rules:
        if each.rule.table != table:
            table = each.rule.table
            lines.append(f"\n[{table}]\n")
        count = len(each.breaches)
        today = each.unasked or f"{count or 'no'} {'breach' if count == 1 else 'breaches'}"
        meaning = f"{each.rule.meaning[0].upper()}{each.rule.meaning[1:]}"
        lines.append(f"# {meaning}. Today: {today}.\n")
        lines.append(f'{each.rule.key} = "warn"\n')
    return "".join(lines)


def set_level(request: Request, name: str, level: str, run: Run) -> tuple[str | None, str]:
    """Let a rule weigh something else; return the text before and after. Comments stay where they are.

    Raises NotFoundError for what is no rule, StoreError.
    """
    rule = next((rule for rule in RULES if name in (rule.name, rule.table if rule.key == "level" else "")), None)
    if rule is None or level not in LEVEL_WORDS:
        known = ", ".join(each.name for each in RULES)
        raise NotFoundError(f"there is no rule '{name}' with a level '{level}'", help=f"rules: {known}")
    return _edit(request, lambda text: with_level(text, rule, level), run)


def allow_crate(request: Request, allowed: AllowedCrate, run: Run) -> tuple[str | None, str]:
    """Let a crate run during the build until a day, although nobody attests it; return the text before and after."""
    return _edit(request, lambda text: with_allowed(text, allowed), run)


def _edit(request: Request, change: Edit, run: Run) -> tuple[str | None, str]:
    project = open_project(request)
    if request.rev:
        raise UsageError("a revision cannot be written to", help="leave --rev out")
    if not project.tree.is_dir(project.store.folder):
        raise store_not_found(project.store.folder)
    before = own_text(project, RULES_FILE)
    if run.dry_run:
        return before, _changed(project, change)
    record_own_files(project, lambda _: {RULES_FILE: _changed(project, change)}, run.waiting)
    return before, own_text(project, RULES_FILE) or ""


def _changed(project: Project, change: Edit) -> str:
    """Return the text of the rules after a change; what would not be understood is not written."""
    name = shown(project, RULES_FILE)
    before = own_text(project, RULES_FILE)
    if before is not None:
        parse_rules(before, name)
    after = change(_HEAD if before is None else before)
    try:
        parse_rules(after, name)
    except StoreError as error:
        raise UsageError(f"that is no rule: {error.message}", help=error.help) from error
    return after
