"""Which key signs: the one named on the command line, else git's, else one that an agent holds.

A key that is named is used or refused; of the others the first one counts that the caller would accept. The private
half is looked for in the agent first, so that nobody is asked for a passphrase that an agent knows.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.errors import NotFoundError, UndecidedError
from vetflow.keys.agent import AgentKey, agent_keys
from vetflow.keys.git_settings import expand_home, key_settings
from vetflow.keys.key_file import open_key_file, public_key_of
from vetflow.keys.signer import AskPassphrase, Signer
from vetflow.keys.ssh_keygen import PROGRAM, ProgramKey
from vetflow.trust.public_keys import KeyFormatError, PublicKey, read_public_key

_LITERAL: Final = ("ssh-", "ecdsa-", "sk-")
_FINGERPRINT: Final = "SHA256:"


class KeySource(NamedTuple):
    """Where keys are looked for. named: `--key`, a path, a public key or a fingerprint; None when it is not given."""

    named: str | None
    cwd: str
    environ: Mapping[str, str]
    ask: AskPassphrase


class _Candidate(NamedTuple):
    """A key somebody means. path: of its file, where there is one. program: what signs with it, where that is set."""

    key: PublicKey
    path: str | None = None
    program: str | None = None


def own_key(source: KeySource) -> PublicKey:
    """Return the key a person would sign with, whether or not it counts anywhere.

    Raises NotFoundError when there is none, UndecidedError when it cannot be understood.
    """
    found = next(_candidates(source), None)
    if found is None:
        raise NotFoundError(
            "no SSH key of yours is known",
            help="name one with --key PATH, or tell git: `git config --global gpg.format ssh` and `user.signingKey`; "
            "`ssh-keygen -t ed25519` makes one",
        )
    return found.key


def choose_signer(source: KeySource, accepted: Collection[PublicKey], whom: str) -> Signer:
    """Return a key that can sign and is accepted; raises UndecidedError when there is none.

    whom: whose key is wanted, for the message. Encrypted files are opened here, so that nobody waits for it later.
    """
    candidates = list(_candidates(source))
    chosen = next((candidate for candidate in candidates if candidate.key in accepted), None)
    if chosen is not None:
        return _open(chosen, source)
    tried = ", ".join(candidate.key.fingerprint for candidate in candidates)
    raise UndecidedError(
        f"none of the keys at hand is one of {whom} in allowed_signers",
        help="name one with --key, add yours with `vetflow keys add`, or leave the entry unsigned with --no-sign",
        causes=(f"at hand: {tried}",) if tried else ("git names no SSH key and no ssh-agent holds one",),
    )


def _candidates(source: KeySource) -> Iterator[_Candidate]:
    if source.named is not None:
        yield _named(source.named, source)
        return
    settings = key_settings(source.cwd, source.environ)
    if settings.key is not None:
        yield _named(settings.key, source)._replace(program=settings.program)
    for held in agent_keys(_socket(source)):
        yield _Candidate(held.key)


def _named(words: str, source: KeySource) -> _Candidate:
    literal = words.removeprefix("key::")
    if literal.startswith(_LITERAL) and " " in literal:
        try:
            return _Candidate(read_public_key(literal))
        except KeyFormatError as error:
            raise UndecidedError(f"the key {literal[:40]}... cannot be used", causes=(str(error),)) from error
    if words.startswith(_FINGERPRINT):
        held = next((each for each in agent_keys(_socket(source)) if each.key.fingerprint == words), None)
        if held is None:
            raise NotFoundError(f"no ssh-agent holds {words}", help="`ssh-add -l` lists what it holds")
        return _Candidate(held.key)
    path = os.path.join(source.cwd, expand_home(words, source.environ))
    key = public_key_of(path)
    private = path.removesuffix(".pub")
    return _Candidate(key, private if os.path.exists(private) else None)


def _open(chosen: _Candidate, source: KeySource) -> Signer:
    if chosen.program is not None:
        return ProgramKey(chosen.key, chosen.path, chosen.program, source.environ)
    held: AgentKey | None = next((each for each in agent_keys(_socket(source)) if each.key == chosen.key), None)
    if held is not None:
        return held
    if chosen.path is None:
        raise UndecidedError(
            f"the private half of {chosen.key.fingerprint} is not at hand",
            help="start the ssh-agent that holds it, or name its file with --key",
        )
    opened = None if chosen.key.is_hardware else open_key_file(chosen.path, source.ask)
    if opened is None:
        return ProgramKey(chosen.key, chosen.path, PROGRAM, source.environ)
    if opened.key != chosen.key:
        raise UndecidedError(
            f"{chosen.path} and {chosen.path}.pub are not halves of one key",
            help=f"write it anew: `ssh-keygen -y -f {chosen.path} > {chosen.path}.pub`",
        )
    return opened


def _socket(source: KeySource) -> str | None:
    return source.environ.get("SSH_AUTH_SOCK")
