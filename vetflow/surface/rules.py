"""The rules by which capabilities are seen and graded: the table `audits/capabilities.toml`, read and checked.

A rule says what it looks for, what it is worth by where the code runs, and the one sentence that is shown for it. The
code that searches knows no names of its own but the ids of what following a value can conclude (`CONCLUSIONS`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import Place, VetflowError
from vetflow.formats.toml import parse_toml
from vetflow.surface.patterns import FilePatterns, NamePatterns, PathPatterns
from vetflow.surface.tiers import Grade
from vetflow.surface.units import Role

CONCLUSIONS: Final = frozenset({
    "names/lost",
    "process/toolchain-variable", "process/variable", "process/other", "process/unresolved", "process/own-file",
    "process/unseen", "process/tool-online", "fs-write/out-dir", "fs-write/outside", "fs-write/untraced",
    "fs-read/package", "fs-read/other", "fs-read/untraced", "fs-walk/directories", "env-read/other",
    "env-read/unresolved", "env-dump/all", "env-dump/filtered", "secret-path/string", "secret-word/string",
    "address/prose", "address/numeric", "address/other", "ffi/foreign-code", "unsafe/block", "names/assembled",
    "linker/environment", "linker/assembled", "linker/library", "linker/declared-library", "linker/shipped-object",
    "directive/ordinary", "code-generation/from-text", "encoded/data", "encoded/table", "encoded/arithmetic",
})  # fmt: skip
"""Rules that the search names itself; a table without one of them is refused."""

_MATCHERS: Final = frozenset({
    "paths", "crates", "macros", "methods", "attributes", "words", "foreign", "programs", "program-variables",
    "variables", "directives", "linker-variables", "segments", "path-segments", "hosts", "arguments",
})  # fmt: skip
_WORD_LISTS: Final = frozenset({
    "emitting-macros", "display-macros", "display-methods", "format-macros", "message-functions", "system-crates",
    "online-arguments", "online-programs", "secret-words",
})  # fmt: skip
_SINK_KINDS: Final = frozenset({"program", "write", "open", "read", "variable", "set", "dump", "code", "address"})
_ROLES: Final = {
    "build-script": Role.BUILD_SCRIPT,
    "proc-macro": Role.PROC_MACRO,
    "host-library": Role.HOST_LIBRARY,
    "runtime": Role.RUNTIME,
}


class Worth(NamedTuple):
    """What a sighting is worth: in a whole crate, and in a delta where it is new."""

    grade: Grade
    when_new: Grade


class Rule(NamedTuple):
    """One kind of sighting. worth: by role; where a role is absent, the rule does not look."""

    id: str
    sentence: str
    worth: Mapping[Role, Worth]

    @property
    def capability(self) -> str:
        """The taxonomy's word: the first part of the id."""
        return self.id.partition("/")[0]


class Sink(NamedTuple):
    """A function one of whose arguments decides what a call means. argument: counted from 0."""

    kind: str
    argument: int


class Combination(NamedTuple):
    """What means more together: something of each of `needs`, which are capabilities or ids of rules."""

    rule: Rule
    needs: tuple[frozenset[str], ...]


class Undecided(NamedTuple):
    """Something that reading the code cannot tell."""

    id: str
    sentence: str


class Rules(NamedTuple):
    """The whole table, ready to be asked.

    digest: of the table's text; whatever depends on the rules is stored under it. The tables by matcher give rules for
    names; `sinks` and `method_sinks` give what a call means by its argument.
    """

    digest: str
    by_id: Mapping[str, Rule]
    paths: PathPatterns[Rule]
    macros: Mapping[str, Rule]
    methods: Mapping[str, Rule]
    attributes: Mapping[str, Rule]
    words: Mapping[str, Rule]
    foreign: NamePatterns[Rule]
    programs: Mapping[str, Rule]
    program_variables: NamePatterns[Rule]
    variables: NamePatterns[Rule]
    directives: NamePatterns[Rule]
    linker_variables: NamePatterns[Rule]
    secret_paths: FilePatterns
    hosts: Mapping[str, Rule]
    arguments: NamePatterns[Rule]
    sinks: PathPatterns[Sink]
    method_sinks: Mapping[str, Sink]
    lists: Mapping[str, frozenset[str]]
    combinations: tuple[Combination, ...]
    undecided: Mapping[str, Undecided]


def parse_rules(text: str, file: str) -> Rules:
    """Read a rule table. file: what errors call it. Raises VetflowError for what is malformed or incomplete."""
    table = parse_toml(text, file)
    try:
        return _rules(table, text)
    except _Malformed as error:
        raise VetflowError(f"the table of rules is malformed: {error}", place=Place(file)) from None


class _Malformed(Exception):  # noqa: N818  always turned into an error with a place
    """What is wrong with a table."""


