"""A desk over crates in memory: no workspace, no network, and what is written is only remembered."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from vetflow.app.checklist import Subject, checklist_of
from vetflow.app.review.hunk_reading import hunks_read
from vetflow.app.review.values import (
    AskedChecklist,
    Certification,
    CertifyForm,
    CratePage,
    Criterion,
    Delta,
    FamilyPage,
    ImportNews,
    Progress,
    Publisher,
    Queue,
    QueueEntry,
    TreeLine,
    Uncommitted,
    WhyPage,
    Written,
    seen_file,
)
from vetflow.app.updating import silent
from vetflow.diffing.compare import compare_contents
from vetflow.errors import VetflowError
from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.model.dates import Date
from vetflow.model.rules import ChecklistWeight
from vetflow.model.suggestions import CrateDelta
from vetflow.model.version import parse_version
from vetflow.review.patches import CrateDiff
from vetflow.review.plan import PlanGroup, ReadingPlan
from vetflow.review.queue import BuildTime, QueueRow
from vetflow.review.reconcile import reconcile
from vetflow.review.risk import Risk, RiskPart
from vetflow.review.session import HunksRead, Pair, Record, Recorded, Session
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade, Tier

ALPHA = Pair("alpha", "1.0.0", "1.1.0")
RING = Pair("ring-of-keys", "2.0.0", "2.0.1")
TEXT = "\n".join(f"Sentence {number} of what is demanded." for number in range(40))


def crate(files: Mapping[str, str | bytes]) -> CrateFiles:
    """Files in memory."""
    return {
        path: CrateFile(path, False, text.encode() if isinstance(text, str) else text) for path, text in files.items()
    }


MANIFEST = '[package]\nname = "alpha"\nrepository = "https://git.example.org/keys"\n'
OLD = crate(
    {"Cargo.toml": MANIFEST, "build.rs": "fn main() {}\n", "src/lib.rs": "pub fn one() {}\n", "README.md": "alpha\n"}
)
NEW = crate(
    {
        "Cargo.toml": MANIFEST,
        "build.rs": 'fn main() {\n    std::process::Command::new("sh");\n}\n',
        "src/lib.rs": "pub fn one() {}\npub fn two() {}\n",
        "README.md": "alpha, again\n",
    }
)
FOUND = Evidence(
    "process/shell",
    "process",
    "sh",
    Grade.ALERT,
    Tier.BUILD_SCRIPT,
    "build.rs",
    2,
    "",
    "starts a shell while it is built",
)


class MemoryDesk:
    """Two crates to audit; `new` is what the first one holds."""

    def __init__(self, old: CrateFiles = OLD, new: CrateFiles = NEW) -> None:
        self.old, self.new = old, new
        self.state = Session()
        self.certified: list[Certification] = []
        self.holds: list[tuple[Pair, str, str]] = []
        self.trusted: list[tuple[str, str, tuple[str, ...]]] = []
        self.imported: list[str] = []
        self.unsaved = 0
        self.excluded: list[str] = []
        self.left_out: str | None = None
        self.others: Mapping[str, CrateFiles] = {}
        self.about = "proc macro, runs in 41 builds"
        self.news: str | None = None
        self.accepted = False
        self.weight = ChecklistWeight.LIGHT
        self._compared: tuple[CrateFiles, CrateDiff] | None = None

    @property
    def read_only(self) -> bool:
        return False

    def session(self) -> Session:
        return self.state

    def keep(self, record: Record) -> Session:
        self.state = self.state.after(record)
        return self.state

    def _diff(self) -> CrateDiff:
        if self._compared is None or self._compared[0] is not self.new:
            self._compared = (self.new, compare_contents(self.old, self.new, {"PATH": os.environ["PATH"]}))
        diff = self._compared[1]
        if self.left_out is None:
            return diff
        files = tuple(file for file in diff.files if file.path != self.left_out)
        return diff._replace(files=files, incomplete=tuple(reconcile(self.old, self.new, files)))

    @property
    def may_ask(self) -> bool:
        return False

    def queue(self, progress: Progress, *, live: bool) -> Queue:
        return self._queue()

    def _queue(self) -> Queue:
        files = tuple(
            seen_file("alpha", file) for file in sorted(self._diff().files, key=lambda file: file.path != "build.rs")
        )
        alpha = QueueRow(
            CrateDelta("alpha", parse_version("1.0.0"), parse_version("1.1.0")),
            ("safe-to-deploy",),
            is_failing=True,
            used_by=("acme",),
            lines=12,
            build_lines=3,
            build=BuildTime(frozenset({Tier.BUILD_SCRIPT})),
            risk=Risk((RiskPart("a", 60, "build-time code changed"), RiskPart("b", 34, "starts a shell"))),
            evidence=(FOUND,),
        )
        ring = QueueRow(
            CrateDelta("ring-of-keys", parse_version("2.0.0"), parse_version("2.0.1")),
            ("safe-to-run",),
            is_failing=False,
            used_by=("acme",),
            lines=4,
            risk=Risk((RiskPart("c", 9, "12 lines"),)),
        )
        done = {pair for certification in self.certified for pair in certification.pairs}
        entries = (QueueEntry(ALPHA, alpha, (self.about,), files, 1), QueueEntry(RING, ring))
        return Queue("acme", tuple(entry for entry in entries if entry.pair not in done), 312, offline=True)

    def entry(self, pair: Pair) -> QueueEntry | None:
        return next((entry for entry in self._queue().entries if entry.pair == pair), None)

    def delta(self, pair: Pair, progress: Progress) -> Delta:
        diff = self._diff()
        build = tuple(file for file in diff.files if file.path == "build.rs")
        rest = tuple(file for file in diff.files if file.path != "build.rs")
        plan = ReadingPlan((PlanGroup(Tier.BUILD_SCRIPT, build), PlanGroup(None, rest)))
        code = frozenset(path for path in self.new if path.endswith(".rs"))
        new = self.others.get(pair.crate, self.new)
        return Delta(pair, diff, self.old, new, plan, ("no package enters the graph",), (FOUND,), code)

    def hunks_read(self, pair: Pair, path: str) -> HunksRead | None:
        return hunks_read(self.delta(pair, silent), path, "Ada Example", "2026-01-15T12:00:00Z")

    def family(self, pair: Pair, progress: Progress) -> FamilyPage:
        return FamilyPage((f"{pair.crate}: read this one",), (pair,))

    def checklist(self, pair: Pair) -> AskedChecklist:
        delta = self.delta(pair, lambda *_: None)
        subject = Subject(pair.crate, pair.version, pair.base, delta.old, delta.new, delta.diff, host=False)
        return AskedChecklist(checklist_of(subject, None), self.weight, ("safe-to-deploy",))

    def bases(self, pair: Pair) -> Sequence[tuple[Pair, str]]:
        return ((pair, "1.0.0, audited by you"), (pair._replace(base=None), "all of it"))

    def page(self, pair: Pair, progress: Progress) -> CratePage:
        return CratePage((f"{pair.crate}: {self.about}",), ("osprey",), ("ada-login", "bob-login"))

    def why(self, crate: str) -> WhyPage:
        about = Pair(crate, None, "1.1.0")
        return WhyPage(
            (TreeLine("acme"), TreeLine("  └─ middle (normal)", RING), TreeLine(f"     └─ {crate} (normal)", about)),
            (TreeLine(f"{crate} 1.1.0", about), TreeLine("  middle (build)", RING)),
        )

    def certify_form(self, pairs: Sequence[Pair]) -> CertifyForm:
        criteria = (Criterion("safe-to-run", "Short.", "d1", False), Criterion("safe-to-deploy", TEXT, "d2", True))
        who = "Ada Example <ada@example.org>"
        return CertifyForm(pairs[0], criteria, ("safe-to-deploy",), ("1.0.0 holds safe-to-deploy",), who, None, "no")

    def preview(self, certification: Certification) -> Written:
        return Written("+[[audits.alpha]]", 1)

    def certify(self, certification: Certification) -> Written:
        self.certified.append(certification)
        return self.preview(certification)

    def undo(self) -> str:
        if not self.certified:
            raise VetflowError("nothing was recorded in this run")
        return f"taken back: {self.certified.pop().pairs[0].crate}"

    def hold(self, pair: Pair, reason: str, cleared_when: str) -> None:
        self.holds.append((pair, reason, cleared_when))

    def record_violation(self, pair: Pair, notes: str) -> Written:
        return Written("", 1)

    def trust(self, crate: str, publisher: str, criteria: Sequence[str]) -> Written:
        self.trusted.append((crate, publisher, tuple(criteria)))
        return Written("", 1)

    def uncommitted(self) -> Uncommitted:
        recorded = [Recorded(pair, each.criteria, "today") for each in self.certified for pair in each.pairs]
        return Uncommitted(tuple(recorded), ())

    def publishers(self, progress: Progress) -> Sequence[Publisher]:
        heron, osprey = (("1 crate, 12 lines",), ("9 crates, 21,300 lines",))
        maps, newest = ("full-review=safe-to-deploy", "quick=safe-to-run"), Date(2026, 1, 2)
        found = (
            Publisher("osprey", "osprey" in self.imported, 9, osprey, 14, fetched="now"),
            Publisher("heron", True, 1, heron, 14, maps, newest, "a copy"),
        )
        return found if self.excluded else found[::-1]

    def add_import(self, name: str) -> Written:
        self.imported.append(name)
        return Written("", 1)

    def map_warning(self, publisher: str, line: str) -> str | None:
        return None

    def map_criteria(self, publisher: str, line: str) -> Written:
        return Written("", 1)

    def exclude(self, publisher: str, crate: str) -> Written:
        self.excluded.append(f"{publisher} {crate}")
        return Written("", 1)

    def lost_without(self, publisher: str, crate: str | None = None) -> Sequence[str]:
        return ("ring-of-keys 2.0.1",) if crate in {None, "ring-of-keys"} else ()

    def remove_import(self, publisher: str) -> Written:
        return Written("", 1)

    def review_imports(self) -> ImportNews:
        return ImportNews(("osprey: changed", "  1 new rows"), 0)

    def accept_imports(self) -> Written:
        self.accepted = True
        return Written("", 1)

    def policy(self) -> str:
        return "[policy.acme]\n"

    def store_changes(self) -> str:
        return ""

    def commit(self, message: str) -> str:
        return "0" * 40

    def commit_message(self) -> str:
        return "Audit alpha"

    def disk_news(self) -> str | None:
        return self.news
