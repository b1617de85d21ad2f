"""What a peer's audits mean in the store's own criteria."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from vetflow.errors import StoreError
from vetflow.formats.foreign_audits import parse_foreign_audits
from vetflow.formats.import_mapping import map_to_local, merge_sources
from vetflow.model.criteria import Criteria, UnknownCriteriaError
from vetflow.model.store import AuditsFile, CriteriaEntry, Import

ADDRESS = "https://peer.example/audits.toml"
LOCAL = Criteria({"aa": (), "zz": ("safe-to-run",)})
Map = Mapping[str, tuple[str, ...]]
CHECKED_IS_AA: Map = {"checked": ("aa",)}


def import_of(criteria_map: Map | None = None, exclude: tuple[str, ...] = ()) -> Import:
    return Import((ADDRESS,), exclude, criteria_map or {})


def mapped(text: str, criteria_map: Map | None = None, exclude: tuple[str, ...] = ()) -> AuditsFile:
    foreign = parse_foreign_audits(text, ADDRESS).audits
    return map_to_local("peer", foreign, import_of(criteria_map, exclude), LOCAL)


def criterion(name: str, rest: str = "", description: str = "What it means.") -> str:
    return f'[criteria.{name}]\ndescription = "{description}"\n{rest}\n'


def violation(criteria: str, crate: str = "quill") -> str:
    return f'[[audits.{crate}]]\ncriteria = {criteria}\nviolation = "*"\n'


def trust(table: str, crate: str = "quill") -> str:
    return f'[[{table}.{crate}]]\ncriteria = "checked"\nuser-id = 7\nstart = "2024-01-01"\nend = "2025-01-01"\n'


def mapped_criteria(text: str, criteria_map: Map | None = None) -> list[tuple[str, ...]]:
    return [entry.criteria for entry in mapped(text, criteria_map).audits["quill"]]


class TestMapping:
    def test_built_in_criteria_mean_themselves(self) -> None:
        text = violation('"safe-to-run"') + violation('"safe-to-deploy"')
        assert mapped_criteria(text) == [("safe-to-run",), ("safe-to-deploy",)]

    def test_other_criteria_mean_nothing_unless_mapped(self) -> None:
        text = criterion("checked") + violation('"checked"') + violation('["checked", "safe-to-run"]')
        assert mapped_criteria(text) == [(), ("safe-to-run",)]

    def test_the_map_overrides_built_in_criteria_too(self) -> None:
        text = violation('"safe-to-run"') + violation('"safe-to-deploy"')
        assert mapped_criteria(text, {"safe-to-deploy": ("safe-to-run",)}) == [("safe-to-run",)] * 2
        assert mapped_criteria(text, {"safe-to-run": ()}) == [(), ("safe-to-deploy",)]

    def test_what_a_criterion_implies_there_counts_as_well(self) -> None:
        text = criterion("checked", 'implies = "safe-to-deploy"') + violation('"checked"')
        assert mapped_criteria(text, {"checked": ("safe-to-run",)}) == [("safe-to-deploy",)]

    def test_the_result_is_a_minimal_list_in_local_order(self) -> None:
        text = criterion("checked") + violation('["checked", "safe-to-deploy"]')
        assert mapped_criteria(text, {"checked": ("zz", "aa", "safe-to-run")}) == [("safe-to-deploy", "aa", "zz")]

    def test_wildcard_audits_and_trusted_entries_are_mapped_like_audits(self) -> None:
        found = mapped(criterion("checked") + trust("wildcard-audits") + trust("trusted"), {"checked": ("aa",)})
        assert found.wildcard_audits["quill"][0].criteria == ("aa",)
        assert found.trusted["quill"][0].criteria == ("aa",)

    def test_audits_of_the_result_are_fresh(self) -> None:
        found = mapped(criterion("checked") + violation('"checked"') + trust("wildcard-audits"))
        assert found.audits["quill"][0].fresh
        assert found.wildcard_audits["quill"][0].fresh

    def test_audits_of_excluded_crates_are_left_out_trust_in_publishers_is_not(self) -> None:
        text = criterion("checked") + violation('"checked"') + violation('"checked"', "ink")
        found = mapped(text + trust("wildcard-audits"), exclude=("quill",))
        assert list(found.audits) == ["ink"]
        assert list(found.wildcard_audits) == ["quill"]

    def test_a_target_nobody_defined_is_an_error_where_the_peer_has_the_name(self) -> None:
        with pytest.raises(UnknownCriteriaError) as caught:
            mapped(criterion("checked"), {"checked": ("nope",)})
        assert caught.value.name == "nope"

    def test_a_target_nobody_defined_is_harmless_where_the_peer_has_no_such_name(self) -> None:
        assert mapped_criteria(violation('"safe-to-run"'), {"gone": ("nope",)}) == [("safe-to-run",)]

    @pytest.mark.parametrize(
        ("criteria", "reason"),
        [
            (criterion("checked", 'implies = "checked"'), "criteria 'checked' implies itself"),
            (criterion("safe-to-run"), "'safe-to-run' is built in"),
            ("".join(criterion(f"c{n}") for n in range(63)), "65 criteria are defined"),
        ],
    )
    def test_criteria_of_a_peer_that_contradict_themselves_are_an_error(self, criteria: str, reason: str) -> None:
        with pytest.raises(StoreError, match="the criteria of 'peer' contradict themselves") as caught:
            mapped(criteria)
        assert reason in caught.value.message


class TestCriteriaTable:
    def test_only_mapped_criteria_stay_and_only_with_their_description(self) -> None:
        rest = 'implies = "safe-to-run"\ndescription-url = "https://x.example/"\naggregated-from = "https://y.example/"'
        found = mapped(criterion("checked", rest) + criterion("other"), {"checked": ("aa",), "gone": ("zz",)})
        assert found.criteria == {
            "checked": CriteriaEntry("What it means.", aggregated_from=("https://y.example/",)),
        }

    def test_a_mapped_criterion_without_description_is_an_error(self) -> None:
        with pytest.raises(StoreError, match="peer's 'checked' criteria is missing a description"):
            mapped('[criteria.checked]\nimplies = "safe-to-run"\n', {"checked": ("aa",)})

    def test_other_criteria_need_none(self) -> None:
        assert mapped('[criteria.checked]\nimplies = "safe-to-run"\n').criteria == {}


class TestSeveralAddresses:
    def merged(self, *texts: str) -> AuditsFile:
        sources = [(f"https://peer.example/{n}", mapped(text, CHECKED_IS_AA)) for n, text in enumerate(texts)]
        return merge_sources("peer", sources, import_of(CHECKED_IS_AA))

    def test_a_single_address_is_taken_as_it_is(self) -> None:
        text = criterion("checked") + violation('"checked"')
        assert self.merged(text) == mapped(text, CHECKED_IS_AA)

    def test_entries_stand_one_after_the_other_each_with_its_address(self) -> None:
        first = criterion("checked") + violation('"checked"') + 'aggregated-from = "https://x.example/"\n'
        second = violation('"safe-to-run"') + violation('"safe-to-run"', "ink")
        found = self.merged(first, second)
        assert [(entry.criteria, entry.aggregated_from) for entry in found.audits["quill"]] == [
            (("aa",), ("https://x.example/", "https://peer.example/0")),
            (("safe-to-run",), ("https://peer.example/1",)),
        ]
        assert list(found.audits) == ["quill", "ink"]

    def test_wildcard_audits_and_trusted_entries_are_joined_too(self) -> None:
        text = criterion("checked") + trust("wildcard-audits") + trust("trusted")
        found = self.merged(text, text)
        for entries in (found.wildcard_audits["quill"], found.trusted["quill"]):
            assert [entry.aggregated_from for entry in entries] == [
                ("https://peer.example/0",),
                ("https://peer.example/1",),
            ]

    def test_a_criterion_is_credited_to_the_first_address_that_has_it(self) -> None:
        found = self.merged("", criterion("checked"), criterion("checked"))
        assert found.criteria["checked"].aggregated_from == ("https://peer.example/1",)

    def test_each_address_is_mapped_by_its_own_criteria(self) -> None:
        first = criterion("checked", 'implies = "safe-to-run"') + violation('"checked"')
        second = criterion("checked") + violation('"checked"')
        assert [entry.criteria for entry in self.merged(first, second).audits["quill"]] == [
            ("safe-to-run", "aa"),
            ("aa",),
        ]

    def test_different_descriptions_of_a_mapped_criterion_are_an_error(self) -> None:
        with pytest.raises(StoreError, match="error when aggregating multiple sources for peer") as caught:
            self.merged(criterion("checked"), criterion("checked", description="Something else."))
        (problem,) = caught.value.related
        assert "https://peer.example/0 and https://peer.example/1 differ" in problem.message
        assert problem.help == 'checked is mapped to the local criteria ["aa"]'

    def test_descriptions_of_other_criteria_may_differ(self) -> None:
        assert self.merged(criterion("other"), criterion("other", description="Something else.")).criteria == {}
