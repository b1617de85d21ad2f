"""An entry may claim no more than its statement: every way to fall short has a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.builders import delta, full, trust, violation, wildcard
from tests.signers import ADA, ADDRESS, DAY, NOW, judge_of, key_of, line_of, signed
from vetflow.formats.signatures_toml import SignatureRow
from vetflow.model.audits import Audit
from vetflow.model.criteria import Criteria
from vetflow.model.names import CriteriaName
from vetflow.model.store import CriteriaEntry
from vetflow.trust.canonical_json import canonical
from vetflow.trust.claims import Entry
from vetflow.trust.meaning import meanings, notes_digest
from vetflow.trust.moments import write_key_time
from vetflow.trust.signatures import Flaw, Judge, Keys, Problem, Rules, Sound, addresses, examine
from vetflow.trust.sshsig import AUDIT_NAMESPACE
from vetflow.trust.statement import BUILD_TIME
from vetflow.trust.verification import (
    EntryVerdict,
    Surroundings,
    Verification,
    Words,
    entry_digest,
    own_words,
    verify_entries,
)

CRITERIA: Mapping[CriteriaName, CriteriaEntry] = {
    "crypto": CriteriaEntry("knows its ciphers"),
    "build": CriteriaEntry("what runs at build time was read"),
    "strict": CriteriaEntry("all of it", implies=("crypto", "safe-to-deploy")),
}
ENTRY = full("1.0.0", who=(ADA,))._replace(notes="read on a train\nand at home")


def around(
    criteria: Mapping[CriteriaName, CriteriaEntry] = CRITERIA, audience: str | None = None, **more: Any
) -> Surroundings:
    names = Criteria({name: entry.implies for name, entry in criteria.items()})
    return Surroundings(own_words(names, meanings(criteria)), {}, audience)._replace(**more)


def sign(entry: Entry, **more: Any) -> SignatureRow:
    return signed("anvil", entry, criteria=dict(CRITERIA), **more)


def verify(
    entry: Entry, *rows: SignatureRow, judge: Judge | None = None, surroundings: Surroundings | None = None
) -> EntryVerdict:
    found = verify_entries([("anvil", entry)], rows, judge or judge_of(), surroundings or around())
    return found.entries[0]


def flaw(
    entry: Entry, *rows: SignatureRow, judge: Judge | None = None, surroundings: Surroundings | None = None
) -> Flaw | None:
    problem = verify(entry, *rows, judge=judge, surroundings=surroundings).problem
    return problem and problem.flaw


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY,
        delta("1.0.0", "1.1.0", "crypto")._replace(who=("Bert", ADA)),
        violation("<1")._replace(who=(ADA,)),
        wildcard(7)._replace(who=(ADA,)),
        trust("github:forge/anvil"),
    ],
    ids=["full", "delta", "violation", "wildcard", "trusted"],
)
def test_an_entry_as_it_was_signed_is_verified(entry: Entry) -> None:
    verdict = verify(entry, sign(entry))
    assert verdict.problem is None
    assert [sound.row.signer for sound in verdict.statements] == [ADDRESS]


SIGNED = sign(ENTRY._replace(criteria=("strict", "build")))


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"criteria": ("build", "strict")}, None),
        ({"criteria": ("strict",)}, None),
        ({"criteria": ("safe-to-run", "crypto")}, None),
        ({"notes": "read on a train  \r\nand at home\r\n"}, None),
        ({"aggregated_from": ("https://example.org/audits.toml",)}, None),
        ({"importable": False}, None),
        ({"notes": "read on a plane"}, Flaw.NOTES),
        ({"notes": None}, Flaw.NOTES),
        ({"who": ("Mallory <mallory@example.org>",)}, Flaw.WHO),
        ({"who": (ADA, "Bert")}, Flaw.WHO),
        ({"who": ()}, Flaw.WHO),
        ({"version": full("1.0.1").version}, Flaw.UNSIGNED),
    ],
)
def test_what_others_do_to_an_entry(change: dict[str, Any], wanted: Flaw | None) -> None:
    assert flaw(ENTRY._replace(**{"criteria": ("strict", "build"), **change}), SIGNED) is wanted


def test_a_widened_entry_names_what_was_not_signed() -> None:
    problem = verify(ENTRY._replace(criteria=("safe-to-deploy", "crypto")), sign(ENTRY)).problem
    assert problem == Problem(Flaw.CLAIMS_MORE, f"it claims crypto, and {ADDRESS} signed safe-to-deploy")


def test_notes_may_change_where_a_project_allows_it() -> None:
    assert flaw(ENTRY._replace(notes="other"), sign(ENTRY), surroundings=around(allow_note_edits=True)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"strict": CRITERIA["strict"]._replace(description="most of it")},
        {"strict": CRITERIA["strict"]._replace(implies=("crypto", "build"))},
        {"crypto": CRITERIA["crypto"]._replace(description="has heard of ciphers")},
        {"crypto": CRITERIA["crypto"]._replace(implies=("build",))},
    ],
    ids=["text", "implies", "text below", "implies below"],
)
def test_a_criterion_that_means_something_else_now_is_named(changed: dict[CriteriaName, CriteriaEntry]) -> None:
    entry = ENTRY._replace(criteria=("strict",))
    verdict = verify(entry, sign(entry), surroundings=around({**CRITERIA, **changed}))
    assert verdict.problem
    assert verdict.problem.flaw is Flaw.REDEFINED
    assert "what strict means was changed" in verdict.problem.reason


def test_a_changed_criterion_costs_only_the_claim_to_it() -> None:
    entry = ENTRY._replace(criteria=("safe-to-deploy", "crypto"))
    now = around({**CRITERIA, "crypto": CriteriaEntry("something else")})
    assert flaw(entry, sign(entry), surroundings=now) is Flaw.REDEFINED
    assert flaw(entry._replace(criteria=("safe-to-deploy",)), sign(entry), surroundings=now) is None


def test_a_criterion_that_is_gone_is_no_crash() -> None:
    entry = ENTRY._replace(criteria=("crypto",))
    assert flaw(entry, sign(entry), surroundings=around({})) is not None


def test_another_archive_in_the_lock_is_another_thing() -> None:
    checksums = {("anvil", "1.0.0"): "cd" * 32}
    verdict = verify(ENTRY, sign(ENTRY), surroundings=around(checksums=checksums))
    assert verdict.problem
    assert verdict.problem.flaw is Flaw.ARTIFACT
    assert flaw(ENTRY, sign(ENTRY), surroundings=around(checksums={("anvil", "1.0.0"): "ab" * 32})) is None


def test_both_ends_of_a_delta_are_held_against_the_lock() -> None:
    entry = delta("1.0.0", "1.1.0")._replace(who=(ADA,))
    for end in ("1.0.0", "1.1.0"):
        surroundings = around(checksums={("anvil", end): "cd" * 32})
        assert flaw(entry, sign(entry), surroundings=surroundings) is Flaw.ARTIFACT


def test_a_look_at_build_time_code_is_no_audit_for_built_in_criteria() -> None:
    entry = ENTRY._replace(criteria=("build", "safe-to-run"))
    row = sign(entry, scope=BUILD_TIME)
    assert flaw(entry, row) is Flaw.CLAIMS_MORE
    assert flaw(entry._replace(criteria=("build",)), row) is None


@pytest.mark.parametrize("entry", [wildcard(7)._replace(who=(ADA,)), trust(7)], ids=["wildcard", "trusted"])
def test_a_decision_of_one_project_is_not_that_of_another(entry: Entry) -> None:
    row = sign(entry, audience="host/forge/anvil")
    assert flaw(entry, row, surroundings=around(audience="host/forge/anvil")) is None
    assert flaw(entry, row, surroundings=around(audience="host/other/anvil")) is Flaw.CLAIMS_MORE
    assert flaw(entry, sign(entry), surroundings=around(audience="host/forge/anvil")) is Flaw.CLAIMS_MORE


def test_a_renewed_wildcard_is_another_claim() -> None:
    entry = wildcard(7, end="2026-01-01")._replace(who=(ADA,))
    found = verify_entries(
        [("anvil", entry._replace(end=wildcard(7, end="2027-01-01").end))], [sign(entry)], judge_of(), around()
    )
    assert found.entries[0].problem
    assert found.entries[0].problem.flaw is Flaw.UNSIGNED
    assert [problem.flaw for _, problem in found.stray] == [Flaw.ORPHAN]


class TestImportedCopies:
    """In imports.lock criteria have the importer's names, and some are gone."""

    THEIRS: Mapping[CriteriaName, CriteriaEntry] = {"crypto": CRITERIA["crypto"], "build": CRITERIA["build"]}
    MAP: Mapping[CriteriaName, frozenset[CriteriaName]] = {
        "crypto": frozenset({"reviewed", "safe-to-run"}),
        "safe-to-deploy": frozenset({"safe-to-deploy", "safe-to-run"}),
    }

    def words(self, theirs: Mapping[CriteriaName, CriteriaEntry] = THEIRS) -> Surroundings:
        return Surroundings(Words(meanings(theirs), lambda name: self.MAP.get(name, frozenset())), {})

    def test_renamed_and_dropped_criteria_are_verified(self) -> None:
        row = sign(ENTRY._replace(criteria=("crypto", "build")))
        copy = ENTRY._replace(criteria=("reviewed",), aggregated_from=("https://peer.example/audits.toml",))
        assert flaw(copy, row, surroundings=self.words()) is None
        assert flaw(copy._replace(criteria=("safe-to-run",)), row, surroundings=self.words()) is None

    def test_a_forged_row_is_not(self) -> None:
        row = sign(ENTRY._replace(criteria=("crypto", "build")))
        forged = ENTRY._replace(criteria=("safe-to-deploy",))
        assert flaw(forged, row, surroundings=self.words()) is Flaw.CLAIMS_MORE
        assert flaw(full("6.6.6", who=(ADA,)), row, surroundings=self.words()) is Flaw.UNSIGNED

    def test_an_escalation_at_the_peer_is_noticed(self) -> None:
        row = sign(ENTRY._replace(criteria=("crypto",)))
        escalated = {**self.THEIRS, "crypto": self.THEIRS["crypto"]._replace(implies=("safe-to-deploy",))}
        copy = ENTRY._replace(criteria=("reviewed",))
        assert flaw(copy, row, surroundings=self.words(escalated)) is Flaw.REDEFINED


