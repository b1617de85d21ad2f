from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.model.scalars import answers, recorded
from vetflow.errors import Place, StoreError
from vetflow.formats.audits_toml import parse_audits, write_audits
from vetflow.model.audits import Audit, AuditKind, TrustedEntry, WildcardAudit
from vetflow.model.dates import Date
from vetflow.model.requirement import parse_requirement
from vetflow.model.store import AuditsFile, CriteriaEntry
from vetflow.model.version import parse_version

FILE = "supply-chain/audits.toml"
EMPTY = AuditsFile({}, {}, {}, {})
AUDIT_KEYS = "`who`, `criteria`, `version`, `delta`, `violation`, `importable`, `notes`, `aggregated-from`"
CRITERIA_KEYS = "`description`, `description-url`, `implies`, `aggregated-from`"


def parse(text: str) -> AuditsFile:
    return parse_audits(text, FILE)


def failure(text: str) -> StoreError:
    with pytest.raises(StoreError) as raised:
        parse(text)
    return raised.value


def only_audit(fields: str) -> Audit:
    (audit,) = parse(f"[[audits.anvil]]\n{fields}\n").audits["anvil"]
    return audit


def rewritten(text: str) -> str:
    return write_audits(parse(text), {})


def test_all_keys_of_an_audits_file_are_read() -> None:
    audits = parse("""
[criteria.crypto]
description = "reviewed by a cryptographer"
description-url = "https://example.org/crypto"
implies = "safe-to-deploy"
aggregated-from = ["https://example.org/a", "https://example.org/b"]

[[wildcard-audits.anvil]]
who = ["Ada <ada@example.org>", "Bert"]
criteria = ["safe-to-deploy", "crypto"]
user-id = 11
start = "2020-01-02"
end = "2026-12-01"
renew = false
notes = "ours"
aggregated-from = "https://example.org/a"

[[audits.anvil]]
who = "Ada <ada@example.org>"
criteria = "crypto"
delta = "1.0.0 -> 1.1.0"
importable = false
notes = ""
aggregated-from = []

[[trusted.anvil]]
criteria = []
trusted-publisher = "github:example/anvil"
start = "2020-01-02"
end = "2999-01-01"
""")

    assert audits.criteria == {
        "crypto": CriteriaEntry(
            "reviewed by a cryptographer",
            "https://example.org/crypto",
            ("safe-to-deploy",),
            ("https://example.org/a", "https://example.org/b"),
        ),
    }
    assert audits.wildcard_audits["anvil"] == (
        WildcardAudit(
            ("safe-to-deploy", "crypto"),
            11,
            Date(2020, 1, 2),
            Date(2026, 12, 1),
            ("Ada <ada@example.org>", "Bert"),
            renew=False,
            notes="ours",
            aggregated_from=("https://example.org/a",),
        ),
    )
    assert audits.audits["anvil"] == (
        Audit(
            AuditKind.DELTA,
            ("crypto",),
            parse_version("1.1.0"),
            parse_version("1.0.0"),
            who=("Ada <ada@example.org>",),
            importable=False,
            notes="",
        ),
    )
    assert audits.trusted["anvil"] == (TrustedEntry((), "github:example/anvil", Date(2020, 1, 2), Date(2999, 1, 1)),)


def test_an_audit_needs_nothing_but_what_it_is_about() -> None:
    assert only_audit('version = "1.0.0"') == Audit(AuditKind.FULL, (), parse_version("1.0.0"))
    assert only_audit('violation = "<1"') == Audit(
        AuditKind.VIOLATION,
        (),
        violation=parse_requirement("<1"),
    )


def test_every_recorded_delta_is_answered_as_cargo_vet_does(shared: Path) -> None:
    def delta(text: str) -> str:
        try:
            audit = only_audit(f'delta = "{text}"')
        except StoreError as error:
            raise ValueError(error.message.removeprefix("audits.anvil.delta: ")) from None
        return f"{audit.base} -> {audit.version}"

    expected = recorded(shared, "delta")
    # cargo-vet takes a text without an arrow for one version and complains about that; ours is clearer.
    expected["1.0.0 => 1.0.1"] = expected["1.0.0"]

    assert answers(delta, expected) == expected


def test_a_crate_with_an_empty_list_of_audits_has_none() -> None:
    assert parse("[audits]\nanvil = []\n") == EMPTY


def test_user_id_wins_over_a_trusted_publisher_unless_it_is_none() -> None:
    def source(lines: str) -> int | str:
        trusted = parse(
            '[[trusted.anvil]]\ncriteria = []\nstart = "2020-01-01"\nend = "2020-01-01"\n' + lines + "\n[audits]\n",
        ).trusted
        return trusted["anvil"][0].source

    assert source('user-id = 0x1F\ntrusted-publisher = "github:example/anvil"') == 31
    assert source('user-id = "31"\ntrusted-publisher = "github:example/anvil"') == "github:example/anvil"
    assert source("user-id = 9223372036854775807") == 2**63 - 1


