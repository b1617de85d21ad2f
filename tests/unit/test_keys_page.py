"""docs/review-keys.md says what the bindings say, and each action of the screens has a way without them."""

from __future__ import annotations

import re

from tests.keys_page import PAGE, TWINS, bound_keys, keys_page
from vetflow.cli.commands import COMMANDS
from vetflow.tui.key_ids import bound_ids


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == keys_page(), "run `python -m tests.keys_page`"


def test_every_binding_has_an_id_by_which_it_can_be_bound_anew() -> None:
    assert all(re.fullmatch(r"[a-z]+\.[a-z-]+", each.id) for each in bound_keys())


def test_every_id_is_known_to_the_application() -> None:
    assert {each.id for each in bound_keys()} == bound_ids()


def test_every_action_has_its_plain_twin() -> None:
    bound = {each.id for each in bound_keys() if each.needs_twin}
    assert bound == set(TWINS)


def test_every_command_that_is_named_exists() -> None:
    named = {name for twin in TWINS.values() for name in re.findall(r"`vetflow ([a-z-]+)", twin)}
    assert named <= set(COMMANDS)
