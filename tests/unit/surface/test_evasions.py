"""Attempts to hide what build-time code does, and honest code that looks like an attack."""

from __future__ import annotations

import pytest

from tests.surfaces import analysed, graded, published, with_build_script, with_proc_macro

NAMES = [
    'use std::process::Command as C; fn main() { C::new("curl").spawn(); }',
    'use ::std::process::Command; fn main() { Command::new("curl").spawn(); }',
    'use std::{process::{self as p, Stdio}, env}; fn main() { p::Command::new("curl").spawn(); }',
    'use std::process::{Command as C}; type D = C; fn main() { D::new("curl").spawn(); }',
    'type T = std::process::Command; fn main() { <T>::new("curl").spawn(); }',
    'extern crate std as quiet; use quiet::process as p; fn main() { p::Command::new("curl").spawn(); }',
    'extern crate alloc; use std as s; use s::process::*; fn main() { Command::new("curl").spawn(); }',
    'use std::*; fn main() { process::Command::new("curl").spawn(); }',
    'fn main() { use std::process as q; q::Command::new("curl").spawn(); }',
    'fn main() { <std::process::Command>::new("curl").spawn(); }',
    'use std::process::Command; fn main() { (Command::new)("curl").spawn(); }',
    'use std::process as a; use a as b; use b as c; use c as d; use d as e; fn main() { e::Command::new("curl"); }',
    'use std::process::Command; fn main() { Command::new::<&str>("curl").spawn(); }',
    'fn main() { r#std :: /* here */ r#process :: r#Command :: r#new ("curl").spawn(); }',
    'use std::process::Command; trait Go { fn go(); } impl Go for Command { fn go() { Self::new("curl").spawn(); } }',
    'mod a { pub use std::process as b; } mod c { pub use super::a::b as d; } fn main() { c::d::Command::new("nc"); }',
    'mod a { pub use std::process::Command as X; } use a::*; fn main() { X::new("curl").spawn(); }',
    'use std::process::Command; mod a { use super::*; pub fn go() { Command::new("curl").spawn(); } }',
    'mod a { pub use std::process::*; } use a::Command as X; fn main() { X::new("curl").spawn(); }',
    'mod a { pub use std::process::*; } fn main() { a::Command::new("curl").spawn(); }',
    'macro_rules! m { () => { std::process::Command::new("curl").spawn() }; } fn main() { m!(); }',
    'fn main() { println!("{:?}", std::process::Command::new("curl").status()); }',
    'fn main() { assert!(vec![std::process::Command::new("curl").status().is_ok()][0]); }',
    'macro_rules! quote { ($($t:tt)*) => { $($t)* } } fn main() { quote!(std::process::Command::new("curl")); }',
    'use helper::quote; fn main() { quote!(std::process::Command::new("curl").spawn()); }',
    '#[cfg(not(test))] fn go() { std::process::Command::new("curl").spawn(); } fn main() { go() }',
    'fn main() { let run = |p: &str| std::process::Command::new(p).spawn(); run("curl"); }',
    'fn main() { ["curl"].iter().for_each(|p| { std::process::Command::new(p).spawn().ok(); }); }',
]

