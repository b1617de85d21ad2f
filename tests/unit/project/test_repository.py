"""What a project is called: the address it is pushed to, without how one gets there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from vetflow.project.repository import name_in, repository_name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://forge.example/anvil/app.git", "forge.example/anvil/app"),
        ("https://ada:secret@Forge.example:8443/anvil/app/", "forge.example/anvil/app"),
        ("git@forge.example:anvil/app.git", "forge.example/anvil/app"),
        ("ssh://git@forge.example:22/anvil/app", "forge.example/anvil/app"),
        ("/srv/git/app.git", None),
        ("../app", None),
        ("file:///srv/git/app.git", None),
        ("", None),
    ],
)
def test_the_way_there_does_not_matter(address: str, name: str | None) -> None:
    assert name_in(address) == name


def test_the_name_is_that_of_origin(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
    assert repository_name(str(tmp_path), environ) is None
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    remote = ["git", "-C", str(tmp_path), "remote", "add", "origin", "git@forge.example:anvil/app.git"]
    subprocess.run(remote, check=True)
    assert repository_name(str(tmp_path), environ) == "forge.example/anvil/app"
    assert repository_name(str(tmp_path), {**environ, "PATH": "/nowhere"}) is None
