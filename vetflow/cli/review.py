"""Starting the review in the terminal: the desk over the real project, and what the screens need of this world."""

from __future__ import annotations

import argparse
import gc
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from vetflow.app.project import Project, open_project
from vetflow.app.recording import no_own_files, own_text
from vetflow.app.review.imports import Accepter
from vetflow.app.review.project_desk import ReviewDesk, Surroundings
from vetflow.app.review.recording import Signed
from vetflow.cli.auditor import own_name
from vetflow.cli.output import Output
from vetflow.cli.preferences import read_preferences
from vetflow.cli.render.review_words import WORDS
from vetflow.cli.request import moment, request_of
from vetflow.cli.signing import key_source
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion
from vetflow.project.editor import edit_file
from vetflow.project.outside import defused_copy, open_outside
from vetflow.project.session_file import SessionFile, state_folder
from vetflow.review.session import Pair
from vetflow.store.folder import read_texts
from vetflow.trust.statement import Seen

if TYPE_CHECKING:  # brings cryptography, which only a project that signs needs
    from vetflow.app.signing import Signing


def start_review(options: argparse.Namespace, world: World, out: Output, start: Pair | None) -> int:
    """Run the review until the user leaves it, and return its exit code. start: the crate to begin with."""
    # What a session makes, stays: looking for garbage as often as Python does costs a quarter of the time to the first
    # screen, and later stops the screen.
    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    from vetflow.tui.app import ReviewApp  # noqa: PLC0415  textual costs more than most commands
    from vetflow.tui.host import Outside  # noqa: PLC0415  see above

    request = request_of(options, world)
    preferences = read_preferences(world)
    project = open_project(request)
    read_texts(project.tree, project.store.folder)  # without a store there is nothing to review
    root = project.workspace.root
    outside = Outside(
        now=lambda: _now(world),
        edit=lambda text: _edit(text, world),
        edit_file=lambda broken: edit_file(os.path.join(root, broken.file), root, world.environ),
        show=lambda path, content: open_outside(defused_copy(path, content), world.environ),
        theme=preferences.theme,
        keymap=preferences.keys,
        key_places=preferences.places,
    )
    with SessionFile(state_folder(world.environ, world.home, root)) as file:
        around = Surroundings(WORDS, file, _Signer(options, world, out), _accepter(options, world, out), outside.now)
        return ReviewApp(ReviewDesk(project, around), outside, start).run() or 0


class _Signer:
    """A `review.recording.Signer` that finds keys where the plain commands do, and asks for no passphrase."""

    def __init__(self, options: argparse.Namespace, world: World, out: Output) -> None:
        self._options, self._world, self._out = options, world, out

    def __call__(
        self, project: Project, who: Sequence[str], seen: Seen, versions: Sequence[tuple[CrateName, VetVersion]]
    ) -> Signed:
        from vetflow.app.signing import Unsigned, open_signing  # noqa: PLC0415  brings cryptography

        source = key_source(self._options, self._world, self._out)._replace(ask=lambda _: None)
        signing = open_signing(project, who, source, moment(self._options, self._world), seen=seen)
        if isinstance(signing, Unsigned):
            return Signed(no_own_files, signing.reason or "no: nothing is signed in this project")
        signing.look_up(versions, lambda _what, _done, _total: None)
        return Signed(signing.own_files, f"as {signing.email} with {signing.fingerprint}")


def _accepter(options: argparse.Namespace, world: World, out: Output) -> Accepter:
    """Return what says who accepts imports; asks for no passphrase."""

    def accepter(project: Project) -> tuple[str, Signing | None]:
        names = own_name(world)
        if own_text(project, "allowed_signers") is None:
            return next(iter(names), "somebody"), None
        from vetflow.app.signing import Unsigned, open_signing  # noqa: PLC0415  brings cryptography
        from vetflow.trust.sshsig import IMPORT_NAMESPACE  # noqa: PLC0415

        source = key_source(options, world, out)._replace(ask=lambda _: None)
        signing = open_signing(project, names, source, moment(options, world), namespace=IMPORT_NAMESPACE)
        if isinstance(signing, Unsigned):
            raise UsageError(
                f"the receipt cannot be signed: {signing.reason}", help="or: `vetflow imports accept --no-sign`"
            )
        return signing.email, signing

    return accepter


def _now(world: World) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(world.now()))


def _edit(text: str, world: World) -> str | None:
    """Let the user edit a text in their editor, in a file of their own that is removed afterwards."""
    handle, path = tempfile.mkstemp(prefix="vetflow-notes-", suffix=".txt", text=True)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        edit_file(path, world.cwd, world.environ)
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    finally:
        with suppress(OSError):
            os.remove(path)