class TestSignatures:
    def test_a_changed_statement_or_signature_is_bad(self) -> None:
        row = sign(ENTRY)
        for other in (
            row._replace(statement=row.statement.replace("1.0.0", "1.0.1")),
            row._replace(statement=row.statement + " "),
            row._replace(statement="\ud800"),
            row._replace(signature=row.signature.replace("A", "B", 1)),
            row._replace(signature=""),
            sign(ENTRY, namespace="git"),
            sign(ENTRY, namespace="import-v1@vetflow"),
        ):
            problem = examine(other, judge_of())
            assert isinstance(problem, Problem)
            assert problem.flaw is Flaw.BAD_SIGNATURE

    def test_a_signed_text_that_is_no_statement_is_bad(self) -> None:
        text = canonical({"who": [ADA]})
        row = sign(ENTRY)._replace(statement=text, signature=key_of().sign(text.encode(), AUDIT_NAMESPACE))
        problem = examine(row, judge_of())
        assert isinstance(problem, Problem)
        assert "is not understood" in problem.reason

    def test_a_statement_must_be_where_it_belongs(self) -> None:
        row = sign(ENTRY)
        for other in (row._replace(claim=sign(full("1.0.1", who=(ADA,))).claim), row._replace(crate="bellows")):
            problem = examine(other, judge_of())
            assert isinstance(problem, Problem)
            assert "which is not what signatures.toml says" in problem.reason

    def test_nobody_signs_in_the_name_of_others(self) -> None:
        bert = "Bert <bert@example.org>"
        row = sign(ENTRY, who=bert, number=2)
        judge = judge_of(line_of(), line_of("bert@example.org", 2))
        problem = examine(row, judge)
        assert isinstance(problem, Problem)
        assert problem.reason == f"bert@example.org signed for {ADA}, and is not among them"

    def test_a_key_must_be_allowed_for_that_person(self) -> None:
        for judge in (
            judge_of(line_of(number=2)),
            judge_of(line_of("bert@example.org")),
            judge_of(line_of(options="")),
            judge_of(line_of(options='namespaces="git"')),
            judge_of(line_of("*@example.org")),
        ):
            assert flaw(ENTRY, sign(ENTRY), judge=judge) is Flaw.UNKNOWN_KEY

    def test_two_people_may_sign_one_entry(self) -> None:
        entry = ENTRY._replace(who=(ADA, "Bert <bert@example.org>"))
        rows = sign(entry), sign(entry, who="Bert <bert@example.org>", number=2)
        judge = judge_of(line_of(), line_of("bert@example.org", 2))
        assert len(verify(entry, *rows, judge=judge).statements) == 2

    def test_one_good_signature_beside_a_bad_one_is_enough_and_the_bad_one_is_named(self) -> None:
        bad = sign(ENTRY, number=2)
        found = verify_entries([("anvil", ENTRY)], [bad, sign(ENTRY)], judge_of(), around())
        assert found.entries[0].problem is None
        assert [(row, problem.flaw) for row, problem in found.stray] == [(bad, Flaw.UNKNOWN_KEY)]

    def test_taking_a_signature_away_makes_nothing_more_trusted(self) -> None:
        rows = [sign(ENTRY), sign(ENTRY._replace(criteria=("safe-to-run",)))]
        for kept in ([], rows[1:]):
            assert flaw(ENTRY, *kept) is not None


