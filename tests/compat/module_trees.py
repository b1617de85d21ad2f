"""Random trees of modules, spread over files by all the means Rust has for it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

NAMES = ("a", "b")
ODD_NAMES = ("default", "union", "raw", "u8", "str", "auto", "r#match", "macro_rules", "safe")
FOLDERS = [""] + [f"{x}/" for x in NAMES] + [f"{x}/{y}/" for x in NAMES for y in NAMES]
DEEPEST = 3
FORWARD = "macro_rules! forward { ($($t:tt)*) => { $($t)* } }\n"


def draw_tree(random: Random) -> dict[str, str]:
    """Return the files of a library, root `lib.rs`; nothing reaches most of them, and some trees do not compile."""
    counter = iter(range(1_000_000))
    files = {}
    for folder in FOLDERS:
        for name in NAMES:
            is_leaf = folder.count("/") > 1 or random.random() < 0.4
            files[f"{folder}{name}.rs"] = "" if is_leaf else _text(random, counter, 1)
        files |= {f"{folder}{name.removeprefix('r#')}.rs": "" for name in ODD_NAMES}
    files["lib.rs"] = FORWARD + _text(random, counter, 0)
    return files


def _text(random: Random, counter: Iterator[int], depth: int) -> str:
    taken: set[str] = set()
    return "".join(_item(random, counter, depth, taken) for _ in range(random.randint(1, 3)))


def _item(random: Random, counter: Iterator[int], depth: int, taken: set[str]) -> str:
    one, two, odd, number = random.choice(NAMES), random.choice(NAMES), random.choice(ODD_NAMES), next(counter)
    inner = _text(random, counter, depth + 1) if depth < DEEPEST else ""
    fresh, own, item = f"m{number}", "", ""
    match random.randrange(14):
        case 0:
            own, item = one, f"mod {one};"
        case 1:
            item = f'#[path = "{one}.rs"] mod {fresh};'
        case 2:
            item = f'#[path = "{one}/{two}.rs"] mod {fresh};'
        case 3:
            own, item = one, f"mod {one} {{ {inner} }}"
        case 4:
            item = f'#[path = "{one}"] mod {fresh} {{ {inner} }}'
        case 5:
            own, item = one, f'mod {one} {{ #![path = "{two}"] {inner} }}'
        case 6:
            item = f'#[cfg_attr(all(), path = "{one}.rs")] mod {fresh};'
        case 7:
            item = f'mod {fresh} {{ include!("{one}/{two}.rs"); }}'
        case 8:
            item = f'const C{number}: &str = include_str!("{one}/{two}.rs");'
        case 9:
            item = f'forward! {{ #[path = "{one}.rs"] mod {fresh}; }}'
        case 10:
            own, item = (
                one,
                f"macro_rules! {fresh} {{ () => {{ #[allow(unused)] pub(crate) mod {one}; }} }} {fresh}!();",
            )
        case 11:
            own, item = odd, f"mod {odd};"
        case 12:
            own, item = odd, f"forward! {{ pub(in crate) mod {odd}; }}"
        case _:
            own, item = one, f"#[doc(hidden)] // a\n#[allow(unused)] pub(in crate) mod /* b */ {one} /* c */ ;"
    if own in taken:
        return ""
    taken.update([own] if own else [])
    return item + "\n"
