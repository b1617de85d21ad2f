"""Changing vetflow.toml, which people write: their comments, order and spelling stay as they are."""

from __future__ import annotations

from vetflow.model.rules import AllowedCrate, Rule


def with_level(text: str, rule: Rule, level: str) -> str:
    """Return the text with another level of a rule. level: the word of the file."""
    import tomlkit  # noqa: PLC0415  nothing else edits

    document = tomlkit.parse(text)
    if rule.table not in document:
        document[rule.table] = tomlkit.table()
    table = document[rule.table]
    if not isinstance(table, dict):
        raise TypeError(rule.table)
    table[rule.key] = level
    return tomlkit.dumps(document)


def with_allowed(text: str, allowed: AllowedCrate) -> str:
    """Return the text with one more entry that lets a crate pass the gate."""
    import tomlkit  # noqa: PLC0415  nothing else edits

    document = tomlkit.parse(text)
    entry = tomlkit.table()
    entry["crate"] = allowed.crate
    entry["versions"] = str(allowed.versions)
    entry["reason"] = allowed.reason
    entry["until"] = str(allowed.until)
    if "gate" not in document:
        document["gate"] = tomlkit.table(is_super_table=True)
    gate = document["gate"]
    if not isinstance(gate, dict):
        raise TypeError("gate")
    if "allow" not in gate:
        gate["allow"] = tomlkit.aot()
    gate["allow"].append(entry)
    return tomlkit.dumps(document)