def window(after: int | None = None, before: int | None = None) -> str:
    options = [f'namespaces="{AUDIT_NAMESPACE}"']
    options += [] if after is None else [f'valid-after="{write_key_time(after)}"']
    options += [] if before is None else [f'valid-before="{write_key_time(before)}"']
    return line_of(options=",".join(options))


class TestTime:
    def test_a_key_counts_from_its_beginning(self) -> None:
        assert flaw(ENTRY, sign(ENTRY, at=NOW - 2), judge=judge_of(window(after=NOW - 1))) is Flaw.OUT_OF_WINDOW
        assert flaw(ENTRY, sign(ENTRY, at=NOW - 1), judge=judge_of(window(after=NOW - 1))) is None

    def test_nobody_signs_in_the_future(self) -> None:
        assert flaw(ENTRY, sign(ENTRY, at=NOW + DAY + 1)) is Flaw.OUT_OF_WINDOW
        assert flaw(ENTRY, sign(ENTRY, at=NOW + DAY)) is None  # clocks differ

    @pytest.mark.parametrize(
        ("seen", "wanted"),
        [(None, Flaw.OUT_OF_WINDOW), (NOW - DAY, None), (NOW - DAY + 1, Flaw.OUT_OF_WINDOW), (NOW, Flaw.OUT_OF_WINDOW)],
        ids=["never", "at the end", "after the end", "now"],
    )
    def test_what_an_ended_key_signed_counts_if_it_was_seen_before(self, seen: int | None, wanted: Flaw | None) -> None:
        judge = judge_of(window(before=NOW - DAY), first_seen=lambda _: seen)
        assert flaw(ENTRY, sign(ENTRY, at=NOW - 2 * DAY), judge=judge) is wanted

    def test_a_backdated_signature_does_not_count(self) -> None:
        """Whoever has an old key can say any date; git's history is what cannot be said."""
        judge = judge_of(window(before=NOW - DAY), first_seen=lambda _: NOW)
        assert flaw(ENTRY, sign(ENTRY, at=NOW - 9 * DAY), judge=judge) is Flaw.OUT_OF_WINDOW

    @pytest.mark.parametrize(
        ("since", "seen", "wanted"),
        [
            (None, NOW - 9 * DAY, Flaw.REVOKED),
            (NOW - DAY, NOW - 2 * DAY, None),
            (NOW - DAY, NOW - DAY, Flaw.REVOKED),
            (NOW - DAY, None, Flaw.REVOKED),
        ],
    )
    def test_a_revoked_key_counts_for_what_was_seen_before_the_loss(
        self, since: int | None, seen: int | None, wanted: Flaw | None
    ) -> None:
        keys = judge_of().keys._replace(revoked={key_of().key.fingerprint: since})
        judge = Judge(keys, NOW, lambda _: seen)
        assert flaw(ENTRY, sign(ENTRY, at=NOW - 9 * DAY), judge=judge) is wanted

    def test_a_project_may_let_revoked_keys_count_for_nothing(self) -> None:
        keys = judge_of().keys._replace(revoked={key_of().key.fingerprint: NOW})
        judge = Judge(keys, NOW, lambda _: 0, Rules(first_seen_counts=False))
        assert flaw(ENTRY, sign(ENTRY), judge=judge) is Flaw.REVOKED

    def test_history_is_asked_only_where_it_matters(self) -> None:
        def asked(_: str) -> int:
            raise AssertionError

        assert flaw(ENTRY, sign(ENTRY), judge=judge_of(window(NOW - DAY, NOW), first_seen=asked)) is None


