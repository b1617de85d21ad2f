"""What somebody is about to certify, one crate or several: how much of it they viewed, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vetflow.app.desk import Certification, CertifyForm, Desk, Progress
from vetflow.errors import UsageError
from vetflow.review.batch import why_apart
from vetflow.review.draft_notes import draft_notes
from vetflow.review.session import Pair
from vetflow.tui.under_review import UnderReview, Which

_NAMED = 3


class ToCertify(NamedTuple):
    """form: of all crates together. reviewed: lines on what was viewed. notes: a draft of them.

    unviewed: build-time files that were not viewed, named with their crate where there are several. confirm: what has
    to be typed to certify all the same: the names of the crates these files are of.
    """

    form: CertifyForm
    pairs: tuple[Pair, ...]
    reviewed: tuple[str, ...]
    notes: str
    unviewed: tuple[str, ...]
    confirm: str

    def certification(self, criteria: tuple[str, ...], notes: str) -> Certification:
        """Return what is certified when it is confirmed."""
        return Certification(self.pairs, criteria, notes, self.unviewed)


def to_certify(desk: Desk, pairs: Sequence[Pair], progress: Progress) -> ToCertify:
    """Read everything that is to be certified, in a thread; raises UsageError for what cannot be.

    Several crates have to come from one repository or release. A difference that is not shown whole stops all of them:
    nobody can say that they read it.
    """
    under = [UnderReview(desk.delta(pair, progress), desk.session) for pair in pairs]
    for each in under:
        if each.delta.diff.incomplete:
            raise UsageError(
                f"the diff of {each.delta.pair.crate} is incomplete: nobody can say that they read it",
                help="nothing of it can be certified from a review",
            )
    if len(pairs) > 1 and (reason := why_apart({each.delta.pair.crate: each.delta.new for each in under})):
        raise UsageError(reason, help="certify them one by one")
    unviewed = {each.delta.pair.crate: each.unviewed_build_time() for each in under}
    several = len(pairs) > 1
    return ToCertify(
        form=_together([desk.certify_form(pair) for pair in pairs]),
        pairs=tuple(pairs),
        reviewed=tuple(line for each in under for line in _reviewed(each, several=several)),
        notes="\n".join(filter(None, map(_draft, under))),
        unviewed=tuple(f"{crate}/{path}" if several else path for crate, paths in unviewed.items() for path in paths),
        confirm=" ".join(crate for crate, paths in unviewed.items() if paths),
    )


def _together(forms: Sequence[CertifyForm]) -> CertifyForm:
    """Return one form for several crates: what any of them needs is proposed, what each starts from is told."""
    needed = {each.name for form in forms for each in form.criteria if each.needed}
    return forms[0]._replace(
        criteria=tuple(each._replace(needed=each.name in needed) for each in forms[0].criteria),
        proposed=tuple(dict.fromkeys(name for form in forms for name in form.proposed)),
        baseline=tuple(line for form in forms for line in form.baseline),
    )


def _reviewed(under: UnderReview, *, several: bool) -> list[str]:
    delta, viewed = under.delta, under.viewed()
    build, order = set(delta.build_time), delta.order
    rest = f"{len(viewed - build)}/{len(order) - len(build)}"
    of_which = f"{delta.pair.crate}: " if several else ""
    said = f"reviewed {of_which}build-time {len(viewed & build)}/{len(build)} files, other {rest}"
    lines = [f"{said}; all contents agree with their sha-256"]
    if missed := under.unviewed_rest():
        more = f" and {len(missed) - _NAMED} more" if len(missed) > _NAMED else ""
        lines.append(f"! {len(missed)} files not viewed: {', '.join(missed[:_NAMED])}{more}")
    return lines


def _draft(under: UnderReview) -> str:
    notes = {(path, line): text for path in under.delta.order for line, text in under.notes(path).items()}
    return draft_notes(under.findings(Which.ALL), under.viewed(), notes)