def _rules(table: Mapping[str, Any], text: str) -> Rules:
    from hashlib import sha256  # noqa: PLC0415  only what looks into crates pays for it

    entries = _tables(table, "rule")
    rules = {rule.id: rule for rule in map(_rule, entries)}
    if len(rules) != len(entries):
        raise _Malformed("two rules have the same id")
    if missing := CONCLUSIONS - rules.keys():
        raise _Malformed(f"there is no rule `{min(missing)}`")
    found: dict[str, list[tuple[str, Rule]]] = {matcher: [] for matcher in _MATCHERS}
    for entry in entries:
        for matcher in _MATCHERS & entry.keys():
            found[matcher] += [(each, rules[entry["id"]]) for each in _strings(entry, matcher)]
    sinks = [(entry, Sink(_sink_kind(entry), entry.get("argument", 0))) for entry in _tables(table, "sink")]
    crates = [(crate.replace("-", "_"), rule) for crate, rule in found["crates"]]
    lists = table.get("words", {})
    if lists.keys() != _WORD_LISTS:
        raise _Malformed("`words` has other lists than those that are known")
    return Rules(
        digest=sha256(text.encode()).hexdigest(),
        by_id=rules,
        paths=PathPatterns(found["paths"] + crates),
        macros=dict(found["macros"]),
        methods=dict(found["methods"]),
        attributes=dict(found["attributes"]),
        words=dict(found["words"]),
        foreign=NamePatterns(found["foreign"]),
        programs=dict(found["programs"]),
        program_variables=NamePatterns(found["program-variables"]),
        variables=NamePatterns(found["variables"]),
        directives=NamePatterns(found["directives"]),
        linker_variables=NamePatterns(found["linker-variables"]),
        secret_paths=FilePatterns(
            [each for each, _ in found["segments"]], [each for each, _ in found["path-segments"]]
        ),
        hosts=dict(found["hosts"]),
        arguments=NamePatterns(found["arguments"]),
        sinks=PathPatterns([(path, sink) for entry, sink in sinks for path in _strings(entry, "paths")]),
        method_sinks={name: sink for entry, sink in sinks for name in _strings(entry, "methods")},
        lists={name: frozenset(_strings(lists, name)) for name in _WORD_LISTS},
        combinations=tuple(_combination(entry, rules) for entry in _tables(table, "combination")),
        undecided={
            entry["id"]: Undecided(_string(entry, "id"), _string(entry, "sentence"))
            for entry in _tables(table, "undecided")
        },
    )


def _rule(entry: Mapping[str, Any]) -> Rule:
    name = _string(entry, "id")
    if unknown := entry.keys() - _MATCHERS - {"id", "sentence", "grades", "needs"}:
        raise _Malformed(f"`{name}` has an unknown key `{min(unknown)}`")
    if "/" not in name:
        raise _Malformed(f"`{name}` is not of the form capability/kind")
    grades = entry.get("grades")
    if not isinstance(grades, dict) or not grades or grades.keys() - _ROLES.keys():
        raise _Malformed(f"the grades of `{name}` must be a table of {', '.join(_ROLES)}")
    worth = {_ROLES[role]: _worth(name, grade) for role, grade in grades.items()}
    return Rule(name, _string(entry, "sentence"), worth)


def _worth(name: str, grade: Any) -> Worth:
    """Read `2`, or `new 2`: nothing in a whole crate, 2 in a delta."""
    if isinstance(grade, int) and 0 <= grade <= Grade.ALERT:
        return Worth(Grade(grade), Grade(grade))
    if isinstance(grade, str) and grade in {"new 1", "new 2", "new 3"}:
        return Worth(Grade.EXPECTED, Grade(int(grade[-1])))
    raise _Malformed(f"`{name}` has the grade `{grade}`, which is neither 0 to 3 nor `new 1` to `new 3`")


def _combination(entry: Mapping[str, Any], rules: Mapping[str, Rule]) -> Combination:
    rule = _rule(entry)
    known = rules.keys() | {each.capability for each in rules.values()}
    needs = tuple(frozenset(each) for each in entry.get("needs", ()))
    if len(needs) < 2:
        raise _Malformed(f"`{rule.id}` needs two lists of capabilities or rules")
    if unknown := frozenset().union(*needs) - known:
        raise _Malformed(f"`{rule.id}` needs `{min(unknown)}`, which is neither a capability nor a rule")
    return Combination(rule, needs)


def _sink_kind(entry: Mapping[str, Any]) -> str:
    kind = _string(entry, "kind")
    if kind not in _SINK_KINDS:
        raise _Malformed(f"`{kind}` is no kind of sink")
    return kind


def _tables(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    entries = table.get(key)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _Malformed(f"there must be an array of tables `{key}`")
    return entries


def _string(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise _Malformed(f"every entry needs a string `{key}`")
    return value


def _strings(entry: Mapping[str, Any], key: str) -> list[str]:
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _Malformed(f"`{key}` must be an array of strings")
    return values
