"""What every way of signing offers: a public key, and signatures over texts made with its private half."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from vetflow.trust.public_keys import PublicKey

AskPassphrase: TypeAlias = Callable[[str], str | None]
"""Asks a person for the passphrase of the key file at a path; None when there is nobody to ask or they gave up."""


class Signer(Protocol):
    """A key that can sign."""

    @property
    def key(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, text: bytes, namespace: str) -> str:
        """Return an armoured SSHSIG over a text; raises UndecidedError when the key cannot be used."""
        ...
