"""Random stores for a given lock: mostly vetting everything, so that the few holes decide the verdict.

A store of random entries fails at once and tells nothing. So each crate in use is vetted in one of the ways
people vet, some ways miss their mark narrowly (a day too late, a criterion too weak, another version), and
entries that nobody needs are strewn in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.compat.locks import Locked
from tests.compat.toml_text import Document, Value
from tests.compat.workspace_strategies import VERSIONS, chance, pick, rarely

Table: TypeAlias = dict[str, Value]

CUSTOM = ("crypto-reviewed", "Zoned", "a.dotted", "fuzzed")
PEERS = ("peer", "acme.audits", "zz-last")
USERS = {1: ("anna-example", "Anna Example"), 2: ("bert-ex", None), 77: ("c-li", 'C "Q" Li'), 900: ("dd", "")}
FORGES = ("github:anvil-project/anvil", "github:example/tools")
DAYS = ("2023-01-01", "2023-06-15", "2024-01-01", "2024-12-31", "2025-06-14", "2025-6-1")
ENDS = (*DAYS, "2025-12-31", "2026-06-15")
WHO: tuple[Value, ...] = (
    "Anna Example <anna@example.org>",
    "Anna Example <anna@example.org>",
    "Bert",
    ["Bert", "Anna Example <anna@example.org>"],
    ["Somebody with a rather long name <somebody@example.org>", "Bert Example <bert@example.org>", "x"],
    [],
    "Żółć \\ 'quoted' \"twice\"",
)
NOTES = (
    "fine",
    "",
    "Two lines.\nSecond.",
    "Ends with newline.\n",
    'He said "no".',
    "it's 'quoted' and \"double\"",
    "back\\slash",
    "tab\there",
    "three ''' and \"\"\" quotes",
    "control \x01 and \x7f",
    "\u0085\u2028 ünï",
    " lead",
)
SHA = "89abcdef0123456789abcdef0123456789abcdef"


@st.composite
def stores(draw: DrawFn, locked: Sequence[Locked]) -> dict[str, Document]:
    """Draw a store for a lock: file name to document."""
    return _StoreDraw(draw, locked).documents()


class _StoreDraw:
    """The store under construction; every method adds entries to it."""

    def __init__(self, draw: DrawFn, locked: Sequence[Locked]) -> None:
        self._draw = draw
        self._locked = locked
        self._third = [package for package in locked if package.from_crates_io]
        self._names = sorted({package.name for package in locked})
        self._custom = draw(st.lists(st.sampled_from(CUSTOM), max_size=3, unique=True)) if chance(draw, 40) else []
        self._peers = draw(st.lists(st.sampled_from(PEERS), max_size=3, unique=True))
        self._criteria: Table = {}
        self._audits: dict[str, list[Table]] = {}
        self._wildcards: dict[str, list[Table]] = {}
        self._trusted: dict[str, list[Table]] = {}
        self._exemptions: dict[str, list[Table]] = {}
        self._policy: dict[str, Table] = {}
        self._publishers: dict[str, list[Table]] = {}
        self._unpublished: dict[str, list[Table]] = {}
        self._peer_audits: dict[str, dict[str, list[Table]]] = {peer: {} for peer in self._peers}
        self._peer_wildcards: dict[str, dict[str, list[Table]]] = {peer: {} for peer in self._peers}
        # Most stores of a draw have no hole at all, others have many.
        self._holes = pick(draw, (7, 0), (4, 4), (1, 25))

    def documents(self) -> dict[str, Document]:
        """Draw everything and return the three files."""
        self._define_criteria()
        claimed = self._draw_policy()
        for package in [*self._third, *claimed]:
            self._vet(package)
            if chance(self._draw, 40):  # which of several ways counts, is a matter of preference
                self._vet(package)
        for _ in range(self._draw(st.integers(0, 4))):
            self._strew()
        return {"config.toml": self._config(), "audits.toml": self._own(), "imports.lock": self._imports()}

    def _define_criteria(self) -> None:
        for position, name in enumerate(self._custom):
            entry: Table = {"description": self._draw(st.sampled_from(NOTES))}
            if chance(self._draw, 20):
                entry = {"description-url": "https://audits.example/criteria"}
            known = ["safe-to-run", "safe-to-deploy", *self._custom[:position]]
            implied = self._draw(st.lists(st.sampled_from(known), max_size=2, unique=True))
            if implied:
                entry["implies"] = self._one_or_list(implied)
            self._criteria[name] = entry

    def _one_or_list(self, names: Sequence[str]) -> Value:
        return names[0] if len(names) == 1 and not chance(self._draw, 20) else list(names)

    def _wanted(self) -> Value:
        """Draw a criteria list as audits have it: mostly what is required."""
        if rarely(self._draw):
            return self._draw(st.sampled_from([[], "no-such-criteria", ["safe-to-deploy", "nonesuch"]]))
        if chance(self._draw, 15 if self._custom else 0):
            return self._one_or_list(self._draw(st.lists(st.sampled_from(self._custom), min_size=1, unique=True)))
        return pick(
            self._draw,
            (30, "safe-to-deploy"),
            (3, ["safe-to-deploy"]),
            (1 + self._holes // 6, "safe-to-run"),
            (2, ["safe-to-run", "safe-to-deploy"]),
            (1, ["safe-to-deploy", *self._custom]),
        )

    def _draw_policy(self) -> list[Locked]:
        """Draw policy tables; returns the packages they make third-party."""
        claimed = []
        ours = [package for package in self._locked if not package.from_crates_io]
        for package in ours:
            shared_name = any(other.name == package.name for other in self._third)
            key = f"{package.name}:{package.version}" if shared_name or chance(self._draw, 10) else package.name
            policy = self._policy_of_ours()
            if chance(self._draw, 12):
                policy["audit-as-crates-io"] = pick(self._draw, (3, True), (1, False))
                claimed += [package] if policy["audit-as-crates-io"] is True else []
            if policy or chance(self._draw, 2):
                self._policy[key] = policy
        for package in self._third:
            if chance(self._draw, 4):
                self._policy[f"{package.name}:{package.version}"] = self._policy_of_ours()
            elif rarely(self._draw):
                self._policy[package.name] = self._policy_of_ours()
        if chance(self._draw, 1):
            self._policy[self._draw(st.sampled_from(["gone", "gone:1.0.0", f"{self._names[0]}:9.9.9"]))] = {}
        return claimed

    def _policy_of_ours(self) -> Table:
        policy: Table = {}
        names = st.sampled_from(self._names)
        if chance(self._draw, 12):
            policy["criteria"] = self._policy_criteria()
        if chance(self._draw, 25):
            policy["dev-criteria"] = self._policy_criteria()
        if chance(self._draw, 20):
            of_names = self._draw(st.lists(names, min_size=1, max_size=5, unique=True))
            policy["dependency-criteria"] = {name: self._policy_criteria() for name in of_names}
        if chance(self._draw, 5):
            policy["notes"] = self._draw(st.sampled_from(NOTES))
        return policy

    def _policy_criteria(self) -> Value:
        if rarely(self._draw):
            return "no-such-criteria"
        custom: list[tuple[int, Value]] = [(2, name) for name in self._custom]
        return pick(self._draw, (4, "safe-to-run"), (3, "safe-to-deploy"), (2, []), (1, ["safe-to-deploy"]), *custom)

    def _vet(self, package: Locked) -> None:
        """Vet one package in use, or leave a hole."""
        if chance(self._draw, self._holes):
            return
        ways: list[tuple[int, Callable[[str, str], None]]] = [
            (5, self._exempt),
            (6, self._audit_fully),
            (5, self._audit_delta),
            (4, self._trust_publisher),
            (1, self._audit_as_published),
        ]
        pick(self._draw, *ways)(package.name, package.version)

    def _exempt(self, name: str, version: str) -> None:
        entry: Table = {"version": version, "criteria": self._wanted()}
        if chance(self._draw, 10):
            entry["suggest"] = self._draw(st.booleans())
        if chance(self._draw, 8):
            entry["notes"] = self._draw(st.sampled_from(NOTES))
        self._exemptions.setdefault(name, []).append(entry)

    def _add_audit(self, name: str, entry: Table) -> None:
        whole: Table = {"who": self._who()} if not chance(self._draw, 30) else {}
        whole |= {"criteria": self._wanted(), **entry}
        if chance(self._draw, 15):
            whole["notes"] = self._draw(st.sampled_from(NOTES))
        if "@git" in str(entry) or chance(self._draw, 12):
            whole["importable"] = self._draw(st.booleans())
        if chance(self._draw, 3):
            whole["aggregated-from"] = "https://audits.example/all.toml"
        table = self._draw(st.sampled_from([self._audits, self._audits, *self._peer_audits.values()]))
        table.setdefault(name, []).append(whole)

    def _who(self) -> Value:
        if chance(self._draw, 10):  # about as long as fits on a line
            return ["Bert", "x" * self._draw(st.integers(58, 64))]
        return self._draw(st.sampled_from(WHO))

    def _audit_fully(self, name: str, version: str) -> None:
        self._add_audit(name, {"version": version})

    def _audit_delta(self, name: str, version: str) -> None:
        bases = st.sampled_from([*VERSIONS, f"1.0.0@git:{SHA}", "0.9.0"])
        path = [version, *self._draw(st.lists(bases, min_size=1, max_size=3, unique=True))]
        for to, base in pairwise(path):
            self._add_audit(name, {"delta": f"{base} -> {to}"})
        if not chance(self._draw, self._holes):
            start: list[Callable[[str, str], None]] = [self._audit_fully, self._exempt, self._trust_publisher]
            self._draw(st.sampled_from(start))(name, path[-1])

    def _source(self) -> Table:
        if chance(self._draw, 20):
            return {"trusted-publisher": self._draw(st.sampled_from(FORGES))}
        return {"user-id": self._draw(st.sampled_from(sorted(USERS)))}

    def _trust_publisher(self, name: str, version: str) -> None:
        source, when = self._source(), self._draw(st.sampled_from(DAYS))
        self._publish(name, version, source, when)
        self._cover(name, source, self._draw(st.sampled_from(["2022-01-01"] * 9 + [*DAYS])))

    def _publish(self, name: str, version: str, source: Table, when: str) -> None:
        row: Table = {"version": version, "when": when, **source}
        if (user := source.get("user-id")) in USERS:
            login, full_name = USERS[int(str(user))]
            row["user-login"] = login
            if full_name is not None:
                row["user-name"] = full_name
        self._publishers.setdefault(name, []).append(row)

    def _cover(self, name: str, source: Table, start: str) -> None:
        """Add a wildcard audit or a trusted entry; the end is often one of the days of publication."""
        end = self._draw(st.sampled_from(["2026-01-01", "2026-06-15"] * 6 + [*ENDS]))
        if chance(self._draw, 1):
            end = "2026-06-16"
        entry: Table = {"criteria": self._wanted(), **source, "start": start, "end": end}
        if chance(self._draw, 12):
            entry["notes"] = self._draw(st.sampled_from(NOTES))
        tables = [self._wildcards, *self._peer_wildcards.values(), self._trusted]
        table = self._draw(st.sampled_from(tables))
        if table is not self._trusted:
            if chance(self._draw, 10):
                entry["renew"] = self._draw(st.booleans())
            if not chance(self._draw, 30):
                entry = {"who": self._who(), **entry}
        table.setdefault(name, []).append(entry)

    def _audit_as_published(self, name: str, version: str) -> None:
        published = self._draw(st.sampled_from(VERSIONS))
        self._unpublished.setdefault(name, []).append({"version": version, "audited_as": published})
        self._draw(st.sampled_from([self._audit_fully, self._exempt]))(name, published)

    def _strew(self) -> None:
        """Add an entry that nothing asks for; now and then it is a violation."""
        name = self._draw(st.sampled_from([*self._names, "not-in-use"]))
        version = self._draw(st.sampled_from(VERSIONS))
        if chance(self._draw, 15):
            requirements = ["*", "1", ">=2, <4", "=1.0.1", "0.1.*", "~1.2", "> 1.0.0-alpha", f"<={version}"]
            denied = st.lists(st.sampled_from(["safe-to-deploy", *self._custom]), min_size=1, max_size=3)
            self._add_audit(
                name,
                {"criteria": self._draw(denied), "violation": self._draw(st.sampled_from(requirements))},
            )
            return
        adding: list[Callable[[str, str], None]] = [
            self._exempt,
            self._audit_fully,
            self._audit_delta,
            self._trust_publisher,
            self._audit_as_published,
        ]
        self._draw(st.sampled_from(adding))(name, version)

    def _config(self) -> Document:
        version = pick(self._draw, (200, "0.10"), (1, "0.9"), (1, "0.11"), (1, "0.010"))
        document: Table = {"cargo-vet": {"version": version}} if not chance(self._draw, 1) else {}
        if chance(self._draw, 8):
            document["default-criteria"] = self._draw(st.sampled_from(["safe-to-run", "safe-to-deploy", "any"]))
        peers = {peer: self._import_table(peer) for peer in self._peers}
        if chance(self._draw, 2):
            peers["added-later"] = {"url": "https://audits.example/later.toml"}
        document |= {"imports": peers, "policy": self._policy, "exemptions": self._exemptions}
        return {key: value for key, value in document.items() if value}

    def _import_table(self, peer: str) -> Table:
        address = f"https://audits.example/{peer}.toml"
        table: Table = {"url": pick(self._draw, (4, address), (1, [address]), (1, [address, address + "?more"]))}
        if chance(self._draw, 15):
            absent = [name for name in [*self._names, "not-in-use"] if name not in self._peer_audits[peer]]
            excluded = st.lists(st.sampled_from(absent if not chance(self._draw, 8) else self._names), max_size=3)
            table["exclude"] = self._draw(excluded) if absent else []
        if chance(self._draw, 20):
            local = ["safe-to-run", "safe-to-deploy", *self._custom]
            table["criteria-map"] = {"their-criterion": self._draw(st.sampled_from(local)), "none": []}
        return table

    def _own(self) -> Document:
        document: Table = {
            "criteria": self._criteria,
            "wildcard-audits": self._wildcards,
            "audits": self._audits,
            "trusted": self._trusted,
        }
        return {key: value for key, value in document.items() if value or key == "audits"}

    def _imports(self) -> Document:
        audits: Table = {}
        for peer in self._peers:
            table: Table = {"audits": self._peer_audits[peer]}
            if self._peer_wildcards[peer]:
                table["wildcard-audits"] = self._peer_wildcards[peer]
            if chance(self._draw, 15):
                table["criteria"] = {"their-criterion": {"description": self._draw(st.sampled_from(NOTES))}}
            if not chance(self._draw, 1):
                audits[peer] = table
        document: Table = {"unpublished": self._unpublished, "publisher": self._publishers, "audits": audits}
        return {key: value for key, value in document.items() if value}
