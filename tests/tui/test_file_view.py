"""What is said of a file beside its lines, and which words of them are marked."""

from __future__ import annotations

import os

from vetflow.diffing.compare import compare_contents
from vetflow.model.contents import CrateFile
from vetflow.review.patches import FilePatch, PatchLine
from vetflow.review.rows import Gap
from vetflow.tui.diff_rows import FileView
from vetflow.tui.file_view import Contents, Manner, file_view

OLD = b"fn main() {\n    let s = lit.value();\n}\n" + b"// same\n" * 20
PLAIN = Manner()
NEW = OLD.replace(b"value()", b"value().trim()").replace(b"fn main", b"fn start") + b"// last\n"


def patch_of(old: bytes | None, new: bytes | None, path: str = "src/lib.rs", *, executable: bool = False) -> FilePatch:
    before = {} if old is None else {path: CrateFile(path, False, old)}
    after = {} if new is None else {path: CrateFile(path, executable, new)}
    (patch,) = compare_contents(before, after, {"PATH": os.environ["PATH"]}).files
    return patch


def view_of(old: bytes | None, new: bytes | None, manner: Manner = PLAIN) -> FileView:
    return file_view(patch_of(old, new), Contents(old, new), {}, manner, is_code=True)


def line_with(view: FileView, text: str) -> PatchLine:
    return next(row for row in view.rows if isinstance(row, PatchLine) and text in row.text)


def test_words_that_changed_are_marked_in_both_lines() -> None:
    view = view_of(OLD, NEW)
    old, new = line_with(view, "value();"), line_with(view, ".trim()")
    assert [old.text[start:end] for start, end in view.words(old)] == []
    assert [new.text[start:end] for start, end in view.words(new)] == [".trim()"]
    assert view.words(line_with(view, "// last")) == ()


def test_keywords_of_removed_lines_are_those_of_the_old_text() -> None:
    view = view_of(OLD, NEW)
    old = line_with(view, "fn main")
    assert [old.text[start:end] for start, end, kind in view.highlights(old) if kind == "keyword"] == ["fn"]


def test_the_whole_file_has_no_gaps() -> None:
    assert any(isinstance(row, Gap) for row in view_of(OLD, NEW).rows)
    whole = view_of(OLD, NEW, Manner(context=None))
    assert not any(isinstance(row, Gap) for row in whole.rows)


def test_line_endings_are_folded_into_a_count_until_somebody_wants_to_see_them() -> None:
    old, new = b"a\nb\nc\n", b"a\r\nb\r\nc\r\n"
    folded = view_of(old, new)
    assert folded.rows == ()
    assert folded.notes == ("3 lines differ in their line ending alone and are folded; E shows them",)
    assert len(view_of(old, new, Manner(fold_endings=False)).rows) == 6


def test_a_binary_file_is_told_by_its_size_hash_and_first_bytes() -> None:
    view = file_view(
        patch_of(b"\x7fELF\0old", b"\x7fELF\0newer", "x.bin"), Contents(None, None), {}, Manner(), is_code=False
    )
    assert view.rows == ()
    assert "8 bytes" in view.notes[0]
    assert view.notes[1] == "     begins with 7f 45 4c 46 00 6f 6c 64"
    assert "10 bytes" in view.notes[2]


def test_a_file_that_came_or_became_executable_says_so() -> None:
    assert view_of(None, b"x\n").notes == ("this file was added",)
    assert view_of(b"x\n", None).notes == ("this file was removed",)
    patch = patch_of(b"x\n", b"x\n", executable=True)
    assert file_view(patch, Contents(b"x\n", b"x\n"), {}, Manner(), is_code=False).notes == ("may now be executed",)


def test_moved_lines_are_marked_when_asked_for() -> None:
    block = b"let quite_a_long_statement = that_moves(1234567890);\n"
    old, new = block + b"// same\n" * 20, b"// same\n" * 20 + block
    assert view_of(old, new).marks == {}
    assert set(view_of(old, new, Manner(mark_moved=True)).marks.values()) == {"~"}
