"""What a crate says of itself is text in the queue, in every format, and nothing else."""

from __future__ import annotations

from tests.readings import seen
from tests.suggesting import delta_of
from vetflow.app.queue import Queue
from vetflow.cli.render.queue import as_lines, heading
from vetflow.cli.render.queue_markdown import checklist
from vetflow.formats.risk_toml import Pace, RiskRules
from vetflow.review.queue import QueueRow
from vetflow.review.risk import Risk, RiskPart
from vetflow.surface.tiers import Grade

RULES = RiskRules({}, Pace(1, 1, 10, 100))
HOSTILE = "`rm` <b>*x*</b> [go](https://evil.invalid) @team #1 www.evil.invalid |"


def row(reason: str, *, lines: int | None = 5) -> QueueRow:
    return QueueRow(
        delta_of("aa 1.0.0 -> 1.1.0"),
        ("safe-to-run",),
        is_failing=True,
        used_by=(),
        lines=lines,
        risk=Risk((RiskPart("x", 7, reason),)),
        evidence=(seen(Grade.ALERT, detail=reason),),
    )


def queue(*rows: QueueRow) -> Queue:
    return Queue(rows, third_party=3, needless=(), rules=RULES, locked=False, notes=())


def test_markup_in_a_checklist_is_escaped() -> None:
    text = "\n".join(checklist(queue(row(HOSTILE)), None))
    assert r"7 \`rm\` \<b>\*x\*\</b> \[go\](https\://evil.invalid) \@team \#1 www\.evil.invalid \|" in text


def test_an_empty_queue_says_what_that_means() -> None:
    assert heading(queue()) == "Nothing to read: all 3 crates are vetted without exemptions"
    assert len(list(as_lines(queue(), None, everything=False))) == 1


def test_what_could_not_be_measured_is_counted() -> None:
    assert heading(queue(row("x"), row("y", lines=None))) == (
        "2 to read for 3 crates, at least 5 lines, 2 of them fail the check, 1 could not be measured"
    )


def test_a_long_queue_says_how_much_is_not_shown() -> None:
    lines = list(as_lines(queue(*[row("x")] * 30), None, everything=False))
    assert lines[-4][:1] == ("and 5 more: ",)
    assert len(list(as_lines(queue(*[row("x")] * 30), None, everything=True))) > len(lines)
