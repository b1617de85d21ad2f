"""What an assistant claims, for people and for programs: always as something to check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.review.claims import Assisted, Checked, Claims, versions_of

IMPORT: Final = "vetflow/bundle-import/1"


def claim_lines(assisted: Assisted) -> Iterator[Line]:
    """Yield claims about what is shown; nothing where there are none."""
    if not assisted.claims:
        return
    yield ()
    yield (
        Styled(f"To check: {count_of(len(assisted.claims), 'claim')}", Style.TITLE),
        f" of {', '.join(assisted.assistants)}",
    )
    yield (Styled("  An assistant's words about lines that exist. They count for nothing.", Style.FAINT),)
    for each in assisted.claims:
        yield (Styled("  A ", Style.WARN), f"{each.version} {each.path}:{each.line}  {each.text}")
        yield (Styled(f"      {each.quote}", Style.FAINT),)


def import_lines(claims: Claims, checked: Checked) -> Iterator[Line]:
    """Yield what came of an import."""
    about = ", ".join(f"{crate} {version}" for crate, version in versions_of(checked.kept))
    yield (
        f"{count_of(len(checked.kept), 'claim')} of {claims.assistant} to check",
        f", about {about}; `vetflow review` shows them" if about else "",
    )
    dropped = sum(checked.dropped.values())
    if dropped:
        yield (Styled(f"{count_of(dropped, 'claim')} dropped", Style.WARN), ", unread:")
    for reason, count in checked.dropped.items():
        yield (f"  {count:>4}  {reason}",)


def import_json(claims: Claims, checked: Checked) -> str:
    """Return what came of an import as a document with a schema."""
    return inert(
        {
            "schema": IMPORT,
            "assistant": claims.assistant,
            "kept": len(checked.kept),
            "about": [{"crate": crate, "version": version} for crate, version in versions_of(checked.kept)],
            "dropped": [{"reason": reason, "claims": count} for reason, count in checked.dropped.items()],
        }
    )
