"""The user's own text editor: the one git would start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vetflow.errors import UndecidedError

_FALLBACK: Final = "nano"
_HELP: Final = "set GIT_EDITOR or EDITOR, or say everything with options: --accept-all, --notes"


def edit_file(path: str, cwd: str, environ: Mapping[str, str]) -> None:
    """Let the user edit a file, and wait until they are done; raises UndecidedError when the editor fails.

    The editor is a line for the shell, as git understands it: the user's own setting, nothing of a crate.
    """
    import subprocess  # noqa: PLC0415  only where somebody is to type

    editor = _git_editor(cwd, environ)
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", f'{editor} "$@"', editor, path], cwd=cwd, env=dict(environ), check=False
        )
    except OSError as error:
        raise UndecidedError(
            f"the editor `{editor}` cannot be run", help=_HELP, causes=(error.strerror or str(error),)
        ) from error
    if done.returncode:
        raise UndecidedError(f"the editor `{editor}` failed with exit status {done.returncode}", help=_HELP)


def _git_editor(cwd: str, environ: Mapping[str, str]) -> str:
    import subprocess  # noqa: PLC0415  see above

    try:
        asked = subprocess.run(
            ["git", "var", "GIT_EDITOR"], cwd=cwd, env=dict(environ), capture_output=True, check=False
        )
    except OSError:
        return environ.get("EDITOR") or _FALLBACK
    editor = asked.stdout.decode(errors="surrogateescape").strip()
    return editor if editor and not asked.returncode else _FALLBACK
