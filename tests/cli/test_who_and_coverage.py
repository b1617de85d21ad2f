"""`who` and `imports coverage`: what other people's audits say, asked of a made-up network."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest

from tests.in_process import Run, RunVetflow
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from vetflow.sources.endpoints import API, DOWNLOAD, INDEX
from vetflow.sources.registry import shipped_registry

REPOSITORY = Path(__file__).resolve().parents[2]
REGISTRY = shipped_registry(str(REPOSITORY / "audits" / "registry.toml"))
ADDRESSES = {name: entry.successor or entry.urls[0] for name, entry in REGISTRY.items()}
PEER = "https://peer.example/audits.toml"

NOTHING = '[criteria.unused]\ndescription = "made up"\n'
PEERS = """
[[audits.anvil]]
who = "Ada <ada@peer.example>"
criteria = "safe-to-run"
version = "0.9.0"

[[trusted.anvil]]
criteria = "safe-to-deploy"
user-id = 7
start = "2020-01-01"
end = "2030-01-01"
"""
MOZILLAS = """
[[audits.anvil]]
who = "Mo <mo@set.example>"
criteria = "safe-to-deploy"
version = "1.0.0"
"""
GOOGLES = """
[criteria.ub-low]
description = "Little unsafe code."

[[audits.anvil]]
who = "Go <go@set.example>"
criteria = ["safe-to-run", "ub-low"]
version = "1.0.0"
"""
ZCASHS = """
[[wildcard-audits.anvil]]
who = "Zed <zed@set.example>"
criteria = "safe-to-deploy"
user-id = 7
start = "2020-01-01"
end = "2030-01-01"
"""
FILES = {
    **dict.fromkeys(ADDRESSES.values(), NOTHING),
    PEER: PEERS,
    ADDRESSES["mozilla"]: MOZILLAS,
    ADDRESSES["google"]: GOOGLES,
    ADDRESSES["zcash"]: ZCASHS,
}
NETWORK: Mapping[str, Any] = {
    "crates": {"anvil": {"versions": {"1.0.0": ["2024-01-02", 7, 10]}, "desc": "Made up"}},
    "users": {"7": ["smith", "A. Smith"]},
    "files": FILES,
}
HOSTS = {str(urlsplit(url).hostname) for url in (*FILES, INDEX, API, DOWNLOAD)}


@pytest.fixture(scope="module")
def stand_in(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, HOSTS) as running:
        yield running


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The small project, importing from a peer."""
    folder = tmp_path / "project"
    write_small_project(folder)
    store = folder / "supply-chain"
    config = (store / "config.toml").read_text()
    store.joinpath("config.toml").write_text(
        config.replace("\n[[exempt", f'\n[imports.peer]\nurl = "{PEER}"\n\n[[exempt')
    )
    store.joinpath("imports.lock").write_text("\n# cargo-vet imports lock\n\n[audits.peer.audits]\n")
    return folder


class Ask:
    """Runs a command in the project; `document` has it answer in JSON, which must follow its schema."""

    def __init__(self, run_vetflow: RunVetflow, project: Path, stand_in: StandIn) -> None:
        self._run_vetflow = run_vetflow
        self.project = project
        self._stand_in = stand_in

    def __call__(self, *words: str) -> Run:
        return self._run_vetflow(*words, cwd=self.project, environ=self._stand_in.environ)

    def document(self, schema: str, *words: str) -> Any:
        run = self(*words, "--output-format", "json")
        assert (run.exit, run.stderr) == (0, ""), run.stdout
        document = json.loads(run.stdout)
        jsonschema.validate(document, json.loads((REPOSITORY / "docs" / "schemas" / f"{schema}.json").read_text()))
        return document

    def requests(self) -> list[str]:
        return self._stand_in.requests()


@pytest.fixture
def ask(run_vetflow: RunVetflow, project: Path, stand_in: StandIn) -> Ask:
    stand_in.requests()  # of tests before
    return Ask(run_vetflow, project, stand_in)


def by_name(document: Any) -> dict[str, Any]:
    return {each["name"]: each for each in document["sets"]}


