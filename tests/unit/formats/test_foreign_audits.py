"""Reading what peers publish: one bad entry costs that entry."""

from __future__ import annotations

import pytest

from vetflow.errors import Place, StoreError
from vetflow.formats.foreign_audits import ForeignAudits, IgnoredEntry, parse_foreign_audits
from vetflow.model.dates import Date
from vetflow.model.store import AuditsFile

PEER = "https://peer.example/audits.toml"
DATED = 'start = "2024-01-01"\nend = "2999-01-01"\n'


def read(text: str) -> ForeignAudits:
    return parse_foreign_audits(text, PEER)


def audit(criteria: str = '"safe-to-run"', rest: str = "") -> str:
    return f'[[audits.quill]]\ncriteria = {criteria}\nversion = "1.0.0"\n{rest}\n'


def wildcard(criteria: str = '"safe-to-run"', rest: str = DATED, table: str = "wildcard-audits") -> str:
    return f"[[{table}.quill]]\ncriteria = {criteria}\nuser-id = 7\n{rest}\n"


def kept_criteria(text: str) -> list[tuple[str, ...]]:
    """Return the criteria lists of the audits that were kept."""
    return [entry.criteria for entry in read(text).audits.audits.get("quill", ())]


class TestTheWholeFile:
    @pytest.mark.parametrize("text", ["", "\ufeff", "# nothing\n", 'future = 1\n[future2]\nkey = "value"\n'])
    def test_every_table_may_be_missing_and_others_may_be_there(self, text: str) -> None:
        assert read(text) == ForeignAudits(AuditsFile({}, {}, {}, {}), (), ())

    def test_all_that_parses_is_kept(self) -> None:
        text = (
            '[criteria.checked]\ndescription = "We looked."\nimplies = "safe-to-run"\n'
            + audit('["checked"]', 'who = "A. Nyone"\nnotes = "fine"\naggregated-from = "https://x.example/"')
            + wildcard(rest=DATED + "renew = false\n")
            + wildcard(table="trusted")
        )
        found = read(text)
        (entry,) = found.audits.audits["quill"]
        assert (entry.who, entry.notes, entry.aggregated_from) == (
            ("A. Nyone",),
            "fine",
            ("https://x.example/",),
        )
        assert found.audits.criteria["checked"].implies == ("safe-to-run",)
        assert found.audits.wildcard_audits["quill"][0].renew is False
        assert found.audits.trusted["quill"][0].end == Date(2999, 1, 1)
        assert (found.ignored_criteria, found.ignored_audits) == ((), ())

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("audits =", 1),
            ("\n\n=", 3),
            ("audits = 3", 1),
            ("audits.quill = 3", 1),
            ("audits.quill = [3]", 1),
            ('[audits.quill]\nversion = "1.0.0"\n', 1),
            ("criteria = 3", 1),
            ("criteria.checked = 3", 1),
            ("wildcard-audits = 3", 1),
            ("wildcard-audits.quill = [3]", 1),
            ("trusted = 3", 1),
            ("trusted.quill = [3]", 1),
            (audit(rest='notes = "a"\nnotes = "b"'), 5),
        ],
    )
    def test_what_is_no_audits_file_at_all_is_an_error_with_its_place(self, text: str, line: int) -> None:
        with pytest.raises(StoreError) as caught:
            read(text)
        assert caught.value.place is not None
        assert (caught.value.place.file, caught.value.place.line) == (PEER, line)

    def test_all_problems_of_its_shape_are_named(self) -> None:
        with pytest.raises(StoreError) as caught:
            read("audits = 1\ntrusted = 2\n")
        assert {problem.place for problem in caught.value.related} == {Place(PEER, 1, 10), Place(PEER, 2, 11)}


