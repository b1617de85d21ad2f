"""A git repository of the test's own, untouched by the configuration of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


class Repository:
    """A repository in `root`; `commit` writes files and commits everything."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, at: str | None = None) -> str:
        """Run git and return its output. at: what time it is for git."""
        identity = {f"GIT_{role}_{what}": "t@example" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        moments = {f"GIT_{role}_DATE": at for role in ("AUTHOR", "COMMITTER")} if at else {}
        environ = {**os.environ, **identity, **nothing, **moments}
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        return subprocess.run(
            command, cwd=self.root, env=environ, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, files: Mapping[str, str | bytes], at: str | None = None) -> str:
        """Return the name of a commit with these files added. at: when it is made, such as `2025-01-31T12:00:00Z`."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=x", at=at)
        return self.git("rev-parse", "HEAD")
