"""`vetflow gc` takes and refuses what `cargo vet gc` does; what it sweeps is a cache of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.in_process import RunVetflow


@pytest.mark.cargo_vet
@pytest.mark.parametrize(
    "words",
    [(), ("--clean",), *((f"--max-package-age-days={days}",) for days in ("0", "0.5", "-1", "nan", "a week"))],
    ids=" ".join,
)
def test_both_programs_take_the_same_words(
    cargo_vet: Path, run_vetflow: RunVetflow, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ours = run_vetflow("gc", *words, "--cache-dir", "our-cache")
    real = subprocess.run(
        [str(cargo_vet), "vet", "gc", *words, "--cache-dir", "vet-cache"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (ours.exit == 0) == (real.returncode == 0), real.stderr
