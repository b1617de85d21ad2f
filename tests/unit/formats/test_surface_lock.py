from __future__ import annotations

import pytest

from vetflow.errors import Place, StoreError
from vetflow.formats.surface_lock import parse_surface_lock, write_surface_lock
from vetflow.model.packages import Targets
from vetflow.model.pins import PinnedCapability, PinnedCrate, ShippedBinary, SurfaceLock
from vetflow.model.version import parse_version

FILE = "supply-chain/surface.lock"
CHECKSUM = "ab" * 32
PLAIN = Targets(has_library=True, proc_macro=False, build_script=False)
START = 'version = 1\nrules = "r1"\n'
ANVIL = f'{START}[[crates.anvil]]\nversion = "1.0.0"\nchecksum = "{CHECKSUM}"\n'


def lock(**crates: PinnedCrate) -> SurfaceLock:
    return SurfaceLock("r1", {name: (crate,) for name, crate in crates.items()})


def pinned(version: str = "1.0.0", targets: Targets = PLAIN, checksum: str | None = CHECKSUM) -> PinnedCrate:
    return PinnedCrate(parse_version(version), checksum, targets)


def parse(text: str) -> SurfaceLock:
    return parse_surface_lock(text, FILE)


def failure(text: str) -> StoreError:
    with pytest.raises(StoreError) as raised:
        parse(text)
    return raised.value


SMITH = pinned("0.3.1", Targets(has_library=True, proc_macro=True, build_script=True))._replace(
    links="smith",
    build_only=("bellows",),
    build_too=("anvil",),
    host=True,
    surface="cd" * 32,
    capabilities=(
        PinnedCapability("T1", "process.shell", "sh -c", 3),
        PinnedCapability("T2", "env.read", "SMITH HOME", 1),
    ),
    binaries=(ShippedBinary("tools/my helper", "ef" * 32),),
)


def test_an_entry_says_only_what_is_unusual() -> None:
    assert write_surface_lock(lock(anvil=pinned())) == (
        "\n# vetflow surface lock: what runs when this project is built; written by `vetflow baseline`\n"
        "\n"
        "version = 1\n"
        'rules = "r1"\n'
        "\n"
        "[[crates.anvil]]\n"
        'version = "1.0.0"\n'
        f'checksum = "{CHECKSUM}"\n'
    )


def test_build_time_code_is_pinned_line_by_line() -> None:
    assert write_surface_lock(lock(smith=SMITH)).partition("[[crates.smith]]\n")[2] == (
        'version = "0.3.1"\n'
        f'checksum = "{CHECKSUM}"\n'
        "build-script = true\n"
        "proc-macro = true\n"
        "host = true\n"
        'links = "smith"\n'
        'build-only = ["bellows"]\n'
        'build-too = ["anvil"]\n'
        f'surface = "{"cd" * 32}"\n'
        'capabilities = ["T1 3 process.shell sh -c", "T2 1 env.read SMITH HOME"]\n'
        f'binaries = [\n    "{"ef" * 32} tools/my helper",\n]\n'
    )


def test_what_is_written_is_read_back() -> None:
    pins = lock(
        anvil=pinned(),
        smith=SMITH,
        tongs=pinned("1.0.0@git:0123456789abcdef0123456789abcdef01234567", checksum=None),
        bare=pinned(targets=PLAIN._replace(has_library=False)),
    )
    assert parse(write_surface_lock(pins)) == pins


def test_versions_are_in_ascending_order() -> None:
    rows = (pinned("1.10.0"), pinned("1.9.0"))
    assert parse(write_surface_lock(SurfaceLock("", {"anvil": rows}))).crates["anvil"] == rows[::-1]


def test_facts_are_handed_out_by_checksum() -> None:
    git = pinned("2.0.0@git:0123456789abcdef0123456789abcdef01234567", checksum=None)
    assert lock(smith=SMITH, tongs=git).targets_by_checksum() == {CHECKSUM: SMITH.targets}


def test_another_version_of_the_file_is_not_read() -> None:
    error = failure('version = 2\nrules = "r1"\n[surprise]\n')
    assert error.message == "version: this vetflow reads version 1 of the file alone"
    assert error.place == Place(FILE, 1, 11)
    assert error.help == "write it anew with `vetflow baseline`, and look at what changes"


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (f"{ANVIL}library = 1\n", "crates.anvil.library: invalid type: integer `1`, expected a boolean", 6),
        (f"{ANVIL}safe = true\n", "crates.anvil: unknown field `safe`, expected one of `version`", 6),
        (f"{ANVIL}links = []\n", "crates.anvil.links: invalid type: list, expected a string", 6),
        (
            f'{ANVIL}capabilities = ["T1 9 network x"]\n',
            "crates.anvil.capabilities: this is not of the form `T1 2 network std::net::TcpStream`",
            6,
        ),
        (f'{ANVIL}capabilities = ["T1 2 network"]\n', "crates.anvil.capabilities: this is not of the form", 6),
        (f'{ANVIL}binaries = ["abc"]\n', "crates.anvil.binaries: this is not of the form", 6),
        (f"{ANVIL}binaries = [1]\n", "crates.anvil.binaries: invalid type: integer `1`, expected a string", 6),
        (f'{START}[[crates.anvil]]\nversion = "one"\n', "crates.anvil.version: unexpected character 'o'", 4),
        ("version = 1\n", "missing field `rules`", 1),
        ('rules = "r1"\n', "this vetflow reads version 1 of the file alone", 1),
        ("<<<<<<< ours\n", "supply-chain/surface.lock is not valid TOML", 1),
    ],
)
def test_a_mistake_has_a_place(text: str, message: str, line: int) -> None:
    error = failure(text)
    assert message in error.message
    assert error.place is not None
    assert error.place.line == line


def test_all_mistakes_are_named_at_once() -> None:
    error = failure(f"{ANVIL}library = 1\nhost = 2\n")
    assert [each.place.line for each in error.related if isinstance(each, StoreError) and each.place] == [6, 7]
