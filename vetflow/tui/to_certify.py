"""What somebody is about to certify, one crate or several: how much of it they viewed, and what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from vetflow.app.review.desk import Desk
from vetflow.app.review.family import shape_of
from vetflow.app.review.values import AskedChecklist, Certification, CertifyForm, Progress
from vetflow.app.wording import count_of
from vetflow.errors import UsageError
from vetflow.review.answers import Answers
from vetflow.review.batch import why_apart
from vetflow.review.draft_notes import checked_notes, draft_notes
from vetflow.review.families import Folded, folded
from vetflow.review.session import Pair, Session
from vetflow.tui.under_review import UnderReview, Which

_NAMED = 3


class ToCertify(NamedTuple):
    """form: of all crates together. reviewed: lines on what was viewed. notes: a draft of them.

    unviewed: build-time files that were not viewed, named with their crate where there are several. confirm: what has
    to be typed to certify all the same: the names of the crates these files are of. folded: build-time files that were
    not viewed, each with the viewed one it is the same as. assisted_by: whose claims were shown. checklists: of each
    crate.
    """

    form: CertifyForm
    pairs: tuple[Pair, ...]
    reviewed: tuple[str, ...]
    notes: str
    unviewed: tuple[str, ...]
    confirm: str
    folded: tuple[str, ...] = ()
    assisted_by: tuple[str, ...] = ()
    checklists: tuple[AskedChecklist, ...] = ()

    def checks(self, session: Session, criteria: Collection[str]) -> list[str]:
        """Return lines on what was made of the checklists for these criteria, unanswered items by name."""
        return [
            line
            for asked in self.checklists
            for line in _checks(asked.answers(session, criteria), several=len(self.pairs) > 1)
        ]

    def against(self, session: Session, criteria: Collection[str]) -> tuple[str | None, bool]:
        """Return what the checklists say against certifying these criteria first, and whether that stops anybody."""
        for asked in self.checklists:
            answers = asked.answers(session, criteria)
            for sentence in answers.against(criteria):
                return sentence, answers.blocks
        return None, False

    def certification(self, criteria: tuple[str, ...], notes: str) -> Certification:
        """Return what is certified when it is confirmed."""
        return Certification(self.pairs, criteria, notes, self.unviewed, self.folded, self.assisted_by)


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
    several = len(pairs) > 1
    same = _folded(under) if several else ()
    unviewed = {each.delta.pair.crate: _unviewed(each, same) for each in under}
    assistants = tuple(dict.fromkeys(name for each in under for name in each.delta.assisted.assistants))
    form, checklists = desk.certify_form(pairs), tuple(desk.checklist(pair) for pair in pairs)
    return ToCertify(
        form=form,
        pairs=tuple(pairs),
        reviewed=(
            *(line for each in under for line in _reviewed(each, several=several)),
            *(f"= not viewed: {each}" for each in same),
            *_assisted(assistants),
        ),
        notes="\n".join(filter(None, (*map(_draft, under), *_checked(checklists, form, desk)))),
        unviewed=tuple(f"{crate}/{path}" if several else path for crate, paths in unviewed.items() for path in paths),
        confirm=" ".join(crate for crate, paths in unviewed.items() if paths),
        folded=tuple(map(str, same)),
        assisted_by=assistants,
        checklists=checklists,
    )


def _folded(under: Sequence[UnderReview]) -> tuple[Folded, ...]:
    """Return build-time files that were not viewed, but what they are the same as; they do not count as viewed."""
    shapes, viewed = [shape_of(each.delta) for each in under], {each.delta.pair: each.viewed() for each in under}
    build = {(each.delta.pair.crate, path) for each in under for path in each.delta.build_time}
    return tuple(each for each in folded(shapes, viewed) if (each.crate, each.path) in build)


def _unviewed(under: UnderReview, same: Collection[Folded]) -> tuple[str, ...]:
    """Return the build-time files that somebody has to wave through by name."""
    crate, known = under.delta.pair.crate, {(each.crate, each.path) for each in same}
    return tuple(path for path in under.unviewed_build_time() if (crate, path) not in known)


def _assisted(assistants: tuple[str, ...]) -> list[str]:
    """Say whose claims were shown, as it will be recorded."""
    return [f"assisted {', '.join(assistants)}: claims were shown; notes and statement say so"] if assistants else []


def _reviewed(under: UnderReview, *, several: bool) -> list[str]:
    delta, viewed = under.delta, under.viewed()
    build, order = set(delta.build_time), delta.order
    rest = f"{len(viewed - build)}/{len(order) - len(build)}"
    of_which = f"{delta.pair.crate}: " if several else ""
    said = f"reviewed {of_which}build-time {len(viewed & build)}/{len(build)} files, other {rest}"
    lines = [f"{said}; all contents agree with their sha-256"]
    if missed := under.unviewed_rest():
        more = f" and {len(missed) - _NAMED} more" if len(missed) > _NAMED else ""
        lines.append(f"! {count_of(len(missed), 'file')} not viewed: {', '.join(missed[:_NAMED])}{more}")
    return lines


def _checks(answers: Answers, *, several: bool) -> list[str]:
    checked = answers.checked()
    done, of = answers.count()
    of_which = f"{answers.asked.crate}: " if several else ""
    concerns = f"; concerns: {', '.join(checked.concerns)}" if checked.concerns else ""
    lines = [f"checks   {of_which}{done} of {of} answered{concerns}"]
    return [*lines, *([f"! not considered: {', '.join(checked.not_considered)}"] if checked.not_considered else [])]


def _checked(checklists: Sequence[AskedChecklist], form: CertifyForm, desk: Desk) -> list[str]:
    return [checked_notes(asked.answers(desk.session(), form.proposed)) for asked in checklists]


def _draft(under: UnderReview) -> str:
    notes = {(path, line): text for path in under.delta.order for line, text in under.notes(path).items()}
    return draft_notes(under.findings(Which.ALL), under.viewed(), notes)
