"""Each rule of the table fires, with the grade the table gives it; what cannot be told is listed."""

from __future__ import annotations

import pytest

from tests.crates import contents_of
from tests.surfaces import analysed, graded, rules, with_build_script
from vetflow.model.contents import CrateFiles
from vetflow.surface.capabilities import find_evidence, undecided
from vetflow.surface.evidence import Evidence
from vetflow.surface.rust import parse_rust
from vetflow.surface.tiers import Grade, Tier
from vetflow.surface.units import CodeUnit, Role

FIRES: dict[str, str] = {
    "process/toolchain-variable": 'std::process::Command::new(std::env::var("RUSTC").unwrap());',
    "process/known-tool": 'std::process::Command::new("git");',
    "process/variable": 'std::process::Command::new(std::env::var("WRENFOLD_TOOL").unwrap());',
    "process/tool-online": 'std::process::Command::new("git").args(["clone", "x"]);',
    "process/redirected": 'std::process::Command::new("rustc").arg("-Clinker=./x");',
    "process/other": 'std::process::Command::new("wrenfold-helper");',
    "process/unresolved": "std::process::Command::new(other::name());",
    "process/unseen": 'mix!(Command "x");',
    "process/system-call": "libc::system(x);",
    "process/shell": 'std::process::Command::new("sh");',
    "process/network-tool": 'std::process::Command::new("wget");',
    "process/privileges": 'std::process::Command::new("chmod");',
    "process/identity-tool": 'std::process::Command::new("whoami");',
    "process/interpreter": 'std::process::Command::new("perl");',
    "process/own-file": 'std::process::Command::new("./configure");',
    "process/method": "prepared.spawn();",
    "network/std": 'std::net::TcpStream::connect("x:1");',
    "network/crate": 'ureq::get("x");',
    "network/unseen": 'mix!(TcpStream "x");',
    "fs-write/out-dir": 'std::fs::write(format!("{}/x", env!("OUT_DIR")), "");',
    "fs-write/outside": 'std::fs::write("src/lib.rs", "");',
    "fs-write/untraced": 'std::fs::write(other::path(), "");',
    "fs-write/permissions": "use std::os::unix::fs::PermissionsExt; std::fs::set_permissions(p, q);",
    "fs-read/package": 'std::fs::read("data.bin");',
    "fs-read/other": 'std::fs::read("/usr/include/x.h");',
    "fs-read/untraced": "std::fs::read(other::path());",
    "fs-walk/directories": 'walkdir::WalkDir::new(".");',
    "env-secret/variable": 'std::env::var("WRENFOLD_TOKEN");',
    "env-read/toolchain": 'std::env::var("CARGO_CFG_UNIX");',
    "ci/variable": 'std::env::var("GITHUB_ACTIONS");',
    "identity/variable": 'std::env::var("HOME");',
    "env-read/other": 'std::env::var("WRENFOLD");',
    "env-read/unresolved": "std::env::var(other::name());",
    "env-dump/all": "for (a, b) in std::env::vars() { f(a, b); }",
    "env-dump/filtered": 'for (a, _) in std::env::vars() { if a.starts_with("CARGO_CFG_") { f(a); } }',
    "env-write/process": 'std::env::set_var("A", "b");',
    "identity/host": "whoami::username();",
    "identity/temporary": "std::env::temp_dir();",
    "secret-path/string": 'f("~/.ssh/id_rsa");',
    "address/documentation": 'f("https://docs.rs/x");',
    "address/prose": 'panic!("see https://wrenfold.invalid/help");',
    "address/exfiltration": 'f("https://api.telegram.org/bot");',
    "address/metadata-service": 'f("http://169.254.169.254/latest");',
    "address/numeric": 'f("198.18.7.9:4444");',
    "address/other": 'f("https://wrenfold.invalid/x");',
    "secret-word/string": 'f("PRIVATE_KEY");',
    "dynamic-loading/library": 'libloading::Library::new("x");',
    "dynamic-loading/unseen": 'mix!(Library "x");',
    "interpreter/embedded": "watt::run();",
    "ffi/foreign-code": 'extern "C" { fn f(); }',
    "ffi/assembly": 'core::arch::asm!("nop");',
    "ffi/libc": "libc::getpid();",
    "unsafe/block": "unsafe { f() }",
    "unsafe/transmute": "std::mem::transmute(x);",
    "names/assembled": "macro_rules! m { ($a:ident) => { std::$a::f() } }",
    "names/lost": "".join(f"use a{n} as a{n + 1}; " for n in range(12)) + "a12::f();",
    "linker/arguments": 'println!("cargo:rustc-link-arg=-x");',
    "linker/environment": 'println!("cargo::rustc-env=RUSTC_WRAPPER=x");',
    "linker/assembled": 'println!("cargo:{}={}", other::a(), b);',
    "linker/library": 'println!("cargo:rustc-link-lib=z");',
    "linker/declared-library": 'cc::Build::new(); println!("cargo:rustc-link-lib=z");',
    "linker/shipped-object": 'println!("cargo:rustc-link-lib=static=shipped");',
    "directive/ordinary": 'println!("cargo:rustc-cfg=x");',
    "code-generation/tokens": "quote::quote!(x);",
    "code-generation/from-text": "other::text().parse::<TokenStream>();",
    "encoded/crate": 'base64::decode("x");',
    "encoded/data": f'f("{"aZ3bY4cX5dW6eV7fU8gT9h" * 6}");',
    "encoded/table": f"f([{'1, 2, 3, 4, ' * 20}]);",
    "encoded/arithmetic": "x.iter().map(|b| (b ^ 7) as char);",
    "compression/crate": "flate2::read::GzDecoder::new(x);",
    "time/changing": "std::time::SystemTime::now();",
    "native-build/crate": "cc::Build::new();",
    "rust-probing/crate": "autocfg::new();",
    "rust-probing/cargo": "cargo_metadata::MetadataCommand::new();",
    "combination/take-out": 'ureq::get("x"); std::env::vars();',
    "combination/identify": 'ureq::get("x"); whoami::username();',
    "combination/search": 'ureq::get("x"); walkdir::WalkDir::new("."); f("PRIVATE_KEY");',
    "combination/bring-in": 'ureq::get("x"); base64::decode(x);',
    "combination/fetch-and-run": 'ureq::get("x"); std::process::Command::new("./x");',
    "combination/hidden-program": "base64::decode(x); std::process::Command::new(other::y());",
    "combination/drop-and-run": 'let p = "/tmp/x"; std::fs::write(p, y); std::fs::set_permissions(p, q);'
    " std::process::Command::new(p);",
    "combination/guarded": 'std::env::var("CI"); std::process::Command::new("wrenfold-helper");',
}
COMBINATIONS = {combination.rule.id: combination.rule for combination in rules().combinations}
ALL = {**rules().by_id, **COMBINATIONS}


