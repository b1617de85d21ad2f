"""`vetflow aggregate` prints what `cargo vet aggregate` prints, byte for byte, and refuses what it refuses."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.in_process import RunVetflow
from tests.stand_in import StandIn

ONE, TWO, THREE = (f"https://peer.example/{name}.toml" for name in ("one", "two", "three"))
CRITERION = '[criteria.reviewed]\ndescription = "Read by two."\nimplies = "safe-to-run"\n'
NETWORK = {
    "files": {
        ONE: CRITERION
        + """
[[audits.anvil]]
who = ["Bert", "Anna"]
criteria = ["reviewed", "unknown"]
delta = "1.0.0 -> 1.1.0"
notes = '''two
lines'''

[[audits.anvil]]
criteria = "safe-to-deploy"
version = "1.0.0@git:89abcdef0123456789abcdef0123456789abcdef"
importable = false

[[audits.anvil]]
criteria = "safe-to-deploy"
version = "1.0.0"
stars = 5

[[wildcard-audits.anvil]]
who = "Anna"
criteria = "safe-to-run"
user-id = 7
start = "2024-01-01"
end = "2099-01-01"
""",
        TWO: CRITERION
        + """
[[audits.anvil]]
criteria = "safe-to-deploy"
violation = "<0.9"
aggregated-from = "https://older.example/audits.toml"

[[trusted.bellows]]
criteria = "safe-to-deploy"
trusted-publisher = "github:forge/bellows"
start = "2024-01-01"
end = "2025-01-01"
""",
        THREE: CRITERION.replace("two", "one"),
    }
}
LISTS = {
    "none": "# nothing yet\n",
    "one": f"{ONE}\n",
    "two": f"\n  {TWO}\n# and\n{ONE}\n",
    "the same twice": f"{ONE}\n{ONE}\n",
    "spelled otherwise": f"{ONE.replace('https://peer', 'HTTPS://Peer')}\n",
    "contradicting": f"{ONE}\n{THREE}\n",
    "absent": "https://peer.example/absent.toml\n",
    "no address": "audits.toml\n",
}


@pytest.mark.cargo_vet
@pytest.mark.parametrize("sources", LISTS.values(), ids=LISTS)
def test_both_programs_print_the_same(
    shared: Path, cargo_vet: Path, run_vetflow: RunVetflow, tmp_path: Path, sources: str
) -> None:
    (tmp_path / "sources.list").write_text(sources)
    with StandIn(shared, NETWORK, {"peer.example"}) as server:
        ours = run_vetflow("aggregate", "sources.list", environ=server.environ)
        real = subprocess.run(
            [str(cargo_vet), "vet", "aggregate", "sources.list", "--cache-dir", str(tmp_path / "vet-cache")],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **server.environ},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (ours.exit == 0) == (real.returncode == 0), real.stderr
    if real.returncode == 0:
        assert ours.stdout == real.stdout