def test_without_any_key_nothing_is_signed() -> None:
    assert flaw(ENTRY, sign(ENTRY), judge=Judge(Keys(), NOW)) is Flaw.UNKNOWN_KEY


def test_an_old_entry_is_known_word_for_word() -> None:
    digest = entry_digest("anvil", ENTRY)
    changes: list[Callable[[Audit], Audit]] = [
        lambda entry: entry._replace(notes="other"),
        lambda entry: entry._replace(who=()),
        lambda entry: entry._replace(criteria=("safe-to-run",)),
        lambda entry: entry._replace(version=full("1.0.1").version),
    ]
    assert {entry_digest("anvil", change(ENTRY)) == digest for change in changes} == {False}
    found: Verification = verify_entries([("anvil", ENTRY)], [], judge_of(), around(), frozenset({digest}))
    assert found.entries[0].is_old


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ((ADA,), (ADDRESS,)),
        (("ada@example.org",), (ADDRESS,)),
        (("Ada <ada@example.org> <mallory@example.org>",), (ADDRESS, "mallory@example.org")),
        (("Ada", "Ada ada@example.org", "<not an address>"), ()),
    ],
)
def test_addresses_are_taken_from_names(who: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert addresses(who) == found


def test_a_sound_signature_says_who_and_what() -> None:
    sound = examine(sign(ENTRY), judge_of())
    assert isinstance(sound, Sound)
    assert (sound.key, sound.statement.notes) == (key_of().key, notes_digest(ENTRY.notes))
