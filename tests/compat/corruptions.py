"""Stores that cargo-vet does not read, each for one reason; what vetflow says must be of the same reason."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

ENTRY = {
    "audits.toml": (
        '[[audits.broken]]\ncriteria = "safe-to-run"\nversion = "1.0"\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\nversion = "1.0.0"\nbogus = 1\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\nversion = "1.0.0"\ndelta = "1.0.0 -> 1.0.1"\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\ndelta = "1.0.0"\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\nviolation = "==1"\n',
        '[[audits.broken]]\ncriteria = 5\nversion = "1.0.0"\n',
        '[[audits.broken]]\ncriteria = ["safe-to-run", 5]\nversion = "1.0.0"\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\nversion = "1.0.0@hg:1"\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\nversion = "1.0.0@git:abc"\n',
        '[[audits.broken]]\ncriteria = "safe-to-run"\nversion = "1.0.0"\nimportable = "no"\n',
        '[audits.broken]\nversion = "1.0.0"\n',
        '[audits]\nbroken = "1.0.0"\n',
        '[criteria.broken]\ndescription = "x"\nbogus = true\n',
        "[criteria.broken]\ndescription = 7\n",
        '[criteria.broken]\nimplies = "no-such-criteria"\n',
        '[criteria.broken]\nimplies = "broken"\n',
        '[criteria.safe-to-run]\ndescription = "mine"\n',
        '[[wildcard-audits.broken]]\nuser-id = 1\nstart = "2024-01-01"\nend = "2025-01-01"\n',
        '[[wildcard-audits.broken]]\ncriteria = "safe-to-run"\nuser-id = 1\nend = "2025-01-01"\n',
        '[[wildcard-audits.broken]]\ncriteria = "safe-to-run"\nstart = "2024-01-01"\nend = "2025-01-01"\n',
        '[[wildcard-audits.broken]]\ncriteria = []\nuser-id = -1\nstart = "2024-01-01"\nend = "2025-01-01"\n',
        '[[wildcard-audits.broken]]\ncriteria = []\nuser-id = 1\nstart = 2024-01-01\nend = "2025-01-01"\n',
        '[[wildcard-audits.broken]]\ncriteria = []\nuser-id = 1\nstart = "2024-02-30"\nend = "2025-01-01"\n',
        '[[trusted.broken]]\nuser-id = 1\nstart = "2024-01-01"\nend = "2025-01-01"\n',
        '[[trusted.broken]]\ncriteria = []\nuser-id = "1"\nstart = "2024-01-01"\nend = "2025-01-01"\n',
    ),
    "config.toml": (
        "[policy.broken]\ncriteria = 1\n",
        '[policy.broken]\naudit-as-crates-io = "yes"\n',
        '[policy."broken:1.0"]\ncriteria = "safe-to-run"\n',
        '[policy.broken]\n[policy."broken:1.0.0"]\n',
        '[policy.broken]\ndependency-criteria = "safe-to-run"\n',
        '[[exemptions.broken]]\ncriteria = "safe-to-run"\n',
        '[[exemptions.broken]]\nversion = "one"\ncriteria = "safe-to-run"\n',
        '[[exemptions.broken]]\nversion = "1.0.0"\ncriteria = "no-such-criteria"\n',
        '[[exemptions.broken]]\nversion = "1.0.0"\ncriteria = "safe-to-run"\nsuggest = 0\n',
        '[imports.broken]\nexclude = ["x"]\n',
        '[imports.broken]\nurl = "https://audits.example/a"\nexclude = "x"\n',
        '[imports.broken]\nurl = "https://audits.example/a"\ncriteria-map = ["x"]\n',
        '[[unaudited.broken]]\nversion = "1.0.0"\ncriteria = "safe-to-run"\n',
    ),
    "imports.lock": (
        '[[publisher.broken]]\nversion = "1.0.0"\nwhen = "2024-01-01"\n',
        '[[publisher.broken]]\nversion = "1.0.0"\nwhen = "2024-01-01"\nuser-id = 1\n',
        '[[publisher.broken]]\nversion = "1.0.0"\nwhen = "yesterday"\ntrusted-publisher = "github:a/b"\n',
        '[[unpublished.broken]]\nversion = "1.0.0"\n',
        '[[unpublished.broken]]\nversion = "1.0.0"\naudited-as = "1.0.0"\n',
        "[audits.broken]\n",
        '[[audits.broken.audits.x]]\ncriteria = "safe-to-run"\nversion = "1.0.0"\nbogus = 1\n',
        "[audits.broken.criteria.x]\nbogus = 1\n[audits.broken.audits]\n",
    ),
}  # fmt: skip


def draw_corruption(draw: DrawFn, store: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """Draw one thing to go wrong with a store; return it in a few words, and the store, maybe less a file."""
    name = draw(st.sampled_from(sorted(ENTRY)))
    text = store[name]
    entry = draw(st.sampled_from(ENTRY[name]))
    appended = text + b"\n" + _without_known_headers(entry, text).encode()
    what, changed = draw(
        st.sampled_from(
            [
                (f"{entry!r} in {name}", appended),
                (f"{entry!r} in {name}", appended),
                (f"{entry!r} in {name}", appended),
                (f"{entry!r} in {name}", appended),
                (f"{entry!r} in {name}", appended),
                (f"no {name}", None),
                (f"an empty {name}", b""),
                (f"half of {name}", text[: len(text) // 2]),
                (f"{name} is not UTF-8", text + b"# \xff\n"),
                (f"{name} is not TOML", text + b"= 1\n"),
                (f"a key twice in {name}", text + b"\n[twice]\na = 1\na = 2\n"),
                (f"unknown keys in {name}", text + b"\n[unknown]\na = 1\n"),
            ],
        ),
    )
    result = {file: content for file, content in store.items() if file != name}
    if changed is not None:
        result[name] = changed
    return what, result


def _without_known_headers(entry: str, text: bytes) -> str:
    """Leave out a plain `[audits]` header when the file has it: twice is another mistake."""
    first, rest = entry.split("\n", 1)
    return rest if re.search(rb"(?m)^" + re.escape(first.encode()) + rb"\s*$", text) and first == "[audits]" else entry