class TestWho:
    def test_every_set_that_says_something_says_it_in_its_own_words(self, ask: Ask) -> None:
        document = ask.document("who", "who", "anvil")
        sets = by_name(document)
        assert list(sets) == ["peer", "google", "mozilla", "zcash"]
        assert {name: each["kind"] for name, each in sets.items()} == {
            "peer": "import", "google": "registry", "mozilla": "registry", "zcash": "registry",
        }  # fmt: skip
        assert sets["google"]["standings"][0]["criteria"] == ["safe-to-run", "ub-low"]
        assert sets["peer"]["standings"] == [
            {"version": "1.0.0", "criteria": [], "on_trust": False, "nearest": "0.9.0"}
        ]
        assert sets["zcash"]["standings"][0]["on_trust"]
        assert document["versions"] == [{"version": "1.0.0", "published": {"by": "smith", "on": "2024-01-02"}}]
        assert document["silent"] == ["your own store", "actix", "ariel-os", "bytecode-alliance", "embark-studios",
                                      "fermyon", "isrg"]  # fmt: skip

    def test_for_people_with_who_and_days(self, ask: Ask) -> None:
        lines = ask("who", "anvil").stdout.splitlines()
        assert lines[0] == "anvil 1.0.0"
        assert "    all of 0.9.0 for safe-to-run, by Ada <ada@peer.example>" in lines
        assert "    trust in what smith publishes from 2020-01-01 until before 2030-01-01, for safe-to-deploy" in lines
        assert "  1.0.0: not vetted; the nearest version that is: 0.9.0" in lines
        assert "  1.0.0: vetted for safe-to-deploy, resting on trust in who published it" in lines

    def test_a_crate_that_is_not_in_the_graph(self, ask: Ask) -> None:
        document = ask.document("who", "who", "bellows")
        assert (document["versions"], document["sets"]) == ([], [])
        assert "no set that could be asked says anything of it" in ask("who", "bellows").stdout

    def test_a_version_that_is_asked_for(self, ask: Ask) -> None:
        standings = by_name(ask.document("who", "who", "anvil@1.2.0"))["mozilla"]["standings"]
        assert standings == [{"version": "1.2.0", "criteria": [], "on_trust": False, "nearest": "1.0.0"}]

    def test_locked_asks_nobody_and_says_so(self, ask: Ask) -> None:
        document = ask.document("who", "who", "anvil", "--locked")
        assert ask.requests() == []
        assert document["silent"] == ["your own store"]
        assert document["not_asked"] == ["peer", *REGISTRY]

    def test_offline_works_with_copies_and_says_so(self, ask: Ask) -> None:
        ask("who", "anvil")
        ask.requests()
        run = ask("who", "anvil", "--offline")
        assert run.exit == 0
        assert f"{ADDRESSES['mozilla']} (the copy of an earlier run)" in run.stdout
        assert ask.requests() == []

    def test_offline_without_copies_there_is_no_answer(self, ask: Ask) -> None:
        run = ask("who", "anvil", "--offline")
        assert run.exit == 3
        assert "no other set of audits could be had" in run.stderr
        assert PEER in run.stderr

    def test_what_could_not_be_had_is_named(self, ask: Ask) -> None:
        config = ask.project / "supply-chain" / "config.toml"
        config.write_text(config.read_text().replace("/audits.toml", "/gone.toml"))
        document = ask.document("who", "who", "anvil")
        assert [each["what"] for each in document["lacking"]] == ["peer"]
        assert "peer" not in document["silent"]

    def test_no_store_is_needed(self, ask: Ask) -> None:
        for file in (ask.project / "supply-chain").iterdir():
            file.unlink()
        (ask.project / "supply-chain").rmdir()
        assert "mozilla" in by_name(ask.document("who", "who", "anvil"))

    def test_what_is_no_version(self, ask: Ask) -> None:
        run = ask("who", "anvil@one")
        assert run.exit == 2
        assert "'one' is not a version" in run.stderr


