"""A project's own rules: what `supply-chain/vetflow.toml` says beyond cargo-vet's policy tables.

Every rule has a level: a breach of it is allowed, warned of, or fails. Without the file each one warns. What no project
may allow (a version whose content changed, a crate published to do harm) is no rule and always fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple

from vetflow.model.advisories import AdvisoryPolicy
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.names import SAFE_TO_DEPLOY, CrateName, CriteriaName
from vetflow.model.requirement import VersionReq
from vetflow.model.version import VetVersion

RULES_FILE: Final = "vetflow.toml"
BUILD_TIME_REVIEWED: Final = "build-time-reviewed"

LEVEL_WORDS: Final[Mapping[str, Level]] = {"allow": Level.NOTE, "warn": Level.WARN, "fail": Level.FAIL}
"""What a level is called in the file."""


class Rule(NamedTuple):
    """A rule as people know it: `table` and `key` of vetflow.toml that set its level.

    findings: the ids of its breaches; one that ends in `/` stands for all that begin so. meaning: what it asks for.
    """

    table: str
    key: str
    findings: tuple[str, ...]
    meaning: str

    @property
    def name(self) -> str:
        """What it is called in reports."""
        return f"{self.table}.{self.key}"

    def covers(self, finding: str) -> bool:
        """Whether a finding of this id is a breach of it."""
        return any(finding.startswith(each) if each.endswith("/") else finding == each for each in self.findings)


RULES: Final = (
    Rule(
        "signatures",
        "policy-changed",
        ("signatures/policy-changed", "policy/changed", "policy/unvouched"),
        "keys, rules, criteria and imports are changed by people the base allows",
    ),
    Rule("signatures", "level", ("signatures/",), "entries are signed by somebody whose key counts"),
    Rule("signers", "level", ("signers/",), "criteria are certified by those who may"),
    Rule("gate", "growth", ("growth/",), "build-time code can do nothing new"),
    Rule("gate", "level", ("gate/",), "somebody read all code that runs during a build"),
    Rule("drift", "new-edge", ("drift/new-edge",), "crates do not begin to depend on build-time code"),
    Rule("drift", "became-privileged", ("drift/became-privileged",), "crates do not begin to run during a build"),
    Rule("drift", "other-source", ("drift/other-source",), "crates come from where they came from"),
    Rule("holds", "level", ("hold/",), "no crate is locked that somebody holds back"),
    Rule("debt", "new", ("debt/new",), "what is exempted anew is signed for by somebody the base allows"),
    Rule("debt", "level", ("debt/",), "exemptions only become fewer"),
    Rule("cool-down", "level", ("cool-down/",), "new versions have had time to be found out"),
    Rule("advisories", "vulnerability", ("advisories/vulnerability",), "no known vulnerability"),
    Rule("advisories", "unsound", ("advisories/unsound",), "nothing known to be unsound"),
    Rule("advisories", "unmaintained", ("advisories/unmaintained",), "nothing known to be unmaintained"),
    Rule("advisories", "notice", ("advisories/notice",), "nothing that has a notice"),
    Rule("advisories", "yanked", ("advisories/yanked",), "no version that was taken back"),
    Rule("imports", "level", ("imports/",), "imported rows are those that somebody accepted"),
    Rule("names", "level", ("names/",), "new names do not look like known ones"),
    Rule(
        "publishers",
        "changed",
        ("publishers/changed", "publishers/contradicted"),
        "crates are published by those who did before",
    ),
    Rule("publishers", "workflow-left", ("publishers/workflow-left",), "trusted publishing is not given up"),
    Rule("settings", "level", ("settings/",), "what decides which programs a build runs stays as it is"),
    Rule("expiry", "level", ("expiry/",), "nothing that vets or is accepted ends before somebody has acted"),
    Rule("audits", "level", ("audits/",), "what was audited for a pull request is what it locks"),
    Rule("lock", "level", ("lock/",), "Cargo.lock is complete, and git keeps it"),
)
"""Every rule; of several that cover a finding the first one counts."""

OF_PROPOSALS: Final = frozenset(
    {
        "signatures.policy-changed",
        "drift.new-edge",
        "drift.became-privileged",
        "drift.other-source",
        "debt.new",
        "debt.level",
        "cool-down.level",
        "names.level",
        "publishers.changed",
        "publishers.workflow-left",
        "settings.level",
        "audits.level",
    }
)
"""Rules about what is new: of a workspace by itself they say nothing."""

INVIOLABLE: Final = frozenset(
    {
        "lock/checksum-changed",
        "lock/index-checksum",
        "lock/archive-checksum",
        "lock/missing-checksum",
        "drift/other-checksum",
        "drift/planted-dependency",
        "advisories/malicious",
        "policy/store-removed",
    }
)
"""Findings that fail whatever the rules say: nothing but a mistake or an attack explains them."""

_MAY_STAY_FAILED: Final = frozenset({"names/look-alike", "signers/assisted"})
"""Findings that whoever made them raised above the rule: other signs agree, or the file says "refuse"."""


class Assisted(Enum):
    """What of audits that name a machine among those who had a part; the value is the file's word."""

    ALLOW = "allow"
    MARK = "mark"
    REFUSE = "refuse"


class ChecklistWeight(Enum):
    """How much checklists weigh when somebody certifies in a review; the value is the file's word."""

    LIGHT = "light"
    """They ask and record, and stop nobody."""
    FULL = "full"
    """What an item says it blocks is blocked."""
    THOROUGH = "thorough"
    """Every item has to be answered, and every place with a line of its own."""


