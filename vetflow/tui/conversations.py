"""What takes more than one step: questions one after the other, then a use case, then a word on what it did.

Each is a coroutine for `Host.converse`, or `Host.ask` where it begins with a question. Leaving a question
with `escape` ends it, and nothing was written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vetflow.app.review.values import Certification, Publisher
from vetflow.app.updating import silent
from vetflow.model.names import SAFE_TO_DEPLOY
from vetflow.review.session import Pair
from vetflow.tui.certify_dialog import CertifyDialog
from vetflow.tui.choices import Choice
from vetflow.tui.dialogs import Asking, AskLine, AskText, Choose, TextPage
from vetflow.tui.host import Host
from vetflow.tui.safe_text import lines, plain
from vetflow.tui.to_certify import to_certify


async def certify(app: Host, pairs: tuple[Pair, ...]) -> None:
    """Certify what is under review, or several crates with the same criteria and notes."""
    desk = app.desk
    what = await app.in_thread(lambda: to_certify(desk, pairs, silent))
    dialog = CertifyDialog(
        what,
        session=desk.session,
        keep=desk.keep,
        preview=lambda certification: desk.preview(certification).difference,
        edit=app.edit,
    )
    decided: Certification | None = await app.push_screen_wait(dialog)
    if decided is not None:
        written = await app.in_thread(lambda: desk.certify(decided))
        app.notify(f"recorded, {written.left} left; u takes it back", title="certified", markup=False)
        app.go_on_after(pairs[-1])


async def leave(app: Host) -> None:
    """Leave the application; what would be lost with it is asked about once."""
    for screen in app.screen_stack:
        if isinstance(screen, CertifyDialog):
            screen.keep_draft()
    typed = sum(isinstance(screen, Asking) and screen.has_typed for screen in app.screen_stack)
    if lost := app.desk.unsaved + typed:
        title = f"What you did is not all on disk ({lost}: marks, notes, or a text that is still open)"
        choices = [Choice("stay", plain("Stay")), Choice("leave", plain("Leave, and lose it"))]
        if await app.push_screen_wait(Choose(title, choices)) != "leave":
            return
    app.exit(0)


async def undo(app: Host) -> None:
    """Take the last recording back."""
    app.notify(await app.in_thread(app.desk.undo), markup=False)
    app.action_reload()


async def hold(app: Host, pair: Pair) -> None:
    """Hold a crate back, with a reason and with what would clear it."""
    reason = await app.push_screen_wait(AskLine(f"Hold {pair.crate} {pair.version}: why?"))
    cleared = reason and await app.push_screen_wait(AskLine("What would clear it?"))
    if reason and cleared:
        await _do(app, lambda: app.desk.hold(pair, reason, cleared), f"{pair.crate} is held back")


async def violation(app: Host, pair: Pair) -> None:
    """Record that a version must not be used."""
    title = f"{pair.crate} {pair.version} must not be used: why? (it stops everybody who imports your audits)"
    notes = await app.push_screen_wait(AskLine(title))
    if notes:
        await _do(app, lambda: app.desk.record_violation(pair, notes), "violation recorded")


async def add_import(app: Host, publisher: Publisher | None) -> None:
    """Import a publisher of the registry, or somebody by URL."""
    proposed = publisher.name if publisher and not publisher.imported else ""
    name = await app.push_screen_wait(AskLine("Import whom? A name of the registry, or NAME URL", text=proposed))
    if name:
        await _do(app, lambda: app.desk.add_import(name), f"{name} imported")


async def import_for(app: Host, pair: Pair, names: Sequence[str]) -> None:
    """Import one of the publishers whose audits speak of a crate."""
    if not names:
        app.notify(f"nobody within reach who is not imported says anything of {pair.crate}", markup=False)
        return
    title = "Import whose audits? All of them will count, for every crate"
    name = await app.push_screen_wait(Choose(title, [Choice(each, plain(each)) for each in names]))
    if name is not None:
        await _do(app, lambda: app.desk.add_import(name), f"{name} imported")


async def trust(app: Host, pair: Pair, publishers: Sequence[str]) -> None:
    """Trust one of those who published a crate, for criteria that can be changed."""
    if not publishers:
        app.notify(f"who published {pair.crate} is not known here", markup=False)
        return
    title = f"Trust whom with all they publish of {pair.crate}, for a year from today?"
    name = await app.push_screen_wait(Choose(title, [Choice(each, plain(each)) for each in publishers]))
    if name is None:
        return
    entry = app.desk.entry(pair)
    needs = ", ".join(entry.row.needs) if entry else SAFE_TO_DEPLOY
    asked = await app.push_screen_wait(AskLine(f"Trust {name} with {pair.crate} for which criteria?", text=needs))
    if asked:
        criteria = [each.strip() for each in asked.split(",") if each.strip()]
        done = f"{name} is trusted with {pair.crate}; u takes it back"
        await _do(app, lambda: app.desk.trust(pair.crate, name, criteria), done)


async def map_criteria(app: Host, publisher: Publisher) -> None:
    """Let one of a publisher's criteria count as one of ours, after a warning where it raises."""
    line = await app.push_screen_wait(AskLine(f"{publisher.name}: THEIRS=OURS"))
    if not line:
        return
    warning = await app.in_thread(lambda: app.desk.map_warning(publisher.name, line))
    if warning and await app.push_screen_wait(AskLine(f"{warning} Type yes to map it all the same")) != "yes":
        return
    await _do(app, lambda: app.desk.map_criteria(publisher.name, line), f"{line} for {publisher.name}")