def test_unknown_keys_are_ignored_where_cargo_vet_ignores_them() -> None:
    audits = parse("""
surprise = 1
[audits]
[[trusted.anvil]]
criteria = "safe-to-run"
user-id = 1
start = "2020-01-01"
end = "2021-01-01"
who = 5
[[wildcard-audits.anvil]]
criteria = "safe-to-run"
user-id = 1
start = "2020-01-01"
end = "2021-01-01"
surprise = 2020-01-01
""")

    assert len(audits.trusted["anvil"]) == len(audits.wildcard_audits["anvil"]) == 1


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            '[[audits.anvil]]\nversion = "1.0.0"\nsignature = "x"\n',
            (3, 1),
            f"audits.anvil: unknown field `signature`, expected one of {AUDIT_KEYS}",
        ),
        (
            "[audits]\n[criteria.crypto]\nimply = []\n",
            (3, 1),
            f"criteria.crypto: unknown field `imply`, expected one of {CRITERIA_KEYS}",
        ),
        (
            '\n[[audits."a.b"]]\nwho = "Ada"\n',
            (2, 1),
            "audits.\"a.b\": audit entries must have exactly one of 'version', 'delta' and 'violation'",
        ),
        (
            '[[audits.anvil]]\nversion = "1.0.0"\n[[audits.anvil]]\nversion = "1.0.0"\nviolation = "*"\n',
            (3, 1),
            "audits.anvil: audit entries must have exactly one of 'version', 'delta' and 'violation'",
        ),
        (
            '[[audits.anvil]]\nversion = "1.0"\n',
            (2, 11),
            "audits.anvil.version: unexpected end of input while parsing minor version number",
        ),
        (
            "[[audits.anvil]]\nversion = 1.0\n",
            (2, 11),
            "audits.anvil.version: invalid type: floating point `1.0`, expected a version",
        ),
        (
            '[[audits.anvil]]\ndelta = "1.0.0 -> x"\n',
            (2, 9),
            "audits.anvil.delta: unexpected character 'x' while parsing major version number",
        ),
        (
            "[[audits.anvil]]\ndelta = [1]\n",
            (2, 9),
            "audits.anvil.delta: invalid type: list, expected a delta `VERSION -> VERSION`",
        ),
        (
            '[[audits.anvil]]\nviolation = "1 || 2"\n',
            (2, 13),
            "audits.anvil.violation: expected comma after major version number, found '|'",
        ),
        (
            "[[audits.anvil]]\nviolation = true\n",
            (2, 13),
            "audits.anvil.violation: invalid type: boolean `true`, expected a version requirement",
        ),
        (
            '[[audits.anvil]]\nversion = "1.0.0"\ncriteria = ["a", 1]\n',
            (3, 18),
            "audits.anvil.criteria: invalid type: integer `1`, expected a string",
        ),
        (
            '[[audits.anvil]]\nversion = "1.0.0"\nwho = 2020-01-01\n',
            (3, 7),
            "audits.anvil.who: invalid type: date or time, expected a string or a list of strings",
        ),
        (
            '[[audits.anvil]]\nversion = "1.0.0"\nimportable = "no"\n',
            (3, 14),
            'audits.anvil.importable: invalid type: string "no", expected a boolean',
        ),
        (
            '[audits.anvil]\nversion = "1.0.0"\n',
            (1, 1),
            "audits.anvil: invalid type: table, expected a list of tables",
        ),
        (
            '[audits]\nanvil = [{ version = "1.0.0" }, 3]\n',
            (2, 33),
            "audits.anvil: invalid type: integer `3`, expected a table",
        ),
        ("audits = 1\n", (1, 10), "audits: invalid type: integer `1`, expected a table"),
        (
            "[audits]\n[criteria]\ncrypto = 1\n",
            (3, 10),
            "criteria.crypto: invalid type: integer `1`, expected a table",
        ),
        ("\n# nothing\n", (1, 1), "missing field `audits`"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    error = failure(text)

    assert error.message == message
    assert error.place == Place(FILE, *place)
    assert error.help


DATED = 'criteria = "safe-to-run"\nuser-id = 1\nstart = "2020-01-01"\nend = "2021-01-01"\n'


@pytest.mark.parametrize("table", ["wildcard-audits", "trusted"])
@pytest.mark.parametrize(
    ("line", "place", "message"),
    [
        (
            "criteria = 5",
            (2, 12),
            "anvil.criteria: invalid type: integer `5`, expected a string or a list of strings",
        ),
        (
            "start = 2020-01-01",
            (4, 9),
            "anvil.start: invalid type: date or time, expected a date in a string",
        ),
        ('end = "2021-02-29"', (5, 7), "anvil.end: input is out of range"),
        (
            "user-id = -1",
            (3, 11),
            "anvil.user-id: invalid type: integer `-1`, expected a number from 0 to 2^63-1",
        ),
        (
            "user-id = true",
            (3, 11),
            "anvil.user-id: invalid type: boolean `true`, expected a number from 0 to 2^63-1",
        ),
        (
            "trusted-publisher = 1",
            (3, 21),
            "anvil.trusted-publisher: invalid type: integer `1`, expected a string",
        ),
        ("# criteria", (1, 1), "anvil: missing field `criteria`"),
        ("# user-id", (1, 1), "anvil: missing field `user-id` or `trusted-publisher`"),
        ("# start", (1, 1), "anvil: missing field `start`"),
        ("# end", (1, 1), "anvil: missing field `end`"),
    ],
)
def test_what_a_dated_entry_lacks_is_said_with_its_place(
    table: str,
    line: str,
    place: tuple[int, int],
    message: str,
) -> None:
    key = line.removeprefix("# ").partition(" ")[0].replace("trusted-publisher", "user-id")
    fields = re.sub(f"(?m)^{key} = .*$", line, DATED)

    error = failure(f"[[{table}.anvil]]\n{fields}[audits]\n")

    assert error.message == f"{table}.{message}"
    assert error.place == Place(FILE, *place)


def test_all_problems_of_a_file_are_told_at_once() -> None:
    error = failure("""
[criteria.crypto]
extra = 1
[[audits.anvil]]
version = "1"
notes = 3
[[audits.anvil]]
[[audits.bellows]]
version = "1.0.0"
one = 1
two = 2
""")

    assert error.message == f"{FILE} has 6 problems"
    assert sorted(problem.place.line for problem in error.related if problem.place and problem.place.line) == [
        3,
        5,
        6,
        7,
        10,
        11,
    ]


def test_broken_toml_is_a_problem_of_the_store() -> None:
    error = failure("[audits\n")

    assert error.message.startswith(f"{FILE} is not valid TOML")
    assert error.place == Place(FILE, 1, 8)


@pytest.mark.parametrize("case", ["unknown_field_audit", "unknown_field_criteria"])
def test_recorded_parse_errors_are_found_where_cargo_vet_finds_them(shared: Path, case: str) -> None:
    folder = shared / f"cargo-vet-cases/parse/store_parsing-test_{case}"
    words = " ".join((folder / "error.txt").read_text().replace("│", " ").split())
    (field,) = re.findall("unknown field `(.*?)`", words)
    text = (folder / "audits.toml").read_text()

    error = failure(text)

    assert f"unknown field `{field}`" in error.message
    assert error.place == Place(FILE, 1 + text.split("\n").index(f'{field} = "invalid"'), 1)


def test_an_empty_file_of_audits_is_written_with_its_table() -> None:
    assert write_audits(EMPTY, {}) == "\n# cargo-vet audits file\n\n[audits]\n"


def test_everything_is_written_sorted_shortened_and_in_cargo_vets_key_order() -> None:
    assert rewritten("""
[[trusted.anvil]]
end = "2021-1-1"
start = "2020-1-1"
user-id = 1_000
criteria = ["safe-to-run"]
[[audits.bellows]]
importable = true
version = "1.0.2 @ git:0123456789abcdef0123456789abcdef01234567"
[[audits.anvil]]
notes = 'x'
violation = ">=0.1,<0.3"
criteria = ["safe-to-run", "safe-to-deploy"]
who = ["Ada"]
[[audits.anvil]]
delta = "1.0.9->1.0.10"
who = []
importable = false
[criteria.crypto]
implies = ["safe-to-run"]
description = "d"
""") == (
        "\n# cargo-vet audits file\n"
        '\n[criteria.crypto]\ndescription = "d"\nimplies = "safe-to-run"\n'
        '\n[[audits.anvil]]\ncriteria = []\ndelta = "1.0.9 -> 1.0.10"\nimportable = false\n'
        '\n[[audits.anvil]]\nwho = "Ada"\ncriteria = ["safe-to-run", "safe-to-deploy"]\n'
        'violation = ">=0.1, <0.3"\nnotes = "x"\n'
        "\n[[audits.bellows]]\ncriteria = []\n"
        'version = "1.0.2@git:0123456789abcdef0123456789abcdef01234567"\n'
        '\n[[trusted.anvil]]\ncriteria = "safe-to-run"\nuser-id = 1000\n'
        'start = "2020-01-01"\nend = "2021-01-01"\n'
    )


def in_order(*entries: str, table: str = "audits") -> bool:
    """Whether entries, given in this order and reversed, are written in this order."""
    blocks = [f"[[{table}.anvil]]\n{entry}\n" for entry in entries]
    canonical = rewritten("".join(blocks) + "[audits]\n" * (table != "audits"))
    backwards = rewritten("".join(reversed(blocks)) + "[audits]\n" * (table != "audits"))
    positions = [canonical.index(entry) for entry in entries]
    return canonical == backwards and positions == sorted(positions)


def test_audits_sort_by_kind_then_by_what_they_are_about() -> None:
    assert in_order(
        'criteria = []\nversion = "1.0.0-rc.1"\n',
        'criteria = []\nversion = "1.0.0"\n',
        'criteria = []\nversion = "1.0.10"\n',
        'criteria = []\ndelta = "0.9.0 -> 1.0.9"\n',
        'criteria = []\ndelta = "0.9.0 -> 1.0.10"\n',
        'criteria = []\ndelta = "0.10.0 -> 1.0.0"\n',
        'criteria = []\nviolation = "<0.10"\n',
        'criteria = []\nviolation = "<0.9"\n',
    )


def test_audits_of_the_same_sort_by_criteria_then_who_then_notes() -> None:
    assert in_order(
        'criteria = []\nversion = "1.0.0"\n',
        'criteria = ["A", "b"]\nversion = "1.0.0"\n',
        'who = "Ada"\ncriteria = "a"\nversion = "1.0.0"\n',
        'who = ["Ada", "B"]\ncriteria = "a"\nversion = "1.0.0"\n',
        'who = "Bert"\ncriteria = "a"\nversion = "1.0.0"\n\n',
        'who = "Bert"\ncriteria = "a"\nversion = "1.0.0"\nnotes = ""\n',
        'who = "Bert"\ncriteria = "a"\nversion = "1.0.0"\nnotes = "x"\n',
    )


def test_what_takes_no_part_in_the_order_stays_as_it_was() -> None:
    one, other = (
        'criteria = []\nversion = "1.0.0"\nimportable = false\n',
        'criteria = []\nversion = "1.0.0"\n',
    )

    for first, second in ((one, other), (other, one)):
        text = f"[[audits.anvil]]\n{first}\n[[audits.anvil]]\n{second}"
        assert rewritten(text) == f"\n# cargo-vet audits file\n\n{text}"


def test_wildcard_audits_sort_by_who_criteria_source_dates_and_renewal() -> None:
    dates = 'start = "2020-01-01"\nend = "2021-01-01"\n'
    longer = 'start = "2020-01-01"\nend = "2021-01-02"\n'
    later = 'start = "2020-01-02"\nend = "2021-01-01"\n'
    assert in_order(
        f'criteria = "z"\nuser-id = 99\n{dates}',
        f'who = "Ada"\ncriteria = "a"\nuser-id = 100\n{dates}',
        f'who = "Ada"\ncriteria = "b"\nuser-id = 9\n{dates}',
        f'who = "Ada"\ncriteria = "b"\nuser-id = 10\n{dates}\n',
        f'who = "Ada"\ncriteria = "b"\nuser-id = 10\n{longer}\n',
        f'who = "Ada"\ncriteria = "b"\nuser-id = 10\n{longer}renew = false\n',
        f'who = "Ada"\ncriteria = "b"\nuser-id = 10\n{longer}renew = true\n',
        f'who = "Ada"\ncriteria = "b"\nuser-id = 10\n{later}\n',
        f'who = "Ada"\ncriteria = "b"\nuser-id = 10\n{later}notes = "n"\n',
        f'who = "Ada"\ncriteria = "b"\ntrusted-publisher = "github:a/b"\n{dates}',
        table="wildcard-audits",
    )


def test_trusted_entries_sort_by_criteria_source_and_dates() -> None:
    assert in_order(
        'criteria = "a"\nuser-id = 10\nstart = "2020-01-01"\nend = "2020-01-01"\n',
        'criteria = "b"\nuser-id = 9\nstart = "2021-01-01"\nend = "2020-01-01"\n',
        'criteria = "b"\nuser-id = 10\nstart = "-0001-01-01"\nend = "2020-01-01"\n',
        'criteria = "b"\nuser-id = 10\nstart = "2020-01-01"\nend = "2020-01-01"\n',
        'criteria = "b"\nuser-id = 10\nstart = "2020-01-01"\nend = "+12020-01-01"\n',
        'criteria = "b"\ntrusted-publisher = ""\nstart = "2020-01-01"\nend = "2020-01-01"\n',
        table="trusted",
    )


def test_a_user_id_is_followed_by_whose_it_is() -> None:
    text = f"[[trusted.anvil]]\n{DATED}[audits]\n".replace("user-id = 1", "user-id = 11 # stale")

    assert "\nuser-id = 11 # Ada (ada-l)\n" in write_audits(parse(text), {11: "Ada (ada-l)"})
    assert "\nuser-id = 11\n" in write_audits(parse(text), {12: "Bert"})
