"""What a write changes is counted by kind, and an entry that only says something else is no removal."""

from __future__ import annotations

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS
from vetflow.app.changes import Change, changes_of
from vetflow.app.recording import WritePlan

STORE = {"config.toml": CONFIG, "audits.toml": AUDITS, "imports.lock": IMPORTS}
EXEMPTION = '\n[[exemptions.bellows]]\nversion = "3.0.0"\ncriteria = "safe-to-deploy"\n'
AUDIT = '\n[[audits.bellows]]\ncriteria = "safe-to-run"\nversion = "3.0.0"\n'
PUBLISHER = '\n[[publisher.bellows]]\nversion = "3.0.0"\nwhen = "2024-01-01"\nuser-id = 7\nuser-login = "ada-l"\n'


def changes(name: str, before: str, after: str) -> tuple[Change, ...]:
    return changes_of(WritePlan({**STORE, name: STORE[name] + before}, {**STORE, name: STORE[name] + after}))


@pytest.mark.parametrize(
    ("name", "entry", "kind"),
    [
        ("config.toml", EXEMPTION, "exemptions"),
        ("config.toml", '\n[imports.peer]\nurl = "https://peer.example/a.toml"\n', "imports"),
        ("config.toml", "\n[policy.bellows]\naudit-as-crates-io = false\n", "policies"),
        ("audits.toml", AUDIT, "audits"),
        ("imports.lock", AUDIT.replace("[[", "[[audits.peer."), "imported audits"),
        ("imports.lock", PUBLISHER, "publisher rows"),
        (
            "imports.lock",
            '\n[[unpublished.bellows]]\nversion = "3.0.1"\naudited_as = "3.0.0"\n',
            "unpublished versions",
        ),
    ],
)
def test_entries_of_every_kind_come_and_go(name: str, entry: str, kind: str) -> None:
    assert changes(name, "", entry) == (Change(kind, added=1, removed=0, altered=0),)
    assert changes(name, entry, "") == (Change(kind, added=0, removed=1, altered=0),)


def test_another_entry_about_the_same_version_is_an_alteration() -> None:
    narrowed = EXEMPTION.replace("deploy", "run")
    assert changes("config.toml", EXEMPTION, narrowed) == (Change("exemptions", 0, 0, altered=1),)


def test_of_equal_entries_each_counts() -> None:
    assert changes("audits.toml", AUDIT + AUDIT, AUDIT) == (Change("audits", 0, removed=1, altered=0),)


def test_the_form_alone_is_no_change_of_an_entry() -> None:
    assert changes("config.toml", "\n# a remark\n", "") == ()


def test_before_a_store_is_there_it_has_nothing() -> None:
    empty = dict.fromkeys(STORE, "")
    after = {**STORE, "config.toml": '[cargo-vet]\nversion = "0.10"\n' + EXEMPTION}
    assert Change("exemptions", added=1, removed=0, altered=0) in changes_of(WritePlan(empty, after))
