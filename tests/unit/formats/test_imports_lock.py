from __future__ import annotations

import pytest

from tests.builders import audits_file, full, published
from vetflow.errors import Place, StoreError
from vetflow.formats.imports_lock import login_comments, parse_imports_lock, write_imports_lock
from vetflow.model.audits import Publisher, Unpublished
from vetflow.model.dates import Date
from vetflow.model.store import AuditsFile, CriteriaEntry, ImportsFile
from vetflow.model.version import parse_version

FILE = "supply-chain/imports.lock"
HEADER = "\n# cargo-vet imports lock\n"
DAY = Date(2024, 5, 6)
VERSION = parse_version("1.0.0")
PUBLISHED = '[[publisher.anvil]]\nversion = "1.0.0"\nwhen = "2024-05-06"\n'
AUDIT_KEYS = "`who`, `criteria`, `version`, `delta`, `violation`, `importable`, `notes`, `aggregated-from`"


def parse(text: str) -> ImportsFile:
    return parse_imports_lock(text, FILE)


def failure(text: str) -> StoreError:
    with pytest.raises(StoreError) as raised:
        parse(text)
    return raised.value


def publisher(lines: str) -> Publisher:
    return parse(f"{PUBLISHED}{lines}\n").publisher["anvil"][0]


def test_all_tables_are_read() -> None:
    imports = parse("""
[[unpublished.anvil]]
version = "1.1.0"
audited_as = "1.0.0"

[[publisher.anvil]]
version = "1.0.0"
when = "2024-05-06"
user-id = 11
user-login = "ada-l"
user-name = "Ada"

[audits.peer.criteria.crypto]
description = "d"

[[audits.peer.audits.anvil]]
criteria = "safe-to-deploy"
version = "1.0.0"

[audits.silent.audits]
""")

    assert imports == ImportsFile(
        {"anvil": (Unpublished(parse_version("1.1.0"), VERSION),)},
        {"anvil": (Publisher(VERSION, DAY, 11, "ada-l", "Ada"),)},
        {
            "peer": AuditsFile({"crypto": CriteriaEntry("d")}, {}, {"anvil": (full("1.0.0"),)}, {}),
            "silent": audits_file(),
        },
    )


