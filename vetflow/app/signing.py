"""Signing what is recorded: the statement is made from the file as it will be read, and written together with it.

Signing happens where the store has an `allowed_signers` that lists the e-mail address of whoever records; elsewhere
nobody is asked for anything (DESIGN 5). A key is found, and a passphrase asked for, before anybody types a statement;
the signature itself is made under the store's lock, checked as any later run would check it, and written in the same
step as the entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from vetflow import __version__
from vetflow.app.artifacts import Artifacts
from vetflow.app.project import Project
from vetflow.app.signature_files import ALLOWED, SignatureFiles, read_keys, read_signature_files
from vetflow.errors import UndecidedError
from vetflow.formats.signatures_toml import SIGNATURES, SignatureRow, SignaturesFile, with_rows, write_signatures
from vetflow.formats.store_files import StoreFiles
from vetflow.model.criteria import Criteria
from vetflow.model.names import CrateName
from vetflow.model.store import AuditsFile
from vetflow.model.version import VetVersion
from vetflow.project.repository import repository_name
from vetflow.trust.allowed_signers import lines_for
from vetflow.trust.claims import Entry, claim_of, entries_of
from vetflow.trust.meaning import meanings
from vetflow.trust.signatures import Judge, Keys, addresses
from vetflow.trust.sshsig import AUDIT_NAMESPACE
from vetflow.trust.statement import Author, Seen, StatementError, statement_of
from vetflow.trust.verification import Surroundings, own_words, verify_entries

if TYPE_CHECKING:  # what signs brings subprocess and sockets, and few runs sign
    from vetflow.keys.choice import KeySource
    from vetflow.keys.signer import Signer

Entries: TypeAlias = Sequence[tuple[CrateName, Entry]]


class Unsigned(NamedTuple):
    """Why nothing is signed; None where nobody expects a signature."""

    reason: str | None


class Signing:
    """A person who signs what they record, with a key that counts for them."""

    def __init__(self, project: Project, who: str, signer: Signer, now: int, seen: Seen) -> None:
        """Take who signs, as `who` names them, and what they looked at; `seen.artifacts` is found out here."""
        self._project = project
        self._who = who
        self._signer = signer
        self._now = now
        self._seen = seen
        self._artifacts = Artifacts(project)

    @property
    def email(self) -> str:
        """The address by which `allowed_signers` knows the person."""
        return addresses((self._who,))[0]

    @property
    def fingerprint(self) -> str:
        """The name of the key that signs."""
        return self._signer.key.fingerprint

    def look_up(
        self, versions: Sequence[tuple[CrateName, VetVersion]], progress: Callable[[str, int, int], None]
    ) -> None:
        """Find out which archives the versions are that will be signed, before anybody waits or types anything.

        Raises UndecidedError when one cannot be found out.
        """
        self._artifacts.fetch(versions, progress)
        for crate, version in versions:
            if not self._artifacts.of(crate, (version,)):
                raise UndecidedError(
                    f"{crate} {version} cannot be signed for: it is not known which archive it is",
                    help="run `cargo fetch`, or without --locked; or leave it unsigned with --no-sign",
                )

    def sign_text(self, text: str, namespace: str) -> str:
        """Return an armoured signature over another text than an entry's statement; raises UndecidedError."""
        return self._signer.sign(text.encode(), namespace)

    def own_files(self, before: StoreFiles, after: StoreFiles) -> Mapping[str, str]:
        """Sign the entries of audits.toml that are new, as far as they are this person's: a `recording.OwnFiles`.

        Raises UndecidedError when a signature cannot be made, or would not hold.
        """
        new = [each for each in new_entries(before.audits, after.audits) if self.may_sign(each[1])]
        if not new:
            return {}
        files = read_signature_files(self._project)
        rows = self.sign(new, after.audits, files)
        return {SIGNATURES: write_signatures(with_rows(self.named(files.signatures), rows))}

    def sign(self, entries: Entries, audits: AuditsFile, files: SignatureFiles) -> tuple[SignatureRow, ...]:
        """Return verified signatures over entries of `audits`; raises UndecidedError."""
        meaning = meanings(audits.criteria)
        audience = self.named(files.signatures).audience
        author = Author(self._who, self._now, audience, f"vetflow {__version__}")
        rows = tuple(self._signed(crate, entry, meaning, author) for crate, entry in entries)
        words = own_words(Criteria({name: entry.implies for name, entry in audits.criteria.items()}), meaning)
        judge = Judge(files.keys or Keys(), self._now)
        verified = verify_entries(entries, rows, judge, Surroundings(words, {}, audience))
        for verdict in verified.entries:
            if verdict.problem is not None:
                raise UndecidedError(
                    f"the signature over {verdict.crate} would not hold: {verdict.problem.reason}",
                    help=f"see `vetflow keys check`; nothing was written to {SIGNATURES}",
                )
        return rows

    def _signed(self, crate: CrateName, entry: Entry, meaning: Mapping[str, str], author: Author) -> SignatureRow:
        claim = claim_of(crate, entry)
        seen = self._seen._replace(artifacts=self._artifacts.of(crate, claim.versions))
        try:
            text = statement_of(crate, entry, meaning, author, seen).text()
        except StatementError as error:
            way_out = "leave it unsigned with --no-sign"
            raise UndecidedError(f"{claim} cannot be signed: {error}", help=way_out) from error
        signature = self._signer.sign(text.encode(), AUDIT_NAMESPACE)
        return SignatureRow(crate, claim.id, self.email, text, signature)

    def may_sign(self, entry: Entry) -> bool:
        """Whether an entry is this person's, or nobody's: trusted entries name nobody."""
        who = getattr(entry, "who", None)
        return who is None or self.email in addresses(who)

    def named(self, signatures: SignaturesFile) -> SignaturesFile:
        """Return signatures.toml with the project's name; a new file gets that of the repository."""
        if signatures.audience is not None or signatures.rows:
            return signatures
        request = self._project.request
        return signatures._replace(audience=repository_name(self._project.workspace.root, request.environ))


