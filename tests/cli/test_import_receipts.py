"""Imports that somebody accepted: what the review stops at, and what is in imports.lock without anybody's word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest

from tests.builders import full
from tests.cli.test_signing import CHECKSUM
from tests.cli.test_signing import Project as SignedProject
from tests.conftest import REPOSITORY
from tests.in_process import Run, RunVetflow
from tests.signers import line_of, signed
from tests.ssh_programs import SshKeygen
from tests.stand_in import StandIn
from tests.unit.sources.packing import digest, entry, packed, write
from vetflow.formats.signatures_toml import SignatureRow, SignaturesFile, write_signatures
from vetflow.sources.endpoints import API, INDEX

URL = "https://peer.example/audits.toml"
WEAK = '[criteria.weak]\ndescription = "somebody has heard of it"\n'
FULL = """
[[audits.anvil]]
who = "Bert <bert@peer.example>"
criteria = "safe-to-deploy"
version = "1.0.0"
notes = "fine"
"""
LOOSE = '\n[[audits.anvil]]\nwho = "Bert <bert@peer.example>"\ncriteria = "weak"\nversion = "0.9.0"\n'
VIOLATION = '\n[[audits.anvil]]\nwho = "Bert <bert@peer.example>"\ncriteria = "safe-to-run"\nviolation = "{}"\n'
WILDCARD = """
[[wildcard-audits.anvil]]
who = "Bert <bert@peer.example>"
criteria = "safe-to-deploy"
user-id = 7
start = "2024-01-01"
end = "2026-12-01"
"""
BODY = WEAK + FULL + LOOSE
CONFIG = f'\n[imports.peer]\nurl = "{URL}"\n'
Serve: TypeAlias = Callable[[dict[str, str]], dict[str, str]]
"""Serves files by address, and returns the environment that leads there."""
MAPPED = f"{CONFIG}\n[imports.peer.criteria-map]\n{{}}\n"

pytestmark = pytest.mark.shared


class Project(SignedProject):
    """The small project, importing from one peer that publishes what a test says."""

    def __init__(self, run: RunVetflow, folder: Path, key: Path, serve: Serve) -> None:
        super().__init__(run, folder, key)
        self.serve = serve
        config = self.text("config.toml")
        (self.store / "config.toml").write_text(config.replace('version = "0.10"\n', f'version = "0.10"\n{CONFIG}', 1))
        self.publish(BODY)
        self.commit()

    def publish(self, body: str, **beside: str) -> None:
        """Let the peer publish a set of audits, and other files beside it."""
        files = {f"https://peer.example/{name.replace('_toml', '.toml')}": text for name, text in beside.items()}
        self.environ |= self.serve({URL: body, **files})

    def accept(self, *words: str) -> Run:
        return self("imports", "accept", "--accept-all", *words)

    def stops(self) -> list[str]:
        """Return the kinds of stops of a review; its JSON must fit the schema."""
        document = json.loads(self.good("imports", "review", "--output-format", "json").stdout)
        validate(document, "imports-review")
        return [stop["kind"] for peer in document["peers"] for stop in peer["stops"]]

    def problems(self) -> list[str]:
        run = self("imports", "verify", "--output-format", "json")
        document = json.loads(run.stdout)
        validate(document, "imports-verify")
        assert run.exit == (1 if document["findings"] else 0)
        return [finding["id"].removeprefix("imports/") for finding in document["findings"]]


def validate(document: Any, name: str) -> None:
    jsonschema.validate(document, json.loads((REPOSITORY / f"docs/schemas/{name}.json").read_text()))


@pytest.fixture
def serve(shared: Path) -> Iterator[Serve]:
    hosts = {"peer.example", *(url.split("/")[2] for url in (INDEX, API))}
    crates = {"anvil": {"versions": {"1.0.0": ["2025-12-20", 7, 12]}, "desc": "Anvils"}}
    with ExitStack() as running:

        def start(files: dict[str, str]) -> dict[str, str]:
            network = {"crates": crates, "users": {"7": ["ada-l", "Ada"]}, "files": files}
            return running.enter_context(StandIn(shared, network, hosts)).environ

        yield start


@pytest.fixture
def project(run_vetflow: RunVetflow, tmp_path: Path, ssh_keygen: SshKeygen, serve: Serve) -> Project:
    return Project(run_vetflow, tmp_path, ssh_keygen.make(), serve)


@pytest.fixture
def accepted(project: Project) -> Project:
    """The project once somebody has accepted what the peer says, and the exemption is gone."""
    project.good("imports", "accept", "--accept-all")
    project.good("prune")
    assert "[[audits.peer.audits.anvil]]" in project.text("imports.lock")
    assert project.problems() == []
    return project


class TestAccepting:
    def test_a_first_acceptance_says_what_it_settles_and_writes_a_receipt(self, project: Project) -> None:
        review = project.good("imports", "review").stdout
        assert f"peer: never accepted; from {URL}" in review
        assert "anvil 1.0.0 for safe-to-deploy" in review
        assert "exemptions that can go then (`vetflow prune`) (1):" in review
        assert "whether their code runs when you build is not known:\n    anvil 1.0.0\n" in review
        assert "  2 full; 0 of it about crates that are not in use" in review
        project.good("imports", "accept", "--accept-all")
        receipt = project.text("import-receipts.toml")
        assert "[receipt.peer]" in receipt
        assert 'accepted-by = "Ada <ada@example.org>"' in receipt
        assert project.problems() == []

    def test_nothing_is_accepted_without_a_word(self, project: Project) -> None:
        run = project("imports", "accept")
        assert run.exit == 2
        assert not (project.store / "import-receipts.toml").exists()

    def test_without_receipts_nothing_is_asked_for(self, project: Project) -> None:
        assert "keeps no receipts" in project.good("imports", "verify").stdout
        assert "accepted" not in project.good("check").stderr

    def test_what_was_accepted_needs_no_second_look(self, accepted: Project) -> None:
        assert "peer: as accepted" in accepted.good("imports", "review").stdout
        assert accepted.stops() == []

    def test_a_receipt_is_signed_where_the_project_signs(self, project: Project) -> None:
        project.good("keys", "init")
        run = project.good("imports", "accept", "--accept-all")
        assert "signing as ada@example.org" in run.stderr
        assert "BEGIN SSH SIGNATURE" in project.text("import-receipts.toml")
        assert project.problems() == []
        for old, new in (("safe-to-deploy", "safe-to-run"), ("2026-01-15T12", "2026-01-15T11"), (URL, URL + "?")):
            text = project.text("import-receipts.toml")
            project.edit("import-receipts.toml", old, new)
            assert "bad-receipt" in project.problems()
            (project.store / "import-receipts.toml").write_text(text)
        project.good("keys", "revoke", "ada@example.org")
        assert set(project.problems()) == {"bad-receipt"}

    def test_an_unsigned_receipt_is_none_where_the_project_signs(self, project: Project) -> None:
        project.good("keys", "init")
        project.good("imports", "accept", "--accept-all", "--no-sign")
        assert set(project.problems()) == {"bad-receipt"}

    def test_the_network_is_needed_to_see_what_peers_say(self, project: Project) -> None:
        assert project("imports", "review", "--locked").exit == 2
        assert project("imports", "review", "nobody").exit == 2

    def test_publishers_are_accepted_too(self, project: Project) -> None:
        project.publish(WILDCARD + "\n[audits]\n")
        assert project.accept("--with-stops").exit == 0
        project.good("prune")
        assert "[[publisher.anvil]]" in project.text("imports.lock")
        assert project.problems() == ["publisher-not-accepted"]
        project.good("imports", "accept", "--accept-all")
        assert project.problems() == []
        project.edit("imports.lock", 'version = "1.0.0"', 'version = "6.6.6"')
        assert project.problems() == ["publisher-not-accepted"]


class TestForgery:
    """imports.lock is believed by a locked cargo-vet, whoever wrote it; here is what its rows are held against."""

    @pytest.mark.parametrize(
        ("old", "new", "wanted"),
        [
            ('version = "1.0.0"', 'version = "6.6.6"', "row-not-accepted"),
            ('notes = "fine"', 'notes = "very fine"', "row-edited"),
            ("Bert <", "Mallory <", "row-edited"),
        ],
    )
    def test_an_edited_row(self, accepted: Project, old: str, new: str, wanted: str) -> None:
        accepted.edit("imports.lock", old, new)
        assert accepted.problems() == [wanted]

    def test_a_forged_row(self, accepted: Project) -> None:
        row = '\n[[audits.peer.audits.bellows]]\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
        (accepted.store / "imports.lock").write_text(accepted.text("imports.lock") + row)
        assert accepted.problems() == ["row-not-accepted"]

    def test_a_widened_row(self, project: Project) -> None:
        project.publish(FULL.replace("safe-to-deploy", "safe-to-run"))
        assert project.accept().exit == 0
        row = FULL.replace("[[audits.anvil]]", "[[audits.peer.audits.anvil]]")
        (project.store / "imports.lock").write_text(f"\n# cargo-vet imports lock\n{row}")
        assert project.problems() == ["row-widened"]

    def test_a_narrowed_row_was_accepted(self, accepted: Project) -> None:
        accepted.edit("imports.lock", '"safe-to-deploy"', '"safe-to-run"')
        assert accepted.problems() == []

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (URL, "https://other.example/audits.toml"),
            (CONFIG, f'{CONFIG}exclude = ["bellows"]\n'),
            (CONFIG, MAPPED.format('weak = "safe-to-deploy"')),
        ],
        ids=["url", "exclude", "criteria-map"],
    )
    def test_another_way_of_importing(self, accepted: Project, old: str, new: str) -> None:
        accepted.edit("config.toml", old, new)
        assert accepted.problems() == ["import-changed"]

    def test_an_import_nobody_accepted(self, accepted: Project) -> None:
        other = CONFIG.replace("imports.peer", "imports.second")
        accepted.edit("config.toml", CONFIG, f"{CONFIG}{other}")
        row = FULL.replace("[[audits.anvil]]", "[[audits.second.audits.anvil]]")
        (accepted.store / "imports.lock").write_text(accepted.text("imports.lock") + row)
        assert accepted.problems() == ["no-receipt"]

    def test_a_violation_that_was_taken_out(self, project: Project) -> None:
        project.publish(BODY + VIOLATION.format("<0.9"))
        assert project.accept("--with-stops").exit == 0
        assert project.problems() == []
        text = project.text("imports.lock")
        start = text.index("\n[[audits.peer.audits.anvil]]", 0)
        assert "violation" in text[start:]
        (project.store / "imports.lock").write_text("\n# cargo-vet imports lock\n\n[audits.peer.audits]\n")
        assert project.problems() == ["violation-missing"]

    def test_pruning_needs_no_new_receipt(self, accepted: Project) -> None:
        accepted.good("certify", "anvil", "1.0.0", "--accept-all", "--criteria", "safe-to-deploy", "--force")
        accepted.good("prune")
        accepted.good("prune", "--locked")
        assert accepted.problems() == []


class TestEffect:
    """What a review says that accepting would do here."""

    EXEMPTION = '\n[[exemptions.anvil]]\nversion = "1.0.0"\ncriteria = "safe-to-deploy"\n'

    def publish_crate(self, project: Project, **files: str) -> None:
        """Put anvil where cargo keeps archives, and its checksum into the lock."""
        manifest = '[package]\nname = "anvil"\nversion = "1.0.0"\n'
        content = {"Cargo.toml": manifest, "src/lib.rs": "", **{f"{name}.rs": text for name, text in files.items()}}
        archive = packed(*(entry(f"anvil-1.0.0/{path}", text.encode()) for path, text in content.items()))
        write(project.folder / ".cargo/registry/cache/index.example/anvil-1.0.0.crate", archive)
        lock = project.folder / "Cargo.lock"
        lock.write_text(lock.read_text().replace(CHECKSUM, digest(archive)))

    def effect(self, project: Project) -> tuple[list[Any], list[Any]]:
        document = json.loads(project.good("imports", "review", "--output-format", "json").stdout)
        validate(document, "imports-review")
        return document["newly-vetted"], document["removable-exemptions"]

    def test_what_is_newly_vetted_is_told_with_the_entries_that_do_it(self, project: Project) -> None:
        project.edit("config.toml", self.EXEMPTION, "")
        newly, removable = self.effect(project)
        assert removable == []
        (anvil,) = newly
        assert anvil["by"] == ["peer's full audit of 1.0.0 by Bert <bert@peer.example>"]
        review = project.good("imports", "review").stdout
        assert "anvil 1.0.0, by peer's full audit of 1.0.0 by Bert <bert@peer.example>" in review

    def test_what_is_accepted_and_pruned_has_no_effect_any_more(self, accepted: Project) -> None:
        assert self.effect(accepted) == ([], [])

    def test_a_violation_by_a_peer_does_not_pass_for_vetting(self, project: Project) -> None:
        project.publish(VIOLATION.format("<2"))
        project.edit("config.toml", self.EXEMPTION, "")
        assert self.effect(project) == ([], [])

    def test_a_crate_that_runs_during_the_build_is_told_with_how_it_does(self, project: Project) -> None:
        self.publish_crate(project, build="fn main() {}")
        review = project.good("imports", "review").stdout
        assert "their code runs when you build:\n    anvil 1.0.0: it has a build script\n" in review

    def test_a_crate_that_does_not_run_is_told_after_that(self, project: Project) -> None:
        self.publish_crate(project)
        _, (anvil,) = self.effect(project)
        assert [anvil[field] for field in ("build_script", "proc_macro", "host")] == [False, False, False]
        assert "no code of theirs runs when you build:\n    anvil 1.0.0\n" in project.good("imports", "review").stdout

    def test_the_address_is_said_to_be_fixed_or_not(self, project: Project) -> None:
        assert f"from {URL}, an address whose content may change\n" in project.good("imports", "review").stdout
        project.edit("config.toml", URL, f"https://peer.example/{TestPinning.COMMIT}/audits.toml")
        project.environ |= project.serve({f"https://peer.example/{TestPinning.COMMIT}/audits.toml": BODY})
        assert ", an address that is fixed\n" in project.good("imports", "review").stdout


class TestStops:
    """What the peer changed since it was accepted."""

    @pytest.mark.parametrize(
        ("body", "wanted"),
        [
            (BODY, []),
            ("# a comment\n" + BODY, []),
            (BODY.replace(WEAK, f'{WEAK}implies = "safe-to-deploy"\n'), ["criterion-redefined", "row-widened"]),
            (BODY.replace("has heard of it", "has read it"), ["criterion-redefined"]),
            (WEAK + LOOSE, ["row-removed"]),
            (BODY.replace("fine", "very fine"), ["row-edited"]),
            (BODY.replace("Bert", "Mallory"), ["row-edited", "row-edited"]),
            (BODY + VIOLATION.format("<0.9"), ["new-violation"]),
            (BODY + WILDCARD, ["future-wildcard"]),
            (BODY + WILDCARD.replace("2026-12-01", "2025-12-01"), []),
            (f'{BODY}[criteria.new]\ndescription = "x"\n', []),
            (f'{BODY}[criteria.new]\ndescription = "x"\nimplies = "safe-to-run"\n', ["criterion-counts"]),
        ],
        ids=[
            "nothing", "a comment", "implies", "text", "removed", "notes", "who", "violation", "wildcard",
            "old wildcard", "a criterion", "a criterion that counts",
        ],
    )  # fmt: skip
    def test_what_a_review_stops_at(self, accepted: Project, body: str, wanted: list[str]) -> None:
        accepted.publish(body)
        assert accepted.stops() == wanted

    def test_an_escalation_is_told_with_what_was_and_what_is(self, accepted: Project) -> None:
        accepted.publish(BODY.replace(WEAK, f'{WEAK}implies = "safe-to-deploy"\n'))
        review = accepted.good("imports", "review").stdout
        assert "peer changed weak: it implied nothing, and implies safe-to-deploy now" in review
        assert "anvil 0.9.0 by peer is for safe-to-deploy now, and was for nothing here" in review
        run = accepted.accept()
        assert run.exit == 2
        assert "nothing was accepted: the review stops" in run.stderr
        assert accepted.accept("--with-stops").exit == 0
        assert accepted.stops() == []

    def test_a_widened_row_is_told(self, project: Project) -> None:
        project.publish(FULL.replace("safe-to-deploy", "safe-to-run"))
        assert project.accept().exit == 0
        project.publish(FULL)
        assert project.stops() == ["row-widened"]

    def test_a_violation_is_told_with_whom_it_hits(self, accepted: Project) -> None:
        accepted.publish(BODY + VIOLATION.format("<=1.0.0") + VIOLATION.format("<0.1"))
        review = accepted.good("imports", "review").stdout
        assert "anvil violation <=1.0.0: it hits 1.0.0" in review
        assert "anvil violation <0.1: no version in use is hit" in review

    def test_a_wildcard_is_told_with_the_name_of_its_publisher(self, project: Project) -> None:
        project.edit("config.toml", TestEffect.EXEMPTION, "")
        project.publish(WILDCARD)
        review = project.good("imports", "review").stdout
        assert "2024-01-01 to 2026-12-01, also what is not published yet (user 7 is ada-l)" in review

    def test_an_audit_of_what_an_advisory_is_about_is_told(self, project: Project) -> None:
        assert "advisories were not asked" in project.good("imports", "review").stdout
        rules = project.store / "vetflow.toml"
        rules.write_text('version = 1\n[advisories]\ndatabases = "nowhere"\n')
        assert "advisories were not asked" in project.good("imports", "review").stdout
        rules.write_text('version = 1\n[advisories]\ndatabases = "known"\n')
        write(
            project.folder / "known/crates/anvil/RUSTSEC-2026-0001.md",
            '```toml\n[advisory]\nid = "RUSTSEC-2026-0001"\npackage = "anvil"\ndate = "2026-01-10"\n'
            '[versions]\npatched = [">= 1.0.1"]\n```\n\n# Anvils fall\n',
        )
        assert project.stops() == ["advisory"]
        review = project.good("imports", "review").stdout
        assert "peer vouches for anvil 1.0.0, and RUSTSEC-2026-0001 is about that version: Anvils fall" in review
        assert "advisories were not asked" not in review
        assert project.accept("--with-stops").exit == 0
        assert project.stops() == []

    def test_many_rows_by_one_name_are_told(self, accepted: Project) -> None:
        many = "".join(FULL.replace("1.0.0", f"2.0.{patch}") for patch in range(20))
        accepted.publish(BODY + many)
        assert accepted.stops() == ["burst"]
        (cache,) = [path for path in accepted.folder.joinpath("cache").iterdir() if path.name == "bodies"]
        for body in cache.rglob("*"):
            if body.is_file():
                body.unlink()
        assert accepted.stops() == ["burst"]  # by the receipt alone

    @pytest.mark.parametrize(
        ("line", "wanted"),
        [
            ('weak = "safe-to-deploy"', ["criterion-counts", "map-raises"]),
            ('safe-to-run = "safe-to-deploy"', ["map-raises"]),
            ('nowhere = "safe-to-run"', ["map-points-nowhere"]),
            ('safe-to-deploy = "safe-to-run"', []),
        ],
    )
    def test_maps_that_raise_or_do_nothing(self, project: Project, line: str, wanted: list[str]) -> None:
        project.edit("config.toml", CONFIG, MAPPED.format(line))
        assert project.stops() == wanted
        assert project.accept("--with-stops").exit == 0
        assert project.stops() == []

    def test_an_unlocked_check_ends_with_what_is_not_accepted(self, accepted: Project) -> None:
        accepted.publish(BODY.replace("fine", "very fine"))
        run = accepted.good("check")
        assert "1 imported rows not accepted" in run.stdout + run.stderr
        assert "vetflow imports review" in run.stdout + run.stderr


class TestPinning:
    COMMIT = "0123456789abcdef0123456789abcdef01234567"

    @pytest.mark.parametrize(
        ("url", "pinned"),
        [
            (
                "https://raw.githubusercontent.com/forge/anvil/main/supply-chain/audits.toml",
                f"https://raw.githubusercontent.com/forge/anvil/{COMMIT}/supply-chain/audits.toml",
            ),
            (
                "https://raw.githubusercontent.com/forge/anvil/refs/heads/main/audits.toml",
                f"https://raw.githubusercontent.com/forge/anvil/{COMMIT}/audits.toml",
            ),
            (
                "https://github.com/forge/anvil/raw/main/audits.toml",
                f"https://github.com/forge/anvil/raw/{COMMIT}/audits.toml",
            ),
        ],
    )
    def test_an_address_is_fixed_at_a_commit(self, project: Project, url: str, pinned: str) -> None:
        project.edit("config.toml", URL, url)
        assert project.good("imports", "pin", "peer", self.COMMIT).stderr.endswith("`vetflow imports accept peer`\n")
        assert f'url = "{pinned}"' in project.text("config.toml")

    @pytest.mark.parametrize("words", [(), ("peer",), ("peer", "main"), ("nobody", COMMIT), ("peer", COMMIT)])
    def test_what_cannot_be_fixed_is_refused(self, project: Project, words: tuple[str, ...]) -> None:
        before = project.text("config.toml")
        assert project("imports", "pin", *words).exit == 2
        assert project.text("config.toml") == before


BERT = "Bert <bert@peer.example>"
ENTRY = full("1.0.0", who=(BERT,))._replace(notes="fine")
KEYS = line_of("bert@peer.example", 3)


def signatures(*rows: SignatureRow) -> str:
    return write_signatures(SignaturesFile(rows))


class TestPeersThatSign:
    """A peer may publish signatures beside its set; the keys are taken at their word once, and never again."""

    SIGNED = signed("anvil", ENTRY, who=BERT, number=3)

    @pytest.fixture
    def accepted(self, project: Project) -> Project:
        project.publish(BODY, signatures_toml=signatures(self.SIGNED), allowed_signers=KEYS)
        assert "signed at the peer: 1 of 2 entries about crates in use" in project.good("imports", "review").stdout
        assert project.accept().exit == 0
        assert "bert@peer.example" in project.text("import-receipts.toml")
        assert project.stops() == []
        return project

    def test_other_keys_are_a_stop_and_do_not_count(self, accepted: Project) -> None:
        forged = signed("anvil", ENTRY, who=BERT, number=4)
        others = line_of("bert@peer.example", 4)
        accepted.publish(BODY, signatures_toml=signatures(forged), allowed_signers=others)
        assert accepted.stops() == ["peer-keys-changed", "peer-signature"]

    def test_an_entry_that_says_more_than_was_signed_is_a_stop(self, accepted: Project) -> None:
        narrow = signed("anvil", ENTRY._replace(criteria=("safe-to-run",)), who=BERT, number=3)
        accepted.publish(BODY, signatures_toml=signatures(narrow), allowed_signers=KEYS)
        assert accepted.stops() == ["peer-signature"]

    def test_a_signature_over_another_archive_is_a_stop(self, accepted: Project) -> None:
        other = signed("anvil", ENTRY, who=BERT, number=3, artifacts={"1.0.0": f"sha256:{'cd' * 32}"})
        accepted.publish(BODY, signatures_toml=signatures(other), allowed_signers=KEYS)
        assert accepted.stops() == ["peer-signature"]

    def test_signatures_that_are_gone_or_make_no_sense_are_a_stop(self, accepted: Project) -> None:
        accepted.publish(BODY)
        assert accepted.stops() == ["peer-keys-changed"]
        accepted.publish(BODY, signatures_toml="nonsense", allowed_signers=KEYS)
        assert accepted.stops() == ["peer-signature"]