def test_an_empty_file_holds_nothing() -> None:
    assert parse("") == ImportsFile({}, {}, {})
    assert write_imports_lock(parse("")) == HEADER


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('user-id = 1\nuser-login = "ada"', Publisher(VERSION, DAY, 1, "ada")),
        ('user-id = 1\nuser-login = ""\nuser-name = ""', Publisher(VERSION, DAY, 1, "", "")),
        ('user-id = 1\nuser-login = "ada"\ntrusted-publisher = "t"', Publisher(VERSION, DAY, 1, "ada")),
        ('trusted-publisher = "t"\nuser-login = "ada"', Publisher(VERSION, DAY, "t")),
        ('user-id = 1\ntrusted-publisher = "t"', Publisher(VERSION, DAY, "t")),
        (
            'user-id = 1\nuser-login = "ada"\nuser-name = 5\ntrusted-publisher = "t"',
            Publisher(VERSION, DAY, "t"),
        ),
        ('user-id = -1\nuser-login = "ada"\ntrusted-publisher = "t"', Publisher(VERSION, DAY, "t")),
    ],
)
def test_a_user_counts_if_id_and_login_are_valid_else_the_trusted_publisher(
    lines: str,
    expected: Publisher,
) -> None:
    assert publisher(lines) == expected


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            '[[unpublished.anvil]]\nversion = "1.0.0"\naudited-as = "1.0.0"\n',
            (1, 1),
            "unpublished.anvil: missing field `audited_as`",
        ),
        (
            f"{PUBLISHED}",
            (1, 1),
            "publisher.anvil: missing field `user-id` or `trusted-publisher`",
        ),
        (
            f"{PUBLISHED}user-id = 1\n",
            (1, 1),
            "publisher.anvil: missing field `user-login`",
        ),
        (
            f"{PUBLISHED}user-id = 1\nuser-login = 2\n",
            (5, 14),
            "publisher.anvil.user-login: invalid type: integer `2`, expected a string",
        ),
        (
            f'{PUBLISHED}user-id = 1\nuser-login = "a"\nuser-name = 2\n',
            (6, 13),
            "publisher.anvil.user-name: invalid type: integer `2`, expected a string",
        ),
        (
            '[[publisher.anvil]]\nversion = "1.0.0"\nwhen = 5\nuser-id = 1\nuser-login = "a"\n',
            (3, 8),
            "publisher.anvil.when: invalid type: integer `5`, expected a date in a string",
        ),
        ("\n[audits.peer]\n", (2, 1), "audits.peer: missing field `audits`"),
        ("[audits]\npeer = 1\n", (2, 8), "audits.peer: invalid type: integer `1`, expected a table"),
        (
            '[[audits.peer.audits.anvil]]\nversion = "1.0.0"\nfoo = 1\n',
            (3, 1),
            f"audits.peer.audits.anvil: unknown field `foo`, expected one of {AUDIT_KEYS}",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    error = failure(text)

    assert error.message == message
    assert error.place == Place(FILE, *place)
    assert error.help


def test_everything_is_written_in_cargo_vets_order() -> None:
    text = (
        f"{HEADER}"
        '\n[[unpublished.anvil]]\nversion = "1.1.0"\naudited_as = "1.0.0"\n'
        f'\n{PUBLISHED}user-id = 1\nuser-login = "z"\n'
        f'\n{PUBLISHED}user-id = 2\nuser-login = "b"\nuser-name = ""\n'
        f'\n{PUBLISHED}user-id = 10\nuser-login = "a"\n'
        f'\n{PUBLISHED}trusted-publisher = ""\n'
        '\n[[publisher.anvil]]\nversion = "1.0.10"\nwhen = "2020-01-01"\ntrusted-publisher = "t"\n'
        '\n[[audits.Peer.audits.anvil]]\ncriteria = []\nversion = "1.0.0"\n'
        "\n[[audits.peer.wildcard-audits.anvil]]\ncriteria = []\nuser-id = 2 #  (b)\n"
        'start = "2020-01-01"\nend = "2021-01-01"\n'
        "\n[audits.peer.audits]\n"
        "\n[[audits.peer.trusted.anvil]]\ncriteria = []\nuser-id = 1 # z\n"
        'start = "2020-01-01"\nend = "2021-01-01"\n'
    )
    blocks = text.split("\n\n")
    backwards = "\n\n".join(reversed(blocks))

    assert write_imports_lock(parse(text)) == text
    assert write_imports_lock(parse(backwards)) == text


def test_whose_an_id_is_comes_from_the_first_record_by_crate_then_file_order() -> None:
    comments = login_comments(
        {
            "bellows": (Publisher(VERSION, DAY, 1, "late"),),
            "anvil": (
                Publisher(parse_version("2.0.0"), DAY, 1, "ada", "Ada L"),
                Publisher(parse_version("1.0.0"), DAY, 1, "second"),
                published("1.0.0", "github:example/anvil"),
                Publisher(VERSION, DAY, 2, "bert"),
                Publisher(VERSION, DAY, 3, "carl", ""),
            ),
        },
    )

    assert comments == {1: "Ada L (ada)", 2: "bert", 3: " (carl)"}


def test_a_name_cannot_write_a_line() -> None:
    imports = ImportsFile(
        {},
        {"anvil": (Publisher(VERSION, DAY, 1, "x\r", 'Eve\n[[audits.anvil]]\nversion = "1.0.0"\0\t\x7f'),)},
        {"peer": audits_file(trusted={"anvil": (parse(TRUST).audits["peer"].trusted["anvil"][0],)})},
    )

    text = write_imports_lock(imports)

    assert 'user-id = 1 # Eve�[[audits.anvil]]�version = "1.0.0"�\t� (x�)\n' in text
    assert parse(text) == imports


TRUST = """
[audits.peer.audits]
[[audits.peer.trusted.anvil]]
criteria = []
user-id = 1
start = "2020-01-01"
end = "2021-01-01"
"""