def unit_of(role: Role, code: str, links: str | None = None) -> CodeUnit:
    file = parse_rust("code.rs", f"fn main() {{\n{code}\n}}\n".encode())
    package: CrateFiles = contents_of({"libshipped.a": b"!<arch>\n"})
    return CodeUnit(role, "code.rs", {"code.rs": file}, {}, links, package)


def find(role: Role, code: str, links: str | None = None) -> tuple[Evidence, ...]:
    return find_evidence(unit_of(role, code, links), rules())


def test_the_table_of_snippets_covers_the_table_of_rules() -> None:
    assert FIRES.keys() == ALL.keys()


@pytest.mark.parametrize("name", sorted(FIRES))
def test_each_rule_fires_with_its_grade_wherever_it_looks(name: str) -> None:
    for role in Role:
        found = [each for each in find(role, FIRES[name]) if each.rule == name]
        worth = ALL[name].worth.get(role)
        if worth is None:
            assert found == []
        elif not (name.startswith(("linker", "directive")) and role is not Role.BUILD_SCRIPT):
            assert [(each.grade, each.when_new) for each in found[:1]] == [(worth.grade, worth.when_new)]
            assert found[0].sentence == ALL[name].sentence
            assert found[0].tier is role.tier


def test_evidence_says_where_it_stands_and_how_it_came_to_mean_that() -> None:
    code = 'use std::process::Command as C;\nfn main() {\n    let tool = "curl";\n    C::new(tool).spawn();\n}\n'
    found = analysed(with_build_script(code)).evidence[0]
    assert (found.rule, found.detail, found.path, found.line) == ("process/network-tool", "curl", "build.rs", 4)
    assert found.text == "    C::new(tool).spawn();"
    assert found.chain == ("`C` is `std::process::Command` by a declaration",)
    assert (found.grade, found.tier) == (Grade.ALERT, Tier.BUILD_SCRIPT)


def test_a_renamed_package_and_a_computed_value_stand_in_the_chain() -> None:
    unit = unit_of(Role.BUILD_SCRIPT, 'quiet::get("x"); std::fs::write(other::path(), "");')
    found = find_evidence(unit._replace(dependencies={"quiet": ("ureq",)}), rules())
    chains = {each.rule: each.chain for each in found}
    assert chains["network/crate"] == ("`quiet` is the package `ureq`",)
    assert chains["fs-write/untraced"] == ("the argument is `<a value of the package other>`",)


