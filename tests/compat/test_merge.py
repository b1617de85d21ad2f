"""Merged stores and the real cargo-vet: it leaves their bytes alone; real stores come out of a merge as they were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.compat.real import RealTools
from tests.compat.test_signing import readable, stores
from vetflow.app.demo import lay_out_demo
from vetflow.formats.audits_toml import write_audits
from vetflow.formats.config_toml import parse_config, write_config
from vetflow.formats.imports_lock import login_comments, parse_imports_lock, write_imports_lock
from vetflow.model.store import AuditsFile, PolicyTable
from vetflow.trust.merge_files import merge_texts

_File = TypeVar("_File")


def part(value: Any, kept: frozenset[int]) -> Any:
    """Return a file with some of each table's names: those whose number modulo 3 is kept."""
    if isinstance(value, PolicyTable):
        return PolicyTable(part(value.by_name, kept))
    if isinstance(value, Mapping):
        return {name: value[name] for number, name in enumerate(sorted(value)) if number % 3 in kept}
    return value


def sides(file: _File) -> list[_File]:
    """Return a file with a third of its entries, and with each of the other thirds beside it."""
    fields = file._asdict().items()  # type: ignore[attr-defined]  # the files of a store are named tuples
    return [
        type(file)(**{name: part(value, frozenset({0, *more})) for name, value in fields}) for more in ((), (1,), (2,))
    ]


@pytest.mark.shared
def test_real_stores_that_two_branches_grew_to_come_out_as_they_are(shared: Path) -> None:
    merged = 0
    for name, folder in stores(shared).items():
        audits = readable(folder)
        if audits is None:
            continue
        imports = parse_imports_lock((folder / "imports.lock").read_text(), name)
        config = parse_config((folder / "config.toml").read_text(), name)
        logins = login_comments(imports.publisher)
        for file, whole, texts in (
            ("audits.toml", write_audits(audits, logins), [write_audits(each, logins) for each in sides(audits)]),
            ("imports.lock", write_imports_lock(imports), [write_imports_lock(each) for each in sides(imports)]),
            ("config.toml", write_config(config), [write_config(each) for each in sides(config)]),
        ):
            assert merge_texts(file, *texts) == (whole, (), None), f"{name}: {file}"
            merged += 1
    assert merged > 120


@pytest.mark.cargo_vet
def test_what_two_people_certified_on_two_branches_is_one_store(cargo_vet: Path, tmp_path: Path) -> None:
    folder = Path(lay_out_demo(str(tmp_path / "ws")).folder)
    store = folder / "supply-chain"
    tools = RealTools(cargo_vet, tmp_path, tmp_path / "cargo-home")

    def texts() -> dict[str, str]:
        return {name: (store / name).read_text() for name in ("config.toml", "audits.toml", "imports.lock")}

    def certify(crate: str, version: str, who: str) -> dict[str, str]:
        words = ("certify", crate, version, "--accept-all", "--force", "--locked", "--criteria", "safe-to-deploy")
        ran = tools.vet((*words, "--who", who), folder)
        assert ran.exit == 0, ran.stderr
        return texts()

    def put(files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (store / name).write_text(text)

    base = texts()
    ours = certify("plovercast", "0.1.0", "Ada")
    put(base)
    theirs = certify("glyphderive", "1.3.0", "Bert")
    merged = {name: merge_texts(name, base[name], ours[name], theirs[name]) for name in base}
    assert all(each.conflicts == () for each in merged.values())
    put({name: each.text for name, each in merged.items()})
    before = texts()
    for crate in ("plovercast", "glyphderive"):
        assert f"[[audits.{crate}]]" in before["audits.toml"]
    assert tools.vet(("fmt",), folder).exit == 0
    assert texts() == before
    checked = json.loads(tools.vet(("check", "--locked", "--output-format", "json"), folder).stdout)
    assert not {"plovercast", "glyphderive"} & {failure["name"] for failure in checked["failures"]}


def test_a_part_of_a_file_is_a_part() -> None:
    whole = AuditsFile({}, {}, {"anvil": (), "bellows": (), "crucible": ()}, {})
    base, ours, theirs = sides(whole)
    assert [list(each.audits) for each in (base, ours, theirs)] == [
        ["anvil"],
        ["anvil", "bellows"],
        ["anvil", "crucible"],
    ]
