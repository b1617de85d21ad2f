"""docs/commands.md says what the parsers say."""

from __future__ import annotations

from tests.docs import PAGE, commands_page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == commands_page(), "run `python -m tests.docs`"
