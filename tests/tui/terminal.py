"""vetflow in a real terminal: tmux with a server of its own, driven by keys and read as text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

PATIENCE = 20.0
"""Seconds within which something must appear; a busy machine is no failure of the program."""


class Terminal:
    """One program in one pane. Use it as a context: at the end the server and what runs in it are gone."""

    def __init__(self, tmp_path: Path, *, size: tuple[int, int] = (80, 24)) -> None:
        tmux = shutil.which("tmux")
        assert tmux is not None, "these tests need tmux"
        self._tmux = [tmux, "-S", str(tmp_path / "tmux.sock"), "-f", os.devnull]
        self._size = size

    def start(self, cwd: Path, environ: Mapping[str, str], *arguments: str) -> None:
        """Run `vetflow ARGUMENTS` in the pane; the pane stays when it ends."""
        width, height = map(str, self._size)
        self._run("new-session", "-d", "-s", "it", "-x", width, "-y", height, "-c", str(cwd), "sleep 600")
        self._run("set-option", "-t", "it", "remain-on-exit", "on")
        self.start_again(cwd, environ, *arguments)

    def start_again(self, cwd: Path, environ: Mapping[str, str], *arguments: str) -> None:
        """Run another program in the same pane, in the place of what runs there."""
        settings = [f"{name}={value}" for name, value in {**environ, "ESCDELAY": "25", "LANG": "C.UTF-8"}.items()]
        command = ["env", "-i", *settings, "TERM=screen-256color", sys.executable, "-m", "vetflow", *arguments]
        self._run("respawn-pane", "-k", "-t", "it", "-c", str(cwd), *command)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([*self._tmux, *arguments], check=True, capture_output=True, text=True)
        return done.stdout

    def keys(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        for key in keys:
            self._run("send-keys", "-t", "it", key)

    def screen(self) -> str:
        """Return what is on screen."""
        return self._run("capture-pane", "-p", "-t", "it")

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        self._run("resize-window", "-t", "it", "-x", str(width), "-y", str(height))

    def process(self) -> int:
        """Return the process that runs in the pane."""
        return int(self._run("display-message", "-p", "-t", "it", "#{pane_pid}"))

    def is_dead(self) -> bool:
        """Whether the program has ended."""
        return self._run("display-message", "-p", "-t", "it", "#{pane_dead}").strip() == "1"

    def until(self, *texts: str, gone: str | None = None) -> str:
        """Wait until all texts are on screen (and `gone` is not) and return the screen."""
        return self.until_true(lambda screen: all(text in screen for text in texts) and not (gone and gone in screen))

    def until_true(self, holds: Callable[[str], bool]) -> str:
        """Wait until something holds of the screen, and return it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            screen = self.screen()
            if holds(screen):
                return screen
            assert time.monotonic() < deadline, f"this did not appear within {PATIENCE} s:\n{screen}"
            time.sleep(0.05)