VALUES = [
    'const P: &str = "curl"; fn main() { C::new(P).spawn(); }',
    'static P: [&str; 2] = ["ls", "curl"]; fn main() { C::new(P[1]).spawn(); }',
    'mod a { pub const P: &str = "curl"; } fn main() { C::new(a::P).spawn(); }',
    'use a::P as Q; mod a { pub const P: &str = "curl"; } fn main() { C::new(Q).spawn(); }',
    'fn main() { let p = "cu".to_string() + "rl"; C::new(p).spawn(); }',
    'fn main() { let p = format!("{}{}", "cu", "rl"); C::new(&p).spawn(); }',
    'fn main() { let a = "rl"; C::new(format!("cu{a}")).spawn(); }',
    'fn main() { C::new(format!("{a}{0}", "rl", a = "cu")).spawn(); }',
    'fn main() { C::new(concat!("cu", "rl")).spawn(); }',
    'fn main() { C::new(["cu", "rl"].concat()).spawn(); }',
    'fn main() { C::new(vec!["c", "u", "r", "l"].join("")).spawn(); }',
    "fn main() { C::new(['c', 'u', 'r', 'l'].iter().collect::<String>()).spawn(); }",
    "fn main() { C::new(String::from_utf8(vec![b'c', b'u', b'r', b'l']).unwrap()).spawn(); }",
    "fn main() { C::new(std::str::from_utf8(&[99, 117, 0x72, 0b1101100]).unwrap()).spawn(); }",
    'fn main() { C::new(std::str::from_utf8(b"curl").unwrap()).spawn(); }',
    'fn main() { C::new(r#"curl"#).spawn(); }',
    'fn main() { C::new("\\x63\\u{75}rl").spawn(); }',
    'fn main() { C::new("cu\\\n        rl").spawn(); }',
    'fn main() { let mut p = String::from("cu"); p.push_str("rl"); C::new(p).spawn(); }',
    'fn main() { let mut p = String::from("cu"); p += "rl"; C::new(p).spawn(); }',
    'fn main() { C::new("/usr/bin/curl").spawn(); }',
    'fn main() { C::new("CURL.exe").spawn(); }',
    'fn name() -> &\'static str { if cfg!(unix) { return "curl"; } "ls" } fn main() { C::new(name()).spawn(); }',
    'fn go(p: &str) { C::new(p).spawn(); } fn main() { go("curl"); }',
    'struct T; impl T { fn go(&self, p: &str) { C::new(p).spawn(); } } fn main() { T.go("curl"); }',
    'struct T; impl T { fn go(&self, p: &str) { C::new(p).spawn(); } } fn main() { T::go(&T, "curl"); }',
    'struct S { p: &\'static str } fn main() { let s = S { p: "curl" }; C::new(s.p).spawn(); }',
    'fn main() { let p; p = "curl"; C::new(p).spawn(); }',
    'fn main() { let (p, _q) = ("curl", 1); C::new(p).spawn(); }',
    'fn main() { for p in ["curl", "ls"] { C::new(p).spawn(); } }',
    'fn main() { if let Some(p) = Some("curl") { C::new(p).spawn(); } }',
    'fn main() { match "curl" { p => C::new(p).spawn(), }; }',
    'fn main() { C::new(Some("x").map(|_| "curl").unwrap()).spawn(); }',
    'fn main() { C::new(std::env::var("X").unwrap_or_else(|_| "curl".into())).spawn(); }',
    'fn main() { C::new(std::env::var("RUSTC").unwrap_or("curl".to_owned())).spawn(); }',
    'fn main() { let p = { let q = "curl"; q }; C::new(p).spawn(); }',
    'macro_rules! name { () => { "curl" } } fn main() { C::new("curl").arg(name!()).spawn(); }',
]

COMPUTED = [
    'macro_rules! go { ($t:ty) => { <$t>::new("curl") } } fn main() { go!(std::process::Command).spawn(); }',
    'fn main() { let f = paste::paste! { std::process::[<Com mand>]::new }; f("curl").spawn(); }',
    'macro_rules! env { ($a:expr) => { hidden() } } fn main() { C::new(env!("RUSTC")).spawn(); }',
    'macro_rules! m { ($e:expr) => {{ let _ = $e; "x" }} } fn main() { C::new(m!(std::env::var("RUSTC"))).spawn(); }',
    'fn main() { let mut p = std::env::var("RUSTC").unwrap(); fill(&mut p); C::new(p).spawn(); }',
    'fn main() { let mut p = Path::new(&env!("RUSTC")).to_owned(); p.set_file_name("x"); C::new(p).spawn(); }',
    'macro_rules! m { ($p:literal) => { std::process::Command::new($p).spawn() }; } fn main() { m!("curl"); }',
    "fn main() { let p: String = [98u8, 116].iter().map(|b| (b ^ 1) as char).collect(); C::new(p).spawn(); }",
    'fn main() { C::new("lruc".chars().rev().collect::<String>()).spawn(); }',
    'fn main() { let go = C::new; go("curl"); }',
    'fn main() { let go = C::new::<&str>; go("curl"); }',
    'fn main() { run(C::new, "curl"); }',
    'const GO: fn(&str) -> C = C::new; fn main() { GO("curl"); }',
    'macro_rules! name { () => { "curl" } } fn main() { C::new(name!()).spawn(); }',
    "fn main() { C::new(other::name()).spawn(); }",
    'fn main() { C::new(std::fs::read_to_string("x").unwrap()).spawn(); }',
    'macro_rules! m { ($t:ty) => { <$t>::new("curl") } } fn main() { m!(C); }',
    'macro_rules! m { ($a:ident) => { std::process::$a::new("curl") } } fn main() { m!(Command); }',
    "fn f(p: &str) { g(p) } fn g(p: &str) { f(p); C::new(p).spawn(); } fn main() {}",
]

