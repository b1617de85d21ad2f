"""allowed_signers: which lines count for whom, when, in agreement with ssh-keygen; one bad line spoils the file."""

from __future__ import annotations

from itertools import product

import pytest

from tests.signers import key_of, line_of
from tests.ssh_programs import SshKeygen
from vetflow.errors import StoreError
from vetflow.trust.allowed_signers import ended_at, lines_for, parse_allowed_signers, write_signer
from vetflow.trust.moments import parse_key_time, write_key_time
from vetflow.trust.sshsig import AUDIT_NAMESPACE

KEY = str(key_of().key)
NAMESPACES = f'namespaces="{AUDIT_NAMESPACE}"'


def counts(text: str, principal: str = "ada@example.org", namespace: str = AUDIT_NAMESPACE) -> bool:
    return any(lines_for(parse_allowed_signers(text, "allowed_signers"), principal, namespace))


@pytest.mark.parametrize(
    "line",
    [
        f"ada@example.org {NAMESPACES} {KEY}",
        f"  ada@example.org\t{NAMESPACES}\t{KEY} a comment, with words",
        f'"ada@example.org" {NAMESPACES} {KEY}',
        f"bert@example.org,ada@example.org {NAMESPACES} {KEY}",
        f"*@example.org,ada@example.org {NAMESPACES} {KEY}",
        f'ada@example.org NAMESPACES="git,{AUDIT_NAMESPACE}" {KEY}',
        f'ada@example.org namespaces="*@vetflow",valid-after="20200101Z" {KEY}',
        f"# a comment\n\nada@example.org {NAMESPACES} {KEY}\r\n",
    ],
)
def test_a_line_that_names_the_person_and_the_namespace_counts(ssh_keygen: SshKeygen, line: str) -> None:
    assert counts(line)
    armour = key_of().sign(b"x", AUDIT_NAMESPACE)
    assert ssh_keygen.accepts(f"{line}\n", "ada@example.org", armour, b"x", AUDIT_NAMESPACE)


@pytest.mark.parametrize(
    "line",
    [
        f"bert@example.org {NAMESPACES} {KEY}",
        f"*@example.org {NAMESPACES} {KEY}",
        f"ada@example.org,!ada@example.org {NAMESPACES} {KEY}",
        f"ada@example.org {KEY}",
        f'ada@example.org namespaces="git" {KEY}',
        f'ada@example.org namespaces="*,!{AUDIT_NAMESPACE}" {KEY}',
        f'ada@example.org namespaces="" {KEY}',
        f"ada@example.org cert-authority,{NAMESPACES} {KEY}",
        f"#ada@example.org {NAMESPACES} {KEY}",
    ],
)
def test_other_lines_do_not(line: str) -> None:
    assert not counts(line)


@pytest.mark.parametrize(
    "line",
    [
        "ada@example.org",
        f"ada@example.org {NAMESPACES}",
        f'"ada@example.org {NAMESPACES} {KEY}',
        f"ada@example.org {NAMESPACES},{NAMESPACES} {KEY}",
        f"ada@example.org {NAMESPACES}, {KEY}",
        f"ada@example.org namespaces=git {KEY}",
        f'ada@example.org namespaces="git {KEY}',
        f"ada@example.org no-touch-required {KEY}",
        f'ada@example.org cert-authority="yes" {KEY}',
        f'ada@example.org valid-after="yesterday" {KEY}',
        f'ada@example.org valid-after="20260102Z",valid-before="20260101Z" {KEY}',
        f"ada@example.org {NAMESPACES} ssh-ed25519 AAAA",
        f"ada@example.org {NAMESPACES} ssh-dss {KEY.partition(' ')[2]}",
        f"ada@example.org {NAMESPACES}{KEY}",
    ],
)
def test_one_line_that_is_not_understood_makes_the_file_unusable(ssh_keygen: SshKeygen, line: str) -> None:
    good = line_of()
    with pytest.raises(StoreError) as caught:
        parse_allowed_signers(f"{good}{line}\n", "supply-chain/allowed_signers")
    assert str(caught.value.place) == "supply-chain/allowed_signers:2"
    armour = key_of().sign(b"x", AUDIT_NAMESPACE)
    assert not ssh_keygen.accepts(f"{line}\n", "ada@example.org", armour, b"x", AUDIT_NAMESPACE)


@pytest.mark.parametrize(
    "options", [f",{NAMESPACES}", 'valid-after="20260230Z"', 'valid-after="20260101"'], ids=["comma", "no day", "no Z"]
)
def test_what_openssh_takes_in_some_way_or_other_is_not_guessed_at(options: str) -> None:
    with pytest.raises(StoreError, match=r"options before the key are malformed|exists|the Z is needed"):
        parse_allowed_signers(f"ada@example.org {options} {KEY}", "allowed_signers")


def test_all_bad_lines_are_named_at_once() -> None:
    with pytest.raises(StoreError) as caught:
        parse_allowed_signers("one\ntwo\n", "allowed_signers")
    assert [str(problem.place) for problem in caught.value.related] == ["allowed_signers:1", "allowed_signers:2"]


TIMES = ("20260101Z", "202601011200Z", "20260101120001Z", "20260102Z")


def test_windows_are_ssh_keygen_s(ssh_keygen: SshKeygen) -> None:
    armour = key_of().sign(b"x", AUDIT_NAMESPACE)
    compared = set()
    for after, before in product((None, *TIMES), (None, *TIMES)):
        if after and before and parse_key_time(before) <= parse_key_time(after):
            continue
        options = [NAMESPACES]
        options += [f'valid-after="{after}"'] if after else []
        options += [f'valid-before="{before}"'] if before else []
        line = f"ada@example.org {','.join(options)} {KEY}\n"
        (signer,) = parse_allowed_signers(line, "allowed_signers")
        for time in TIMES:
            ours = signer.is_valid_at(parse_key_time(time))
            at = ("-O", f"verify-time={time.removesuffix('Z')}")
            assert ours == ssh_keygen.accepts(line, "ada@example.org", armour, b"x", AUDIT_NAMESPACE, *at), (line, time)
            compared.add(ours)
    assert compared == {True, False}


def test_what_is_written_is_read_back() -> None:
    line = write_signer("ada@example.org", (AUDIT_NAMESPACE, "git"), key_of().key, parse_key_time("20260101Z"))
    (signer,) = parse_allowed_signers(line, "allowed_signers")
    assert signer.speaks_for("ada@example.org", "git")
    assert signer.text == line
    (ended,) = parse_allowed_signers(ended_at(signer, parse_key_time("20260201Z")), "allowed_signers")
    assert ended == signer._replace(valid_before=parse_key_time("20260201Z"), text=ended.text)


def test_times_are_written_as_they_are_read() -> None:
    assert write_key_time(parse_key_time("20260131Z")) == "20260131000000Z"
