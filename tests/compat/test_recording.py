"""What vetflow writes to random stores is what the real cargo-vet writes.

`python -m tests.compat.recording` compares as many more as one has time for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compat.recording import PROJECTS_PER_SEED, compare_recording


@pytest.mark.cargo_vet
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_programs_write_the_same_bytes(cargo_vet: Path, tmp_path: Path, seed: int) -> None:
    outcome = compare_recording(seed, PROJECTS_PER_SEED, cargo_vet=cargo_vet, scratch=tmp_path)
    assert outcome.stores >= PROJECTS_PER_SEED
    assert not outcome.differences, "\n\n".join(outcome.differences)
