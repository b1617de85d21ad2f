"""`review CRATE --family`: what waits of one repository side by side, and what each of them differs in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crate_workspace import CrateWorkspace
from tests.in_process import Run, RunVetflow

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "family.json"
NAMES = ("kiln-ash", "kiln-bowl", "kiln-clay", "kiln-dust")
REPOSITORY = 'repository = "https://git.example.org/kiln"\n'


def script(flag: str) -> str:
    return f'fn main() {{\n    println!("cargo:rustc-check-cfg=cfg({flag})");\n}}\n'


class Kiln:
    """Four crates of one repository that wait to be read, the last one another than the others, and a stranger."""

    def __init__(self, run: RunVetflow, folder: Path) -> None:
        self._run = run
        workspace = self.workspace = CrateWorkspace(folder)
        new = []
        for name in NAMES:
            use = f"fn main() {{\n    {name.replace('-', '_')}::strike();\n}}\n"
            workspace.crate(name, "1.0.0", {"build.rs": script("cold")}, manifest=REPOSITORY)
            flag = "h0t" if name == "kiln-dust" else "hot"
            files = {"build.rs": script(flag), "examples/e.rs": use}
            new.append(workspace.crate(name, "1.1.0", files, manifest=REPOSITORY))
        for version in ("1.0.0", "1.1.0"):
            stranger = workspace.crate("bellows", version, {"build.rs": script(version)})
        workspace.registry()
        workspace.lock(*new, stranger)
        entry = 'who = "Ada <ada@example.org>"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
        audits = "".join(f"\n[[audits.{name}]]\n{entry}" for name in ("bellows", *NAMES))
        (workspace.store() / "audits.toml").write_text(f"\n# cargo-vet audits file\n{audits}")

    def __call__(self, *argv: str) -> Run:
        return self.workspace.run(self._run, "review", *argv)


@pytest.fixture
def kiln(run_vetflow: RunVetflow, tmp_path: Path) -> Kiln:
    return Kiln(run_vetflow, tmp_path)


def test_one_is_to_be_read_and_every_line_in_which_another_differs_is_shown(kiln: Kiln) -> None:
    run = kiln("kiln-bowl", "--family")
    assert run.exit == 0
    assert run.stdout.splitlines() == [
        "kiln-ash 1.0.0 > 1.1.0: read this one",
        "",
        "2 crates changed in the same way, but for how each names itself; not read by that",
        "  kiln-bowl 1.0.0 > 1.1.0",
        "    examples/e.rs          2 +     kiln_bowl::strike();",
        "  kiln-clay 1.0.0 > 1.1.0",
        "    examples/e.rs          2 +     kiln_clay::strike();",
        "",
        "outlier kiln-dust 1.0.0 > 1.1.0",
        "  only kiln-dust: build.rs: hunk",
        "    1     1   fn main() {",
        '    2       -     println!("cargo:rustc-check-cfg=cfg(cold)");',
        '          2 +     println!("cargo:rustc-check-cfg=cfg(h0t)");',
        "    3     3   }",
        "  only kiln-ash: build.rs: hunk",
        "    1     1   fn main() {",
        '    2       -     println!("cargo:rustc-check-cfg=cfg(cold)");',
        '          2 +     println!("cargo:rustc-check-cfg=cfg(hot)");',
        "    3     3   }",
    ]


def test_for_programs(kiln: Kiln) -> None:
    document: Any = json.loads(kiln("kiln-dust", "--family", "--output-format", "json").stdout)
    jsonschema.validate(document, json.loads(SCHEMA.read_text()))
    assert document["representative"] == {"crate": "kiln-ash", "base": "1.0.0", "version": "1.1.0"}
    assert [each["crate"] for each in document["same"]] == ["kiln-bowl", "kiln-clay"]
    ((outlier,),) = [each["crates"] for each in document["outliers"]]
    assert outlier["crate"] == "kiln-dust"


def test_a_crate_of_no_repository_stands_alone(kiln: Kiln) -> None:
    assert "nothing else in the queue is from its repository" in kiln("bellows", "--family").stdout


def test_a_crate_nobody_can_look_into_is_named(kiln: Kiln) -> None:
    (kiln.workspace.root / "crates/kiln-clay-1.1.0.crate").unlink()
    kiln.workspace.forget("kiln-clay 1.1.0")
    out = kiln("kiln-ash", "--family").stdout
    assert "not looked into: kiln-clay, which may belong to it" in out


def test_a_family_is_of_one_crate_and_of_changes(kiln: Kiln) -> None:
    assert "--family is about one crate" in kiln("--family").stderr
    assert "families are of changes" in kiln("kiln-ash", "0.9.0", "--family").stderr
