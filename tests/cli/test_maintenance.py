"""The commands that keep a store in order: `init`, `import`, `prune`, `regenerate`, `aggregate`, `gc`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import jsonschema
import pytest

from tests.in_process import RunVetflow
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from tests.unit.sources.packing import crate
from vetflow.sources.endpoints import API, DOWNLOAD, INDEX, REGISTRY_LIST
from vetflow.sources.registry import shipped_registry

PEER = "https://peer.example/audits.toml"
OTHER = "https://other.example/audits.toml"
MOZILLA = shipped_registry(str(Path(__file__).resolve().parents[2] / "audits/registry.toml"))["mozilla"].urls[0]
AUDITED = '[[audits.anvil]]\nwho = "Ada"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
NETWORK = {
    "crates": {"anvil": {"versions": {"1.0.0": ["2024-01-02", 7, 10]}, "desc": "Hard and heavy"}},
    "users": {"7": ["ada-l", "Ada"]},
    "files": {
        PEER: AUDITED,
        MOZILLA: AUDITED,
        OTHER: '[criteria.own]\ndescription = "Ours"\n\n' + AUDITED.replace("safe-to-deploy", "own"),
        REGISTRY_LIST: f'[registry.peer]\nurl = "{PEER}"\n\n[registry.google]\nurl = "{OTHER}"\n',
    },
}
HOSTS = {url.split("/")[2] for url in (INDEX, API, DOWNLOAD, REGISTRY_LIST, PEER, OTHER)}
SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
UNUSED = '\n[[exemptions.bellows]]\nversion = "3.0.0"\ncriteria = "safe-to-deploy"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_small_project(folder)
    return folder


@pytest.fixture
def config(project: Path) -> Path:
    return project / "supply-chain" / "config.toml"


@pytest.fixture
def without_store(project: Path) -> Path:
    shutil.rmtree(project / "supply-chain")
    return project


@pytest.fixture(scope="module")
def running(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, HOSTS) as server:
        yield server


@pytest.fixture
def network(running: StandIn) -> StandIn:
    running.requests()  # of tests before
    return running


class TestInit:
    def test_five_lines_say_what_was_written_and_what_to_do_next(
        self, run_vetflow: RunVetflow, without_store: Path
    ) -> None:
        run = run_vetflow("init", "--locked", "--frozen", cwd=without_store)
        assert run.exit == 0
        lines = run.stdout.splitlines()
        assert len(lines) == 5
        assert lines[0] == f"wrote {without_store / 'supply-chain'}: config.toml, audits.toml, imports.lock"
        assert lines[1] == "exempted crates: 1; `check` passes, and nobody has read them"
        assert "not known" in lines[2]
        assert "vetflow imports coverage" in lines[3]
        assert run_vetflow("check", "--locked", cwd=without_store).exit == 0

    def test_what_importing_would_settle_is_among_them(
        self, run_vetflow: RunVetflow, without_store: Path, network: StandIn
    ) -> None:
        run = run_vetflow("init", cwd=without_store, environ=network.environ)
        assert run.exit == 0, run.stderr
        assert run.stdout.splitlines()[3] == (
            "others have read them: the audits of mozilla settle 1; vetflow imports coverage says who settles what"
        )

    def test_that_crates_io_did_not_answer_is_said(self, run_vetflow: RunVetflow, without_store: Path) -> None:
        run = run_vetflow("init", "--locked", "--frozen", cwd=without_store)
        assert run.stderr.startswith("warning: crates.io did not say whether it has app")

    def test_a_store_is_never_replaced(self, run_vetflow: RunVetflow, project: Path, config: Path) -> None:
        before = config.read_text()
        run = run_vetflow("init", "--locked", "--frozen", cwd=project)
        assert run.exit == 2
        assert "there is a store already" in run.stderr
        assert config.read_text() == before

    def test_dry_run_creates_nothing(self, run_vetflow: RunVetflow, without_store: Path) -> None:
        run = run_vetflow("init", "--locked", "--frozen", "--dry-run", cwd=without_store)
        assert run.exit == 0
        assert "+[[exemptions.anvil]]" in run.stdout
        assert not (without_store / "supply-chain").exists()


class TestPrune:
    def test_what_nothing_needs_goes_and_is_counted(self, run_vetflow: RunVetflow, project: Path, config: Path) -> None:
        needed = config.read_text()
        config.write_text(needed + UNUSED)
        run = run_vetflow("prune", "--locked", cwd=project)
        assert (run.exit, run.stdout) == (0, "")
        assert run.stderr == "exemptions: 1 removed (config.toml)\n"
        assert config.read_text() == needed

    def test_the_exemption_of_a_crate_without_a_library_goes_as_it_does_where_cargo_tells_the_graph(
        self, run_vetflow: RunVetflow, project: Path, config: Path, tmp_path: Path
    ) -> None:
        manifest = '[package]\nname = "anvil"\nversion = "1.0.0"\n'
        archive = crate({"Cargo.toml": manifest, "src/main.rs": ""}, stem="anvil-1.0.0")
        archives = tmp_path / "cargo/registry/cache/index"
        archives.mkdir(parents=True)
        (archives / "anvil-1.0.0.crate").write_bytes(archive)
        lock = project / "Cargo.lock"
        source = '-index"\n'
        lock.write_text(lock.read_text().replace(source, f'{source}checksum = "{sha256(archive).hexdigest()}"\n'))
        run = run_vetflow("prune", "--locked", cwd=project, environ={"CARGO_HOME": str(tmp_path / "cargo")})
        assert run.stderr == "exemptions: 1 removed (config.toml)\n"
        assert "exemptions" not in config.read_text()

    def test_exemptions_can_be_spared(self, run_vetflow: RunVetflow, project: Path, config: Path) -> None:
        config.write_text(config.read_text() + UNUSED)
        run = run_vetflow("prune", "--locked", "--no-exemptions", cwd=project)
        assert run.stderr == "nothing to do: the store stays as it is\n"
        assert UNUSED in config.read_text()

    def test_dry_run_shows_the_diff_and_writes_nothing(
        self, run_vetflow: RunVetflow, project: Path, config: Path
    ) -> None:
        config.write_text(config.read_text() + UNUSED)
        before = config.read_text()
        run = run_vetflow("prune", "--locked", "--dry-run", cwd=project)
        assert "-[[exemptions.bellows]]" in run.stdout.splitlines()
        assert run.stderr == "nothing was written (--dry-run): exemptions: 1 removed\n"
        assert config.read_text() == before

    def test_a_preview_can_be_json(self, run_vetflow: RunVetflow, project: Path, config: Path) -> None:
        needed = config.read_text()
        config.write_text(needed + UNUSED)
        run = run_vetflow("prune", "--locked", "--dry-run", "--output-format", "json", cwd=project)
        document = json.loads(run.stdout)
        jsonschema.validate(document, json.loads((SCHEMAS / "preview.json").read_text()))
        assert document == {
            "schema": "vetflow/preview/1",
            "files": [{"name": "config.toml", "text": needed}],
            "changes": [{"kind": "exemptions", "added": 0, "removed": 1, "altered": 0}],
        }

    def test_what_peers_have_audited_replaces_exemptions(
        self, run_vetflow: RunVetflow, project: Path, config: Path, network: StandIn
    ) -> None:
        config.write_text(config.read_text().replace("\n[[ex", f'\n[imports.peer]\nurl = "{PEER}"\n\n[[ex', 1))
        run = run_vetflow("prune", cwd=project, environ=network.environ)
        assert run.stderr == "exemptions: 1 removed; imported audits: 1 added (config.toml, imports.lock)\n"
        assert network.requests() == [f"200 {PEER}"]

    @pytest.mark.parametrize("words", [("prune",), ("regenerate", "exemptions"), ("import", "peer"), ("init",)])
    def test_a_revision_cannot_be_written_to(
        self, run_vetflow: RunVetflow, project: Path, words: tuple[str, ...]
    ) -> None:
        run = run_vetflow(*words, "--rev", "HEAD", cwd=project)
        assert run.exit == 2
        assert "a revision cannot be written to" in run.stderr


class TestRegenerate:
    def test_exemptions_are_made_for_what_does_not_vet(
        self, run_vetflow: RunVetflow, project: Path, config: Path
    ) -> None:
        needed = config.read_text()
        config.write_text(needed.partition("\n[[exemptions")[0])
        run = run_vetflow("regenerate", "exemptions", "--locked", cwd=project)
        assert run.stderr == "exemptions: 1 added (config.toml)\n"
        assert config.read_text() == needed

    @pytest.mark.parametrize("kind", ["imports", "unpublished"])
    def test_what_is_made_of_news_is_left_alone_in_a_locked_run(
        self, run_vetflow: RunVetflow, project: Path, kind: str
    ) -> None:
        run = run_vetflow("regenerate", kind, "--locked", cwd=project)
        assert run.exit == 0
        assert f"`regenerate {kind}` with --locked does nothing" in run.stderr

    def test_a_policy_of_a_package_that_is_gone_loses_its_value(
        self, run_vetflow: RunVetflow, project: Path, config: Path
    ) -> None:
        gone = "\n[policy.gone]\naudit-as-crates-io = true\n"
        config.write_text(config.read_text().replace("\n[[ex", gone + "\n[[ex", 1))
        run = run_vetflow("regenerate", "audit-as-crates-io", "--locked", "--frozen", cwd=project)
        assert "policies: 1 changed (config.toml)" in run.stderr
        assert "\n[policy.gone]\n\n[[exemptions" in config.read_text()

    def test_the_kind_is_asked_for(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("regenerate", cwd=project)
        assert run.exit == 2
        assert "KIND" in run.stderr


class TestImport:
    def test_a_registered_publisher_is_found_by_name(
        self, run_vetflow: RunVetflow, project: Path, config: Path, network: StandIn
    ) -> None:
        run = run_vetflow("import", "peer", cwd=project, environ=network.environ)
        assert run.exit == 0
        assert run.stderr.endswith(
            "exemptions: 1 removed; imports: 1 added; imported audits: 1 added (config.toml, imports.lock)\n"
        )
        assert f'[imports.peer]\nurl = "{PEER}"\n' in config.read_text()
        assert run_vetflow("check", "--locked", cwd=project).exit == 0

    def test_an_unknown_name_is_an_error_that_lists_the_known(
        self, run_vetflow: RunVetflow, project: Path, network: StandIn
    ) -> None:
        run = run_vetflow("import", "nobody", cwd=project, environ=network.environ)
        assert run.exit == 2
        assert "no peer named nobody found in the registry" in run.stderr
        assert "google, peer" in run.stderr

    def test_a_stale_address_is_told(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("import", "google", "--locked", cwd=project)
        assert run.exit == 0
        assert "the registered address of google is stale" in run.stderr

    def test_addresses_replace_those_of_an_import_and_the_rest_stays(
        self, run_vetflow: RunVetflow, project: Path, config: Path, network: StandIn
    ) -> None:
        old = f'\n[imports.peer]\nurl = "{OTHER}"\nexclude = ["bellows"]\n'
        config.write_text(config.read_text().replace("\n[[ex", old + "\n[[ex", 1))
        assert run_vetflow("import", "peer", PEER, cwd=project, environ=network.environ).exit == 0
        assert f'[imports.peer]\nurl = "{PEER}"\nexclude = ["bellows"]\n' in config.read_text()

    def test_frozen_it_is_refused(self, run_vetflow: RunVetflow, project: Path) -> None:
        run = run_vetflow("import", "peer", PEER, "--locked", "--frozen", cwd=project)
        assert run.exit == 2
        assert "--frozen forbids it" in run.stderr

    def test_what_cannot_be_fetched_changes_nothing(
        self, run_vetflow: RunVetflow, project: Path, config: Path, network: StandIn
    ) -> None:
        before = config.read_text()
        run = run_vetflow("import", "peer", "https://peer.example/none.toml", cwd=project, environ=network.environ)
        assert run.exit == 3
        assert config.read_text() == before


class TestAggregate:
    def test_entries_name_where_they_come_from(self, run_vetflow: RunVetflow, tmp_path: Path, network: StandIn) -> None:
        (tmp_path / "sources.list").write_text(f"# two of them\n\n{PEER}\n  {OTHER}\n")
        run = run_vetflow("aggregate", "sources.list", environ=network.environ)
        assert (run.exit, run.stderr) == (0, "")
        assert run.stdout.startswith('\n[criteria.own]\ndescription = "Ours"\n')
        assert run.stdout.count("[[audits.anvil]]") == 2
        assert f'aggregated-from = "{PEER}"\n' in run.stdout

    def test_a_line_that_is_no_address_is_named(self, run_vetflow: RunVetflow, tmp_path: Path) -> None:
        (tmp_path / "sources.list").write_text(f"{PEER}\naudits.toml\n")
        run = run_vetflow("aggregate", "sources.list")
        assert run.exit == 2
        assert "failed to parse url: 'audits.toml'" in run.stderr
        assert "sources.list:2" in run.stderr

    def test_without_a_list_there_is_nothing_to_do(self, run_vetflow: RunVetflow) -> None:
        run = run_vetflow("aggregate", "absent.list")
        assert run.exit == 2
        assert "'absent.list' cannot be read" in run.stderr


class TestGc:
    def test_clean_empties_the_cache_and_says_so(self, run_vetflow: RunVetflow, tmp_path: Path) -> None:
        entry = tmp_path / "cache" / "http" / "ab" / ("ab" * 32)
        entry.parent.mkdir(parents=True)
        entry.write_bytes(b"x" * 100)
        run = run_vetflow("gc", "--clean", "--cache-dir", "cache")
        assert (run.exit, run.stdout) == (0, f"removed from {tmp_path / 'cache'}: 0.0 MB (files: 1)\n")
        assert not entry.exists()

    def test_what_was_used_lately_stays(self, run_vetflow: RunVetflow, tmp_path: Path) -> None:
        entry = tmp_path / "cache" / "http" / "ab" / ("ab" * 32)
        entry.parent.mkdir(parents=True)
        entry.write_bytes(b"")
        assert run_vetflow("gc", "--cache-dir", "cache").stdout == f"nothing to remove from {tmp_path / 'cache'}\n"
        assert entry.exists()

    @pytest.mark.parametrize("days", ["-1", "nan"])
    def test_a_number_of_days_must_be_one(self, run_vetflow: RunVetflow, days: str) -> None:
        assert run_vetflow("gc", f"--max-package-age-days={days}").exit == 2

    def test_json_counts(self, run_vetflow: RunVetflow, tmp_path: Path) -> None:
        run = run_vetflow("gc", "--cache-dir", "cache", "--output-format", "json")
        document = json.loads(run.stdout)
        jsonschema.validate(document, json.loads((SCHEMAS / "gc.json").read_text()))
        assert document == {
            "schema": "vetflow/gc/1",
            "folder": str(tmp_path / "cache"),
            "files": 0,
            "size": 0,
        }
