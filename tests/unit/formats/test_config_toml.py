from __future__ import annotations

import pytest

from vetflow.errors import Place, StoreError
from vetflow.formats.config_toml import parse_config, write_config
from vetflow.model.audits import Exemption
from vetflow.model.store import ConfigFile, Import, Policy, PolicyTable, StoreVersion
from vetflow.model.version import parse_version

FILE = "supply-chain/config.toml"
SHORT = "unexpected end of input while parsing minor version number"
HASH = "0123456789abcdef0123456789abcdef01234567"


def parse(text: str) -> ConfigFile:
    return parse_config(text, FILE)


def failure(text: str) -> StoreError:
    with pytest.raises(StoreError) as raised:
        parse(text)
    return raised.value


def rewritten(text: str) -> str:
    return write_config(parse(text))


def written(body: str) -> str:
    return f'\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n{body}'


def test_all_keys_of_a_config_file_are_read() -> None:
    config = parse("""
default-criteria = "safe-to-run"

[cargo-vet]
version = "0.9"

[imports.peer]
url = ["https://peer.example/audits.toml"]
exclude = ["bellows", "anvil"]
[imports.peer.criteria-map]
fuzzed = []
crypto = "crypto-reviewed"

[policy.anvil]
audit-as-crates-io = false
criteria = []
dev-criteria = "safe-to-run"
dependency-criteria = { bellows = ["a", "b"], tongs = [] }
notes = "why"

[[exemptions.tongs]]
version = "1.0.0"
criteria = ["safe-to-deploy"]
suggest = false
notes = ""
""")

    assert config == ConfigFile(
        version=StoreVersion(0, 9),
        default_criteria="safe-to-run",
        imports={
            "peer": Import(
                ("https://peer.example/audits.toml",),
                ("bellows", "anvil"),
                {"fuzzed": (), "crypto": ("crypto-reviewed",)},
            ),
        },
        policy=PolicyTable(
            {
                "anvil": {
                    None: Policy(
                        audit_as_crates_io=False,
                        criteria=(),
                        dev_criteria=("safe-to-run",),
                        dependency_criteria={"bellows": ("a", "b"), "tongs": ()},
                        notes="why",
                    ),
                },
            },
        ),
        exemptions={"tongs": (Exemption(parse_version("1.0.0"), ("safe-to-deploy",), suggest=False, notes=""),)},
    )


def test_an_empty_file_is_a_store_of_the_oldest_version() -> None:
    assert parse("") == ConfigFile(StoreVersion(0, 4))


def test_absent_criteria_of_a_policy_differ_from_none_at_all() -> None:
    policies = parse("[policy.anvil]\n[policy.bellows]\ncriteria = []\ndev-criteria = []\n").policy.by_name

    assert policies["anvil"][None] == Policy()
    assert policies["bellows"][None] == Policy(criteria=(), dev_criteria=())


@pytest.mark.parametrize(
    ("text", "version"),
    [("0.10", (0, 10)), ("0.010", (0, 10)), ("+1.+0", (1, 0)), ("0.18446744073709551615", (0, 2**64 - 1))],
)
def test_store_versions(text: str, version: tuple[int, int]) -> None:
    assert parse(f'[cargo-vet]\nversion = "{text}"\n').version == version


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0", "missing '.' separator"),
        ("0.10.3", "error parsing version component: invalid digit found in string"),
        (" 0.10", "error parsing version component: invalid digit found in string"),
        ("0.+", "error parsing version component: invalid digit found in string"),
        ("0.\u0661", "error parsing version component: invalid digit found in string"),
        ("0.", "error parsing version component: cannot parse integer from empty string"),
        ("18446744073709551616.0", "error parsing version component: number too large to fit in target type"),
        ("9" * 5000 + ".0", "error parsing version component: number too large to fit in target type"),
    ],
)
def test_what_is_no_store_version_is_refused(text: str, reason: str) -> None:
    error = failure(f'[cargo-vet]\nversion = "{text}"\n')

    assert error.message == f"cargo-vet.version: {reason}"
    assert error.place == Place(FILE, 2, 11)


