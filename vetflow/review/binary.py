"""Which files are text to a reviewer: vetflow's decision, by name and content, never git's or the crate's.

Source code is text whatever is in it: the compiler accepts a NUL in a comment or a string, so a NUL must not hide a
line. Of every other file with a NUL a reviewer is told what it is, how large, and both hashes (shared spec ux 1.1 (f)).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from vetflow.model.contents import CrateFile
from vetflow.review.patches import Binary
from vetflow.surface.blobs import BlobKind, find_blob

_SOURCE: Final = re.compile(
    r"rs|toml|lock|orig|in|inc|inl|md|txt|rc|def|map|json|ya?ml|xml|html|css|[cm]?js|ts|py|pl|rb|lua|sql|idl|udl"
    r"|(?:ba|z|fi)?sh|ps1|bat|cmd|c|h|cc|cpp|cxx|hh|hpp|hxx|mm?|cu|s|asm|nasm|lds?|cmake|mk|a[mc]|m4|proto|pest|lalrpop"
    r"|g4|go|java|kt|swift|zig|nix|wa[st]|witx?"
)
_SOURCE_NAMES: Final = frozenset({"configure", "makefile", "gnumakefile", "dockerfile", "justfile", "build", "license"})
_HEAD: Final = 16


def binary(file: CrateFile, code: Collection[str] = ()) -> Binary | None:
    """Return what is told of a file that is not shown line by line, None for text.

    code: paths of Rust source, which may have any name.
    """
    if b"\0" not in file.content or file.path in code or _is_source(file):
        return None
    blob = find_blob(file)
    return Binary(None if blob is None or blob.kind is BlobKind.DATA else blob.format, file.content[:_HEAD])


def _is_source(file: CrateFile) -> bool:
    name = file.path.rpartition("/")[2].lower()
    stem, _, suffix = name.rpartition(".")
    is_source = bool(_SOURCE.fullmatch(suffix)) if stem else name in _SOURCE_NAMES
    return is_source or file.content.startswith(b"#!")
