"""Run vetflow's command line inside the test's process, in a world of the test's own making."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from tests.fakes import FIXED_DAY, FIXED_MOMENT
from vetflow.cli.main import main
from vetflow.cli.world import World


class Run(NamedTuple):
    """What one run of vetflow left behind."""

    exit: int
    stdout: str
    stderr: str


class RunVetflow:
    """`run("check", "--locked")`: no terminal, no environment but what is given, today is `FIXED_DAY`."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def __call__(
        self,
        *argv: str,
        cwd: Path | None = None,
        environ: Mapping[str, str] | None = None,
        stdin: str = "",
    ) -> Run:
        """Return exit code and output of `vetflow ARGV`, run in `cwd` (the home directory when not given)."""
        out, err = StringIO(), StringIO()
        world = World(
            environ={"HOME": str(self._home), **(environ or {})},
            cwd=str(cwd or self._home),
            stdin=StringIO(stdin),
            stdout=out,
            stderr=err,
            today=lambda: FIXED_DAY,
            now=lambda: FIXED_MOMENT,
        )
        code = main(list(argv), world)
        return Run(code, out.getvalue(), err.getvalue())
