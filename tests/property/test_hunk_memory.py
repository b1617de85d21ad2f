"""A hunk that was read elsewhere is marked as long as it is the same, and a changed byte takes the mark away."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.crates import contents_of
from tests.deltas import delta_between
from vetflow.app.review.hunk_reading import hunks_read
from vetflow.app.review.values import Delta, seen_file
from vetflow.review.hunk_memory import HunkMemory, roles
from vetflow.review.session import Pair, Session, Viewed, session_of

PATH = "src/lib.rs"
OLD = "use std::fmt;\n\n/// Strikes.\npub fn strike() {\n    one();\n    two();\n    three();\n}\n\npub fn other() {}\n"
NEW = OLD.replace("    two();\n", "    two(2);\n")
ITEM = range(OLD.index("/// Strikes."), OLD.index("\npub fn other"))
"""Where the function with the hunk, and so its context in it, stands in the old text."""
READ, HERE = Pair("anvil", "1.0.0", "1.0.1"), Pair("bramble", "2.0.0", "2.1.0")


def delta(pair: Pair, old: str, new: str, path: str = PATH) -> Delta:
    return delta_between(pair, contents_of({path: old}), contents_of({path: new}))


def after_reading(read: Delta, path: str = PATH) -> Session:
    patch = read.diff.file(path)
    record = hunks_read(read, path, "Ada", "2026-01-15T12:00:00Z")
    assert patch is not None
    assert record is not None
    return session_of([Viewed(seen_file(read.pair.crate, patch), viewed=True, at="2026-01-15T12:00:00Z"), record])


def marks(session: Session, here: Delta, path: str = PATH) -> set[str]:
    patch = here.diff.file(path)
    assert patch is not None
    found = HunkMemory(session, here.pair).marks_of(patch, here.old, here.new, roles(here.plan)[path])
    return set(found.values())


SESSION = after_reading(delta(READ, OLD, NEW))


def test_the_same_hunk_in_another_crate_is_marked_with_where_when_and_by_whom() -> None:
    told = {"read in anvil 1.0.0 > 1.0.1, src/lib.rs, on 2026-01-15 by Ada"}
    assert marks(SESSION, delta(HERE, OLD, NEW)) == told
    assert (
        marks(
            SESSION, delta(HERE, "mod before;\n\n\n\n\n" + OLD, "mod before;\n\n\n\n\n" + NEW, "src/b.rs"), "src/b.rs"
        )
        == told
    )


@given(
    before=st.text("abc();\n {}", max_size=40),
    at=st.sampled_from([at for at in ITEM if OLD[at : at + 4] != "two("]),
    letter=st.sampled_from("abcxyz_09 \n;(){}/\"'#"),
)
def test_a_changed_byte_takes_the_mark_away(before: str, at: int, letter: str) -> None:
    assume(OLD[at] != letter)
    old = OLD[:at] + letter + OLD[at + 1 :]
    assume("    two();\n" in old)
    new = old.replace("    two();\n", "    two(2);\n", 1)
    assert marks(SESSION, delta(HERE, before + "\n" * 9 + old, before + "\n" * 9 + new)) == set()


@given(letter=st.sampled_from("13579abc "))
def test_a_changed_byte_in_the_hunk_takes_the_mark_away(letter: str) -> None:
    assert marks(SESSION, delta(HERE, OLD, OLD.replace("    two();\n", f"    two({letter});\n"))) == set()


def test_what_is_marked_is_not_viewed() -> None:
    here = delta(HERE, OLD, NEW)
    patch = here.diff.file(PATH)
    assert patch is not None
    assert seen_file("bramble", patch) not in SESSION.viewed


def test_a_mark_ends_with_the_view_it_comes_from() -> None:
    read = delta(READ, OLD, NEW)
    patch = read.diff.file(PATH)
    assert patch is not None
    session = SESSION.after(Viewed(seen_file("anvil", patch), viewed=False, at=""))
    assert marks(session, delta(HERE, OLD, NEW)) == set()


def test_a_file_is_not_told_that_it_was_read_itself() -> None:
    assert marks(SESSION, delta(READ, OLD, NEW)) == set()


def test_a_record_that_comes_too_late_is_dropped() -> None:
    (record,) = SESSION.read.values()
    assert Session().after(record) == Session()
