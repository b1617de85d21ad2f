"""Who the user is, from git's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.errors import NotFoundError, UndecidedError
from vetflow.project.identity import git_identity


def environ(home: Path, config: str) -> dict[str, str]:
    (home / ".gitconfig").write_text(config)
    return {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


def test_name_and_address_are_git_s(tmp_path: Path) -> None:
    settings = environ(tmp_path, "[user]\nname = Ada Example\nemail = ada@example.org\n")
    identity = git_identity(str(tmp_path), settings)
    assert identity == ("Ada Example", "ada@example.org")
    assert str(identity) == "Ada Example <ada@example.org>"


@pytest.mark.parametrize(
    ("config", "missing"),
    [("", "user.name"), ("[user]\nname = Ada\n", "user.email"), ("[user]\nname = \nemail = a@b\n", "user.name")],
)
def test_what_is_not_set_is_named_with_a_way_out(tmp_path: Path, config: str, missing: str) -> None:
    with pytest.raises(NotFoundError, match=missing) as caught:
        git_identity(str(tmp_path), environ(tmp_path, config))
    assert "--who" in (caught.value.help or "")


def test_no_git_is_said(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError) as caught:
        git_identity(str(tmp_path), {"PATH": str(tmp_path)})
    assert "--who" in (caught.value.help or "")