def open_signing(
    project: Project,
    who: Sequence[str],
    source: KeySource,
    now: int,
    *,
    seen: Seen | None = None,
    namespace: str = AUDIT_NAMESPACE,
) -> Signing | Unsigned:
    """Find out whether entries by `who` are signed here, and with which key.

    source: where keys are looked for. now: seconds since 1970. seen: what was looked at, where something is known of
    it. namespace: what is to be signed. Raises StoreError for key files that cannot be understood, UndecidedError when
    a key that counts is not at hand.
    """
    keys = read_keys(project)
    if keys is None:
        return Unsigned(None)
    listed = {
        each: {line.key for line in lines_for(keys.allowed, address, namespace) if line.is_valid_at(now)}
        for each in who
        for address in addresses((each,))[:1]
    }
    people = {each: accepted for each, accepted in listed.items() if accepted}
    if not people:
        whom = ", ".join(who) or "whoever records this, whom git does not know"
        return Unsigned(f"{ALLOWED} lists no key of {whom}; `vetflow keys add` adds one")
    from vetflow.keys.choice import choose_signer  # noqa: PLC0415  see above

    accepted = {key for keys_of in people.values() for key in keys_of}
    signer = choose_signer(source, accepted, " or ".join(people))
    person = next(each for each, keys_of in people.items() if signer.key in keys_of)
    return Signing(project, person, signer, now, seen or Seen())


def new_entries(before: AuditsFile, after: AuditsFile) -> Iterator[tuple[CrateName, Entry]]:
    """Yield the entries that a file has and had not before; of equal ones as many as there are more."""
    left = Counter(entries_of(before))
    for each in entries_of(after):
        if left[each]:
            left[each] -= 1
        else:
            yield each
