"""Sizes are what `git diff --no-index --ignore-cr-at-eol --numstat` says of two folders: cargo-vet's numbers."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.crates import crate, files_of
from tests.suggesting import delta_of
from vetflow.diffing.contents import count_whole
from vetflow.diffing.trees import compare_crates
from vetflow.model.suggestions import DiffStat

DELTA = delta_of("aa 1.0.0 -> 2.0.0")
WHOLE = delta_of("aa 2.0.0")
LEFT_OUT = ("Cargo.lock", ".cargo_vcs_info.json", ".cargo-ok")
NUMBERS = re.compile(r"(?:([0-9]+)\t([0-9]+)|-\t-)\t\0([^\0]+)\0([^\0]+)\0")

lines = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"\n", b"longer line\n", b"no end", b"\r"]), max_size=12)
texts = st.builds(b"".join, lines)
# Files of many equal lines are what renamed files are found by.
block = b"".join(b"line %d\n" % number for number in range(30))
contents = st.one_of(
    texts,
    st.builds(lambda one, other: block + one + other, texts, texts),
    st.builds(lambda one: b"\0" + one, texts),
    st.builds(lambda one: b"x\n" * 4100 + b"\0" + one, texts),
)
names = st.sampled_from(
    ["a", "a.txt", "a-b/c", "a/b", "a/b.c", "d/a.txt", "d/e/f", "build.sh", "Cargo.lock", "d/Cargo.lock", "b b/ä"]
)
folders = st.dictionaries(names, contents, max_size=6).filter(
    lambda files: not any(other.startswith(name + "/") for name in files for other in files)
)


def by_git(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> DiffStat:
    """Ask git about two folders on disk, outside of any repository, as cargo-vet does."""
    with TemporaryDirectory() as scratch:
        for side, files in (("old", old), ("new", new)):
            Path(scratch, side).mkdir()
            for name, content in files.items():
                path = Path(scratch, side, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        command = [
            "git",
            "diff",
            "--ignore-cr-at-eol",
            "--no-index",
            "--numstat",
            "-z",
            f"{scratch}/old",
            f"{scratch}/new",
        ]
        environ = {"PATH": os.environ["PATH"], "HOME": scratch, "GIT_CEILING_DIRECTORIES": os.path.dirname(scratch)}
        ran = subprocess.run(command, cwd=scratch, env=environ, capture_output=True, check=False)
        assert ran.returncode in {0, 1}, ran.stderr
        insertions = deletions = files_changed = 0
        for more, less, source, target in NUMBERS.findall(ran.stdout.decode()):
            counted = os.path.relpath(source if target == "/dev/null" else target, scratch).partition("/")[2]
            if counted not in LEFT_OUT:
                files_changed += 1
                insertions += int(more or 0)
                deletions += int(less or 0)
        return DiffStat(insertions, deletions, files_changed)


@settings(max_examples=40)
@given(old=folders, new=folders)
def test_a_delta_has_gits_size(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
    crates = {crate("aa 1.0.0"): files_of(old), crate("aa 2.0.0"): files_of(new)}
    assert compare_crates([DELTA], crates.__getitem__, os.environ) == {DELTA: by_git(old, new)}


@settings(max_examples=40)
@given(files=folders)
def test_a_whole_version_has_the_size_git_gives_what_is_new(files: Mapping[str, bytes]) -> None:
    assert count_whole(WHOLE, files_of(files)) == by_git({}, files)