def test_linking_is_expected_of_a_package_that_declares_its_library() -> None:
    code = 'println!("cargo:rustc-link-lib=z");'
    assert {each.rule for each in find(Role.BUILD_SCRIPT, code, links="z")} == {"linker/declared-library"}


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ('println!("cargo:{}=-x", "rustc-link-arg");', "linker/arguments"),
        ('let key = "rustc-link-arg"; println!("cargo:{key}=-x");', "linker/arguments"),
        ('print!("cargo:"); println!("rustc-link-arg=-x");', "linker/arguments"),
        ('println!(concat!("cargo:", "rustc-link-", "arg=x"));', "linker/assembled"),
        ('println!("cargo:rustc-env={}={}", other::name(), 1);', "linker/assembled"),
        ('println!("\\ncargo::rustc-link-arg-bins=-x");', "linker/arguments"),
        ('std::io::stdout().write_all(b"cargo:rustc-flags=-l x");', "linker/arguments"),
        ('println!("cargo:rustc-env=LD_PRELOAD=x");', "linker/environment"),
        ('println!("cargo:rustc-link-lib=static:+whole-archive=shipped");', "linker/shipped-object"),
    ],
)
def test_instructions_for_cargo_are_read_however_they_are_printed(code: str, rule: str) -> None:
    assert rule in {each.rule for each in find(Role.BUILD_SCRIPT, code)}


@pytest.mark.parametrize(
    "code",
    [
        'std::fs::write(std::path::Path::new(env!("OUT_DIR")).parent().unwrap().join("x"), "");',
        'std::fs::write(std::path::PathBuf::from(std::env::var("OUT_DIR").unwrap()).join("../../x"), "");',
        'let mut p = std::path::PathBuf::from(env!("OUT_DIR")); p.pop(); std::fs::write(p, "");',
        'std::fs::write(std::path::Path::new(env!("OUT_DIR")).join("/etc/x"), "");',
        'std::fs::copy(env!("OUT_DIR"), "/usr/lib/x");',
        'std::fs::rename(env!("OUT_DIR"), "/usr/lib/x");',
        'std::fs::OpenOptions::new().append(true).open("/etc/x");',
        'use std::fs::File; File::options().write(true).open("/etc/x");',
        'tokio::fs::write("/etc/x", "");',
        'std::os::unix::fs::symlink(env!("OUT_DIR"), "/etc/x");',
        'std::fs::remove_dir_all(std::env::var("HOME").unwrap());',
    ],
)
def test_writing_outside_the_folder_for_output_deserves_a_look(code: str) -> None:
    found = {each.rule: each.grade for each in find(Role.BUILD_SCRIPT, code)}
    assert found.get("fs-write/outside") == Grade.REVIEW


@pytest.mark.parametrize(
    "code",
    [
        'std::fs::read(home().join(".ssh").join("id_rsa"));',
        'let a = ".s"; std::fs::read(format!("{}/{a}sh/id_x", home()));',
        'std::fs::read(["/etc/", "passwd"].concat());',
        'std::fs::read(concat!("/proc/", "self", "/environ"));',
        'include_str!("/etc/passwd");',
        'std::fs::write("../../.git/hooks/pre-commit", "");',
        'f("C:\\\\Users\\\\x\\\\Microsoft\\\\Windows\\\\Start Menu\\\\Programs\\\\Startup\\\\x.bat");',
        'f("cat ~/.aws/credentials");',
        'f("Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\Run");',
        'f(b".npmrc");',
    ],
)
def test_files_that_hold_secrets_are_seen_in_whatever_way_they_are_named(code: str) -> None:
    found = {each.rule: each.grade for each in find(Role.BUILD_SCRIPT, code)}
    assert found.get("secret-path/string") == Grade.ALERT


@pytest.mark.parametrize(
    "code",
    [
        'option_env!("NPM_TOKEN");',
        'let n = "AWS_SECRET_ACCESS_KEY"; std::env::var(n);',
        'use std::env::var_os as v; v("DEPLOY_PRIVATE_KEY");',
        'for n in ["A_B", "GITHUB_TOKEN"] { std::env::var(n); }',
        'std::env::var(format!("{}_TOKEN", "GITHUB"));',
        'fn get(n: &str) { std::env::var(n); } get("CARGO_REGISTRY_TOKEN");',
        'std::env::var(format!("CARGO_REGISTRIES_{}_TOKEN", other::name()));',
    ],
)
def test_secrets_of_the_environment_are_seen_in_whatever_way_they_are_asked_for(code: str) -> None:
    found = {each.rule: each.grade for each in find(Role.BUILD_SCRIPT, code)}
    assert found.get("env-secret/variable") == Grade.ALERT