BENIGN = [
    'use clap::Command; fn main() { Command::new("curl").about("a tool"); }',
    'use url::Url; fn main() { let _ = Url::parse("x"); }',
    '/// See <https://raw.githubusercontent.com/x> and `std::process::Command::new("curl")`.\nfn main() {}',
    '#![doc(html_logo_url = "https://raw.githubusercontent.com/x/y.png")]\nfn main() {}',
    '#[deprecated(note = "see https://discord.com/x")] fn a() {} fn main() {}',
    'fn main() { panic!("please report this at https://github.com/x/y/issues"); }',
    'fn main() { std::env::var("OUT_DIR").expect("see https://tunnels.example.invalid/help"); }',
    'fn main() { eprintln!("the server 10.20.30.40 is only an example"); }',
    'fn main() { let _ = "127.0.0.1".parse::<std::net::IpAddr>(); }',
    "use std::net::{IpAddr, Ipv4Addr}; fn main() { let _ = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1)); }",
    'fn main() { let version = "1.2.3.4"; let _ = version; }',
    'fn main() { let token = "TOKENS"; let secret = token.len(); let _ = secret; }',
    "struct Token; enum Secret { Password, ApiKey } fn token(secret: Token) -> Token { secret } fn main() {}",
    'fn main() { println!("{}", env!("CARGO_PKG_NAME")); }',
    "const K: [u32; 4] = [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5]; fn main() {}",
    'fn main() { match ".tdata" { "tdata" | "Cookies" | "PhantomData" | "keystore" => {} _ => {} } }',
    "fn main() { let command = 1; let curl = command; struct Command; let _ = (curl, Command); }",
    "enum Word { Command, Library, TcpStream } fn main() { let _ = [Word::Command, Word::Library]; }",
    'fn main() { let ext = "settings.env"; let _ = format!("{}.env", ext); }',
    '#[cfg(test)] mod tests { use std::net::TcpStream; fn a() { TcpStream::connect("x:1"); } } fn main() {}',
    "fn open(read: bool, write: bool) -> bool { read && write } fn main() { open(true, false); }",
    "mod home { pub fn dir() {} } fn main() { home::dir(); }",
    'fn main() { let s = "cargo: not found"; let t = "https://"; let _ = (s, t); }',
    "fn main() { let x = 3u64; let _ = x ^ 5; }",
    'fn main() { std::env::var("CARGO_FEATURE_TOKEN").ok(); std::env::var("DEP_Z_SECRET").ok(); }',
]

