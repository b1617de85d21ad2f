"""What the network said, as values."""

from __future__ import annotations

import pytest

from vetflow.model.upstream import CrateDescription


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (CrateDescription("a hammer"), CrateDescription("a hammer"), True),
        (
            CrateDescription("a hammer", "https://one.example"),
            CrateDescription("a hammer", "https://two.example"),
            True,
        ),
        (CrateDescription("a hammer", "https://one.example"), CrateDescription("an axe", "https://one.example"), True),
        (CrateDescription("a hammer"), CrateDescription("an axe"), False),
        (CrateDescription(), CrateDescription(), False),
        (CrateDescription("a hammer"), CrateDescription(), False),
        (CrateDescription("", ""), CrateDescription("", None), True),
    ],
)
def test_packages_are_alike_when_description_or_repository_is_given_and_equal(
    one: CrateDescription, other: CrateDescription, alike: bool
) -> None:
    assert one.resembles(other) is alike
    assert other.resembles(one) is alike
