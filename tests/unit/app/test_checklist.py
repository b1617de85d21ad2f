"""Where a checklist comes from: vetflow's items, a project's own in their place, and what is known of publishers."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.checklists import asked, question, subject
from tests.conftest import REPOSITORY
from tests.fakes import FIXED_DAY
from tests.small_project import write_small_project
from tests.surfaces import analysed, published
from tests.unit.surface.test_samples import sample_files
from vetflow.app.checklist import checklist_of, items_of
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.errors import StoreError
from vetflow.surface.tiers import Grade

OWN = """\
[[item]]
id = "{id}"
subject = "logs"
text = "What is logged?"
for = ["*"]
evidence = ["fs-write"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_small_project(tmp_path)
    return open_project(Request(str(tmp_path), str(tmp_path / ".cargo"), FIXED_DAY, locked=True, environ={}))


def add(folder: Path, name: str, text: str) -> None:
    (folder / "supply-chain/checklists").mkdir(exist_ok=True)
    (folder / "supply-chain/checklists" / name).write_text(text)


def test_the_items_that_vetflow_ships_are_the_ones_that_are_promised() -> None:
    groups: dict[str, list[str]] = {}
    for item in items_of(None):
        group, _, name = item.id.partition(".")
        groups.setdefault(group, []).append(name)
    assert list(groups) == ["build", "macro", "unsafe", "imports", "crypto", "purpose", "graph", "people", "rest"]
    assert set(groups["build"]) >= {
        "programs", "network", "writes", "reads", "env", "downloads-pinned", "shipped-binaries", "link-flags",
        "generated-code", "hermetic",
    }  # fmt: skip
    assert groups["macro"] == ["own-io", "emits-unsafe", "output-predictable"]
    assert set(groups["unsafe"]) == {"none", "delta", "near", "final", "impls", "ffi"}
    assert groups["imports"] == ["fs", "net", "process", "env", "dlopen"]


def test_all_items_of_build_time_review_have_to_be_answered_for_it_and_for_nothing_else() -> None:
    for item in items_of(None):
        wanted = {"build-time-reviewed"} if "build-time-reviewed" in item.criteria else set()
        assert set(item.blocks) - {"ub-risk-0", "no-unsafe"} == wanted, item.id


def test_a_project_adds_items_and_puts_its_own_in_place_of_ours(project: Project, tmp_path: Path) -> None:
    add(tmp_path, "ours.toml", OWN.format(id="own.logs") + OWN.format(id="imports.net"))
    add(tmp_path, "README.md", "no checklist")
    items = items_of(project)
    assert [item.id for item in items] == [item.id for item in items_of(None)] + ["own.logs"]
    assert {item.text for item in items if item.subject == "logs"} == {"What is logged?"}


def test_the_digest_tells_a_project_s_checklist_from_every_other(project: Project, tmp_path: Path) -> None:
    crate = subject(published({"src/lib.rs": ""}))
    before = checklist_of(crate, project).digest
    assert checklist_of(crate, None).digest == before
    add(tmp_path, "ours.toml", OWN.format(id="own.logs"))
    after = checklist_of(crate, project).digest
    add(tmp_path, "ours.toml", OWN.format(id="own.logs").replace("What is", "What was"))
    assert len({before, after, checklist_of(crate, project).digest}) == 3


def test_a_checklist_that_cannot_be_read_says_where(project: Project, tmp_path: Path) -> None:
    add(tmp_path, "ours.toml", OWN.format(id="own.logs").replace("fs-write", "fs-wirte"))
    with pytest.raises(StoreError) as raised:
        items_of(project)
    place = raised.value.place
    assert place is not None
    assert (place.file, place.line) == ("supply-chain/checklists/ours.toml", 6)


def test_one_id_in_two_files_of_a_project_is_an_error(project: Project, tmp_path: Path) -> None:
    add(tmp_path, "a.toml", OWN.format(id="own.logs"))
    add(tmp_path, "b.toml", OWN.format(id="own.logs"))
    with pytest.raises(StoreError, match=r"two items `own\.logs`"):
        items_of(project)


PUBLISHERS = """
# cargo-vet imports lock

[[publisher.wrenfold]]
version = "1.0.0"
when = "2024-01-02"
user-id = 1
user-login = "bert"
user-name = "Bert Example"

[[publisher.wrenfold]]
version = "1.1.0"
when = "2025-03-04"
trusted-publisher = "github:forge/wrenfold"
"""


def test_what_is_known_of_publishers_is_told_and_part_of_what_is_answered(project: Project, tmp_path: Path) -> None:
    crate = subject(published({"src/lib.rs": "a"}), published({"src/lib.rs": ""}))
    unknown = question(checklist_of(crate, project), "people.publisher")
    (tmp_path / "supply-chain/imports.lock").write_text(PUBLISHERS)
    checklist = checklist_of(crate, project)
    assert question(checklist, "people.publisher").facts == (
        "1.0.0 was published by bert (Bert Example)",
        "1.1.0 was published by github:forge/wrenfold",
        "that is somebody else than before",
    )
    assert question(checklist, "people.trusted-publishing").facts[1].endswith("the workflow github:forge/wrenfold")
    assert question(checklist, "people.age").facts[1] == "1.1.0 was published on 2025-03-04"
    assert question(checklist, "people.publisher").key != unknown.key


def test_nothing_is_known_outside_a_project() -> None:
    assert question(asked({"src/lib.rs": ""}), "people.publisher").facts == ()


@pytest.mark.shared
def test_whatever_deserves_a_look_in_a_labelled_sample_is_a_place_of_some_item(shared: Path) -> None:
    unasked = {}
    for folder in sorted((shared / "fixtures" / "surface").iterdir()):
        if not folder.is_dir():
            continue
        files = sample_files(folder)
        checklist = checklist_of(subject(files, host=True), None).for_criteria(["build-time-reviewed"])
        asked_about = {site.evidence[:2] + site.evidence[5:7] for each in checklist.questions for site in each.sites}
        grave = {
            each[:2] + each[5:7] for each in analysed(files, host_library=True).evidence if each.grade >= Grade.REVIEW
        }
        if grave - asked_about:
            unasked[folder.name] = grave - asked_about
    assert unasked == {}


def test_only_the_pane_makes_ticks() -> None:
    """A tick is a person's: no command, no import of claims and no other part of a review may make one."""
    makers = {str(path.relative_to(REPOSITORY)) for path in (REPOSITORY / "vetflow").rglob("*.py") if makes_ticks(path)}
    assert makers == {"vetflow/tui/checklist_pane.py"}


def makes_ticks(path: Path) -> bool:
    tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    imported = any(
        isinstance(node, ast.ImportFrom)
        and node.module == "vetflow.review.session"
        and any(alias.name == "Tick" for alias in node.names)
        for node in tree
    )
    calls = (ast.unparse(node.func) for node in tree if isinstance(node, ast.Call))
    return any(call.endswith("session.Tick") or (imported and call == "Tick") for call in calls)
