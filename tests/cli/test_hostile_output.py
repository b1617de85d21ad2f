"""What others wrote passes through the plain output of every command as visible, inert text, in documents too.

A hostile lock names a package, a hostile crate has its paths, words and sources, a hostile peer its notes.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

import pytest

from tests.in_process import RunVetflow
from tests.proposals import Proposal
from tests.unit.sources.packing import write

NASTY = "::error::\x1b]0;PWNED\x07\x1b[2K\r\u202e\u200b\x7f\x9b31m[red]!"
"""What a terminal obeys or hides, and a command for the machine that shows a log of GitHub's."""
IN_A_PATH = "::error::\u200b[red]!"
"""An archive with more than that is refused as a whole, in words that quote it."""
IN_TOML = json.dumps(NASTY).strip('"').replace("\x7f", "\\u007f")
SCRIPT = f'// {NASTY}\nfn main() {{\n    std::process::Command::new("{NASTY}").status();\n}}\n'
COMMANDS = (
    ("advisories", "--db", "../advisories", "--stale"),
    ("backtest", "--since", "2025-01-01", "--with-incident"),
    ("bundle", "anvil", "1.0.0", "1.0.1", "--all"),
    ("attest", "release.json", "--no-sign"),
    ("bundle", "import", "claims.json"),
    ("checklist", "anvil", "1.0.0", "1.0.1", "--all"),
    ("ci", "--base", "HEAD~1", "--rev", "HEAD"),
    ("diff", "anvil", "1.0.0", "1.0.1", "--all"),
    ("diff-store", "HEAD~1"),
    ("guard", "status"),
    ("imports", "verify"),
    ("inspect", "anvil", "1.0.1", "--all"),
    ("lint",),
    ("lock", "drift", "HEAD~1"),
    ("lock", "verify"),
    ("policy", "explain"),
    ("progress", "--months", "1"),
    ("publishers", "--dry-run"),
    ("queue", "--all", "--locked"),
    ("review", "--plain", "anvil", "--locked"),
    ("review", "anvil", "--family", "--locked"),
    ("surface",),
    ("surface", "anvil"),
    ("surface", "--check"),
    ("verify",),
    ("who", "anvil"),
    ("why", "anvil"),
    ("why", NASTY),
)

FORMS = (
    *((words, form) for words in COMMANDS for form in ("human", "json")),
    *((("ci", "--base", "HEAD~1", "--rev", "HEAD"), form) for form in ("markdown", "sarif", "junit")),
    *((words, "sarif") for words in (("check", "--locked"), ("surface", "--check"))),
    *((words, "human") for words in (("check", "--locked"), ("explain-audit", "anvil", "1.0.1"), ("dump-graph",))),
    (("bundle", "anvil", "1.0.0", "1.0.1", "--all"), "markdown"),
    (("queue", "--locked"), "markdown"),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    """A project whose last commit takes what somebody hostile made."""
    folder = tmp_path_factory.mktemp("hostile")
    project = Proposal(folder, RunVetflow(folder))
    old = project.publish("anvil", files={"build.rs": "fn main() {}\n"})
    project.lock(old)
    project.base()
    stranger = project.publish("zzz")
    words = f'description = "{IN_TOML}"\nrepository = "{IN_TOML}"\nlinks = "{IN_TOML}"\n[dependencies]\nzzz = "1"\n'
    files = {"build.rs": SCRIPT, f"src/{IN_A_PATH}.rs": SCRIPT, "src/lib.rs": SCRIPT}
    new = project.publish("anvil", "1.0.1", files, manifest=words, needs=[stranger])
    project.lock(new, project.publish("bramble", needs=[old]))
    lock = project.root / "Cargo.lock"
    app, bramble = lock.read_text().split('name = "app"')[1].split('name = "bramble"')
    both = lock.read_text().replace(app, app.replace('"anvil"', '"anvil 1.0.1"'))
    both = both.replace(bramble, bramble.replace('"anvil"', '"anvil 1.0.0"'))
    lock.write_text(both.replace("zzz", IN_TOML))
    notes = f'who = "{IN_TOML}"\ncriteria = "safe-to-deploy"\nnotes = "{IN_TOML}"\n'
    project.write("audits.toml", f'[[audits.anvil]]\n{notes}version = "1.0.0"\n')
    weaker = notes.replace("deploy", "run")
    peer = f'[[audits.peer.audits.anvil]]\n{weaker}delta = "1.0.0 -> 1.0.1"\n'
    project.write("imports.lock", f"{peer}\n{PUBLISHER}")
    config = (project.store / "config.toml").read_text()
    project.write("config.toml", f'{config}\n[imports.peer]\nurl = "https://peer.example/{IN_TOML}"\n')
    write(project.root / ".cargo/config.toml", f'[build]\nrustc-wrapper = "{IN_TOML}"\n')
    advisory = '```toml\n[advisory]\nid = "RUSTSEC-2025-0001"\npackage = "anvil"\ndate = "2025-06-01"\n'
    text = f'{advisory}url = "{IN_TOML}"\n[versions]\npatched = ["2"]\n```\n\n# {NASTY}\n'
    write(folder / "advisories/crates/anvil/RUSTSEC-2025-0001.md", text)
    assert project.run("fmt").exit == 0
    project.commit()
    write(project.root / "claims.json", CLAIMS)
    return project


PUBLISHER = f"""[[publisher.anvil]]
version = "1.0.1"
when = "2025-06-01"
user-id = 7
user-login = "{IN_TOML}"
user-name = "{IN_TOML}"
"""
CLAIM = {"crate": NASTY, "version": NASTY, "path": NASTY, "sha256": "0" * 64, "line": 1, "quote": NASTY, "claim": NASTY}
CLAIMS = json.dumps({"schema": "vetflow/claims/1", "assistant": "reader", "claims": [CLAIM]})


def acting(text: str) -> Iterator[str]:
    """Yield what of a text would act or hide: characters of a terminal's, and lines that are commands in a log."""
    for line in text.split("\n"):
        yield from (repr(line) for each in line if unicodedata.category(each) in {"Cc", "Cf", "Zl", "Zp"})
        if line.strip().startswith(("::", "##[")):
            yield repr(line)


@pytest.mark.parametrize(("words", "form"), FORMS, ids=str)
def test_nothing_hostile_acts_or_hides_in_plain_output(world: Proposal, words: tuple[str, ...], form: str) -> None:
    run = world.run(*words, "--output-format", form)
    assert run.stdout or run.stderr
    assert "Traceback" not in run.stderr
    assert list(acting(run.stdout + run.stderr)) == []


@pytest.mark.parametrize("words", [("ci", "--base", "HEAD~1", "--rev", "HEAD"), ("check", "--locked")], ids=" ".join)
def test_annotations_are_ours_alone(world: Proposal, words: tuple[str, ...]) -> None:
    run = world.run(*words, "--output-format", "github")
    assert list(acting(run.stdout.replace("\n::", "\n").removeprefix("::"))) == []
    ours = ("::notice ", "::warning ", "::error ")
    assert run.stdout
    assert all(line.startswith(ours) and line.count("::") >= 2 for line in run.stdout.splitlines())
