"""What is asked of a store beyond its grammar."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS, texts
from vetflow.errors import Place, StoreError
from vetflow.formats.consistency import build_store, require_consistent, undefined_criteria
from vetflow.formats.store_files import StoreFiles, parse_store
from vetflow.model.dates import Date

TODAY = Date(2026, 1, 15)
PEER = '\n[imports.peer]\nurl = "https://peer.example/audits.toml"\n'
DATED = 'user-id = 1\nstart = "2020-01-01"\nend = "2021-01-01"\n'
KNOWN_BUILT_IN = 'the possible criteria are ["safe-to-run", "safe-to-deploy"]'


def parsed(*, config: str = CONFIG, audits: str = AUDITS, imports: str = IMPORTS) -> StoreFiles:
    return parse_store("supply-chain", texts(config=config, audits=audits, imports=imports), locked=False)


def problems(files: StoreFiles, *, locked: bool = False, check: Callable[..., Any] = build_store) -> list[StoreError]:
    """Return the single problems of a store that is refused."""
    with pytest.raises(StoreError) as caught:
        check(files, today=TODAY, locked=locked)
    assert caught.value.message == "Your cargo-vet store (supply-chain) has consistency errors"
    assert caught.value.related
    return [problem for problem in caught.value.related if isinstance(problem, StoreError)]


def only_problem(files: StoreFiles, *, locked: bool = False) -> StoreError:
    (problem,) = problems(files, locked=locked)
    return problem


def with_custom(count: int, implies: str = "") -> str:
    tables = "".join(f'\n[criteria.c{n:02}]\ndescription = "number {n}"\n{implies}' for n in range(count))
    return AUDITS.replace("\n[audits]\n", f"{tables}\n[audits]\n")


class TestSoundStores:
    @pytest.mark.parametrize("locked", [True, False])
    def test_the_values_of_the_files_and_the_criteria_make_the_store(self, locked: bool) -> None:
        files = parsed(audits=with_custom(1))
        store = build_store(files, today=TODAY, locked=locked)
        assert (store.config, store.audits, store.imports) == (files.config, files.audits, files.imports)
        assert store.criteria.names == ("safe-to-run", "safe-to-deploy", "c00")

    def test_sixty_four_criteria_are_accepted(self) -> None:
        assert len(build_store(parsed(audits=with_custom(62)), today=TODAY, locked=True).criteria) == 64


class TestCriteriaNames:
    @pytest.mark.parametrize(
        ("config", "line", "column"),
        [
            ('\n[[exemptions.quill]]\nversion = "1.2.0"\ncriteria = "nope"\n', 4, 12),
            ('\n[[unaudited.quill]]\nversion = "1.2.0"\ncriteria = ["nope"]\n', 4, 13),
            ('\n[policy.app]\ncriteria = ["safe-to-run", "nope"]\n', 3, 28),
            ('\n[policy."quill:1.2.0"]\ndev-criteria = "nope"\n', 3, 16),
            ('\n[policy.app]\ndependency-criteria = { quill = "nope" }\n', 3, 33),
            ("\n[policy.app.dependency-criteria]\nquill = [\n  'nope',\n]\n", 4, 3),
        ],
    )
    def test_unknown_names_in_config_are_refused_where_they_stand(self, config: str, line: int, column: int) -> None:
        problem = only_problem(parsed(config=config))
        assert problem.message == "'nope' is not a valid criteria name"
        assert problem.place == Place("supply-chain/config.toml", line, column)
        assert problem.help == KNOWN_BUILT_IN

    @pytest.mark.parametrize(
        ("audits", "line", "column"),
        [
            ('[[audits.quill]]\ncriteria = "nope"\nversion = "1.2.0"\n', 2, 12),
            ('[[audits.quill]]\ncriteria = ["safe-to-run", "nope"]\nviolation = "*"\n', 2, 28),
            (f'[[wildcard-audits.quill]]\ncriteria = "nope"\n{DATED}[audits]\n', 2, 12),
        ],
    )
    def test_unknown_names_in_audits_are_refused_where_they_stand(self, audits: str, line: int, column: int) -> None:
        assert only_problem(parsed(audits=audits)).place == Place("supply-chain/audits.toml", line, column)

    def test_unknown_names_in_implies_are_refused(self) -> None:
        problem = only_problem(parsed(audits='[criteria.ours]\nimplies = ["safe-to-run", "nope"]\n[audits]\n'))
        assert problem.place == Place("supply-chain/audits.toml", 2, 27)
        assert problem.help == 'the possible criteria are ["ours", "safe-to-run", "safe-to-deploy"]'

    def test_a_near_miss_is_suggested(self) -> None:
        problem = only_problem(parsed(audits='[[audits.quill]]\ncriteria = "safe-to-rum"\nversion = "1.2.0"\n'))
        assert problem.help == f"did you mean 'safe-to-run'? {KNOWN_BUILT_IN}"

    def test_all_are_named_in_the_order_cargo_vet_looks_at_them(self) -> None:
        config = (
            '[policy."zz:2.0.0"]\ncriteria = "pz2"\n[policy."zz:10.0.0"]\ncriteria = "pz10"\n'
            '[policy.app]\ndependency-criteria = { z = "dz", a = "da" }\n'
            'dev-criteria = "pd"\ncriteria = "pc"\n'
            '[[exemptions.z]]\nversion = "1.0.0"\ncriteria = "ez"\n'
            '[[exemptions.a]]\nversion = "2.0.0"\ncriteria = ["e2", "e3"]\n'
            '[[exemptions.a]]\nversion = "1.0.0"\ncriteria = "e1"\n'
        )
        wildcard = '[[wildcard-audits.{0}]]\ncriteria = "w{0}"\nuser-id = 1\nstart = "2020-01-01"\nend = "{1}"\n'
        audits = (
            '[criteria.zz]\nimplies = ["iz", "iz", "aa"]\n[criteria.aa]\nimplies = "ia"\n'
            + wildcard.format("z", "2030-01-01")
            + wildcard.format("a", "2031-01-01")
            + '[[audits.z]]\ncriteria = "az2"\nversion = "2.0.0"\n'
            '[[audits.z]]\ncriteria = "az1"\nversion = "1.0.0"\n'
            '[[audits.a]]\ncriteria = "aa1"\nversion = "1.0.0"\n'
        )
        found = [problem.message.split("'")[1] for problem in problems(parsed(config=config, audits=audits))]
        assert found == [
            *("e2", "e3", "e1", "ez"),
            *("pc", "pd", "da", "dz", "pz2", "pz10"),
            *("ia", "iz", "iz"),
            *("aa1", "az2", "az1"),
            *("wa", "2031-01-01", "wz", "2030-01-01"),
        ]

    def test_names_that_cargo_vet_does_not_look_at_are_harmless(self) -> None:
        config = f'default-criteria = "nope"\n{CONFIG}{PEER}\n[imports.peer.criteria-map]\ntheirs = "nope"\n'
        audits = f'[audits]\n[[trusted.quill]]\ncriteria = "nope"\n{DATED}'
        imports = (
            '[[audits.peer.audits.quill]]\ncriteria = "nope"\nversion = "1.0.0"\n'
            f'[[audits.peer.wildcard-audits.quill]]\ncriteria = "nope"\n{DATED}'
        )
        files = parsed(config=config, audits=audits, imports=imports)
        assert build_store(files, today=TODAY, locked=False).audits == files.audits

    def test_the_verdict_that_meets_such_a_name_can_say_where_they_are(self) -> None:
        config = f'{CONFIG}{PEER}\n[imports.peer.criteria-map]\ntheirs = "mapped"\n'
        audits = f'[audits]\n[[trusted.quill]]\ncriteria = ["safe-to-run", "trusted"]\n{DATED}'
        imports = (
            '[[audits.peer.audits.quill]]\ncriteria = "imported"\nversion = "1.0.0"\n'
            f'[[audits.peer.wildcard-audits.quill]]\ncriteria = "wildcard"\n{DATED}'
        )
        error = undefined_criteria(parsed(config=config, audits=audits, imports=imports))
        assert [(problem.message.split("'")[1], str(problem.place)) for problem in error.related] == [
            ("mapped", "supply-chain/config.toml:15:10"),
            ("trusted", "supply-chain/audits.toml:3:28"),
            ("wildcard", "supply-chain/imports.lock:5:12"),
            ("imported", "supply-chain/imports.lock:2:12"),
        ]


class TestWhatCargoVetCrashesOn:
    """Stores that cargo-vet opens, formats and crashes on when it resolves."""

    @pytest.mark.parametrize(
        ("audits", "message", "line"),
        [
            ('[criteria.ours]\nimplies = "ours"\n[audits]\n', "criteria 'ours' implies itself", 1),
            (
                '[audits]\n[criteria.a]\nimplies = "b"\n[criteria.b]\nimplies = ["safe-to-run", "a"]\n',
                "criteria 'a' implies itself",
                2,
            ),
            (
                '[audits]\n[criteria.safe-to-deploy]\ndescription = "ours"\n',
                "'safe-to-deploy' is built in and cannot be defined again",
                2,
            ),
        ],
    )
    def test_contradicting_criteria_are_refused_where_they_stand(self, audits: str, message: str, line: int) -> None:
        problem = only_problem(parsed(audits=audits))
        assert problem.message == message
        assert problem.place == Place("supply-chain/audits.toml", line, 1)
        assert problem.help

    def test_sixty_five_criteria_are_refused(self) -> None:
        problem = only_problem(parsed(audits=with_custom(63)))
        assert problem.message.startswith("65 criteria are defined")
        assert problem.help == "remove criteria until at most 64 are left"
        assert problem.place is not None
        assert problem.place.file == "supply-chain/audits.toml"

    def test_all_contradictions_are_named_beside_all_unknown_names(self) -> None:
        audits = (
            '[audits]\n[criteria.safe-to-run]\n[criteria.a]\nimplies = ["a", "nope"]\n'
            '[criteria.b]\nimplies = "c"\n[criteria.c]\nimplies = "b"\n'
        )
        assert [problem.message for problem in problems(parsed(audits=audits))] == [
            "'nope' is not a valid criteria name",
            "'safe-to-run' is built in and cannot be defined again",
            "criteria 'a' implies itself",
            "criteria 'b' implies itself",
        ]

    @pytest.mark.parametrize(
        "audits",
        ['[audits]\n[criteria.a]\nimplies = "a"\n', "[audits]\n[criteria.safe-to-run]\n", with_custom(63)],
    )
    def test_whoever_does_not_resolve_may_open_them(self, audits: str) -> None:
        files = parsed(audits=audits)
        require_consistent(files, today=TODAY, locked=False)
        with pytest.raises(StoreError):
            build_store(files, today=TODAY, locked=False)


class TestWildcardEnds:
    def ending(self, day: str) -> str:
        return (
            '[[wildcard-audits.quill]]\ncriteria = "safe-to-run"\nuser-id = 1\n'
            f'start = "2020-01-01"\nend = "{day}"\n[audits]\n'
        )

    def test_the_end_may_be_a_year_ahead_and_no_day_more(self) -> None:
        assert build_store(parsed(audits=self.ending("2027-01-15")), today=TODAY, locked=False)
        problem = only_problem(parsed(audits=self.ending("2027-01-16")))
        assert problem.message == "'2027-01-16' is more than a year in the future"
        assert problem.help == "wildcard audits must end at most a year in the future (2027-01-15)"
        assert problem.place == Place("supply-chain/audits.toml", 5, 7)

    def test_a_year_from_a_leap_day_ends_in_february(self) -> None:
        files = parsed(audits=self.ending("2025-03-01"))
        with pytest.raises(StoreError) as caught:
            build_store(files, today=Date(2024, 2, 29), locked=False)
        assert "2025-02-28" in (caught.value.related[0].help or "")

    def test_trusted_entries_and_wildcard_audits_of_peers_may_end_at_any_time(self) -> None:
        dated = 'criteria = "safe-to-run"\nuser-id = 1\nstart = "2020-01-01"\nend = "2999-01-01"\n'
        files = parsed(
            audits=f"[audits]\n[[trusted.quill]]\n{dated}",
            imports=f"[[audits.peer.wildcard-audits.quill]]\n{dated}[audits.peer.audits]\n",
        )
        assert build_store(files, today=TODAY, locked=False)


class TestCanonicalText:
    @pytest.mark.parametrize(
        ("change", "line"),
        [
            (lambda text: text.replace("[cargo-vet]", "# a note\n[cargo-vet]"), 4),
            (lambda text: text.removeprefix("\n"), 1),
            (lambda text: "\ufeff" + text, 1),
            (lambda text: text.replace('"1.2.0"', "'1.2.0'"), 8),
            (lambda text: text + "unknown = 1\n", 10),
            (lambda text: text.replace("\n[[", "\n\n[["), 7),
        ],
    )
    def test_any_other_text_is_refused_in_a_locked_run_only(self, change: Callable[[str], str], line: int) -> None:
        files = parsed(config=change(CONFIG))
        assert build_store(files, today=TODAY, locked=False)
        problem = only_problem(files, locked=True)
        assert problem.message.startswith(
            "A file in the store is not correctly formatted:\n--- old/config.toml\n+++ new/config.toml\n@@ "
        )
        assert problem.help == "run `vetflow fmt` to reformat files in the store"
        assert problem.place == Place("supply-chain/config.toml", line)

    @pytest.mark.parametrize("end", ["", "\n\n\n", " \t\n", "\r\n"])
    def test_white_space_at_the_end_is_free(self, end: str) -> None:
        files = parsed(config=CONFIG.rstrip() + end, audits=AUDITS.rstrip() + end, imports=IMPORTS.rstrip() + end)
        assert build_store(files, today=TODAY, locked=True)

    def test_windows_line_ends_are_named_as_the_cause(self) -> None:
        problem = only_problem(parsed(config=CONFIG.replace("\n", "\r\n")), locked=True)
        assert problem.causes
        assert "supply-chain/** text eol=lf" in problem.causes[0]

    def test_each_file_is_reported(self) -> None:
        found = problems(parsed(config=CONFIG + "#\n", audits=AUDITS + "#\n", imports=IMPORTS + "#\n"), locked=True)
        assert [str(problem.place) for problem in found] == [
            "supply-chain/config.toml:10",
            "supply-chain/audits.toml:5",
            "supply-chain/imports.lock:3",
        ]

    def test_a_login_comment_that_imports_lock_does_not_know_is_refused(self) -> None:
        trusted = (
            '\n[[trusted.quill]]\ncriteria = "safe-to-run"\nuser-id = 7 # inka\n'
            'start = "2024-01-01"\nend = "2026-01-01"\n'
        )
        problem = only_problem(parsed(audits=AUDITS + trusted), locked=True)
        assert "\n-user-id = 7 # inka\n+user-id = 7\n" in problem.message


class TestImportsLock:
    STORED = '\n[[audits.peer.audits.quill]]\ncriteria = "safe-to-run"\nversion = "1.0.0"\n'

    def config(self, *imports: str, exclude: str = "") -> str:
        tables = "".join(f'\n[imports.{name}]\nurl = "https://{name}.example/a"\n{exclude}' for name in imports)
        return CONFIG.replace("\n[[exemptions", f"{tables}\n[[exemptions")

    def test_the_same_imports_on_both_sides_are_accepted(self) -> None:
        files = parsed(config=self.config("peer"), imports=IMPORTS + self.STORED)
        assert build_store(files, today=TODAY, locked=True)

    @pytest.mark.parametrize(
        ("imports", "exclude", "cause", "place"),
        [
            (("other", "peer"), "", "nothing from import 'other'", "supply-chain/config.toml:7:1"),
            ((), "", "'peer', which config.toml does not import", "supply-chain/imports.lock:4:1"),
            (("peer",), 'exclude = ["quill"]\n', "excludes that crate", "supply-chain/imports.lock:4:1"),
        ],
    )
    def test_any_difference_is_refused_in_a_locked_run_only(
        self, imports: tuple[str, ...], exclude: str, cause: str, place: str
    ) -> None:
        files = parsed(config=self.config(*imports, exclude=exclude), imports=IMPORTS + self.STORED)
        assert build_store(files, today=TODAY, locked=False)
        problem = only_problem(files, locked=True)
        assert problem.message.startswith("imports.lock is out-of-date with respect to configuration")
        assert cause in problem.message
        assert str(problem.place) == place

    def test_an_exclusion_does_not_concern_wildcard_audits(self) -> None:
        wildcard = (
            '\n[[audits.peer.wildcard-audits.quill]]\ncriteria = "safe-to-run"\nuser-id = 1\n'
            'start = "2024-01-01"\nend = "2026-01-01"\n\n[audits.peer.audits]\n'
        )
        files = parsed(config=self.config("peer", exclude='exclude = ["quill"]\n'), imports=IMPORTS + wildcard)
        assert build_store(files, today=TODAY, locked=True)
