"""Source texts of packages (`registry+URL`, `git+URL?branch=B#REV`): what the verdict and the lock need of them."""

from __future__ import annotations

from typing import Final, NamedTuple

from vetflow.model.version import VetVersion, parse_version

GIT: Final = "git+"
_REFERENCES: Final = ("branch", "tag", "rev")


class GitSource(NamedTuple):
    """A git repository and what of it is asked for, in a form in which equal sources are equal.

    repository: the URL as cargo compares it (`canonical_repository`). reference: `branch=B`, `tag=T`, `rev=R`, or ""
    for the default branch.
    """

    repository: str
    reference: str


def node_version(semver: str, source: str | None) -> VetVersion:
    """Return the version cargo-vet compares: with `@git:REV` for a git source that names its revision.

    The revision is taken as it stands, as cargo-vet does; only versions in stores must have 40 digits.
    Raises VersionSyntaxError when `semver` is no semantic version.
    """
    version = parse_version(semver)
    revision = source.partition("#")[2] if source is not None and source.startswith(GIT) else ""
    if not revision:
        return version
    return version._replace(git=revision, text=f"{version.text}@git:{revision}")


def without_revision(source: str) -> str:
    """Return the source as dependency strings of Cargo.lock write it: git sources lose their `#REV`."""
    return source.partition("#")[0] if source.startswith(GIT) else source


def parse_git_source(source: str) -> GitSource:
    """Read the `git+URL?branch=B#REV` of a lock entry; the revision is left out."""
    url, _, query = source[len(GIT) :].partition("#")[0].partition("?")
    reference = ""
    for pair in query.split("&") if query else ():
        key, _, value = pair.partition("=")
        # Old locks spell a branch `ref`.
        key = "branch" if key == "ref" else key
        if key in _REFERENCES:
            reference = f"{key}={_unquote(value)}"
    return GitSource(canonical_repository(url), reference)


def canonical_repository(url: str) -> str:
    """Return a repository's URL as cargo compares it: no trailing slash or `.git`, GitHub in lower case."""
    url = url.partition("#")[0].partition("?")[0].removesuffix("/")
    scheme, separator, rest = url.partition("://")
    if separator:
        host, slash, path = rest.partition("/")
        url = f"{scheme.lower()}://{host.lower()}{slash}{path}"
        if host.lower() == "github.com":
            url = f"https://{host.lower()}{slash}{path.lower()}"
    return url.removesuffix(".git")


def _unquote(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    from urllib.parse import unquote_plus  # noqa: PLC0415  only for the few branch names that need quoting

    return unquote_plus(text)