class TestEntriesThatDoNotParse:
    @pytest.mark.parametrize(
        "bad",
        [
            audit(rest='signature = "x"'),
            audit(rest='delta = "1.0.0 -> 1.0.1"'),
            '[[audits.quill]]\ncriteria = "safe-to-run"\n',
            '[[audits.quill]]\ncriteria = "safe-to-run"\nreviewed = "1.0.0"\n',
            audit().replace("1.0.0", "1.0"),
            audit(criteria="1.5"),
            audit(rest="notes = 1"),
            audit(rest="importable = 1"),
            wildcard(rest='start = "2024-01-01"\n'),
            wildcard(rest=DATED.replace("2999-01-01", "soon")),
            wildcard(rest=DATED + "renew = 3\n"),
            wildcard().replace("user-id = 7", "user-id = -7"),
        ],
    )
    def test_one_is_ignored_and_counted_and_costs_no_other(self, bad: str) -> None:
        found = read(bad + "\n" + audit('"safe-to-deploy"') + wildcard('"safe-to-deploy"'))
        assert [entry.criteria for entry in found.audits.audits["quill"]] == [("safe-to-deploy",)]
        assert [entry.criteria for entry in found.audits.wildcard_audits["quill"]] == [("safe-to-deploy",)]
        assert len(found.ignored_audits) == 1
        assert found.ignored_audits[0].path[1:] == ("quill", 0)

    def test_the_reason_is_told(self) -> None:
        found = read(audit() + audit(rest='signature = "x"'))
        (ignored,) = found.ignored_audits
        assert ignored.path == ("audits", "quill", 1)
        assert "unknown field `signature`" in ignored.reason

    def test_extra_keys_of_wildcard_and_trusted_entries_do_no_harm(self) -> None:
        found = read(wildcard(rest=DATED + "x = 1\n") + wildcard(rest=DATED + "x = 1\n", table="trusted"))
        assert found.ignored_audits == ()
        assert "quill" in found.audits.wildcard_audits
        assert "quill" in found.audits.trusted

    def test_trusted_entries_are_left_out_without_being_counted(self) -> None:
        text = "[[trusted.quill]]\nx = 1\n" + wildcard('"undefined"', table="trusted")
        assert read(text) == ForeignAudits(AuditsFile({}, {}, {}, {}), (), ())

    def test_crates_without_any_entry_left_vanish(self) -> None:
        assert read(audit(rest="x = 1")).audits.audits == {}

    def test_native_dates_and_times_count_as_text(self) -> None:
        found = read(
            wildcard(rest="start = 2024-01-01\nend = 2025-01-01\n")
            + audit(rest="who = [2024-01-01, 07:30:00]\nnotes = 2024-01-01 07:30:00.5Z")
        )
        assert found.ignored_audits == ()
        assert found.audits.wildcard_audits["quill"][0].start == Date(2024, 1, 1)
        (entry,) = found.audits.audits["quill"]
        assert (entry.who, entry.notes) == (("2024-01-01", "07:30:00"), "2024-01-01T07:30:00.5Z")

    @pytest.mark.parametrize(
        ("native", "text"),
        [
            ("2024-01-01T07:30:00.250+02:00", "2024-01-01T07:30:00.25+02:00"),
            ("2024-01-01T07:30:00Z", "2024-01-01T07:30:00Z"),
            ("07:30:00.000001", "07:30:00.000001"),
        ],
    )
    def test_a_time_keeps_its_fraction_and_zone(self, native: str, text: str) -> None:
        (entry,) = read(audit(rest=f"notes = {native}")).audits.audits["quill"]
        assert entry.notes == text

    @pytest.mark.parametrize("day", ["2024-01-01T00:00:00Z", "07:30:00"])
    def test_a_native_time_is_no_day(self, day: str) -> None:
        assert len(read(wildcard(rest=f"start = {day}\nend = 2025-01-01\n")).ignored_audits) == 1


class TestCriteria:
    def test_a_criterion_that_does_not_parse_is_ignored_and_counted(self) -> None:
        found = read('[criteria.next]\nlevel = 3\n[criteria.checked]\ndescription = "We looked."\n')
        assert list(found.audits.criteria) == ["checked"]
        (ignored,) = found.ignored_criteria
        assert ignored.path == ("criteria", "next")
        assert "unknown field `level`" in ignored.reason

    def test_names_nobody_defined_are_dropped_from_an_entry(self) -> None:
        assert kept_criteria(audit('["next", "safe-to-run", "safe-to-run"]')) == [("safe-to-run", "safe-to-run")]

    def test_an_ignored_criterion_counts_as_not_defined(self) -> None:
        text = "[criteria.next]\nlevel = 3\n" + audit('["next", "safe-to-run"]') + audit('"next"')
        assert kept_criteria(text) == [("safe-to-run",)]

    @pytest.mark.parametrize("criteria", ['"next"', "[]"])
    def test_an_entry_without_any_defined_name_is_ignored_and_counted(self, criteria: str) -> None:
        found = read(audit(criteria) + wildcard(criteria))
        assert found.audits == AuditsFile({}, {}, {}, {})
        assert found.ignored_audits == (
            IgnoredEntry(("audits", "quill", 0), "none of its criteria is defined"),
            IgnoredEntry(("wildcard-audits", "quill", 0), "none of its criteria is defined"),
        )

    def test_a_violation_without_criteria_is_ignored_like_any_other_entry(self) -> None:
        found = read('[[audits.quill]]\nviolation = "*"\n')
        assert found.audits.audits == {}
        assert len(found.ignored_audits) == 1

    def test_implications_of_names_nobody_defined_are_dropped(self) -> None:
        text = (
            "[criteria.next]\nlevel = 3\n"
            '[criteria.checked]\ndescription = "d"\nimplies = ["next", "safe-to-run", "undefined"]\n'
        )
        assert read(text).audits.criteria["checked"].implies == ("safe-to-run",)


class TestImportable:
    def test_what_is_not_importable_is_left_out_silently(self) -> None:
        found = read(audit(rest="importable = false") + audit('"safe-to-deploy"', "importable = true"))
        assert [entry.criteria for entry in found.audits.audits["quill"]] == [("safe-to-deploy",)]
        assert found.ignored_audits == ()

    @pytest.mark.parametrize("entry", [audit(rest="importable = false\nx = 1"), audit('"n"', "importable = false")])
    def test_it_counts_where_it_could_not_have_been_used_anyway(self, entry: str) -> None:
        assert len(read(entry).ignored_audits) == 1
