"""A diff shows everything: whatever two crates hold, applying it to the one gives the other, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crates import contents_of
from vetflow.diffing.compare import compare_contents
from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.review.hunks import apply_hunks, parse_hunks
from vetflow.review.patches import CrateDiff
from vetflow.review.reconcile import reconcile

# What makes tools see other lines, other files, or none: each of these was used against one.
pieces = st.sampled_from(
    [b"a\n", b"b\n", b"\n", b"  a\n", b"c\r\n", b"\r", b"\0", b"\x1b[2K", b"\x0c", b"\xff\n", b"\xc3", b"no end"]
)
lookalikes = st.sampled_from(
    [b"\\ No newline at end of file\n", b"@@ -1 +1 @@\n", b"--- a/x\n", b"+++ b/x\n", b"diff --git a/x b/x\n"]
)
separators = st.sampled_from(["\u2028", "\u0085\n", "\u202e", "\x1d\n"]).map(str.encode)
contents = st.one_of(
    st.lists(st.one_of(pieces, lookalikes, separators), max_size=14).map(b"".join),
    st.lists(pieces, max_size=4).map(lambda some: b"".join(b"line %d\n" % n for n in range(40)) + b"".join(some)),
    st.binary(max_size=60),
)
plain_names = st.sampled_from(["a.rs", "b.rs", "src", "src/a.rs", "Cargo.toml", "data.bin", "x"])
odd_names = st.sampled_from([".gitattributes", ".git/config", "tab\t.rs", 'quo"te.rs', "ä/ö.rs", "line\nfeed.rs", "-"])
names = st.one_of(plain_names, odd_names)
crates = st.dictionaries(names, contents, max_size=6)


def applied(old: CrateFiles, diff: CrateDiff) -> dict[str, CrateFile | None]:
    """Return what the new crate has by the diff alone; None for files of which the diff has only the hash."""
    files: dict[str, CrateFile | None] = dict(old)
    for file in diff.files:
        if file.old is not None:
            files.pop(file.old.path)
    for file in diff.files:
        if file.new is None:
            continue
        base = old[file.old.path].content if file.old is not None and file.old.binary is None else b""
        content = apply_hunks(base, parse_hunks(file.text))
        assert content is not None
        files[file.new.path] = None if file.new.binary else CrateFile(file.new.path, file.new.executable, content)
    return files


@given(old=crates, new=crates, programs=st.sets(names))
@settings(max_examples=120)
def test_the_diff_applied_to_the_old_crate_gives_the_new_one(
    old: Mapping[str, bytes], new: Mapping[str, bytes], programs: set[str]
) -> None:
    before, after = contents_of(old, ["a.rs"]), contents_of(new, programs)
    diff = compare_contents(before, after, os.environ)
    assert diff.incomplete == ()
    result = applied(before, diff)
    assert result.keys() == after.keys()
    assert all(file is None or file == after[path] for path, file in result.items())
    assert all(result[path] is not None for path in after if path.endswith((".rs", ".toml")))


@given(old=crates, new=crates)
@settings(max_examples=60)
def test_no_file_can_be_left_out_unnoticed(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    before, after = contents_of(old), contents_of(new)
    files = compare_contents(before, after, os.environ).files
    for number, omitted in enumerate(files):
        missing = {each.path for each in reconcile(before, after, files[:number] + files[number + 1 :])}
        assert missing == {side.path for side in (omitted.old, omitted.new) if side is not None}


@given(content=contents, other=contents)
def test_a_patch_of_another_content_is_noticed(content: bytes, other: bytes) -> None:
    before, after = contents_of({"a.rs": content}), contents_of({"a.rs": other})
    files = compare_contents(before, after, os.environ).files
    changed = contents_of({"a.rs": other + b"more"})
    assert [each.path for each in reconcile(before, changed, files)] == ["a.rs"]
