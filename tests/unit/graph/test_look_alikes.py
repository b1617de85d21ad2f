from __future__ import annotations

import pytest

from vetflow.graph.look_alikes import KnownNames, LookAlike, Resemblance

KNOWN = KnownNames(
    ["anvil", "ember_glow", "kestrel-core", "lantern2", "mill", "rope", "oak", "cobalt", "warm-hearth", "rust_dial"]
)


@pytest.mark.parametrize(
    ("name", "known", "how"),
    [
        ("emberglow", "ember_glow", Resemblance.SEPARATORS),
        ("an-vil", "anvil", Resemblance.SEPARATORS),
        ("rustdial", "rust_dial", Resemblance.SEPARATORS),
        ("c0balt", "cobalt", Resemblance.GLYPHS),
        ("warrn-hearth", "warm-hearth", Resemblance.GLYPHS),
        ("anvi1", "anvil", Resemblance.GLYPHS),
        ("core-kestrel", "kestrel-core", Resemblance.ORDER),
        ("anvl", "anvil", Resemblance.EDIT),
        ("anvvil", "anvil", Resemblance.EDIT),
        ("anvik", "anvil", Resemblance.EDIT),
        ("navil", "anvil", Resemblance.EDIT),
        ("lantern3", "lantern2", Resemblance.EDIT),
        ("roep", "rope", Resemblance.EDIT),
        ("oak-rs", "oak", Resemblance.AFFIX),
        ("rust-anvil", "anvil", Resemblance.AFFIX),
        ("mills", "mill", Resemblance.AFFIX),
    ],
)
def test_a_name_resembles_a_known_one(name: str, known: str, how: Resemblance) -> None:
    assert KNOWN.resembled_by(name) == LookAlike(name, known, how)


@pytest.mark.parametrize(
    "name",
    ["anvil", "Ember-Glow", "ember-glow", "kestrel", "kestrel-derive", "milk", "oaks-and-elms", "oat", "cob", "", "-"],
)
def test_known_names_and_those_that_resemble_none_raise_no_question(name: str) -> None:
    assert KNOWN.resembled_by(name) is None