PROBES = [
    (
        'macro_rules! otry { ($e:expr) => { match $e { Some(e) => e, None => panic!("no rustc {}", 1) } } }'
        ' fn main() { std::process::Command::new(otry!(std::env::var_os("RUSTC"))).output(); }'
    ),
    # The compiler named by cargo, with and without a wrapper, in the ways well-known crates ask it.
    (
        'use std::{env, process::Command}; fn main() { let c = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());'
        ' Command::new(c).arg("--version").output(); }'
    ),
    (
        "use std::{env, iter, process::Command}; fn cargo_env_var(n: &str) -> String { env::var(n).unwrap() }"
        ' fn main() { let rustc = cargo_env_var("RUSTC"); let out_dir = cargo_env_var("OUT_DIR");'
        ' let w = env::var_os("RUSTC_WRAPPER").filter(|w| !w.is_empty());'
        " let mut rustc = w.into_iter().chain(iter::once(rustc.into()));"
        " let mut cmd = Command::new(rustc.next().unwrap()); cmd.args(rustc).arg(out_dir); cmd.status(); }"
    ),
    (
        "use std::{env, ffi::OsString, process::{self, Command}}; fn rustc() -> Option<OsString> {"
        ' match env::var_os("RUSTC") { Some(r) => Some(r), None => return None } }'
        " fn main() { let Some(rustc) = rustc() else { process::exit(1) }; Command::new(&rustc).output(); }"
    ),
    (
        "macro_rules! try_some { ($e:expr) => { match $e { Some(v) => v, None => return None } }; }"
        ' fn minor() -> Option<u32> { let rustc = try_some!(std::env::var_os("RUSTC"));'
        " let out = try_some!(std::process::Command::new(rustc).output().ok()); None } fn main() { minor(); }"
    ),
    (
        "use std::{env, path::Path, process::Command}; struct Probe { rustc: String } impl Probe { fn new() -> Self {"
        ' Self { rustc: env::var("RUSTC").unwrap() } } fn run(&self) { Command::new(&self.rustc).status(); } }'
        " fn main() { Probe::new().run(); }"
    ),
    'fn main() { let cc = std::env::var("CC").unwrap_or_else(|_| "cc".to_string()); std::process::Command::new(cc); }',
    'fn main() { let tool = cc::Build::new().get_compiler(); std::process::Command::new(tool.path()).arg("-v"); }',
    (
        'use std::{env, fs, path::PathBuf}; fn main() { let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());'
        ' fs::create_dir_all(&out).unwrap(); let p = out.join("probe.rs"); fs::write(&p, "x").unwrap();'
        ' fs::remove_file(out.join("gen").join("y")).ok(); let mut q = out.clone(); q.push("z"); fs::File::create(q); }'
    ),
    (
        'fn main() { let p = concat!(env!("CARGO_MANIFEST_DIR"), "/src/x.txt"); std::fs::read_to_string(p).unwrap();'
        ' std::fs::read("data/table.bin").unwrap(); println!("cargo:rerun-if-changed=data/table.bin"); }'
    ),
    'fn main() { for (key, _) in std::env::vars() { if key.starts_with("CARGO_FEATURE_") { println!("x"); } } }',
    'fn main() { cc::Build::new().file("a.c").compile("a"); cmake::build("lib"); println!("cargo:rustc-link-lib=a"); }',
    'fn main() { println!("cargo:rustc-env=BUILD_TARGET={}", std::env::var("TARGET").unwrap()); }',
]


@pytest.mark.parametrize("code", NAMES)
def test_a_program_is_found_by_whatever_name_it_is_started(code: str) -> None:
    assert graded(analysed(with_build_script(code))).get("process/network-tool") == 3


@pytest.mark.parametrize("code", VALUES)
def test_a_program_is_found_however_its_name_is_written(code: str) -> None:
    script = with_build_script(f"use std::process::Command as C; {code}")
    assert graded(analysed(script)).get("process/network-tool") == 3


@pytest.mark.parametrize("code", COMPUTED)
def test_a_program_that_cannot_be_read_from_the_code_deserves_a_look(code: str) -> None:
    assert analysed(with_build_script(f"use std::process::Command as C; {code}")).grade >= 2


@pytest.mark.parametrize("code", BENIGN)
def test_what_only_looks_dangerous_stays_expected(code: str) -> None:
    found = graded(analysed(with_build_script(code)))
    assert {rule: grade for rule, grade in found.items() if grade} == {}


@pytest.mark.parametrize("code", PROBES)
def test_what_build_scripts_ordinarily_do_is_at_most_a_note(code: str) -> None:
    found = graded(analysed(with_build_script(code)))
    assert {rule: grade for rule, grade in found.items() if grade > 1} == {}
    assert not found.keys() & {"process/unresolved", "fs-write/untraced", "fs-write/outside"}