class TestCoverage:
    def test_each_set_by_itself_and_all_together(self, ask: Ask) -> None:
        document = ask.document("imports-coverage", "imports", "coverage")
        anvil = {"name": "anvil", "version": "1.0.0", "build_time": None}
        assert document["open"] == [anvil]
        settled = {name: each["settled"] for name, each in by_name(document).items() if each["settled"]}
        assert settled == {"mozilla": [anvil], "zcash": [anvil]}
        lines = {name: (each["lines"], each["unmeasured"]) for name, each in by_name(document).items()}
        assert lines["mozilla"] == lines["zcash"] == (11, 0)
        assert lines["google"] == (0, 0)
        assert by_name(document)["google"]["begun"] == []
        assert (document["together"]["settled"], document["together"]["left"]) == ([anvil], [])

    def test_nothing_is_written(self, ask: Ask) -> None:
        store = ask.project / "supply-chain"
        before = {file: file.read_bytes() for file in store.iterdir()}
        ask("imports", "coverage", "--criteria-map", "google:safe-to-run=safe-to-deploy")
        assert {file: file.read_bytes() for file in store.iterdir()} == before

    def test_a_map_that_raises_is_tried_and_marked(self, ask: Ask) -> None:
        words = ("imports", "coverage", "google", "--criteria-map", "google:safe-to-run=safe-to-deploy")
        found = by_name(ask.document("imports-coverage", *words))["google"]
        assert [crate["name"] for crate in found["settled"]] == ["anvil"]
        criterion = found["criteria"][0]
        assert (criterion["theirs"], criterion["ours"]) == ("safe-to-run", ["safe-to-deploy"])
        assert (criterion["raised"], criterion["entries"]) == ("safe-to-deploy", 1)
        counts_as = "google's safe-to-run counts as safe-to-deploy"
        raised = f"    raises: {counts_as}, which the audits that name it do not say (1 entry)"
        assert raised in ask(*words).stdout.splitlines()

    def test_a_set_that_moved_is_looked_at_where_it_lives_on(self, ask: Ask) -> None:
        words = ("imports", "coverage", "google", "--criteria-map", "google:ub-low=safe-to-deploy")
        assert f"the registered address is stale: vetflow import google {ADDRESSES['google']}" in ask(*words).stdout

    def test_more_may_be_required_to_see_what_that_costs(self, ask: Ask) -> None:
        audits = ask.project / "supply-chain" / "audits.toml"
        audits.write_text(
            '\n# cargo-vet audits file\n\n[criteria.memory-ok]\ndescription = "Made up."\n\n[[audits.anvil]]\n'
            'who = "Me"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
        )
        assert ask.document("imports-coverage", "imports", "coverage", "google")["open"] == []
        words = ("imports", "coverage", "google", "--require", "memory-ok")
        assert [crate["name"] for crate in ask.document("imports-coverage", *words)["open"]] == ["anvil"]
        found = ask.document("imports-coverage", *words, "--criteria-map", "google:ub-low=memory-ok")
        assert [crate["name"] for crate in by_name(found)["google"]["settled"]] == ["anvil"]
        assert found["together"]["left"] == []

    def test_only_the_sets_that_are_named_are_fetched(self, ask: Ask) -> None:
        assert list(by_name(ask.document("imports-coverage", "imports", "coverage", "mozilla"))) == ["mozilla"]
        assert [line for line in ask.requests() if line.endswith(".toml")] == [
            f"200 {PEER}", f"200 {ADDRESSES['mozilla']}",
        ]  # fmt: skip

    def test_how_much_reading_that_spares_is_said_and_measured_once(self, ask: Ask) -> None:
        line = "mozilla (not imported): settles 1 (11 lines to read), leaves 0"
        assert line in ask("imports", "coverage", "mozilla").stdout
        assert any(request.endswith(".crate") for request in ask.requests())
        assert line in ask("imports", "coverage", "mozilla").stdout
        assert not any(request.endswith(".crate") for request in ask.requests())

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["nobody"], "no import and no publisher of the registry is called 'nobody'"),
            (
                ["--criteria-map", "nobody:a=safe-to-run"],
                "no import and no publisher of the registry is called 'nobody'",
            ),
            (["--criteria-map", "google:ub-low=unheard-of"], "'unheard-of' is not a valid criteria name"),
            (["--require", "unheard-of"], "'unheard-of' is not a valid criteria name"),
            (["--criteria-map", "google"], "--criteria-map 'google' is not PEER:THEIRS=OURS"),
            (["--locked"], "--locked forbids fetching it"),
        ],
    )
    def test_bad_words_are_named(self, ask: Ask, words: list[str], sentence: str) -> None:
        run = ask("imports", "coverage", *words)
        assert run.exit == 2
        assert sentence in run.stderr
        assert ask.requests() == []

    def test_a_criteria_map_of_the_store_that_names_what_nobody_defined(self, ask: Ask) -> None:
        config = ask.project / "supply-chain" / "config.toml"
        mapped = f'url = "{PEER}"\n\n[imports.peer.criteria-map]\nrev = "unheard-of"\n'
        config.write_text(config.read_text().replace(f'url = "{PEER}"\n', mapped))
        lacking = ask.document("imports-coverage", "imports", "coverage")["lacking"]
        assert lacking == [
            {"what": "peer", "reason": "its criteria-map names unheard-of, which audits.toml does not define"}
        ]

    def test_when_no_set_can_be_had_there_is_no_answer(self, ask: Ask) -> None:
        run = ask("imports", "coverage", "--offline")
        assert run.exit == 3
        assert "none of these sets of audits could be had" in run.stderr


class TestQueue:
    def test_a_row_says_which_sets_lead_to_its_version(self, ask: Ask) -> None:
        (row,) = ask.document("queue", "queue")["rows"]
        assert (row["crate"], row["others"]) == ("anvil", ["google", "mozilla"])

    def test_a_locked_run_asks_nobody(self, ask: Ask) -> None:
        (row,) = ask.document("queue", "queue", "--locked", "--frozen")["rows"]
        assert row["others"] is None
        assert ask.requests() == []
