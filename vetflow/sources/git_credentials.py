"""Passwords for private addresses, from git's credential helpers: `--use-git-credentials`.

Shared spec cli 2. git is asked without any prompt. What it says is a header for the very address asked about:
it is handed to that server, kept in no file and shown nowhere.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

_SECONDS: Final = 20
_BEARER_USERS: Final = ("oauth2", "access_token")
"""User names by which helpers say that the password is a token; cargo-vet's list."""
_NO_PROMPT: Final = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",  # set but empty: neither core.askPass nor SSH_ASKPASS is looked at
    "GCM_INTERACTIVE": "never",
}


def git_authorization(url: str, environ: Mapping[str, str]) -> str | None:
    """Return the `Authorization` header git's helpers have for `url`, None when there is none, or no git."""
    question = credential_question(url)
    if question is None:
        return None
    import subprocess  # noqa: PLC0415  only where private addresses are used

    try:
        answer = subprocess.run(
            ["git", "-c", "credential.interactive=false", "credential", "fill"],
            input=question.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environ, **_NO_PROMPT},
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return authorization(answer.stdout.decode(errors="replace"))


def credential_question(url: str) -> str | None:
    """Return what `git credential fill` is told about `url`; None for one that cannot have a password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    path = parts.path.lstrip("/")
    if not host or any(ord(character) < 0x20 for character in host + path):
        return None
    lines = ["capability[]=authtype", f"protocol={parts.scheme}", f"host={host}"]
    if path:
        lines.append(f"path={path}")
    return "\n".join(lines) + "\n\n"


def authorization(answer: str) -> str | None:
    """Return the header that git's answer stands for: a ready-made credential before user name and password.

    None when the answer has neither, or what it has fits in no header.
    """
    fields = {}
    for line in answer.split("\n"):
        name, equals, value = line.partition("=")
        if not equals:
            break
        fields[name] = value
    header = _header(fields)
    return header if header is not None and header.isascii() and header.isprintable() else None


def _header(fields: Mapping[str, str]) -> str | None:
    if fields.get("authtype") and fields.get("credential"):
        return f"{fields['authtype']} {fields['credential']}"
    user, password = fields.get("username"), fields.get("password")
    if not user or not password:
        return None
    if user in _BEARER_USERS:
        return f"Bearer {password}"
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
