"""Lists of names as cargo-vet shortens them."""

from __future__ import annotations

import pytest

from vetflow.cli.render.short_list import short_list


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["one"], "one"),
        (["two", "one"], "one and two"),
        (["ccc", "a", "bb"], "a, bb, and ccc"),
        ([f"p{n}" for n in range(1, 10)], "p1, p2, p3, p4, p5, p6, p7, p8, and p9"),
        (
            [*(f"p{n}" for n in range(1, 9)), "parent-with-long-name"],
            "p1, p2, p3, p4, p5, p6, p7, p8, and 1 other",
        ),
        (["x" * 50, "y" * 50, "z" * 50], f"{'x' * 50} and 2 others"),
    ],
)
def test_shortest_first_and_closed_within_the_limit(items: list[str], expected: str) -> None:
    assert short_list(items) == expected


def test_a_wider_limit_shows_more() -> None:
    names = [f"name-{n:02}" for n in range(20)]
    assert short_list(names).endswith("others")
    assert short_list(names, limit=1000).endswith("and name-19")