@pytest.mark.parametrize(
    "dependency",
    [
        'ureq = "2"',
        'quiet = { package = "ureq", version = "2" }',
        'harmless-name = { package = "ureq", version = "2" }',
    ],
)
def test_a_renamed_dependency_is_the_package_it_is(dependency: str) -> None:
    name = dependency.partition(" ")[0].replace("-", "_")
    files = {"build.rs": f'fn main() {{ {name}::get("x").call(); }}', "src/lib.rs": ""}
    for table in ("build-dependencies", "target.'cfg(unix)'.build-dependencies"):
        assert graded(analysed(published(files, tables=f"[{table}]\n{dependency}\n")))["network/crate"] == 3


def test_names_of_other_files_count_through_modules_and_inclusion() -> None:
    files = {
        "build.rs": 'mod a; mod b; include!("c.txt"); fn main() { b::go(); last(); }',
        "a.rs": "pub use std::process::Command as X;",
        "b.rs": 'use crate::a::X; pub fn go() { X::new("curl").spawn(); }',
        "c.txt": 'fn last() { Y::new("wget").spawn(); } use std::process::Command as Y;',
        "src/lib.rs": "",
    }
    details = {each.detail for each in analysed(published(files)).evidence if each.rule == "process/network-tool"}
    assert details == {"curl", "wget"}


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ('mod a; use a::*; fn main() { Command::new("curl"); }', "pub use std::process::*;"),
        ('mod a; fn main() { a::Command::new("curl"); }', "pub use std::process::*;"),
        ("use std::process::*; mod a; fn main() { a::go() }", 'use super::*; pub fn go() { Command::new("curl"); }'),
    ],
)
def test_all_names_of_a_module_go_through_the_modules_of_the_crate(above: str, below: str) -> None:
    analysis = analysed(with_build_script(above, {"a.rs": below}))
    assert graded(analysis)["process/network-tool"] == 3


def test_a_variant_of_an_enumeration_is_no_use_of_what_has_its_name() -> None:
    code = "use syn::*; enum Kind { Command(Ident), TcpStream } fn f(k: Kind) { matches!(k, Kind::Command(_)); }"
    found = graded(analysed(with_proc_macro(code)))
    assert not found.keys() & {"process/unseen", "network/unseen"}


def test_an_instruction_for_cargo_is_found_however_it_is_put_together() -> None:
    code = 'fn main() { let k = ["cargo:rustc", "link", "arg=-x"].join("-"); println!("{k}"); }'
    assert graded(analysed(with_build_script(code)))["linker/arguments"] == 2


def test_a_variable_that_is_set_to_a_program_starts_that_program() -> None:
    set_variable = 'fn main() {{ std::env::set_var("RUSTC", {}); }}'
    assert graded(analysed(with_build_script(set_variable.format('"./wrapper"'))))["process/own-file"] == 3
    from_elsewhere = graded(analysed(with_build_script(set_variable.format("other::path()"))))
    assert from_elsewhere["env-write/process"] == 1
    assert "process/unresolved" not in from_elsewhere


@pytest.mark.parametrize(
    ("argument", "grade"),
    [
        ('format!("https://wrenfold.invalid/{x}")', 2),
        ('format!("unknown {x}, see https://wrenfold.invalid/help")', 0),
        ('syn::Error::new_spanned(x, "bad; see https://wrenfold.invalid/help")', 0),
        ('Error::new(x, "https://wrenfold.invalid/help")', 2),
    ],
)
def test_an_address_in_a_message_is_one_for_people(argument: str, grade: int) -> None:
    code = f"struct Error; impl Error {{ fn new(a: u8, b: &str) {{}} }} fn main() {{ send({argument}); }}"
    found = graded(analysed(with_build_script(code)))
    assert max(value for rule, value in found.items() if rule.startswith("address/")) == grade


def test_what_a_macro_gives_out_counts_as_code_of_the_product() -> None:
    emitted = "quote::quote! { std::net::TcpStream::connect(x); unsafe { y() } }"
    code = f"use proc_macro::TokenStream; #[proc_macro] pub fn go(i: TokenStream) -> TokenStream {{ {emitted}.into() }}"
    found = graded(analysed(with_proc_macro(code)))
    assert found["network/std"] == 2
    assert not found["unsafe/block"]
