"""The checklist of what is under review: vetflow's items and the project's own, held against the crate as it was read.

Who published it is taken from what the project has written down; nobody is asked.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from vetflow.app.checklist_files import FOLDER, FORM, own_checklists
from vetflow.app.crates import CrateContent
from vetflow.app.project import Project
from vetflow.app.publisher_rows import snapshot
from vetflow.app.reading import load_rules
from vetflow.app.review_crates import InspectedCrate, ReviewedDelta
from vetflow.app.shipped import shipped_path
from vetflow.errors import StoreError
from vetflow.formats.cargo_toml import Manifest
from vetflow.formats.checklist_toml import parse_checklist
from vetflow.model.audits import Publisher
from vetflow.model.checklists import ChecklistItem
from vetflow.model.contents import CrateFiles
from vetflow.model.names import CrateName
from vetflow.review.checklist import Checklist, Material, checklist, known_evidence, merged
from vetflow.review.patches import CrateDiff
from vetflow.surface.analysis import analyse
from vetflow.surface.declared import DEPENDENCY, declared
from vetflow.surface.evidence import Evidence
from vetflow.surface.walk import MANIFEST
from vetflow.trust.publisher_changes import merge_publishers


class Subject(NamedTuple):
    """What is asked about. diff: None where all of the version is new. host: its library runs while somebody builds.

    findings: what is new, which knows more of packages that enter than their declaration.
    """

    crate: CrateName
    version: str
    base: str | None
    old: CrateFiles
    new: CrateFiles
    diff: CrateDiff | None
    host: bool
    findings: Sequence[Evidence] = ()


def subject_of(read: ReviewedDelta | InspectedCrate) -> Subject:
    """Return what is asked about a delta, or a whole version, that was read."""
    if isinstance(read, InspectedCrate):
        content = read.content
        return Subject(content.name, _version(content), None, {}, content.files, None, bool(read.host))
    old, new = read.old.content, read.new.content
    findings = tuple(each.evidence for each in read.findings)
    return Subject(
        new.name, _version(new), _version(old), old.files, new.files, read.diff, bool(read.new.host), findings
    )


def _version(content: CrateContent) -> str:
    return str(content.version or "this version")


def checklist_of(subject: Subject, project: Project | None) -> Checklist:
    """Ask all items of a crate; looks through its code once more, for every place. Raises StoreError.

    project: whose items and publishers count; None outside any.
    """
    files, rules = subject.new, load_rules()
    found = analyse(files, rules, host_library=subject.host, under_review=True, every_place=True)
    material = Material(
        crate=subject.crate,
        version=subject.version,
        diff=subject.diff,
        old=subject.old,
        new=files,
        surface=found.surface,
        evidence=(*found.evidence, *_declared(found.manifest, subject)),
        facts=_facts(project, subject),
        code=frozenset(file.path for file in found.surface.files if file.is_code),
        rules=rules,
    )
    items = items_of(project)
    replaced = tuple(each.id for each in _shipped() if each not in items)
    return checklist(items, material)._replace(replaced=replaced)


def items_of(project: Project | None) -> tuple[ChecklistItem, ...]:
    """Return vetflow's items with those of a project; raises StoreError for a file of its own that cannot be read."""
    return merged(_shipped(), () if project is None else _own(project))


@cache
def _shipped() -> tuple[ChecklistItem, ...]:
    folder = shipped_path(FOLDER)
    items: list[ChecklistItem] = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(FORM):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                items += parse_checklist(file.read(), path, known_evidence(load_rules()))
    return tuple(items)


def _own(project: Project) -> Iterator[ChecklistItem]:
    seen: dict[str, str] = {}
    for shown, text in own_checklists(project).items():
        for item in parse_checklist(text, shown, known_evidence(load_rules())):
            if item.id in seen:
                raise StoreError(f"there are two items `{item.id}`, in {seen[item.id]} and in {shown}")
            seen[item.id] = shown
            yield item


def _declared(manifest: Manifest, subject: Subject) -> Iterator[Evidence]:
    """Yield what the manifest declares; of a package that enters what is known of it, too."""
    entering = {each.detail: each for each in subject.findings if each.capability == DEPENDENCY}
    for each in declared(manifest, subject.new[MANIFEST]):
        yield entering.get(each.detail, each) if each.capability == DEPENDENCY else each


def _facts(project: Project | None, subject: Subject) -> Mapping[str, tuple[str, ...]]:
    """Return what is known of who published the versions, by the names of `review.checklist.FACTS`."""
    if project is None or not project.tree.is_dir(project.store.folder):
        return {}
    kept = project.open_store(locked=True).store.imports.publisher
    rows = {str(row.version): row for row in merge_publishers(kept, snapshot(project)).get(subject.crate, ())}
    known = [rows[each] for each in (subject.base, subject.version) if each in rows]
    changed = ("that is somebody else than before",) if len({row.source for row in known}) > 1 else ()
    return {
        "publisher": (*(f"{row.version} was published by {_who(row)}" for row in known), *changed),
        "workflow": tuple(f"{row.version} {_how(row)}" for row in known),
        "age": tuple(f"{row.version} was published on {row.when}" for row in known),
    }


def _who(row: Publisher) -> str:
    if isinstance(row.source, str):
        return row.source
    names = " ".join(name for name in (row.user_login, row.user_name and f"({row.user_name})") if name)
    return names or f"user {row.source}"


def _how(row: Publisher) -> str:
    return f"was published by the workflow {row.source}" if isinstance(row.source, str) else "was published by a person"
