"""The commits of a proposal that touch some files, with their signatures as git's objects have them."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from typing import Final

from vetflow.project.revision import GIT_ENVIRONMENT
from vetflow.trust.commit_signatures import SignedCommit

_SIGNATURE: Final = b"gpgsig "


def commits_touching(directory: str, base: str, head: str, paths: Sequence[str]) -> tuple[SignedCommit, ...]:
    """Return the commits that `head` has and `base` has not and that change one of `paths`, the newest first.

    base, head: full names of commits. A merge counts when what it makes of a file is none of its parents'.
    """
    from git import Repo  # noqa: PLC0415  costs more than a whole check

    with Repo(directory, search_parent_directories=True) as repository:
        repository.git.update_environment(**GIT_ENVIRONMENT)
        root = str(repository.working_tree_dir)
        inside = [os.path.relpath(path, root) for path in paths]
        names = repository.git.rev_list(f"{base}..{head}", "--full-history", "--", *inside).split()
        return tuple(_read(name, repository.odb.stream(bytes.fromhex(name)).read()) for name in names)


def fork_point(directory: str, base: str, head: str) -> str | None:
    """Return the commit at which a proposal left its base; None where they have nothing in common that is here."""
    from git import GitCommandError, Repo  # noqa: PLC0415  see above

    with Repo(directory, search_parent_directories=True) as repository:
        repository.git.update_environment(**GIT_ENVIRONMENT)
        try:
            return str(repository.git.merge_base(base, head))
        except GitCommandError:
            return None


def is_shallow(directory: str) -> bool:
    """Whether the repository that `directory` lies in has not all of its history."""
    from git import Repo  # noqa: PLC0415  see above

    with Repo(directory, search_parent_directories=True) as repository:
        return bool(repository.git.rev_parse("--is-shallow-repository") == "true")


def _read(name: str, content: bytes) -> SignedCommit:
    """Take a commit's signature out of it: what is left is what was signed."""
    header, blank, message = content.partition(b"\n\n")
    kept: list[bytes] = []
    armour: list[bytes] = []
    inside = False
    for line in header.split(b"\n"):
        inside = line.startswith(_SIGNATURE) or (inside and line.startswith(b" "))
        if inside:
            armour.append(line.removeprefix(_SIGNATURE) if line.startswith(_SIGNATURE) else line[1:])
        else:
            kept.append(line)
    author, _ = _person(kept, b"author ")
    committer, at = _person(kept, b"committer ")
    return SignedCommit(
        name=name,
        author=author,
        email=committer,
        at=at,
        payload=b"\n".join(kept) + blank + message,
        armour=b"\n".join(armour).decode(errors="replace") + "\n" if armour else None,
    )


def _person(header: Sequence[bytes], role: bytes) -> tuple[str, int]:
    """Return the e-mail address of somebody who had a part in a commit, and when, in seconds since 1970.

    A commit may come from a stranger: of a line that git would not have written nobody and 1970 is told.
    """
    line = next((line for line in header if line.startswith(role)), b"")
    person, _, moment = line.rpartition(b"> ")
    seconds = moment.partition(b" ")[0]
    return person.rpartition(b"<")[2].decode(errors="replace"), int(seconds) if seconds.isdigit() else 0
