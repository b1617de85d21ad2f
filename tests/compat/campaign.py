"""Many worlds from one seed: draw, compare, keep what differs."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.compat.compare import Comparison, Difference
from tests.compat.real import RealTools
from tests.compat.worlds import STORE_FILES, World, worlds
from tests.in_process import RunVetflow


class Outcome(NamedTuple):
    """What came of a campaign. seen: how often cargo-vet said what; kept: folders of differing worlds."""

    worlds: int
    seen: Counter[str]
    kept: list[Path]


def run_campaign(
    seed: int, count: int, *, cargo_vet: Path, scratch: Path, keep: Path, tell: Callable[[str], None]
) -> Outcome:
    """Compare `count` worlds. The same seed draws the same worlds, given the same versions of everything.

    scratch: a folder of its own for worlds at work. keep: where worlds that differ are copied, each with its
    description and `difference.txt`.
    """
    seen: Counter[str] = Counter()
    kept: list[Path] = []
    drawn = 0

    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def compare_one(data: st.DataObject) -> None:
        nonlocal drawn
        folder, tools, vetflow = _fresh(scratch, cargo_vet)
        world = data.draw(worlds(folder, tools))
        drawn += 1
        store = {name: folder / world.store / name for name in STORE_FILES}
        as_drawn = {path: path.read_bytes() for path in store.values() if path.exists()}
        comparison = Comparison(folder, world, tools, vetflow)
        differences = comparison.differences()
        seen.update(comparison.seen)
        if differences:
            for path, content in as_drawn.items():
                path.write_bytes(content)
            place = keep / f"{seed}-{drawn}"
            _keep(folder, world, differences, place)
            kept.append(place)
            tell(f"{place}: {differences[0].question}")

    compare_one()
    return Outcome(drawn, seen, kept)


def replay(place: Path, *, cargo_vet: Path, scratch: Path) -> list[Difference]:
    """Compare a kept world again."""
    folder, tools, vetflow = _fresh(scratch, cargo_vet)
    shutil.copytree(place, folder, dirs_exist_ok=True)
    tools = RealTools(cargo_vet, folder, scratch / "cargo-home")
    tools.forget()
    return Comparison(folder, World.load(folder), tools, vetflow).differences()


def _fresh(scratch: Path, cargo_vet: Path) -> tuple[Path, RealTools, RunVetflow]:
    folder, home = scratch / "world", scratch / "cargo-home"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home.mkdir(exist_ok=True)
    return folder, RealTools(cargo_vet, folder, home), RunVetflow(scratch)


def _keep(folder: Path, world: World, differences: list[Difference], place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place)
    world.save(place)
    told = "\n\n".join(map(str, differences))
    (place / "difference.txt").write_text(f"{world}\n\n{told}\n")
