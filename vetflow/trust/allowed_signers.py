"""`allowed_signers`: whose keys count, for which namespaces, from when until when. OpenSSH's own format.

Fails closed: one line that cannot be understood makes the whole file unusable, since it might be the one that takes a
key away. On top of OpenSSH's rules a line only counts for a person if it names their e-mail address literally and says
`namespaces=`; lines for certificate authorities are understood and never count, because certificates are not
supported (shared spec trust 1.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from vetflow.errors import Place, StoreError
from vetflow.trust.key_lines import LineError, take_options, take_word
from vetflow.trust.moments import MomentError, write_key_time
from vetflow.trust.patterns import lists_literally, matches
from vetflow.trust.public_keys import KeyFormatError, PublicKey, read_public_key

_AUTHORITY: Final = "cert-authority"
_VALUES: Final = ("namespaces", "valid-after", "valid-before")
_HELP: Final = 'write `E-MAIL namespaces="audit-v1@vetflow,git" ssh-ed25519 AAAA...`; until then no key counts'


class AllowedSigner(NamedTuple):
    """One line. principals, namespaces: pattern lists. valid_after, valid_before: seconds since 1970, both included.

    line: its number. text: how it stands there, without the line end.
    """

    principals: str
    key: PublicKey
    namespaces: str | None
    valid_after: int | None
    valid_before: int | None
    is_authority: bool
    line: int
    text: str

    def speaks_for(self, principal: str, namespace: str) -> bool:
        """Whether the line names a person, literally, and lets the key sign in a namespace."""
        return (
            not self.is_authority
            and self.namespaces is not None
            and matches(namespace, self.namespaces)
            and lists_literally(principal, self.principals)
        )

    def is_valid_at(self, moment: int) -> bool:
        """Whether a moment lies in the line's window."""
        return (self.valid_after is None or self.valid_after <= moment) and (
            self.valid_before is None or moment <= self.valid_before
        )


def parse_allowed_signers(text: str, file: str) -> tuple[AllowedSigner, ...]:
    """Read the file; `file` is what errors call it. Raises StoreError with every line that is wrong."""
    signers, problems = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip(" \t").startswith("#"):
            continue
        try:
            signers.append(_signer(line.removesuffix("\r"), number))
        except (LineError, KeyFormatError, MomentError) as error:
            message = f"the key in this line cannot be used: {error}"
            problems.append(StoreError(message, place=Place(file, number), help=_HELP))
    if problems:
        raise problems[0] if len(problems) == 1 else StoreError(f"{file} cannot be used", related=problems)
    return tuple(signers)


def write_signer(principal: str, namespaces: Sequence[str], key: PublicKey, valid_after: int | None = None) -> str:
    """Return a line for a person's key, without a line end."""
    after = "" if valid_after is None else f',valid-after="{write_key_time(valid_after)}"'
    return f'{principal} namespaces="{",".join(namespaces)}"{after} {key}'


def ended_at(signer: AllowedSigner, moment: int) -> str:
    """Return a line with its window ended at a moment, and otherwise as it is."""
    options = [] if signer.namespaces is None else [f'namespaces="{signer.namespaces}"']
    options += [] if signer.valid_after is None else [f'valid-after="{write_key_time(signer.valid_after)}"']
    options += [f'valid-before="{write_key_time(moment)}"']
    principals = f'"{signer.principals}"' if " " in signer.principals else signer.principals
    return f"{principals} {','.join(options)} {signer.key}"


def lines_for(signers: Sequence[AllowedSigner], principal: str, namespace: str) -> Iterator[AllowedSigner]:
    """Yield the lines that speak for a person in a namespace."""
    return (signer for signer in signers if signer.speaks_for(principal, namespace))


def _signer(line: str, number: int) -> AllowedSigner:
    principals, rest = take_word(line)
    options, rest = take_options(rest, (_AUTHORITY,), _VALUES)
    after, before = options.moment("valid-after"), options.moment("valid-before")
    if after is not None and before is not None and before <= after:
        raise LineError("valid-before is not after valid-after")
    return AllowedSigner(
        principals,
        read_public_key(rest),
        options.values.get("namespaces"),
        after,
        before,
        _AUTHORITY in options.flags,
        number,
        line,
    )
