"""The text of an allow file: what a project lets run on the machine that builds. `decision` reads it."""

from __future__ import annotations

from vetflow.errors import UsageError
from vetflow.guard.decision import HEADING, AllowFile, digest_of


def write_allow_file(allow: AllowFile) -> str:
    """Return the text, a line for each thing; the last one says that all of it is there.

    Raises UsageError for a directory whose name would break a line: it could say anything on the next.
    """
    lines = [HEADING, f"workspace {allow.root}", f"lock {allow.lock}", *(f"own {folder}" for folder in allow.own)]
    for (name, version), rows in sorted(allow.packages.items()):
        for row in rows:
            lines.append(f"{'git-package' if row.from_git else 'package'} {name} {version}")
            lines += [f"{digest} {path}" for path, digest in sorted(row.files.items())]
    broken = next((line for line in lines if "\n" in line), None)
    if broken is not None:
        raise UsageError(f"the guard cannot note {broken!r}, which has a line end in it", help="rename the directory")
    body = "".join(f"{line}\n" for line in lines)
    return f"{body}end {digest_of(body.encode(errors='surrogateescape'))}\n"