def test_policies_are_kept_by_crate_and_version() -> None:
    policies = parse(f'[policy."anvil:1.0.0"]\n[policy."anvil:1.0.0 @git:{HASH}"]\n[policy.bellows]\n').policy

    assert policies.by_name == {
        "anvil": {parse_version("1.0.0"): Policy(), parse_version(f"1.0.0@git:{HASH}"): Policy()},
        "bellows": {None: Policy()},
    }


def test_of_two_spellings_of_a_policy_the_last_in_byte_order_wins() -> None:
    spaced, plain = f'[policy."anvil:1.0.0 @git:{HASH}"]\n', f'[policy."anvil:1.0.0@git:{HASH}"]\n'
    text = f'{plain}notes = "plain"\n{spaced}notes = "spaced"\n'

    assert [policy.notes for policy in parse(text).policy.by_name["anvil"].values()] == ["plain"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("default-criteria = []\n", (1, 20), "default-criteria: invalid type: list, expected a string"),
        ("cargo-vet = 1\n", (1, 13), "cargo-vet: invalid type: integer `1`, expected a table"),
        ("\n[cargo-vet]\n", (2, 1), "cargo-vet: missing field `version`"),
        (
            "[cargo-vet]\nversion = 0.1\n",
            (2, 11),
            "cargo-vet.version: invalid type: floating point `0.1`, expected a string",
        ),
        ("[imports.peer]\n", (1, 1), "imports.peer: missing field `url`"),
        (
            '[imports.peer]\nurl = "u"\nexclude = "a"\n',
            (3, 11),
            'imports.peer.exclude: invalid type: string "a", expected a list',
        ),
        (
            '[imports.peer]\nurl = "u"\nexclude = [1]\n',
            (3, 12),
            "imports.peer.exclude: invalid type: integer `1`, expected a string",
        ),
        (
            '[imports.peer]\nurl = "u"\n[imports.peer.criteria-map]\na = 1\n',
            (4, 5),
            "imports.peer.criteria-map.a: invalid type: integer `1`, expected a string or a list of strings",
        ),
        ("[policy]\nanvil = 1\n", (2, 9), "policy.anvil: invalid type: integer `1`, expected a table"),
        (
            "[policy.anvil]\naudit-as-crates-io = 1\n",
            (2, 22),
            "policy.anvil.audit-as-crates-io: invalid type: integer `1`, expected a boolean",
        ),
        (
            "[policy.anvil]\ndependency-criteria = []\n",
            (2, 23),
            "policy.anvil.dependency-criteria: invalid type: list, expected a table",
        ),
        (
            '[policy."anvil:1.0"]\n',
            (1, 9),
            f"policy: `anvil:1.0` names no version: {SHORT}",
        ),
        (
            '[policy."anvil:1.0.0"]\n[policy.anvil]\n',
            (1, 9),
            "policy: cannot mix versioned and unversioned policies for anvil",
        ),
        ("[[exemptions.anvil]]\n", (1, 1), "exemptions.anvil: missing field `version`"),
        (
            '[exemptions.anvil]\nversion = "1.0.0"\n',
            (1, 1),
            "exemptions.anvil: invalid type: table, expected a list of tables",
        ),
        (
            '[[unaudited.anvil]]\nversion = "1"\n',
            (2, 11),
            "unaudited.anvil.version: unexpected end of input while parsing major version number",
        ),
        ("[exemptions]\n[unaudited]\n", (2, 2), "duplicate field `exemptions`: `unaudited` is its old name"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, place: tuple[int, int], message: str) -> None:
    error = failure(text)

    assert error.message == message
    assert error.place == Place(FILE, *place)
    assert error.help


def test_all_problems_of_a_file_are_told_at_once() -> None:
    error = failure('[imports.peer]\nexclude = 1\n[[exemptions.anvil]]\nversion = "x"\nnotes = 1\n')

    assert [problem.place for problem in error.related] == [
        Place(FILE, 1, 1),
        Place(FILE, 2, 11),
        Place(FILE, 4, 11),
        Place(FILE, 5, 9),
    ]


def test_the_old_name_of_exemptions_is_read_and_the_new_one_written() -> None:
    assert rewritten('[cargo-vet]\nversion = "0.10"\n[[unaudited.anvil]]\nversion = "1.0.0"\n') == written(
        '\n[[exemptions.anvil]]\nversion = "1.0.0"\ncriteria = []\n',
    )


def test_default_criteria_are_written_only_where_they_differ_from_cargo_vets() -> None:
    text = '[cargo-vet]\nversion = "0.10"\n'

    assert rewritten(f'default-criteria = "safe-to-deploy"\n{text}') == written("")
    assert rewritten(f'default-criteria = "x"\n{text}') == written("").replace(
        "file\n\n",
        'file\n\ndefault-criteria = "x"\n\n',
    )


def test_the_store_version_is_written_as_it_is() -> None:
    assert write_config(ConfigFile(StoreVersion(1, 7))) == '\n# cargo-vet config file\n\n[cargo-vet]\nversion = "1.7"\n'


def test_imports_keep_the_order_of_what_they_exclude() -> None:
    text = (
        '\n[imports.peer]\nurl = "u"\nexclude = ["b", "a"]\n'
        '\n[imports.peer.criteria-map]\na = []\nb = "x"\n'
        '\n[imports.zebra]\nurl = []\nexclude = ["a"]\n'
    )

    assert rewritten(written(text)) == written(text)


def test_empty_lists_of_an_import_vanish_and_those_of_a_policy_stay() -> None:
    text = '[imports.peer]\nurl = "u"\nexclude = []\ncriteria-map = {}\n[policy.anvil]\ncriteria = []\n'

    assert rewritten(written(text)) == written('\n[imports.peer]\nurl = "u"\n\n[policy.anvil]\ncriteria = []\n')


def test_policies_sort_by_the_text_of_their_keys() -> None:
    keys = ["Zoned", '"anvil:1.0.14"', '"anvil:1.0.9"', "anvil-b", "bellows"]
    text = "".join(f"\n[policy.{key}]\n" for key in sorted(keys, key=lambda key: key.strip('"')))

    assert rewritten(written("".join(f"\n[policy.{key}]\n" for key in reversed(keys)))) == written(text)
    assert text.index("anvil-b") < text.index("1.0.14") < text.index("1.0.9")


def test_the_keys_of_a_policy_stand_in_cargo_vets_order() -> None:
    shuffled = (
        '[policy.anvil]\nnotes = "n"\ndependency-criteria = { b = [], a = ["x"] }\n'
        'dev-criteria = ["y", "z"]\ncriteria = []\naudit-as-crates-io = true\n'
    )

    assert rewritten(written(shuffled)) == written(
        "\n[policy.anvil]\naudit-as-crates-io = true\ncriteria = []\n"
        'dev-criteria = ["y", "z"]\ndependency-criteria = { a = "x", b = [] }\nnotes = "n"\n',
    )


def test_exemptions_sort_by_version_criteria_suggest_and_notes() -> None:
    ordered = [
        'version = "1.0.0-rc.1"\ncriteria = "z"\n',
        'version = "1.0.0"\ncriteria = "a"\nsuggest = false\n',
        'version = "1.0.0"\ncriteria = "a"\n',
        'version = "1.0.0"\ncriteria = "a"\nnotes = ""\n',
        'version = "1.0.0"\ncriteria = ["a", "b"]\n',
        'version = "1.0.9"\ncriteria = []\n',
        'version = "1.0.10"\ncriteria = []\n',
    ]
    blocks = [f"\n[[exemptions.anvil]]\n{entry}" for entry in ordered]

    assert rewritten(written("".join(reversed(blocks)))) == written("".join(blocks))
