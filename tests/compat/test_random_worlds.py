"""vetflow and the real cargo-vet agree on random projects and stores.

Each seed draws its worlds anew, so that the work spreads over processes; the seeds are fixed, so that a run
repeats itself. `python -m tests.compat` compares as many more as one has time for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compat.campaign import PROJECTS_PER_SEED, run_campaign


@pytest.mark.cargo_vet
@pytest.mark.parametrize("seed", range(1, 5))
def test_both_programs_give_the_same_answers(cargo_vet: Path, tmp_path: Path, seed: int) -> None:
    told: list[str] = []
    outcome = run_campaign(
        seed,
        PROJECTS_PER_SEED,
        cargo_vet=cargo_vet,
        scratch=tmp_path / "scratch",
        keep=tmp_path / "differences",
        tell=told.append,
    )
    assert outcome.worlds >= PROJECTS_PER_SEED
    assert not outcome.kept, "\n\n".join((place / "difference.txt").read_text() for place in outcome.kept)
