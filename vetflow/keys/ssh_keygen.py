"""Signing by `ssh-keygen -Y sign`, or by the program that stands in for it in git's configuration.

For keys that only such a program can use: on security keys, in a password manager. It is called as git calls it, on a
file, because not all of them read standard input; it may talk to the person at the terminal.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping
from typing import Final, NamedTuple

from vetflow.errors import UndecidedError
from vetflow.trust.public_keys import PublicKey, SignatureError
from vetflow.trust.sshsig import unwrap, wrap

PROGRAM: Final = "ssh-keygen"
_LARGEST: Final = 64 * 1024


class ProgramKey(NamedTuple):
    """A key that a program signs with. path: of its file; None for one that an agent holds."""

    key: PublicKey
    path: str | None
    program: str
    environ: Mapping[str, str]

    def sign(self, text: bytes, namespace: str) -> str:
        """Let the program sign; raises UndecidedError when it does not."""
        with tempfile.TemporaryDirectory(prefix="vetflow-sign-") as folder:
            document = _written(folder, "statement", text)
            path = self.path or _written(folder, "key.pub", f"{self.key}\n".encode())
            held = [] if self.path else ["-U"]  # the agent has the private half
            words = [self.program, "-Y", "sign", "-n", namespace, "-f", path, *held, document]
            try:
                ran = subprocess.run(words, env=dict(self.environ), stdout=subprocess.DEVNULL, check=False)
                with open(f"{document}.sig", encoding="utf-8") as file:
                    armour = file.read(_LARGEST)
                return wrap(unwrap(armour))
            except FileNotFoundError as error:
                missing = error.filename == self.program
                reason = "it is not installed" if missing else f"it left no signature, exit code {ran.returncode}"
                raise self._failed(reason) from error
            except (OSError, UnicodeDecodeError, SignatureError) as error:
                raise self._failed(str(error)) from error

    def _failed(self, reason: str) -> UndecidedError:
        return UndecidedError(
            f"{self.program} did not sign with {self.key.fingerprint}",
            help="try another key with --key, or leave the entry unsigned with --no-sign",
            causes=(reason,),
        )


def _written(folder: str, name: str, content: bytes) -> str:
    path = os.path.join(folder, name)
    with open(path, "xb") as file:
        file.write(content)
    os.chmod(path, 0o600)
    return path
