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
from tests.compat.worlds import STORE_FILES, World, projects, worlds
from tests.in_process import RunVetflow

STORES_PER_PROJECT = 2
PROJECTS_PER_SEED = 10
"""After ten examples hypothesis turns to copying parts of one example over others. That finds bugs in parsers;
here it makes every crate of a world the same, and cargo refuse it."""


class Outcome(NamedTuple):
    """What came of a campaign. seen: how often cargo-vet said what; kept: folders of differing worlds."""

    worlds: int
    seen: Counter[str]
    kept: list[Path]


def run_campaign(
    seed: int, count: int, *, cargo_vet: Path, scratch: Path, keep: Path, tell: Callable[[str], None]
) -> Outcome:
    """Compare worlds made of `count` projects (at most `PROJECTS_PER_SEED`) and two stores for each.

    The same seed draws the same worlds, given the same versions of everything. scratch: a folder of its own for
    worlds at work. keep: where worlds that differ are copied, each with its description and `difference.txt`.
    """
    campaign = _Campaign(cargo_vet, scratch)

    @hypothesis.seed(seed)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def compare_project(data: st.DataObject) -> None:
        tools = campaign.begin()
        project = data.draw(projects(campaign.folder, tools))
        for _ in range(STORES_PER_PROJECT if tools.metadata.exists() else 1):
            world = data.draw(worlds(campaign.folder, project))
            differences = campaign.compare(world, tools)
            if differences:
                place = keep / f"{seed}-{campaign.worlds}"
                campaign.keep(world, differences, place)
                tell(f"{place}: {differences[0].question}")

    compare_project()
    return Outcome(campaign.worlds, campaign.seen, campaign.kept)


class _Campaign:
    """What is shared by the worlds of a campaign: the folder they are laid out in, and the counts."""

    def __init__(self, cargo_vet: Path, scratch: Path) -> None:
        self._cargo_vet = cargo_vet
        self._scratch = scratch
        self.folder = scratch / "world"
        self.worlds = 0
        self.seen: Counter[str] = Counter()
        self.kept: list[Path] = []

    def begin(self) -> RealTools:
        """Clear the folder for the next project."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        home = self._scratch / "cargo-home"
        home.mkdir(exist_ok=True)
        return RealTools(self._cargo_vet, self.folder, home)

    def compare(self, world: World, tools: RealTools) -> list[Difference]:
        """Compare one world, and put its store back as it was drawn."""
        self.worlds += 1
        store = [self.folder / world.store / name for name in STORE_FILES]
        drawn = {path: path.read_bytes() for path in store if path.exists()}
        comparison = Comparison(self.folder, world, tools, RunVetflow(self._scratch))
        differences = comparison.differences()
        self.seen.update(comparison.seen)
        for path, content in drawn.items():
            path.write_bytes(content)
        return differences

    def keep(self, world: World, differences: list[Difference], place: Path) -> None:
        """Copy a world that differs."""
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder, place)
        world.save(place)
        told = "\n\n".join(map(str, differences))
        (place / "difference.txt").write_text(f"{world}\n\n{told}\n")
        self.kept.append(place)


def replay(place: Path, *, cargo_vet: Path, scratch: Path) -> list[Difference]:
    """Compare a kept world again."""
    campaign = _Campaign(cargo_vet, scratch)
    campaign.begin()
    shutil.copytree(place, campaign.folder, dirs_exist_ok=True)
    tools = RealTools(cargo_vet, campaign.folder, scratch / "cargo-home")
    tools.forget()
    return campaign.compare(World.load(place), tools)
