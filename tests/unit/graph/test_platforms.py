from __future__ import annotations

from vetflow.graph.platforms import PLATFORM_KEYS, known_triples, platform_of


def test_every_platform_of_the_table_has_a_value_for_every_key() -> None:
    for triple in known_triples():
        values = platform_of(triple).values
        assert values is not None
        assert {*values, "unix", "windows"} == PLATFORM_KEYS


def test_a_platform_that_is_not_in_the_table_has_no_values() -> None:
    assert platform_of("xtensa-esp32-none-elf").values is None
