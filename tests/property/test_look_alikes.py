"""Any single slip in a well-known name is noticed, and what is noticed is near a well-known name."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from vetflow.graph.look_alikes import KnownNames, Resemblance

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"

names = st.text(LETTERS, min_size=5, max_size=14).filter(lambda name: name[0] != "-" and "--" not in name)


@st.composite
def slips(draw: DrawFn) -> tuple[str, str]:
    """A name, and the same with one character put in, left out, replaced, or swapped with the next."""
    name = draw(names)
    at = draw(st.integers(0, len(name) - 1))
    letter = draw(st.sampled_from(LETTERS))
    slip = draw(
        st.sampled_from(
            [
                name[:at] + letter + name[at:],
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
            ]
        )
    )
    assume(slip != name)
    return name, slip


@given(slips())
def test_one_slip_is_noticed(slip: tuple[str, str]) -> None:
    name, slipped = slip
    found = KnownNames([name]).resembled_by(slipped)
    assert found is not None
    assert found.known == name


@given(names, names)
def test_an_edit_is_only_reported_where_one_edit_is_enough(name: str, other: str) -> None:
    found = KnownNames([name]).resembled_by(other)
    if found is not None and found.how is Resemblance.EDIT:
        assert distance(name, other) == 1


def distance(one: str, other: str) -> int:
    """The optimal string alignment distance, by its definition."""
    rows = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            cost = one[i - 1] != other[j - 1]
            rows[i, j] = min(rows[i - 1, j] + 1, rows[i, j - 1] + 1, rows[i - 1, j - 1] + cost)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i, j] = min(rows[i, j], rows[i - 2, j - 2] + 1)
    return rows[len(one), len(other)]
