"""However a program's name is put together, starting it never looks better than a name that nobody could read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.surfaces import analysed, with_build_script

WRAPPERS = (
    "{0}.to_string()",
    "String::from({0})",
    "({0}).to_owned()",
    "std::path::PathBuf::from({0})",
    "Some({0}).unwrap()",
    "Some({0}).map(|x| x).unwrap()",
    "[{0}][0]",
    "vec![{0}].remove(0)",
    "{{ let y = {0}; y }}",
    "if cfg!(unix) {{ {0} }} else {{ {0} }}",
    "match 1 {{ _ => {0} }}",
    'format!("{{}}", {0})',
    "same({0})",
    "(|x| x)({0})",
    "Holder {{ field: {0} }}.field",
    "loop {{ break {0}; }}",
    "other::change({0})",
    "std::iter::once({0}).next().unwrap()",
    "String::from_utf8(({0}).into_bytes()).unwrap()",
    'std::env::var("UNSET").unwrap_or({0})',
    "hand_on!({0})",
    "unsafe {{ {0} }}",
    "({0}, 1).0",
    "&*{0}",
    "({0}).trim().to_lowercase()",
)
DEFINITIONS = (
    "fn same<T>(x: T) -> T { x }\nstruct Holder<T> { field: T }\n"
    'macro_rules! hand_on { ($e:expr) => { $e } }\nconst WHOLE: &str = "curl";\n'
)
leaves = st.sampled_from([
    '"curl"', 'r"curl"', "WHOLE", 'concat!("cu", "rl")', '["cu", "rl"].concat()', '("cu".to_string() + "rl")',
    'std::str::from_utf8(b"curl").unwrap()',
])  # fmt: skip
expressions = st.tuples(leaves, st.lists(st.sampled_from(WRAPPERS), max_size=5))


@given(expressions)
def test_no_way_to_write_a_name_hides_that_a_program_is_started(expression: tuple[str, list[str]]) -> None:
    text, wrappers = expression
    for wrapper in wrappers:
        text = wrapper.format(text)
    script = f"{DEFINITIONS}fn main() {{ std::process::Command::new({text}).spawn(); }}\n"
    assert analysed(with_build_script(script)).grade >= 2