class Demanded(Enum):
    """Which entries must be signed; the value is the file's word. NEW: those the baseline does not have."""

    OFF = "off"
    NEW = "new"
    ALL = "all"


class Accepted(Enum):
    """What kind of entry attests a crate at the gate; the value is the file's word."""

    OWN_AUDIT = "own-audit"
    PEER_AUDIT = "peer-audit"
    WILDCARD = "wildcard"
    TRUSTED = "trusted"
    EXEMPTION = "exemption"


class SignerCount(NamedTuple):
    """How many people must have signed an entry. criteria, kinds: of which entries; none is of all.

    privileged: only of crates that run during a build; exemptions count as entries nobody signed. max_age_days: older
    signatures do not count. not_author_of_bump: nor do those of whoever brought the version into Cargo.lock.
    """

    min_signers: int = 1
    criteria: tuple[CriteriaName, ...] = ()
    kinds: tuple[str, ...] = ()
    privileged: bool = False
    max_age_days: int | None = None
    not_author_of_bump: bool = False


class SignatureRules(NamedTuple):
    """What is asked of signatures; see `trust.signatures.Rules` for the last three."""

    require: Demanded = Demanded.NEW
    counts: tuple[SignerCount, ...] = ()
    allow_note_edits: bool = False
    require_touch: bool = True
    first_seen_counts: bool = True


class AllowedCrate(NamedTuple):
    """A crate that may run during a build although nobody attests it. until: the last day on which it may."""

    crate: CrateName
    versions: VersionReq
    reason: str
    until: Date


class GateRules(NamedTuple):
    """What the gate for privileged code asks for.

    criteria: each of them attests. accept: the kinds of entries that count. carry_over: unchanged build-time code needs
    no new entry. dev: what only tests and examples need is asked about, too.
    """

    criteria: tuple[CriteriaName, ...] = (BUILD_TIME_REVIEWED, SAFE_TO_DEPLOY)
    accept: frozenset[Accepted] = frozenset({Accepted.OWN_AUDIT, Accepted.PEER_AUDIT})
    carry_over: bool = True
    dev: bool = False
    allow: tuple[AllowedCrate, ...] = ()


class SkippedWait(NamedTuple):
    """A version that may be taken at once, because of what it fixes."""

    crate: CrateName
    version: VetVersion
    reason: str


class CoolDownRules(NamedTuple):
    """How old new versions must be, in seconds; None is "as cargo's own settings have it"."""

    min_age: int | None = None
    privileged_min_age: int | None = None
    exempt: tuple[str, ...] = ()
    skip: tuple[SkippedWait, ...] = ()


class AdvisoryRules(NamedTuple):
    """Which advisories are asked. databases: paths relative to the workspace's root, none is cargo-audit's own."""

    databases: tuple[str, ...] = ()
    policy: AdvisoryPolicy = AdvisoryPolicy()


class Backlog(NamedTuple):
    """What was in breach when the rules were adopted, and is only warned of for a time. until: the last such day."""

    findings: frozenset[tuple[str, str]]
    until: Date


class ProjectRules(NamedTuple):
    """The file. levels: by the rule's name, only those it sets. signers: who may certify a criterion, by e-mail.

    expected_sources: where crates may come from besides crates.io. profile: the name of the stricter set in force.
    """

    levels: Mapping[str, Level] = {}
    assisted: Assisted = Assisted.MARK
    checklist: ChecklistWeight = ChecklistWeight.LIGHT
    signers: Mapping[CriteriaName, tuple[str, ...]] = {}
    signatures: SignatureRules = SignatureRules()
    gate: GateRules = GateRules()
    cool_down: CoolDownRules = CoolDownRules()
    advisories: AdvisoryRules = AdvisoryRules()
    expected_sources: tuple[str, ...] = ()
    profile: str | None = None

    def level(self, rule: Rule) -> Level:
        """Return how much a breach of a rule weighs."""
        return self.levels.get(rule.name, Level.WARN)


_DAY: Final = 86_400

STRICT_RULES: Final = ProjectRules(
    levels={rule.name: Level.FAIL for rule in RULES if rule.table != "advisories" or rule.key == "vulnerability"},
    cool_down=CoolDownRules(min_age=3 * _DAY, privileged_min_age=14 * _DAY),
)
"""What a project that wants the most would write: to see what that would cost (shared spec trust 4.1)."""


def rule_of(finding: str) -> Rule | None:
    """Return the rule that a finding of this id breaks; None for the verdict's own, and what is inviolable."""
    if finding in INVIOLABLE:
        return None
    return next((rule for rule in RULES if rule.covers(finding)), None)


def weigh(findings: Iterable[Finding], rules: ProjectRules, backlog: Backlog | None, today: Date) -> Iterator[Finding]:
    """Yield findings at the level that the rules give them; what only informs stays what it is.

    backlog: what is in it fails on no day up to its last.
    """
    old = backlog.findings if backlog is not None and today <= backlog.until else frozenset()
    for finding in findings:
        rule = rule_of(finding.id)
        if finding.id in INVIOLABLE:
            yield finding._replace(level=Level.FAIL)
        elif rule is None or finding.level is Level.NOTE or _is_raised(finding):
            yield finding
        else:
            level = rules.level(rule)
            is_old = level is Level.FAIL and (finding.id, finding.reason) in old
            yield finding._replace(level=Level.WARN if is_old else level)


def _is_raised(finding: Finding) -> bool:
    return finding.id in _MAY_STAY_FAILED and finding.level is Level.FAIL
