"""surface.lock: what build-time code the crates of a workspace have, and what it can do. Written by `baseline`.

vetflow's own file, in the store, or beside Cargo.lock where there is no store. One entry `[[crates.NAME]]` for each
crate of Cargo.lock, sorted, so that two branches that bump different crates merge; what is usual (a library, no build
script, no proc macro) is left out. Capabilities are words in one string, `TIER GRADE CAPABILITY DETAIL`, and binaries
`SHA256 PATH`: one line each. A file with another `version` is not read: what it pins could mean something else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from vetflow.formats.canonical import Table, Value, entry_tables, write_tables
from vetflow.formats.entries import Reader, read_file
from vetflow.model.packages import Targets
from vetflow.model.pins import PinnedCapability, PinnedCrate, ShippedBinary, SurfaceLock

VERSION: Final = 1
HEADER: Final = "\n# vetflow surface lock: what runs when this project is built; written by `vetflow baseline`\n"

_AGAIN: Final = "write it anew with `vetflow baseline`, and look at what changes"
_TOP: Final = dict.fromkeys(("version", "rules", "crates"))
_FLAGS: Final = ("library", "build-script", "proc-macro", "host")
_USUAL: Final = frozenset(("version", "checksum", *_FLAGS))
_CRATE: Final = dict.fromkeys(
    ("version", "checksum", *_FLAGS, "links", "build-only", "build-too", "surface", "capabilities", "binaries")
)
_GRADES: Final = ("0", "1", "2", "3")

_Value = TypeVar("_Value")


def parse_surface_lock(text: str, file: str) -> SurfaceLock:
    """Read a surface.lock; `file` is what errors call it. Raises StoreError with all problems at once."""
    return read_file(text, file, _read_lock)


def write_surface_lock(lock: SurfaceLock) -> str:
    """Return the text for these values; it depends on nothing but their content."""
    crates = entry_tables(lock.crates, _order, _crate_table)
    tables: dict[str, Value] = {"version": VERSION, "rules": lock.rules}
    return HEADER + write_tables(tables | ({"crates": crates} if crates else {}))


def _read_lock(reader: Reader, tables: dict[str, Any]) -> SurfaceLock:
    version = tables.get("version")
    if type(version) is not int or version != VERSION:
        reader.note(("version",), f"this vetflow reads version {VERSION} of the file alone", _AGAIN)
        return SurfaceLock("")
    reader.only_keys(tables, _TOP, _AGAIN)
    rules = reader.required_text(tables, "rules") or ""
    return SurfaceLock(rules, reader.entries(tables, "crates", _read_crate))


def _read_crate(reader: Reader, table: dict[str, Any]) -> PinnedCrate:
    reader.only_keys(table, _CRATE, _AGAIN)
    library, build_script, proc_macro, host = (reader.flag(table, key) if key in table else None for key in _FLAGS)
    crate = PinnedCrate(
        version=reader.version(table, "version"),
        checksum=reader.text(table, "checksum"),
        targets=Targets(library is not False, bool(proc_macro), bool(build_script)),
        host=bool(host),
    )
    if table.keys() <= _USUAL:  # most crates; a check reads all of them
        return crate
    return crate._replace(
        links=reader.text(table, "links"),
        build_only=reader.string_list(table, "build-only"),
        build_too=reader.string_list(table, "build-too"),
        surface=reader.text(table, "surface"),
        capabilities=_parsed(reader, table, "capabilities", _parse_capability, "T1 2 network std::net::TcpStream"),
        binaries=_parsed(reader, table, "binaries", _parse_binary, f"{'0' * 64} tools/helper"),
    )


def _parsed(
    reader: Reader, table: dict[str, Any], key: str, parse: Callable[[str], _Value | None], example: str
) -> tuple[_Value, ...]:
    values = []
    for index, text in enumerate(reader.string_list(table, key)):
        value = parse(text) if type(text) is str else None
        if value is not None:
            values.append(value)
        elif type(text) is str:
            reader.note((key, index), f"this is not of the form `{example}`", _AGAIN)
    return tuple(values)


def _parse_capability(text: str) -> PinnedCapability | None:
    tier, *rest = text.split(" ", 3)
    if len(rest) != 3 or rest[0] not in _GRADES:
        return None
    return PinnedCapability(tier, rest[1], rest[2], int(rest[0]))


def _parse_binary(text: str) -> ShippedBinary | None:
    digest, space, path = text.partition(" ")
    return ShippedBinary(path, digest) if space and path else None


def _order(crate: PinnedCrate) -> tuple[object, ...]:
    return crate.version, crate.checksum or "", str(crate)


def _crate_table(crate: PinnedCrate) -> Table:
    targets = crate.targets
    values: dict[str, Value | None] = {
        "version": str(crate.version),
        "checksum": crate.checksum,
        "library": None if targets.has_library else False,
        "build-script": targets.build_script or None,
        "proc-macro": targets.proc_macro or None,
        "host": crate.host or None,
        "links": crate.links,
        "build-only": tuple(sorted(crate.build_only)) or None,
        "build-too": tuple(sorted(crate.build_too)) or None,
        "surface": crate.surface,
        "capabilities": tuple(
            f"{each.tier} {each.grade} {each.capability} {each.detail}" for each in sorted(crate.capabilities)
        )
        or None,
        "binaries": tuple(f"{each.digest} {each.path}" for each in sorted(crate.binaries)) or None,
    }
    return {key: value for key, value in values.items() if value is not None}
