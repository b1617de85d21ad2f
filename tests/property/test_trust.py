"""Statements and signatures over random entries: read back as they are, and no other text passes for them."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import delta, full, trust, violation, wildcard
from tests.signers import ADA, judge_of, signed
from vetflow.formats.signatures_toml import SignatureRow
from vetflow.model.criteria import Criteria
from vetflow.model.store import CriteriaEntry
from vetflow.trust.claims import Entry
from vetflow.trust.meaning import meanings
from vetflow.trust.signatures import Problem, Sound, examine
from vetflow.trust.verification import Surroundings, own_words, verify_entries

CRITERIA = {
    "alpha": CriteriaEntry("a", implies=("safe-to-run",)),
    "beta": CriteriaEntry("b", implies=("alpha", "safe-to-deploy")),
}
VERSIONS = st.sampled_from(["1.0.0", "1.0.0-rc.1", "2.3.4+b", f"1.0.0@git:{'a1' * 20}"])
NAMES = st.lists(st.sampled_from([*CRITERIA, "safe-to-run", "safe-to-deploy"]), min_size=1, max_size=3, unique=True)
WHO = st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), max_size=2).map(
    lambda names: (*names, ADA)
)
NOTES = st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=30)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Draw an entry of any kind that names Ada."""
    names, who, notes = tuple(draw(NAMES)), draw(WHO), draw(NOTES)
    match draw(st.sampled_from(["full", "delta", "violation", "wildcard", "trusted"])):
        case "full":
            return full(draw(VERSIONS), *names)._replace(who=who, notes=notes)
        case "delta":
            return delta(draw(VERSIONS), draw(VERSIONS), *names)._replace(who=who, notes=notes)
        case "violation":
            versions = draw(st.sampled_from(["*", "<1", ">=1.0.0, <2", "=1.2.3"]))
            return violation(versions, *names)._replace(who=who, notes=notes)
        case "wildcard":
            return wildcard(draw(st.just(7) | st.just("github:forge/anvil")), *names)._replace(who=who, notes=notes)
    return trust(7, *names)._replace(notes=notes)


def surroundings() -> Surroundings:
    implies = {name: entry.implies for name, entry in CRITERIA.items()}
    return Surroundings(own_words(Criteria(implies), meanings(CRITERIA)), {})


def row_of(entry: Entry) -> SignatureRow:
    return signed("anvil", entry, criteria=CRITERIA)


@given(entries())
def test_every_entry_verifies_as_it_was_signed(entry: Entry) -> None:
    found = verify_entries([("anvil", entry)], [row_of(entry)], judge_of(), surroundings())
    assert found.entries[0].problem is None
    assert found.stray == ()


@given(entries(), st.data())
def test_an_entry_for_fewer_criteria_verifies_and_for_more_does_not(entry: Entry, data: st.DataObject) -> None:
    words = surroundings().words
    other = tuple(data.draw(NAMES))
    covered = frozenset[str]().union(*map(words.covers, entry.criteria))
    found = verify_entries([("anvil", entry._replace(criteria=other))], [row_of(entry)], judge_of(), surroundings())
    assert (found.entries[0].problem is None) == (set(other) <= covered)


@given(entries(), st.data())
def test_a_changed_character_is_noticed(entry: Entry, data: st.DataObject) -> None:
    row = row_of(entry)
    field = data.draw(st.sampled_from(["crate", "claim", "signer", "statement", "signature"]))
    text = getattr(row, field)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(string.printable).filter(lambda char: char != text[at]))
    changed = row._replace(**{field: text[:at] + other + text[at + 1 :]})
    assert isinstance(examine(row, judge_of()), Sound)
    assert isinstance(examine(changed, judge_of()), Problem)
