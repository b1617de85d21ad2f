"""Suggested audits as cargo-vet's JSON, and as a table for people."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.builders import published
from tests.suggesting import delta_of
from vetflow.cli.output import Line
from vetflow.cli.render.report_json import report_json
from vetflow.cli.render.suggestions import failure_lines, suggest_object, suggestion_lines
from vetflow.model.criteria import Criteria
from vetflow.model.packages import PackageGraph
from vetflow.model.report import VettingFailure
from vetflow.model.suggestions import (
    DiffStat,
    Hints,
    ImportHint,
    Size,
    Suggest,
    Suggestion,
    TrustHint,
    UnknownSize,
)
from vetflow.model.version import parse_version

CRITERIA = Criteria({})
UNKNOWN = UnknownSize("aa 9.0.0: the registry has no archive of this version")
NOBODY: Mapping[Suggestion, Hints] = {}


def suggestion(
    audit: str, size: Size, *, criteria: str = "safe-to-deploy", parents: tuple[str, ...] = ("root",)
) -> Suggestion:
    return Suggestion(0, delta_of(audit), size, parse_version("2.0.0"), CRITERIA.closure(criteria), parents)


def suggest(*suggestions: Suggestion, unmeasured: tuple[Suggestion, ...] = ()) -> Suggest:
    failures = tuple((each.delta, each.size) for each in unmeasured if isinstance(each.size, UnknownSize))
    return Suggest(suggestions, unmeasured, failures)


def plain(line: Line) -> str:
    return "".join(piece if isinstance(piece, str) else piece.text for piece in line).rstrip()


def table(found: Suggest, hints: Mapping[Suggestion, Hints] = NOBODY) -> list[str]:
    return [plain(line) for line in suggestion_lines(found, CRITERIA, hints)]


def test_the_json_object_is_cargo_vets() -> None:
    parents = tuple(f"parent-{number:02}" for number in range(9))
    one = suggestion("aa 1.0.0 -> 2.0.0", DiffStat(60, 2, 3), parents=parents)
    other = suggestion("bb 1.0.0", DiffStat(90, 0, 1), criteria="safe-to-run")
    item = {
        "name": "aa",
        "notable_parents": "parent-00, parent-01, and 7 others",
        "suggested_criteria": ["safe-to-deploy"],
        "suggested_diff": {
            "from": "1.0.0",
            "to": "2.0.0",
            "diffstat": {"insertions": 60, "deletions": 2, "files_changed": 3},
        },
    }
    found = suggest_object(suggest(one, other), CRITERIA)
    assert list(found) == ["suggestions", "suggest_by_criteria", "total_lines"]
    assert found["suggestions"][0] == item
    assert found["suggestions"][1]["suggested_diff"]["from"] is None
    assert list(found["suggest_by_criteria"]) == ["safe-to-deploy", "safe-to-run (or safe-to-deploy)"]
    assert found["suggest_by_criteria"]["safe-to-deploy"] == [item]
    assert found["total_lines"] == 152


def test_the_json_object_leaves_out_what_nobody_could_measure() -> None:
    found = suggest_object(suggest(unmeasured=(suggestion("aa 9.0.0", UNKNOWN),)), CRITERIA)
    assert found == {"suggestions": [], "suggest_by_criteria": {}, "total_lines": 0}


def test_a_report_has_suggestions_where_somebody_asked_for_them() -> None:
    graph = PackageGraph((), (), ())
    without = json.loads(report_json(VettingFailure((), ()), graph, CRITERIA))
    with_them = json.loads(report_json(VettingFailure((), ()), graph, CRITERIA, suggest()))
    assert without["suggest"] is None
    assert with_them["suggest"]["total_lines"] == 0
    assert list(without) == list(with_them)


def test_a_table_for_each_group_and_the_sum() -> None:
    one = suggestion("aa 1.0.0 -> 2.0.0", DiffStat(60, 2, 3), parents=("p1", "root"))
    other = suggestion("bb 1.0.0", DiffStat(1234, 0, 1))
    dev = suggestion("dd 1.0.0", DiffStat(1, 0, 1), criteria="safe-to-run")
    hints = {one: Hints(publisher=published("2.0.0", by=7))}
    assert table(suggest(one, other, dev), hints) == [
        "Recommended audits for safe-to-deploy",
        "    Command                      Publisher  Used by      To read",
        "    vetflow diff aa 1.0.0 2.0.0  user7      p1 and root  +60 -2 lines in 3 files",
        "    vetflow inspect bb 1.0.0     unknown    root         1,234 lines in 1 file",
        "",
        "Recommended audits for safe-to-run (or safe-to-deploy)",
        "    Command                   Publisher  Used by  To read",
        "    vetflow inspect dd 1.0.0  unknown    root     1 line in 1 file",
        "",
        "Estimated audit backlog: 1,297 lines",
        "Use vetflow certify to record what you have read.",
    ]


def test_an_unknown_size_is_never_a_number_and_says_why() -> None:
    known = suggestion("bb 1.0.0", DiffStat(5, 0, 1))
    lines = table(suggest(known, unmeasured=(suggestion("aa 9.0.0", UNKNOWN),)))
    assert lines[2:] == [
        "    vetflow inspect bb 1.0.0  unknown    root     5 lines in 1 file",
        "    vetflow inspect aa 9.0.0  unknown    root     size unknown",
        "      because aa 9.0.0: the registry has no archive of this version",
        "",
        "Estimated audit backlog: at least 5 lines; nobody could measure 1 audit",
        "Use vetflow certify to record what you have read.",
    ]


def test_with_nothing_known_no_sum_is_claimed() -> None:
    lines = table(suggest(unmeasured=(suggestion("aa 9.0.0", UNKNOWN), suggestion("bb 1.0.0", UNKNOWN))))
    assert "Estimated audit backlog: unknown; nobody could measure 2 audits" in lines
    assert not any(" 0 " in line for line in lines)


def test_a_candidate_that_was_not_measured_is_noted_where_another_was() -> None:
    found = Suggest(
        (suggestion("aa 1.0.0 -> 2.0.0", DiffStat(5, 0, 1)),), (), ((delta_of("aa 9.0.0 -> 2.0.0"), UNKNOWN),)
    )
    assert (
        "note: aa 9.0.0 -> 2.0.0 could not be measured: aa 9.0.0: the registry has no archive of this version"
        in table(found)
    )


def test_every_audit_that_was_not_measured_can_be_told_beside_json() -> None:
    found = suggest(unmeasured=(suggestion("aa 9.0.0", UNKNOWN),))
    assert list(failure_lines(found)) == [f"aa 9.0.0 could not be measured: {UNKNOWN.reason}"]


def test_what_has_no_lines_is_not_nothing() -> None:
    rows = table(
        suggest(
            suggestion("aa 1.0.0 -> 2.0.0", DiffStat(0, 0, 2)),
            suggestion("bb 1.0.0 -> 2.0.0", DiffStat(0, 0, 0)),
            suggestion("cc 1.0.0 -> 2.0.0", DiffStat(0, 7, 1)),
        )
    )[2:5]
    assert [row.split("root     ")[1] for row in rows] == [
        "2 files without lines (empty, binary, or only the mode changed)",
        "no difference",
        "-7 lines in 1 file",
    ]


def test_a_long_command_stands_on_its_own_line() -> None:
    revision = "1.1.0@git:" + "c3" * 20
    lines = table(suggest(suggestion(f"gg 1.0.0 -> {revision}", DiffStat(15, 0, 2))))
    assert lines[1:4] == [
        f"    {'Command':52}  Publisher  Used by  To read",
        f"    vetflow diff gg 1.0.0 {revision}",
        f"    {'':52}  unknown    root     +15 lines in 2 files",
    ]


def hint_lines(hints: Hints) -> list[str]:
    one = suggestion("aa 2.0.0", DiffStat(161, 0, 2))
    lines = table(suggest(one), {one: hints})
    return [line.strip() for line in lines[3 : lines.index("")]]


def test_imports_that_would_help_are_named_with_what_they_leave() -> None:
    assert hint_lines(Hints(imports=(ImportHint("near", 0), ImportHint("far", 1), ImportHint("odd", 30)))) == [
        "vetflow import near would settle this",
        "vetflow import far would leave 1 line to read",
        "vetflow import odd would leave 30 lines to read",
    ]


def test_a_publisher_to_trust_is_named_with_who_trusts_them_and_how() -> None:
    user = published("2.0.0", by=7)._replace(user_name="Seven")
    workflow = published("2.0.0", by="github:org/repo")
    sole = TrustHint((None,), user, is_exact=True, is_sole=True)
    other = TrustHint(("peer-a", "peer-b"), workflow, is_exact=False, is_sole=False)
    assert hint_lines(Hints(trust=sole)) == [
        "this project trusts Seven (user7): consider vetflow trust aa or vetflow trust --all user7"
    ]
    assert hint_lines(Hints(trust=other)) == [
        (
            "peer-a and peer-b trust github:org/repo, who published another version of this crate: "
            "consider vetflow trust aa github:org/repo"
        )
    ]