async def exclude(app: Host, publisher: Publisher) -> None:
    """Leave a crate of a publisher out, after a look at what becomes unvetted."""
    crate = await app.push_screen_wait(AskLine(f"{publisher.name}: leave out which crate?"))
    if not crate:
        return
    lost = await app.in_thread(lambda: app.desk.lost_without(publisher.name, crate))
    title = f"Without the audits of {crate} by {publisher.name} becomes unvetted: {', '.join(lost) or 'nothing'}"
    choices = [Choice("keep", plain("Keep them")), Choice("leave", plain(f"Leave {crate} out"))]
    if await app.push_screen_wait(Choose(title, choices)) == "leave":
        await _do(app, lambda: app.desk.exclude(publisher.name, crate), f"{crate} of {publisher.name} left out")


async def remove_import(app: Host, publisher: Publisher) -> None:
    """Show what becomes unvetted without a publisher, and stop importing them."""
    lost = await app.in_thread(lambda: app.desk.lost_without(publisher.name))
    told = "\n".join(lost) or "nothing becomes unvetted"
    await app.push_screen_wait(TextPage(f"Without {publisher.name} becomes unvetted", lines(told)))
    if await app.push_screen_wait(AskLine(f"Type {publisher.name} to remove it")) == publisher.name:
        await _do(app, lambda: app.desk.remove_import(publisher.name), f"{publisher.name} removed")


async def update_imports(app: Host) -> None:
    """Show what publishers say now against what was accepted of them, and take it over."""
    review = await app.in_thread(app.desk.review_imports)
    if not review.lines:
        app.notify("nothing is imported, or nothing changed", markup=False)
        return
    title = f"What publishers say now: {review.stops} to look at twice" if review.stops else "What publishers say now"
    await app.push_screen_wait(TextPage(title, lines("\n".join(review.lines))))
    wanted = "accept with stops" if review.stops else "accept"
    if await app.push_screen_wait(AskLine(f"Type '{wanted}' to take it over", hint=wanted)) == wanted:
        await _do(app, app.desk.accept_imports, "accepted, with a receipt")


async def commit(app: Host) -> None:
    """Commit the store alone, with a message that can be edited."""
    proposed = await app.in_thread(app.desk.commit_message)
    message = await app.push_screen_wait(AskText("Commit supply-chain/ with", proposed))
    if message and message.strip():
        name = await app.in_thread(lambda: app.desk.commit(message))
        await _do(app, lambda: None, f"committed as {name[:12]}")


async def _do(app: Host, act: Callable[[], object], done: str) -> None:
    app.hear_keys()
    await app.in_thread(act)
    app.notify(done, markup=False)
    app.action_reload()
