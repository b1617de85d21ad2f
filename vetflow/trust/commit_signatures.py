"""Whether a commit was signed by somebody whose key counts, as `git commit -S` with an SSH key does it.

git signs with the namespace `git`, and for that `allowed_signers` has lines already. What a pull request brings beside
audits (acceptances, holds, rules) has no statements of its own: the signature of its commit is what vouches for it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from vetflow.trust import sshsig
from vetflow.trust.public_keys import SignatureError
from vetflow.trust.signatures import Judge, KeyUse, key_problem

GIT_NAMESPACE: Final = "git"


class SignedCommit(NamedTuple):
    """A commit as git keeps it.

    author, email: of who wrote it, and who committed it; at: when, by their clock, in seconds since 1970. payload: what
    a signature is over; armour: the signature, None where there is none.
    """

    name: str
    author: str
    email: str
    at: int
    payload: bytes
    armour: str | None


def why_not_signed(commit: SignedCommit, judge: Judge) -> str | None:
    """Say why a commit does not count as signed; None when it does."""
    short = commit.name[:12]
    if commit.armour is None:
        return f"commit {short} is not signed"
    try:
        signature = sshsig.parse_signature(commit.armour)
        sshsig.verify(signature, commit.payload, GIT_NAMESPACE, require_touch=judge.rules.require_touch)
    except SignatureError as error:
        return f"the signature of commit {short} {error}"
    problem = key_problem(KeyUse(commit.email, signature.key, GIT_NAMESPACE, commit.at, commit.armour), judge)
    return None if problem is None else f"commit {short}: {problem.reason}"
