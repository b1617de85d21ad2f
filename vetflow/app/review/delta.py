"""What is under review, read and compared by the use cases of `diff` and `inspect`, as the screens show it."""

from __future__ import annotations

from vetflow.app.request import Request
from vetflow.app.review.values import Delta, Progress
from vetflow.app.review.words import Words
from vetflow.app.review_crates import InspectedCrate, ReviewedDelta, Wanted, inspect_crate, review_delta
from vetflow.diffing.compare import compare_contents
from vetflow.model.contents import CrateFiles
from vetflow.review.plan import reading_plan
from vetflow.review.session import Pair


def read_delta(request: Request, pair: Pair, words: Words, progress: Progress) -> Delta:
    """Read a delta, or a whole version in which everything is new; raises what `review_delta` raises."""
    if pair.base is None:
        return _whole(request, pair, inspect_crate(request, Wanted(pair.crate, (pair.version,)), progress), words)
    return _changes(pair, review_delta(request, Wanted(pair.crate, (pair.base, pair.version)), progress), words)


def _changes(pair: Pair, reviewed: ReviewedDelta, words: Words) -> Delta:
    old, new = reviewed.old, reviewed.new
    surfaces = (old.analysis.surface, new.analysis.surface)
    return Delta(
        pair=pair,
        diff=reviewed.diff,
        old=old.content.files,
        new=new.content.files,
        plan=reviewed.plan,
        summary=tuple(words.delta(reviewed)),
        findings=tuple(each.evidence for each in reviewed.findings if each.acceptance is None),
        code=frozenset(file.path for surface in surfaces for file in surface.files if file.is_code)
        | _rust_files(new.content.files),
        host=bool(new.host),
    )


def _whole(request: Request, pair: Pair, inspected: InspectedCrate, words: Words) -> Delta:
    files, surface = inspected.content.files, inspected.analysis.surface
    code = frozenset(file.path for file in surface.files if file.is_code)
    diff = compare_contents({}, files, request.environ, code=code)
    evidence = tuple(each.evidence for each in inspected.findings if each.acceptance is None)
    return Delta(
        pair=pair,
        diff=diff,
        old={},
        new=files,
        plan=reading_plan(diff, None, surface, evidence),
        summary=tuple(words.inspected(inspected)),
        findings=evidence,
        code=code | _rust_files(files),
        host=bool(inspected.host),
    )


def _rust_files(files: CrateFiles) -> frozenset[str]:
    return frozenset(path for path in files if path.endswith(".rs"))
