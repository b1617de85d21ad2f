"""The words of vetflow and cargo-vet, each explained in plain sentences: what `vetflow help WORD` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Term(NamedTuple):
    """A word, what it means, and where to read on."""

    meaning: str
    see: tuple[str, ...] = ()


TERMS: Final[Mapping[str, Term]] = {
    "audit": Term(
        "A statement by a person who read code: this version of this crate (a full audit), or the change from "
        "one version to another (a delta), meets some criteria. Stands in audits.toml, or in imports.lock "
        "when somebody else made it.",
        ("delta", "criteria", "import"),
    ),
    "criteria": Term(
        "What an audit vouches for. Two are built in: safe-to-run (compiling, running and testing it on your "
        "machine has no surprising effects) and safe-to-deploy (it also adds no serious weakness to software "
        "that faces untrusted input, and includes safe-to-run). A store may define more.",
        ("safe-to-run", "safe-to-deploy", "policy"),
    ),
    "safe-to-run": Term(
        "The weaker built-in criterion: building, running and testing the crate locally does nothing "
        "surprising. Required of crates that only tests, examples and benchmarks use.",
        ("criteria", "safe-to-deploy"),
    ),
    "safe-to-deploy": Term(
        "The stronger built-in criterion: the crate can go into software that is shipped and meets untrusted "
        "input. Required by default of everything your packages depend on outside development. Includes "
        "safe-to-run.",
        ("criteria", "safe-to-run"),
    ),
    "delta": Term(
        "An audit of the change between two versions. It vouches for the newer version only as far as the "
        "older one is vetted: a chain of deltas must start at a full audit, at a trusted publisher, or at an "
        "exemption.",
        ("audit", "exemption"),
    ),
    "exemption": Term(
        "A version that counts as vetted although nobody read it, written down so that it can be read later "
        "(config.toml, [[exemptions.CRATE]]). `init` starts with one for every crate. Fewer is better.",
        ("audit", "partially audited"),
    ),
    "fully audited": Term(
        "cargo-vet's words for a crate whose requirements are met without any exemption: by audits, or by "
        "trust in its publisher. vetflow counts the two apart.",
        ("partially audited", "trusted publisher"),
    ),
    "partially audited": Term(
        "cargo-vet's words for a crate that was exempted at some version and whose changes since then were "
        "audited: the start of the chain has been read by nobody.",
        ("exemption", "delta"),
    ),
    "wildcard audit": Term(
        "A statement about everything one publisher puts out for one crate between two dates, versions of the "
        "future included. The end date itself is no longer covered. Rests on trust in that publisher.",
        ("trusted publisher", "publisher"),
    ),
    "trusted publisher": Term(
        "A [[trusted.CRATE]] entry: versions this publisher put out between two dates count as vetted. Nobody "
        "has to have read them, which is why vetflow counts them apart from what somebody read.",
        ("wildcard audit", "publisher"),
    ),
    "publisher": Term(
        "Who uploaded a version to crates.io: a user, or a trusted-publishing workflow such as "
        "github:owner/repo. imports.lock keeps those that wildcard audits and trusted entries need.",
        ("wildcard audit", "trusted publisher"),
    ),
    "violation": Term(
        "A statement that some versions of a crate do not meet a criterion. It makes the check fail as soon "
        "as any audit or exemption claims the opposite for one of these versions, even one that is not in "
        "use.",
        ("audit",),
    ),
    "policy": Term(
        "What config.toml requires of whom: criteria for a package of yours and what it depends on, "
        "dev-criteria for its development dependencies, dependency-criteria for single dependencies, and "
        "audit-as-crates-io for local copies of published crates.",
        ("criteria", "audit-as-crates-io"),
    ),
    "audit-as-crates-io": Term(
        "Treat a package that comes from a path or from git as if it were the crate of that name on "
        "crates.io: it has to be vetted too.",
        ("policy", "unpublished", "third party"),
    ),
    "unpublished": Term(
        "A row in imports.lock that lets a local version stand for the published version nearest to it.",
        ("audit-as-crates-io",),
    ),
    "import": Term(
        "Another organisation's audits.toml that you decided to believe ([imports.NAME] in config.toml). What "
        "is needed of it is kept in imports.lock, so that a locked check needs no network.",
        ("audit", "criteria"),
    ),
    "third party": Term(
        "A crate from crates.io, or one that a policy says to audit as such. Path, git and other-registry "
        "packages are first party: they are yours to judge and need no audit.",
        ("policy",),
    ),
    "root": Term(
        "A workspace member that no other member depends on (development dependencies aside). Requirements "
        "start at the roots.",
        ("policy", "criteria"),
    ),
    "locked": Term(
        "With --locked nothing is fetched: imports.lock is taken as it is, the store's files must be in "
        "canonical form, and nothing is written. What CI runs.",
        ("store",),
    ),
    "store": Term(
        "The folder supply-chain/: config.toml (policy, imports, exemptions), audits.toml (your own audits) "
        "and imports.lock (what you took from others). Shared with cargo-vet, byte for byte.",
        ("locked", "import"),
    ),
    "build time": Term(
        "Build scripts and procedural macros run on the machine that compiles, with every right of the user "
        "who compiles, before any test. They are the part of a dependency that can do harm first.",
        ("criteria",),
    ),
    "surface": Term(
        "The code of a crate that runs when somebody builds: its build script, all of a proc macro, libraries "
        "linked into these, and what they read or compile. `vetflow surface` shows it.",
        ("build time", "host closure", "finding"),
    ),
    "host closure": Term(
        "All packages whose code may run on the machine that builds: what build scripts and proc macros depend "
        "on, and these themselves. How many depends on the platform and the features that are built.",
        ("surface",),
    ),
    "finding": Term(
        "A line of code, or a file, and what it shows: starts a program, uses the network, reads secrets. Its "
        "grade says how much it deserves a look. No finding means no evidence found, never that all is well.",
        ("surface", "hold"),
    ),
    "baseline": Term(
        "surface.lock: what build-time code exists and what it can do, taken as known. `surface --check` then "
        "fails only on growth. Needs no audits and no store.",
        ("surface", "finding"),
    ),
    "hold": Term(
        "A note that somebody read a crate and did not certify it, with the reason and what would clear it. It "
        "is shown everywhere and vets nothing.",
        ("audit", "finding"),
    ),
    "signature": Term(
        "What makes an entry checkable: a statement about it (who, which archives, which criteria and what they "
        "meant), signed with an SSH key that allowed_signers lists. cargo-vet does not look at it.",
        ("statement", "audit"),
    ),
    "statement": Term(
        "What somebody signed about an entry. An entry may claim no more than its statement; copies that claim "
        "less verify, too.",
        ("signature",),
    ),
    "receipt": Term(
        "The list of imported rows that somebody accepted (import-receipts.toml). A row of imports.lock that is "
        "on none was accepted by nobody.",
        ("import", "signature"),
    ),
}
