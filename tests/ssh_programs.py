"""OpenSSH's own programs, as the reference for what vetflow signs and accepts."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

KINDS = ("ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-2048")


class SshKeygen(NamedTuple):
    """`ssh-keygen`, and a folder for what it makes."""

    program: str
    folder: Path

    def make(self, kind: str = "ed25519", locked_with: str = "") -> Path:
        """Make a key pair and return the path of the private half."""
        kind, _, bits = kind.partition("-")
        path = self.folder / f"id_{kind}{bits}{'_locked' if locked_with else ''}"
        size = ("-b", bits) if bits else ()
        self("-q", "-t", kind, *size, "-a", "1", "-N", locked_with, "-C", "made for a test", "-f", str(path))
        return path

    def sign(self, key: Path, text: bytes, namespace: str) -> str:
        """Return an armoured signature."""
        return self("-q", "-Y", "sign", "-n", namespace, "-f", str(key), text=text).decode()

    def accepts(self, allowed: str, principal: str, armour: str, text: bytes, namespace: str, *more: str) -> bool:
        """Whether `-Y verify` accepts a signature by the lines of an allowed_signers file."""
        (self.folder / "allowed").write_text(allowed)
        (self.folder / "signature").write_text(armour)
        files = ("-f", str(self.folder / "allowed"), "-s", str(self.folder / "signature"))
        words = [self.program, "-Y", "verify", *files, "-I", principal, "-n", namespace, *more]
        ran = subprocess.run(words, input=text, capture_output=True, check=False, env={**os.environ, "TZ": "UTC"})
        return ran.returncode == 0

    def __call__(self, *words: str, text: bytes = b"") -> bytes:
        return subprocess.run([self.program, *words], input=text, capture_output=True, check=True).stdout


def find_ssh_keygen() -> str | None:
    """Return where ssh-keygen is."""
    return shutil.which("ssh-keygen")


@contextmanager
def running_agent(*keys: Path) -> Iterator[str]:
    """Run an ssh-agent that holds these keys for a block, and give the path of its socket."""
    # A socket's path must be short, shorter than that of a test's own folder.
    with tempfile.TemporaryDirectory(prefix="vf-") as folder:
        path = f"{folder}/agent"
        started = subprocess.run(["ssh-agent", "-s", "-a", path], capture_output=True, text=True, check=True).stdout
        found = re.search(r"SSH_AGENT_PID=(\d+)", started)
        assert found, started
        try:
            for key in keys:
                words = ["ssh-add", "-q", str(key)]
                subprocess.run(words, env={**os.environ, "SSH_AUTH_SOCK": path}, capture_output=True, check=True)
            yield path
        finally:
            os.kill(int(found[1]), signal.SIGTERM)
