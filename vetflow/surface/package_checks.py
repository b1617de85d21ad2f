"""What a package holds besides readable code: programs, objects, packed data, settings that would act on a visitor.

A build can run, link or unpack any file of the package, so these checks look at all of them, and only then at whether
build-time code names the file (shared spec behaviour A5).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from posixpath import dirname
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.surface.blobs import Blob, BlobKind, find_blob
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.source_checks import SCRIPT_MARK, Tests, check_source
from vetflow.surface.tiers import CrateSurface, Grade, Tier
from vetflow.surface.tool_settings import check_tool_settings, is_tool_settings
from vetflow.surface.vcs_info import VCS_INFO, check_vcs_info


class Judgement(NamedTuple):
    """What a kind of blob is worth: lying in the package, and named by build-time code."""

    lying: Grade
    named: Grade
    sentence: str


_JUDGEMENTS: Final[Mapping[BlobKind, Judgement]] = {
    BlobKind.EXECUTABLE: Judgement(Grade.REVIEW, Grade.ALERT, "a compiled program or library that nobody can read"),
    BlobKind.OBJECT: Judgement(Grade.REVIEW, Grade.REVIEW, "compiled code, ready to be linked, that nobody can read"),
    BlobKind.ARCHIVE: Judgement(Grade.REVIEW, Grade.REVIEW, "compiled code, ready to be linked, that nobody can read"),
    BlobKind.IMPORT_LIBRARY: Judgement(Grade.NOTE, Grade.NOTE, "a Windows import library: names, and no code"),
    BlobKind.WASM: Judgement(Grade.NOTE, Grade.REVIEW, "a compiled WebAssembly module"),
    BlobKind.COMPRESSED: Judgement(Grade.NOTE, Grade.REVIEW, "packed data: what is in it is not shown"),
    BlobKind.DATA: Judgement(Grade.EXPECTED, Grade.NOTE, "binary data"),
}


def find_blobs(files: CrateFiles, paths: Collection[str]) -> Mapping[str, Blob]:
    """Return those of the given paths that are no text; linear in their sizes."""
    blobs = {path: find_blob(files[path]) for path in paths}
    return {path: blob for path, blob in blobs.items() if blob is not None}


def check_blobs(
    blobs: Mapping[str, Blob], files: CrateFiles, surface: CrateSurface, named: Collection[str]
) -> Iterator[Evidence]:
    """Yield what each blob is worth. named: the paths of files that build-time code names, not only their folders.

    Import libraries count as one for each folder: there may be thousands.
    """
    tiers = {file.path: file.tier for file in surface.files}
    folders = set()
    for path, blob in blobs.items():
        judgement, name = _JUDGEMENTS[blob.kind], f"{blob.format} {path}"
        grade, sentence = judgement.lying, judgement.sentence
        if path in named:
            grade, sentence = judgement.named, f"{sentence}, which build-time code names"
        if blob.kind is BlobKind.IMPORT_LIBRARY:
            name = f"import libraries in {dirname(path) or 'the package'}"
            if name in folders:
                continue
            folders.add(name)
        rule = f"blob/{blob.kind.value}"
        yield finding(rule, name, grade, files[path], line=None, sentence=sentence, tier=tiers.get(path))


def check_package(
    files: CrateFiles, surface: CrateSurface, tests: Mapping[str, Tests], *, whole: bool
) -> Iterator[Evidence]:
    """Yield what the text of the package and its other files show.

    tests: the byte ranges of code for tests only, of each file that is read as code of the package. whole: whether all
    files are looked at, or only those of the surface. Linear in their sizes.
    """
    code = {file.path: file.tier for file in surface.files if file.is_code}
    for path in sorted(files) if whole else code:
        file = files[path]
        if path in code or path.endswith(".rs"):
            is_built = path in code or path in tests
            yield from check_source(file, code.get(path), tests.get(path, ()), is_built=is_built)
        elif file.executable and file.content.startswith(SCRIPT_MARK):
            sentence = "a script that may be run as a program"
            yield finding("package/script", path, Grade.NOTE, file, line=1, sentence=sentence, tier=None)
        if is_tool_settings(path):
            yield from check_tool_settings(file)
    if whole and VCS_INFO in files:
        yield from check_vcs_info(files[VCS_INFO])


def check_spelling(files: CrateFiles, hidden_scripts: Iterable[str]) -> Iterator[Evidence]:
    """Yield the files that only a disk which ignores case takes for the build script."""
    for path in hidden_scripts:
        sentence = "not the build script on Linux, but where the disk ignores case it is"
        rule, file = "package/build-script-spelling", files[path]
        yield finding(rule, path, Grade.REVIEW, file, line=1, sentence=sentence, tier=Tier.BUILD_SCRIPT)
