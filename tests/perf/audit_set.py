"""A made-up store with a large audit set: what `fmt` has to cope with at a publisher of audits."""

from __future__ import annotations

from pathlib import Path
from random import Random

AUDITS = 2200
_WORDS = (
    "reads", "parses", "buffer", "no unsafe", "allocation", "checked", "bounds", "build script", "table",
)  # fmt: skip


def write_store(folder: Path) -> None:
    """Write the three files: 2,200 audits of about 700 kB together, in no order at all."""
    rng = Random(20260115)
    entries = [_entry(rng, number) for number in range(AUDITS)]
    rng.shuffle(entries)
    folder.mkdir(parents=True)
    (folder / "audits.toml").write_text("[audits]\n" + "".join(entries))
    (folder / "config.toml").write_text('[cargo-vet]\nversion = "0.10"\n')
    (folder / "imports.lock").write_text("")


def _entry(rng: Random, number: int) -> str:
    major, minor = rng.randint(0, 3), rng.randint(0, 30)
    kind = (
        f'version = "{major}.{minor}.{number}"'
        if rng.random() < 0.4
        else f'delta = "{major}.{minor}.{number} -> {major}.{minor + 1}.0"'
    )
    notes = "\n".join(" ".join(rng.choices(_WORDS, k=8)) for _ in range(rng.randint(1, 5)))
    return (
        f"\n[[audits.crate-{rng.randint(1, 600)}]]\n"
        f'who = "Reviewer {rng.randint(1, 40)} <reviewer@example.org>"\n'
        f'criteria = "safe-to-{rng.choice(["deploy", "run"])}"\n{kind}\nnotes = """\n{notes}\n"""\n'
    )
