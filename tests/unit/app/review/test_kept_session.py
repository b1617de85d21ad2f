"""What is done in a review is kept as long as there is room, and holds for the run in any case."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path

import pytest

from vetflow.app.review.kept_session import KeptSession
from vetflow.errors import VetflowError
from vetflow.project.session_file import SessionFile
from vetflow.review.session import SeenFile, Viewed

BUILD, LIBRARY = (Viewed(SeenFile("anvil", path, "1", "2"), True, "now") for path in ("build.rs", "src/lib.rs"))


class FullDisk(SessionFile):
    """A session for which there is no room."""

    def rewrite(self, lines: Sequence[str]) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", lines)

    def append(self, line: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", line)


def test_what_was_kept_is_there_in_the_next_run(tmp_path: Path) -> None:
    with SessionFile(str(tmp_path)) as file:
        kept = KeptSession(file)
        kept.keep(BUILD)
        kept.keep(LIBRARY._replace(viewed=False))
        assert kept.unsaved == 0
    with SessionFile(str(tmp_path)) as file:
        assert KeptSession(file).now.viewed.keys() == {BUILD.file}


def test_a_second_run_beside_the_first_keeps_nothing_on_disk_and_counts_it(tmp_path: Path) -> None:
    with SessionFile(str(tmp_path)) as file, SessionFile(str(tmp_path)) as second:
        KeptSession(file).keep(BUILD)
        beside = KeptSession(second)
        assert beside.read_only
        assert beside.keep(LIBRARY).viewed.keys() == {BUILD.file, LIBRARY.file}
        assert beside.unsaved == 1
        assert KeptSession(second).now.viewed.keys() == {BUILD.file}


def test_a_full_disk_is_told_and_costs_the_future_alone(tmp_path: Path) -> None:
    with FullDisk(str(tmp_path)) as file:
        kept = KeptSession(file)
        with pytest.raises(VetflowError, match="cannot be kept on disk") as raised:
            kept.keep(BUILD)
        assert raised.value.causes == ("No space left on device",)
        assert kept.now.viewed.keys() == {BUILD.file}
        assert kept.unsaved == 1