@pytest.mark.parametrize(
    "code",
    [
        "use std::net as n; n::UdpSocket::bind(x);",
        "use std::os::unix::net::UnixStream; UnixStream::connect(x);",
        'use std::net::ToSocketAddrs; "x:80".to_socket_addrs();',
        "use std::net::*; TcpStream::connect(x);",
        "std::net::ToSocketAddrs::to_socket_addrs(&x);",
        "let f = std::net::TcpStream::connect::<&str>;",
        "struct S(std::net::TcpStream);",
        "extern crate reqwest as quiet; quiet::blocking::get(x);",
        "use ureq;",
        "use aws_sdk_s3::Client;",
        'extern "C" { fn getaddrinfo(); }',
        'extern "C" { #[link_name = "connect"] fn harmless(); }',
        "use libc::{socket as s}; s(1, 2, 3);",
    ],
)
def test_the_network_is_seen_by_whatever_way_it_is_reached(code: str) -> None:
    assert max(each.grade for each in find(Role.PROC_MACRO, code) if each.capability == "network") == Grade.ALERT


def test_a_library_does_not_do_what_it_only_declares_for_others() -> None:
    declared = 'extern "C" { pub fn system(x: *const u8); #[link_name = "popen"] fn p(); }'
    assert "process/system-call" in {each.rule for each in find(Role.BUILD_SCRIPT, declared)}
    details = {each.detail for each in find(Role.HOST_LIBRARY, declared) if each.rule == "process/system-call"}
    assert details == {"popen"}
    called = find(Role.HOST_LIBRARY, f"{declared} system(x);")
    assert "system" in {each.detail for each in called if each.rule == "process/system-call"}


def test_a_decoy_does_not_hide_a_type_that_a_macro_gets() -> None:
    code = 'use std::process::Command; Command::new(env!("RUSTC")); mix!(Command, "curl");'
    assert "process/unseen" in {each.rule for each in find(Role.BUILD_SCRIPT, code)}


def test_an_import_that_is_never_used_deserves_a_look() -> None:
    found = find(Role.BUILD_SCRIPT, "pub use std::process::Command as X;")
    assert [(each.rule, each.grade) for each in found] == [("process/unseen", Grade.REVIEW)]


def test_code_too_large_to_follow_deserves_a_look_instead_of_none() -> None:
    layers = "".join(f"fn f{n}(x: &str) -> String {{ f{n + 1}(x) + &f{n + 1}(x) + &f{n + 1}(x) }}\n" for n in range(30))
    code = f'{layers} fn f30(x: &str) -> String {{ x.into() }} std::fs::write(f0("a"), "");'
    found = {each.rule: each.grade for each in find(Role.BUILD_SCRIPT, code)}
    assert max(found.values()) >= Grade.REVIEW


def test_deep_nesting_and_circles_end() -> None:
    deep = "(" * 3000 + '"curl"' + ")" * 3000
    circle = "use a::b as c; use c::d as a; type A = B; type B = A; c::x::y(); A::new();"
    code = f"std::process::Command::new({deep}); {circle} let x = y; let y = x; std::process::Command::new(x);"
    assert graded(analysed(with_build_script(f"fn main() {{ {code} }}")))["process/unresolved"] == 2


def told(role: Role, code: str, dependencies: dict[str, tuple[str, ...]] | None = None) -> list[str]:
    unit = unit_of(role, code)._replace(dependencies=dependencies or {})
    return [each.id for each in undecided(unit, find_evidence(unit, rules()), rules())]


def test_what_reading_cannot_tell_is_listed_with_the_code_it_applies_to() -> None:
    assert told(Role.BUILD_SCRIPT, "") == ["logic"]
    assert told(Role.PROC_MACRO, "") == ["logic", "emitted"]
    assert told(Role.BUILD_SCRIPT, "helper::go!();", {"helper": ("helper",)}) == [
        "dependencies", "macros", "foreign-values", "logic",
    ]  # fmt: skip
    assert "generated" in told(Role.PROC_MACRO, 'include!(concat!(env!("OUT_DIR"), "/x.rs"));')
    assert "data-as-code" in told(Role.BUILD_SCRIPT, 'cc::Build::new().file("x.c");')
    assert {"run-time-values", "unsafe"} <= set(told(Role.BUILD_SCRIPT, "unsafe { std::fs::read(f()); }"))
