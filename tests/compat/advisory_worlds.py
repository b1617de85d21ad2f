"""Made-up advisory databases about the packages of a lock, in every form that ranges may have, and a made-up index.

The same seed makes the same world. Nothing in it is true of any crate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

from vetflow.formats.affected_versions import affected_ranges
from vetflow.model.advisories import AdvisorySyntaxError
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion, parse_version

INDEX_FOLDERS: Final = ("index.crates.io-1949cf8c6b5b557f", "index.crates.io-6f17d22bba15001f")
"""What newer and older versions of cargo call the folder for crates.io."""
_INFORMATIONAL: Final = ("unsound", "unmaintained", "notice", "poetry")


def write_database(folder: Path, packages: Sequence[Package], seed: int) -> int:
    """Write advisories about most of the packages; return how many."""
    random = Random(seed)
    (folder / "crates").mkdir(parents=True)
    count = 0
    for package in packages:
        for _ in range(random.choice((0, 1, 1, 2, 3))):
            count += 1
            name = f"RUSTSEC-2026-{count:04}"
            path = folder / "crates" / package.name / f"{name}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(_advisory(name, package, random))
    return count


def write_index(cargo_home: Path, packages: Sequence[Package], seed: int) -> None:
    """Write what cargo would keep of an index that has these packages, of which some were yanked."""
    random = Random(seed)
    rows: dict[str, list[tuple[str, str]]] = {}
    for package in packages:
        row: dict[str, object] = {
            "name": package.name,
            "vers": str(package.version),
            "deps": [],
            "cksum": package.checksum,
            "features": {},
            "yanked": random.random() < 0.1,
        }
        rows.setdefault(package.name, []).append((str(package.version), json.dumps(row)))
    for name, versions in rows.items():
        content = b"\x03\x02\0\0\0etag: made-up\0" + b"".join(
            f"{version}\0{row}\0".encode() for version, row in versions
        )
        for folder in INDEX_FOLDERS:
            path = cargo_home / "registry" / "index" / folder / ".cache" / _place(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _place(name: str) -> str:
    name = name.lower()
    if len(name) < 4:
        return f"{len(name)}/{name}" if len(name) < 3 else f"3/{name[0]}/{name}"
    return f"{name[:2]}/{name[2:4]}/{name}"


def _advisory(name: str, package: Package, random: Random) -> str:
    patched, unaffected = requirements_near(package.version, random)
    lines = [f'id = "{name}"', f'package = "{package.name}"', 'date = "2026-01-02"']
    if random.random() < 0.4:
        lines.append(f'informational = "{random.choice(_INFORMATIONAL)}"')
    if random.random() < 0.1:
        lines.append('withdrawn = "2026-02-02"')
    if random.random() < 0.3:
        lines.append(f'aliases = ["CVE-2026-{random.randrange(10_000, 10_050)}"]')
    if random.random() < 0.2:
        lines.append('categories = ["memory-corruption"]')
    if random.random() < 0.2:
        lines.append('\n[affected]\nos = ["windows"]\narch = ["x86"]')
    lines.append(f"\n[versions]\npatched = {json.dumps(patched)}")
    if unaffected or random.random() < 0.5:
        lines.append(f"unaffected = {json.dumps(unaffected)}")
    table = "" if random.random() < 0.5 else "[advisory]\n"
    return f"```toml\n{table}" + "\n".join(lines) + "\n```\n\n# Made up\n\nNothing of this is true.\n"


def requirements_near(version: VetVersion, random: Random) -> tuple[list[str], list[str]]:
    """Return patched and unaffected requirements near a version, which do not overlap."""
    wanted = random.choice((0, 1, 1, 1, 2, 2, 3))
    chosen: list[str] = []
    for candidate in random.choices(list(_forms(version, random)), k=40):
        if len(chosen) < wanted and _is_disjoint(candidate, chosen):
            chosen.append(candidate)
    cut = random.randint(0, len(chosen))
    return chosen[:cut], chosen[cut:]


def _forms(version: VetVersion, random: Random) -> Iterator[str]:
    """Yield requirements in every form, the ends of which are the version itself and its neighbours."""
    for near in _neighbours(version):
        major, minor, patch = near
        for text in (f"{major}.{minor}.{patch}", f"{major}.{minor}", f"{major}"):
            yield from (f"{operator}{text}" for operator in (">=", ">", "<", "<=", "=", "^", "~", ">= ", "^ ", ""))
        for pre in ("0", "rc.1", "alpha"):
            yield from (
                f"{operator}{major}.{minor}.{patch}-{pre}" for operator in (">=", ">", "<", "<=", "=", "^", "~")
            )
        other = random.choice(_neighbours(version))
        for low in (">=", ">"):
            for high in ("<", "<="):
                yield f"{low}{major}.{minor}.{patch}, {high}{'.'.join(map(str, other))}"
    yield f"={version}".partition("+")[0]
    yield f">={version}".partition("+")[0]
    yield f">{version}".partition("+")[0]
    yield "*"


def _neighbours(version: VetVersion) -> list[tuple[int, int, int]]:
    major, minor, patch, *_ = version
    near = [
        (major, minor, patch),
        (major, minor, patch + 1),
        (major, minor + 1, 0),
        (major + 1, 0, 0),
        (major, minor, patch - 1),
        (major, minor - 1, 0),
        (major - 1, 0, 0),
        (major, 0, 0),
    ]
    return [each for each in near if min(each) >= 0]


def _is_disjoint(candidate: str, chosen: Sequence[str]) -> bool:
    """Whether a requirement is an interval that shares no version with the others: RustSec takes no other ones."""
    try:
        return all(_apart(candidate, other) for other in chosen) and bool(affected_ranges([candidate]) or candidate)
    except AdvisorySyntaxError:
        return False


def _apart(one: str, other: str) -> bool:
    """Whether two intervals are apart as rustsec sees it, and begin at different versions.

    It takes `>1.2.3` to begin at 1.2.3 here, and panics where something else does begin there (rustsec 0.33).
    """
    first, second = _interval(one), _interval(other)
    before = first[1] is not None and second[0] is not None and first[1] <= second[0]
    after = second[1] is not None and first[0] is not None and second[1] <= first[0]
    return (before or after) and first[0] != second[0]


def _interval(text: str) -> tuple[VetVersion | None, VetVersion | None]:
    """Return the ends of a requirement, by what lies outside of it."""
    outside = affected_ranges([text])
    start = next((each.fixed for each in outside if each.introduced is None), None)
    end = next((each.introduced for each in outside if each.fixed is None), None)
    low = text.partition(",")[0].replace(" ", "")
    if low.startswith(">") and not low.startswith(">="):
        core, dash, pre = low[1:].partition("-")
        start = parse_version(".".join([*core.split("."), "0", "0"][:3]) + dash + pre)
    return start, end
