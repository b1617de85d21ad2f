"""Four ways in which a crate hides a change from `git diff`, tried inside a git repository with hostile settings.

Each of them hides it from the command that people run, which is shown first: a trick that no longer works on git would
prove nothing here. Source: shared spec ux 1.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.crates import contents_of
from vetflow.diffing.compare import compare_contents
from vetflow.review.hunks import parse_hunks
from vetflow.review.patches import LineKind
from vetflow.text import show

HARMLESS = b"pub fn greet() {}\n"
EVIL = b"pub fn greet() { evil() }\n"
LINE = EVIL.decode().rstrip("\n")

Crate = dict[str, str | bytes]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The reviewer's own repository, in which the commands are run."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "project"
    folder.mkdir()
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    monkeypatch.chdir(folder)
    return folder


def git_diff(folder: Path, old: Mapping[str, str | bytes], new: Mapping[str, str | bytes]) -> bytes:
    """Unpack both versions and run what people run."""
    for side, files in (("old", old), ("new", new)):
        for path, content in files.items():
            place = folder / side / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
    done = subprocess.run(["git", "diff", "--no-index", "old", "new"], capture_output=True, check=False, cwd=folder)
    return done.stdout


def added_lines(old: Mapping[str, str | bytes], new: Mapping[str, str | bytes], path: str = "src/lib.rs") -> list[str]:
    """Return the added lines of a file, as a reviewer sees them."""
    diff = compare_contents(contents_of(old), contents_of(new), os.environ)
    assert diff.incomplete == ()
    file = diff.file(path)
    assert file is not None
    lines = [line for hunk in parse_hunks(file.text) for line in hunk.lines]
    return [show(line.text).text for line in lines if line.kind is LineKind.ADDED]


@pytest.mark.parametrize("where", ["old", "new", "both"])
@pytest.mark.parametrize("attributes", ["*.rs binary\n", "*.rs -diff\n"])
def test_attributes_shipped_by_the_crate(repository: Path, attributes: str, where: str) -> None:
    old: Crate = {"src/lib.rs": HARMLESS, **({".gitattributes": attributes} if where != "new" else {})}
    new: Crate = {"src/lib.rs": EVIL, **({".gitattributes": attributes} if where != "old" else {})}
    assert b"evil" not in git_diff(repository, old, new)
    assert added_lines(old, new) == [LINE]


@pytest.mark.parametrize("hiding", [b"// \0\n", b"/* \0 */\n", b'const A: &str = "\0";\n'])
def test_a_nul_in_a_comment_or_a_string(repository: Path, hiding: bytes) -> None:
    old, new = {"src/lib.rs": HARMLESS}, {"src/lib.rs": hiding + EVIL}
    assert b"evil" not in git_diff(repository, old, new)
    assert added_lines(old, new) == [hiding.decode().rstrip("\n").replace("\0", "␀"), LINE]


@pytest.mark.parametrize(
    "settings",
    [
        "[diff]\n\texternal = true\n",
        "[core]\n\tattributesFile = {home}/attributes\n",
        '[core]\n\tattributesFile = {home}/converted\n[diff "quiet"]\n\ttextconv = true\n',
        "[diff]\n\tnoprefix = true\n\tcontext = 0\n\texternal = true\n\trenames = false\n",
    ],
)
def test_settings_of_the_reviewer(
    repository: Path, tmp_path: Path, settings: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "attributes").write_text("* -diff\n")
    (tmp_path / "converted").write_text("* diff=quiet\n")
    (tmp_path / "hostile").write_text(settings.format(home=tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "hostile"))
    old, new = {"src/lib.rs": HARMLESS}, {"src/lib.rs": EVIL}
    assert b"evil" not in git_diff(repository, old, new)
    assert added_lines(old, new) == [LINE]


def test_variables_of_the_reviewer(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "true")
    old, new = {"src/lib.rs": HARMLESS}, {"src/lib.rs": EVIL}
    assert b"evil" not in git_diff(repository, old, new)
    assert added_lines(old, new) == [LINE]


@pytest.mark.parametrize(
    ("cover", "seen"),
    [
        ("{evil}\rpub fn greet() {{}}            ", "{evil}␍pub fn greet() {{}}            "),
        ("{evil}\x1b[2K\x1b[1Gpub fn greet() {{}}", "{evil}␛[2K␛[1Gpub fn greet() {{}}"),
        ("// \u202e {evil}", "// <U+202E> {evil}"),
        ("{evil}\u2028// and more", "{evil}<U+2028>// and more"),
        ("{evil}\x08\x08\x08", "{evil}␈␈␈"),
    ],
)
def test_characters_that_a_terminal_obeys(repository: Path, cover: str, seen: str) -> None:
    old, new = {"src/lib.rs": HARMLESS}, {"src/lib.rs": cover.format(evil=LINE) + "\n"}
    assert cover.format(evil=LINE).encode() in git_diff(repository, old, new), "git passes it on"
    assert added_lines(old, new) == [seen.format(evil=LINE)]


def test_all_of_them_at_once(repository: Path) -> None:
    hidden = LINE + "\0\r\x1b[2K\u202e"
    old: Crate = {".gitattributes": "* -diff\n", "src/lib.rs": HARMLESS, "build.rs": "fn main() {}\n"}
    new: Crate = {".gitattributes": "* binary\n", "src/lib.rs": hidden + "\n", "build.rs": hidden + "\n"}
    assert b"evil" not in git_diff(repository, old, new)
    assert added_lines(old, new) == added_lines(old, new, "build.rs") == [LINE + "␀␍␛[2K<U+202E>"]
    assert added_lines(old, new, ".gitattributes") == ["* binary"]
