"""What functions and methods of the standard library do to a value that is followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

VARIABLES: Final = frozenset({"std::env::var", "std::env::var_os", "proc_macro::tracked_env::var"})
"""Functions that read a variable of the environment."""

PLACES: Final[Mapping[str, str]] = {
    "std::env::temp_dir": "the folder for temporary files",
    "std::env::current_dir": "the working directory",
    "std::env::current_exe": "the program itself",
    "std::env::home_dir": "the home folder",
    "dirs::home_dir": "the home folder",
    "home::home_dir": "the home folder",
    "home::cargo_home": "the home folder",
}

CONTENTS: Final = frozenset({"std::fs::read", "std::fs::read_to_string", "std::io::read_to_string"})
"""Functions that give what a file holds."""

EMPTY_TEXTS: Final = frozenset({
    "String::new", "PathBuf::new", "OsString::new", "String::with_capacity", "String::default", "PathBuf::default",
})  # fmt: skip
EMPTY_LISTS: Final = frozenset({
    "Vec::new", "Vec::with_capacity", "HashMap::new", "HashSet::new", "BTreeMap::new", "BTreeSet::new",
    "Default::default",
})  # fmt: skip

CONSTRUCTORS: Final = frozenset({
    "Path::new", "PathBuf::from", "String::from", "OsString::from", "OsStr::new", "OsStr::from_bytes", "CString::new",
    "CStr::from_bytes_with_nul", "Box::new", "Rc::new", "Arc::new", "Cow::from", "iter::once", "iter::repeat",
    "String::from_utf8", "String::from_utf8_lossy", "String::from_utf8_unchecked", "String::from_iter",
    "str::from_utf8", "str::from_utf8_unchecked", "AsRef::as_ref", "Into::into", "From::from", "ToString::to_string",
    "ToOwned::to_owned", "Clone::clone", "hint::black_box", "mem::take", "which::which", "fs::canonicalize",
    "path::absolute", "dunce::canonicalize",
})  # fmt: skip
"""Functions that give back their first argument in another type; so do those whose names are capitalised."""

TRANSPARENT: Final = frozenset({
    "as_bytes", "as_c_str", "as_deref", "as_deref_mut", "as_encoded_bytes", "as_mut", "as_os_str", "as_path", "as_ptr",
    "as_ref", "as_slice", "as_str", "borrow", "borrow_mut", "by_ref", "bytes", "canonicalize", "chars", "clone",
    "cloned", "components", "context", "copied", "deref", "display", "drain", "enumerate", "err", "expect", "filter",
    "find", "first", "flatten", "fuse", "get", "get_mut", "inspect", "into", "into_boxed_path", "into_boxed_str",
    "into_bytes", "into_encoded_bytes", "into_inner", "into_iter", "into_os_string", "into_owned", "into_string",
    "iter", "iter_mut", "last", "leak", "lock", "map_err", "max", "min", "next", "next_back", "nth", "ok", "ok_or",
    "ok_or_else", "peekable", "pop", "read", "remove", "skip", "skip_while", "step_by", "take", "take_while",
    "to_os_string", "to_owned", "to_path_buf", "to_str", "to_string", "to_string_lossy", "to_vec", "trim", "trim_end",
    "trim_end_matches", "trim_matches", "trim_start", "trim_start_matches", "try_into", "unwrap", "unwrap_or_default",
    "unwrap_unchecked", "windows", "with_context", "with_extension",
})  # fmt: skip
"""Methods that give back what they are called on, or a part of a collection of it."""

EITHER: Final = frozenset({"unwrap_or", "or", "chain", "xor", "zip", "insert", "get_or_insert"})
"""Methods that give back what they are called on, or their argument."""

CLOSURES: Final[Mapping[str, bool]] = {
    "and_then": False, "filter_map": False, "find_map": False, "flat_map": False, "fold": False, "map": False,
    "map_or": False, "map_or_else": False, "map_while": False, "scan": False, "then": False, "then_some": False,
    "get_or_init": True, "get_or_insert_with": True, "or_else": True, "unwrap_or_else": True,
}  # fmt: skip
"""Methods that give back what a closure gives; True where it may also be what they are called on."""

ALTERING: Final = frozenset({
    "char_indices", "dedup", "extension", "file_name", "file_stem", "lines", "make_ascii_lowercase", "parse", "repeat",
    "replace", "replacen", "rev", "rfind", "rsplit", "rsplit_once", "rsplitn", "sort", "split", "split_at", "split_off",
    "split_once", "split_paths", "split_terminator", "split_whitespace", "splitn", "strip_prefix", "strip_suffix",
    "to_ascii_lowercase", "to_ascii_uppercase", "to_lowercase", "to_uppercase",
})  # fmt: skip
"""Methods that make something else of what they are called on; what was known text is known no more."""
