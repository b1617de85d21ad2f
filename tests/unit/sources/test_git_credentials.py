"""Passwords for private addresses come from git's helpers, without a prompt, and go into one header."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vetflow.sources.git_credentials import authorization, credential_question, git_authorization


@pytest.mark.parametrize(
    ("url", "question"),
    [
        ("https://git.example/", "protocol=https\nhost=git.example\n\n"),
        ("https://git.example:8443/a/b.toml?x=1", "protocol=https\nhost=git.example:8443\npath=a/b.toml\n\n"),
        ("http://ada@git.example/a", "protocol=http\nhost=git.example\npath=a\n\n"),
    ],
)
def test_git_is_told_where_the_password_is_for(url: str, question: str) -> None:
    assert credential_question(url) == "capability[]=authtype\n" + question


@pytest.mark.parametrize("url", ["nonsense", "https:///path", "file:///etc/passwd"])
def test_what_has_no_host_has_no_password(url: str) -> None:
    assert credential_question(url) is None


def test_an_address_cannot_add_lines_to_the_question() -> None:
    question = credential_question("https://git.example/a\nhost=evil.example")
    assert question is None or "\nhost=evil" not in question


@pytest.mark.parametrize(
    ("answer", "header"),
    [
        ("username=ada\npassword=pw\n", "Basic YWRhOnB3"),
        ("username=oauth2\npassword=token\n", "Bearer token"),
        ("username=access_token\npassword=token\n", "Bearer token"),
        ("authtype=Bearer\ncredential=made=ready\nusername=ada\npassword=pw\n", "Bearer made=ready"),
        ("username=ada\n", None),
        ("username=\npassword=\n", None),
        ("", None),
        ("username=ada\n\npassword=pw\n", None),
        ("authtype=Bearer\ncredential=tök\n", None),
        ("authtype=Bearer\ncredential=a\rb\n", None),
    ],
)
def test_the_answer_becomes_a_header(answer: str, header: str | None) -> None:
    assert authorization(answer) == header


def environment(tmp_path: Path, helper: str) -> dict[str, str]:
    config = tmp_path / "gitconfig"
    config.write_text(f"[credential]\n\thelper = {helper}\n")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def test_the_helper_of_the_user_is_asked(tmp_path: Path) -> None:
    environ = environment(tmp_path, '"!echo username=ada; echo password=pw; true"')
    assert git_authorization("https://git.example/a", environ) == "Basic YWRhOnB3"


def test_nobody_is_prompted_when_no_helper_knows(tmp_path: Path) -> None:
    prompted = tmp_path / "prompted"
    program = tmp_path / "askpass"
    program.write_text(f"#!/bin/sh\ntouch {prompted}\necho answer\n")
    program.chmod(0o755)
    environ = environment(tmp_path, '"!true"') | {"GIT_ASKPASS": str(program), "SSH_ASKPASS": str(program)}
    assert git_authorization("https://git.example/a", environ) is None
    assert not prompted.exists()


def test_without_git_there_is_no_password(tmp_path: Path) -> None:
    assert git_authorization("https://git.example/a", {"PATH": str(tmp_path)}) is None
