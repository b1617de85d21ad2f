"""docs/review-keys.md, made from the bindings: `python -m tests.keys_page` writes it; a test fails when it is stale.

`TWINS` says by which plain command, or by which of the user's own tools, each action is done without the screens.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import isclass
from pathlib import Path
from typing import Final, NamedTuple

from textual.binding import Binding

import vetflow.tui

PAGE = Path(__file__).resolve().parents[1] / "docs" / "review-keys.md"
_OPENING = """\
# Keys of the review

Made from the bindings by `python -m tests.keys_page`. Every key can be bound anew by its id, in
`~/.config/vetflow/config.toml`; several keys are separated by commas:

```toml
[keys]
"review.viewed" = "v,f5"
```

`?` lists the keys that work where you are, `:` finds every action by its name. What an action does can be done without
the screens, too: the last column names the plain command, or the tool of your own.
"""
_LOOKING: Final = "looking"
_WITHOUT_TWIN: Final = frozenset(
    {"choices", "criterion", "dialog", "diff", "page", "place", "reader", "table", "text", "tree"}
)
"""Ids that begin so move, scroll or show; a pager or an editor does that for plain output."""

TWINS: Final[Mapping[str, str]] = {
    "app.queue": "`vetflow queue`",
    "app.imports": "`vetflow imports coverage`",
    "app.session": "`git status supply-chain`",
    "app.policy": "`less supply-chain/config.toml`",
    "app.palette": _LOOKING,
    "app.undo": "`git restore -p supply-chain`",
    "app.quit": _LOOKING,
    "certify.leave": "leaving the editor of `vetflow certify` without the statement keeps the notes",
    "certify.preview": "`vetflow certify --dry-run`",
    "certify.edit": "`vetflow certify` opens it",
    "certify.certify": "`vetflow certify CRATE [FROM] TO`",
    "checklist.considered": "`vetflow checklist CRATE [FROM] TO`, answers in the notes of `certify`",
    "checklist.concern": "the notes of `vetflow certify`, or `vetflow hold`",
    "checklist.next-open": _LOOKING,
    "checklist.whole": "`vetflow checklist CRATE TO`",
    "checklist.close": _LOOKING,
    "crate.open": "`vetflow review CRATE --plain`",
    "crate.why": "`vetflow why CRATE`",
    "crate.import": "`vetflow import NAME`",
    "crate.trust": "`vetflow trust CRATE ID --criteria NAME`",
    "crate.risk": "`vetflow queue`",
    "crate.reload": "any command reads anew",
    "family.open": "`vetflow diff CRATE FROM TO`",
    "family.certify": "`vetflow certify CRATE FROM TO --also CRATE@FROM..TO`",
    "imports.add": "`vetflow import NAME [URL]`",
    "imports.map": "`vetflow imports coverage --criteria-map PEER:THEIRS=OURS`, then `criteria-map` in config.toml",
    "imports.exclude": "`exclude` of the import in config.toml, then `vetflow prune`",
    "imports.remove": "take the import out of config.toml, then `vetflow check`",
    "imports.update": "`vetflow imports review`, `vetflow imports accept`",
    "queue.open": "`vetflow review CRATE --plain`",
    "queue.detail": "`vetflow who CRATE`, `vetflow advisories`",
    "queue.why": "`vetflow why CRATE`",
    "queue.filter": "`vetflow queue` and grep",
    "queue.sort": "`vetflow suggest` sorts by lines",
    "queue.risk": "`vetflow queue`",
    "queue.certify": "`vetflow certify CRATE [FROM] TO`",
    "queue.mark": "`vetflow certify … --also CRATE@FROM..TO`",
    "queue.hold": "`vetflow hold CRATE VERSION`",
    "queue.reload": "any command reads anew",
    "queue.edit": "an editor, at the place that the error names",
    "review.viewed": "nobody keeps marks without the screens",
    "review.next": _LOOKING,
    "review.previous": _LOOKING,
    "review.next-file": _LOOKING,
    "review.previous-file": _LOOKING,
    "review.finding": "`vetflow diff CRATE FROM TO` lists them first",
    "review.filter": _LOOKING,
    "review.checklist": "`vetflow checklist CRATE [FROM] TO`",
    "review.findings": "`vetflow diff CRATE FROM TO`",
    "review.certify": "`vetflow certify CRATE [FROM] TO`",
    "review.note": "`vetflow certify --notes TEXT`",
    "review.tree": _LOOKING,
    "review.viewed-folder": "nobody keeps marks without the screens",
    "review.family": "`vetflow queue`, `vetflow diff` of each",
    "review.base": "`vetflow review CRATE VERSION --base OLD --plain`",
    "review.outside": "`vetflow diff --output-file FILE`",
    "review.detail": "`vetflow who CRATE`, `vetflow advisories`",
    "review.why": "`vetflow why CRATE`",
    "review.risk": "`vetflow queue`",
    "review.hold": "`vetflow hold CRATE VERSION`",
    "review.violation": "`vetflow record-violation CRATE VERSIONS`",
    "review.summary": "`vetflow diff CRATE FROM TO`",
    "review.reload": "any command reads anew",
    "review.pane": _LOOKING,
    "session.changes": "`git diff supply-chain`",
    "session.commit": "`git commit supply-chain`",
    "session.resume": "`vetflow review CRATE`",
    "session.undo": "`git restore -p supply-chain`",
    "why.swap": "`vetflow why CRATE --dependents`",
    "why.policy": "`less supply-chain/config.toml`",
    "why.detail": "`vetflow who CRATE`",
    "why.reload": "any command reads anew",
}


class BoundKey(NamedTuple):
    """A binding of some class: its id, the keys that it has, and what they do."""

    id: str
    keys: tuple[str, ...]
    does: str

    @property
    def group(self) -> str:
        """What the id begins with: the place."""
        return self.id.partition(".")[0]

    @property
    def needs_twin(self) -> bool:
        """Whether it does something that plain commands have to do, too."""
        return self.group not in _WITHOUT_TWIN


def bound_keys() -> list[BoundKey]:
    """Return all bindings of the review, by id."""
    found: dict[str, BoundKey] = {}
    for info in pkgutil.iter_modules(vetflow.tui.__path__):
        module = import_module(f"vetflow.tui.{info.name}")
        for each in vars(module).values():
            if isclass(each) and each.__module__ == module.__name__:
                for binding in Binding.make_bindings(each.__dict__.get("BINDINGS", ())):
                    key = binding.key_display or binding.key
                    before = found.get(binding.id or "?", BoundKey(binding.id or "?", (), binding.description))
                    found[before.id] = before._replace(keys=(*before.keys, key))
    return [found[each] for each in sorted(found)]


def keys_page() -> str:
    """Return the page as it should be."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _OPENING
    yield "| id | keys | does | without the screens |"
    yield "|---|---|---|---|"
    for each in bound_keys():
        twin = TWINS.get(each.id, _LOOKING if not each.needs_twin else "?")
        shown = " ".join(f"`{key.replace('|', chr(92) + '|')}`" for key in each.keys)
        yield f"| `{each.id}` | {shown} | {each.does} | {'' if twin == _LOOKING else twin} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(keys_page(), encoding="utf-8")
