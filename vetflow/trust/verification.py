"""Whether entries are signed: an entry may claim no more than a statement that somebody signed.

That one rule lets an entry be aggregated, imported under other names of criteria, or narrowed, and still be verified;
widened, moved to another version, given another author, other notes or another archive, it is not (shared spec
trust 1.4). Each way in which an entry can fall short is a `Flaw` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from vetflow.formats.signatures_toml import SignatureRow
from vetflow.model.audits import TrustedEntry
from vetflow.model.criteria import Criteria
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName, CriteriaName
from vetflow.trust.canonical_json import digest
from vetflow.trust.claims import LOCAL_KINDS, Entry, claim_of
from vetflow.trust.meaning import Meanings, notes_digest
from vetflow.trust.signatures import Flaw, Judge, Problem, Sound
from vetflow.trust.statement import BUILD_TIME, Statement


class Words(NamedTuple):
    """What the criteria of statements mean where entries are verified.

    meanings: of the signer's criteria, as they are defined now. covers: which criteria of the entries' file a signed
    criterion stands for, itself or by a criteria map, with all that these imply.
    """

    meanings: Meanings
    covers: Callable[[CriteriaName], frozenset[CriteriaName]]


class Surroundings(NamedTuple):
    """What entries are held against. checksums: of archives in use, by crate and version. audience: the project."""

    words: Words
    checksums: Mapping[tuple[CrateName, str], str]
    audience: str | None = None
    allow_note_edits: bool = False


class EntryVerdict(NamedTuple):
    """What is known of one entry. statements: those that cover it, by different people or not; else there is a problem.

    is_old: it was there before signing began, word for word, and needs no signature.
    """

    crate: CrateName
    entry: Entry
    statements: tuple[Sound, ...]
    problem: Problem | None
    is_old: bool = False


class Verification(NamedTuple):
    """What is known of all entries.

    stray: signatures that stand for none of them, beside those about entries that have a problem.
    """

    entries: tuple[EntryVerdict, ...]
    stray: tuple[tuple[SignatureRow, Problem], ...]


def own_words(criteria: Criteria, meaning: Meanings) -> Words:
    """Return what criteria mean for entries of the file that defines them."""

    def covers(name: CriteriaName) -> frozenset[CriteriaName]:
        if name not in criteria:
            return frozenset()
        return frozenset(criteria.names[index] for index in criteria.indices(criteria.closure(name)))

    return Words(meaning, covers)


def entry_digest(crate: CrateName, entry: Entry) -> str:
    """Return what tells an entry from every other, its criteria, authors and notes included: a line of the baseline."""
    return digest(
        {
            "claim": claim_of(crate, entry).as_json(),
            "criteria": sorted(entry.criteria),
            "notes": notes_digest(entry.notes) or "",
            "who": [] if isinstance(entry, TrustedEntry) else list(entry.who),
        }
    )


def verify_entries(
    entries: Iterable[tuple[CrateName, Entry]],
    rows: Sequence[SignatureRow],
    judge: Judge,
    around: Surroundings,
    baseline: frozenset[str] = frozenset(),
    *,
    look: Callable[[SignatureRow], Sound | Problem] | None = None,
) -> Verification:
    """Judge entries by the signatures there are; linear in both, but for several of one claim.

    look: how each row is examined, for whoever asks about the same rows twice; see `Judge.remembering`.
    """
    look = look or judge.remembering()
    judged = [(row, look(row)) for row in rows]
    by_claim: dict[str, list[Sound | Problem]] = {}
    for row, outcome in judged:
        by_claim.setdefault(row.claim, []).append(outcome)
    verdicts = []
    used: set[SignatureRow] = set()
    short: set[str] = set()
    for crate, entry in entries:
        claim = claim_of(crate, entry).id
        verdict = _judge_entry(crate, entry, by_claim.get(claim, ()), around)
        used |= {sound.row for sound in verdict.statements}
        if verdict.problem is not None:
            short.add(claim)
        verdicts.append(verdict._replace(is_old=bool(baseline) and entry_digest(crate, entry) in baseline))
    stray = [
        (row, outcome if isinstance(outcome, Problem) else _orphan(outcome))
        for row, outcome in judged
        if row not in used and row.claim not in short
    ]
    return Verification(tuple(verdicts), tuple(stray))


def _judge_entry(
    crate: CrateName, entry: Entry, outcomes: Sequence[Sound | Problem], around: Surroundings
) -> EntryVerdict:
    covering: list[Sound] = []
    problems = [Problem(Flaw.UNSIGNED, "nobody signed it")]
    for outcome in outcomes:
        problem = outcome if isinstance(outcome, Problem) else _shortfall(crate, entry, outcome, around)
        if problem is not None:
            problems.append(problem)
        elif isinstance(outcome, Sound):
            covering.append(outcome)
    order = list(Flaw)
    nearest = max(problems, key=lambda problem: order.index(problem.flaw))
    return EntryVerdict(crate, entry, tuple(covering), None if covering else nearest)


def _shortfall(crate: CrateName, entry: Entry, sound: Sound, around: Surroundings) -> Problem | None:
    """Say what an entry claims beyond a statement of the same claim; None when it claims no more."""
    statement, signer = sound.statement, sound.row.signer
    if statement.claim.kind in LOCAL_KINDS and statement.audience != around.audience:
        whose = statement.audience or "no project in particular"
        return Problem(Flaw.CLAIMS_MORE, f"{signer} signed it for {whose}, and this is {around.audience or 'unnamed'}")
    problem = _criteria_shortfall(entry, statement, signer, around.words)
    if problem is not None:
        return problem
    if not isinstance(entry, TrustedEntry) and entry.who != statement.who:
        stated, now = ", ".join(statement.who), ", ".join(entry.who) or "nobody"
        return Problem(Flaw.WHO, f"it names {now}, and {signer} signed it for {stated}")
    if not around.allow_note_edits and notes_digest(entry.notes) != statement.notes:
        return Problem(Flaw.NOTES, f"its notes are not those that {signer} signed")
    return _artifact_mismatch(crate, statement, signer, around.checksums)


def _criteria_shortfall(entry: Entry, statement: Statement, signer: str, words: Words) -> Problem | None:
    meant = {name for name, meaning in statement.criteria.items() if words.meanings.get(name) == meaning}
    covered = _covered(meant, statement, words)
    lacking = [name for name in entry.criteria if name not in covered]
    if not lacking:
        return None
    changed = sorted(statement.criteria.keys() - meant)
    once = _covered(changed, statement, words)
    redefined = [name for name in lacking if name in once]
    if redefined:
        return Problem(
            Flaw.REDEFINED,
            f"what {', '.join(changed)} means was changed after {signer} signed; "
            f"the signature says nothing about {', '.join(redefined)} now",
        )
    only = " about what runs at build time" if statement.seen.scope == BUILD_TIME else ""
    return Problem(
        Flaw.CLAIMS_MORE,
        f"it claims {', '.join(lacking)}, and {signer} signed {', '.join(sorted(statement.criteria))}{only}",
    )


def _covered(names: Iterable[CriteriaName], statement: Statement, words: Words) -> frozenset[CriteriaName]:
    """Return the entry's criteria that signed ones stand for: after a look at build time only, no built-in ones."""
    covered = frozenset[CriteriaName]().union(*map(words.covers, names))
    return covered - {SAFE_TO_RUN, SAFE_TO_DEPLOY} if statement.seen.scope == BUILD_TIME else covered


def _artifact_mismatch(
    crate: CrateName, statement: Statement, signer: str, checksums: Mapping[tuple[CrateName, str], str]
) -> Problem | None:
    for version, artifact in statement.seen.artifacts.items():
        locked = checksums.get((crate, version))
        if locked is not None and artifact != f"sha256:{locked}":
            return Problem(
                Flaw.ARTIFACT, f"Cargo.lock has another archive of {crate} {version} than the one {signer} looked at"
            )
    return None


def _orphan(sound: Sound) -> Problem:
    signed = f"{sound.row.signer} signed {sound.statement.claim}"
    return Problem(Flaw.ORPHAN, f"{signed}, and no entry that says this, and no more, is there any more")
