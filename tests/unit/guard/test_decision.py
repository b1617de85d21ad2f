"""What the guard decides of a call of rustc, by what projects let run and what lies on the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.unit.sources.packing import digest, write
from vetflow.guard.allow_file import write_allow_file
from vetflow.guard.decision import (
    AllowFile,
    Attested,
    Call,
    DamagedError,
    Disk,
    Judge,
    Package,
    parse_allow_file,
    parse_call,
    read_allow_files,
    refuse,
)

SCRIPT = "--crate-name build_script_build --edition=2021 /src/anvil-1.0.0/build.rs --crate-type bin"
MACRO = "--crate-name forge --edition=2021 /src/forge-1.0.0/src/lib.rs --crate-type proc-macro"
LIBRARY = "--crate-name bellows --edition=2021 /src/bellows-1.0.0/src/lib.rs --crate-type lib"


class Machine:
    """A `decision.Machine` of files in memory."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.content = dict(files)

    def files(self, folder: str, *, from_git: bool) -> Iterator[str]:
        return (path.removeprefix(f"{folder}/") for path in self.content if path.startswith(f"{folder}/"))

    def sha256(self, path: str) -> str:
        return digest(self.read(path).encode())

    def read(self, path: str) -> str:
        if path not in self.content:
            raise FileNotFoundError(2, "No such file", path)
        return self.content[path]


def call_of(words: str, machine: Machine | None = None) -> Call:
    return parse_call(["/usr/bin/rustc", *words.split()], machine or Machine({}))


class TestCall:
    @pytest.mark.parametrize(
        "words",
        [
            SCRIPT,
            SCRIPT.replace("build_script_build", "build_script_odd_name"),
            SCRIPT.replace("--crate-name ", "--crate-name=").replace("--crate-type ", "--crate-type="),
            "--crate-name build_script_main /src/anvil-1.0.0/CHANGELOG.md --emit=link",
            "--crate-name metabuild_anvil /target/.metabuild/metabuild-anvil-7.rs --crate-type bin",
        ],
    )
    def test_a_build_script_is_one_by_the_name_cargo_gives_it(self, words: str) -> None:
        assert call_of(words).runs_as == "build script"

    @pytest.mark.parametrize(
        "kind", ["--crate-type proc-macro", "--crate-type=proc-macro", "--crate-type lib,proc-macro"]
    )
    def test_a_proc_macro_is_one_in_every_spelling(self, kind: str) -> None:
        assert call_of(f"--crate-name forge src/lib.rs {kind}").runs_as == "proc macro"

    @pytest.mark.parametrize(
        "words",
        [
            "-vV",
            "--print cfg",
            LIBRARY,
            "--crate-name build_script_tools /src/tools/src/lib.rs --crate-type lib",
            "- --crate-name ___ --print=file-names --crate-type bin --crate-type rlib --crate-type proc-macro",
        ],
    )
    def test_nothing_else_runs_during_a_build(self, words: str) -> None:
        assert call_of(words).runs_as is None

    def test_arguments_may_stand_in_a_file(self) -> None:
        machine = Machine({"/args": "\n".join(MACRO.split())})
        assert call_of("@/args", machine) == call_of(MACRO)

    def test_the_source_is_told_from_the_values_of_options(self) -> None:
        words = (
            "--crate-name forge --edition=2021 src/lib.rs --error-format=json -C metadata=1 -Cdebuginfo=2 -g "
            "-L dependency=/d --cfg a --check-cfg cfg(docsrs,test) --cap-lints allow "
            "--extern bellows=/d/libbellows-1.rlib --extern proc_macro"
        )
        call = call_of(words)
        assert call.sources == ("src/lib.rs",)
        assert call.externs == ("/d/libbellows-1.rlib",)
        assert call.as_json

    def test_programs_in_front_are_no_sources(self) -> None:
        assert parse_call(["clippy-driver", "rustc", *MACRO.split()], Machine({})) == call_of(MACRO)


ANVIL = {"Cargo.toml": "[package]", "build.rs": "fn main() {}"}
FORGE = {"Cargo.toml": "[package]", "src/lib.rs": "extern crate bellows;"}
BELLOWS = {"Cargo.toml": "[package]", "src/lib.rs": "pub fn blow() {}"}
CRATES = {"anvil": ANVIL, "forge": FORGE, "bellows": BELLOWS}


def attested(*names: str, from_git: bool = False) -> AllowFile:
    """An allow file with these crates, all of version 1.0.0."""
    rows = {
        (name, "1.0.0"): (Attested({path: digest(text.encode()) for path, text in CRATES[name].items()}, from_git),)
        for name in names
    }
    return AllowFile("/home/ada/work", "", ("/home/ada/work",), rows)


def unpacked(**changed: Mapping[str, str]) -> Machine:
    """A machine on which cargo has unpacked all crates, `changed` with other files."""
    crates = {**CRATES, **changed}
    return Machine(
        {
            f"/src/{name}-1.0.0/{path}": text
            for name, files in crates.items()
            for path, text in {**files, ".cargo-ok": ""}.items()
        }
    )


def why_not(words: str, package: Package, allowed: AllowFile | None, machine: Machine | None = None) -> str | None:
    machine = machine or unpacked()
    return Judge([allowed] if allowed else [], machine).why_not(call_of(words, machine), package)


def package(name: str, folder: str | None = None) -> Package:
    return Package(folder or f"/src/{name}-1.0.0", name, "1.0.0")


class TestJudge:
    def test_an_attested_crate_may_be_compiled(self) -> None:
        assert why_not(SCRIPT, package("anvil"), attested("anvil")) is None

    def test_any_project_of_the_machine_may_attest_it(self) -> None:
        machine = unpacked()
        judge = Judge([attested("forge"), attested("anvil")], machine)
        assert judge.why_not(call_of(SCRIPT), package("anvil")) is None

    @pytest.mark.parametrize("allowed", [None, attested(), attested("forge")])
    def test_any_other_must_not_and_the_way_out_is_told(self, allowed: AllowFile | None) -> None:
        assert why_not(SCRIPT, package("anvil"), allowed) == (
            "nobody attested anvil 1.0.0: read it (`vetflow inspect anvil 1.0.0`), certify it, then run "
            "`vetflow guard sync`"
        )

    def test_another_version_is_another_crate(self) -> None:
        assert "nobody attested anvil 1.0.1" in str(
            why_not(SCRIPT, Package("/src/anvil-1.0.0", "anvil", "1.0.1"), attested("anvil"))
        )

    def test_a_changed_byte_is_named(self) -> None:
        machine = unpacked(anvil={**ANVIL, "build.rs": "fn main() { evil() }"})
        assert str(why_not(SCRIPT, package("anvil"), attested("anvil"), machine)).startswith(
            "build.rs is not what was attested: find out who changed /src/anvil-1.0.0"
        )

    def test_a_file_too_many_is_named(self) -> None:
        machine = unpacked(anvil={**ANVIL, "build/probe.rs": ""})
        assert "build/probe.rs is no file of the crate" in str(
            why_not(SCRIPT, package("anvil"), attested("anvil"), machine)
        )

    def test_a_missing_file_can_do_no_harm(self) -> None:
        """`cargo vendor` leaves some out."""
        machine = unpacked(anvil={"build.rs": ANVIL["build.rs"]})
        assert why_not(SCRIPT, package("anvil"), attested("anvil"), machine) is None

    def test_a_checkout_has_to_be_whole(self) -> None:
        """Another commit may make a folder a package of its own, or a file a link: neither is compared."""
        machine = unpacked(anvil={"build.rs": ANVIL["build.rs"]})
        assert str(why_not(SCRIPT, package("anvil"), attested("anvil", from_git=True), machine)).startswith(
            "Cargo.toml is no file of it any more, and nobody attested anvil 1.0.0"
        )
        assert why_not(SCRIPT, package("anvil"), attested("anvil", from_git=True)) is None

    def test_a_crate_that_takes_the_name_of_another_is_found_out(self) -> None:
        """A build script may set CARGO_PKG_NAME for the proc macro of its own package."""
        forged = Package("/src/forge-1.0.0", "anvil", "1.0.0")
        assert "is not what was attested" in str(why_not(MACRO, forged, attested("anvil"))) or (
            "is no file of the crate" in str(why_not(MACRO, forged, attested("anvil")))
        )

    def test_code_from_outside_of_the_package_is_refused(self) -> None:
        words = SCRIPT.replace("/src/anvil-1.0.0/build.rs", "/src/anvil-1.0.0/../forge-1.0.0/evil.rs")
        assert "not its own" in str(why_not(words, package("anvil"), attested("anvil")))

    def test_a_call_that_names_no_source_is_refused(self) -> None:
        assert why_not("--crate-name forge --crate-type proc-macro", package("forge"), attested("forge"))

    def test_packages_of_a_project_that_was_synced_are_its_own(self) -> None:
        words = "--crate-name build_script_build tool/build.rs --crate-type bin"
        assert why_not(words, package("tool", "/home/ada/work"), attested()) is None

    def test_those_of_another_project_are_not(self) -> None:
        why = why_not("--crate-name build_script_build build.rs", package("tool", "/home/ada/other"), attested())
        assert why == "the guard does not know the project in /home/ada/other: run `vetflow guard sync` there"


def recorded(machine: Machine, name: str, words: str, folder: str, checksums: str = "") -> None:
    machine.content[f"/target/deps/{name}-7.guard"] = "\0".join(
        (folder, checksums, name, "1.0.0", "/usr/bin/rustc", *words.split())
    )


class TestLinked:
    """What a build script or proc macro links runs with it."""

    MACRO = f"{MACRO} --extern bellows=/target/deps/libbellows-7.rlib --extern proc_macro"

    def test_a_library_must_be_attested_too(self) -> None:
        machine = unpacked()
        recorded(machine, "bellows", LIBRARY, "/src/bellows-1.0.0")
        assert why_not(self.MACRO, package("forge"), attested("forge", "bellows"), machine) is None
        assert str(why_not(self.MACRO, package("forge"), attested("forge"), machine)).startswith(
            "it links bellows 1.0.0, and nobody attested bellows 1.0.0"
        )

    def test_so_must_what_is_linked_into_that(self) -> None:
        machine = unpacked()
        recorded(machine, "bellows", f"{LIBRARY} --extern anvil=/target/deps/libanvil-7.rmeta", "/src/bellows-1.0.0")
        recorded(machine, "anvil", "--crate-name anvil /src/anvil-1.0.0/src/lib.rs", "/src/anvil-1.0.0")
        assert str(why_not(self.MACRO, package("forge"), attested("forge", "bellows"), machine)).startswith(
            "it links anvil 1.0.0"
        )

    def test_libraries_of_the_project_lead_on_to_others(self) -> None:
        machine = unpacked()
        recorded(machine, "bellows", f"{LIBRARY} --extern anvil=/target/deps/libanvil-7.rlib", "/home/ada/work")
        recorded(machine, "anvil", "--crate-name anvil /src/anvil-1.0.0/src/lib.rs", "/src/anvil-1.0.0")
        assert "it links anvil 1.0.0" in str(why_not(self.MACRO, package("forge"), attested("forge"), machine))

    def test_one_that_was_changed_since_is_refused(self) -> None:
        machine = unpacked(bellows={**BELLOWS, "src/lib.rs": "pub fn evil() {}"})
        recorded(machine, "bellows", LIBRARY, "/src/bellows-1.0.0")
        assert "src/lib.rs is not what was attested" in str(
            why_not(self.MACRO, package("forge"), attested("forge", "bellows"), machine)
        )

    def test_one_that_was_compiled_on_another_branch_is_refused(self) -> None:
        """cargo takes a vendored package of one version for the same, whatever a branch has in its folder."""
        machine = unpacked(bellows={**BELLOWS, ".cargo-checksum.json": "{1}"})
        recorded(machine, "bellows", LIBRARY, "/src/bellows-1.0.0", "{2}")
        why = why_not(self.MACRO, package("forge"), attested("forge", "bellows"), machine)
        assert why == (
            "it links bellows-7, which was compiled when /src/bellows-1.0.0 had other content: run `cargo clean` once"
        )
        recorded(machine, "bellows", LIBRARY, "/src/bellows-1.0.0", "{1}")
        assert why_not(self.MACRO, package("forge"), attested("forge", "bellows"), machine) is None

    def test_one_that_was_compiled_without_the_guard_is_refused(self) -> None:
        why = why_not(self.MACRO, package("forge"), attested("forge", "bellows"))
        assert why == "it links bellows-7, which was compiled without the guard: run `cargo clean` once"

    def test_libraries_that_link_each_other_in_circles_end(self) -> None:
        machine = unpacked()
        recorded(machine, "bellows", f"{LIBRARY} --extern b=/target/deps/libbellows-7.rlib", "/src/bellows-1.0.0")
        assert why_not(self.MACRO, package("forge"), attested("forge", "bellows"), machine) is None


class TestAllowFile:
    def test_what_is_written_is_read(self) -> None:
        allow = attested("anvil", "forge")._replace(lock="ab", own=("/home/ada/my work", "/home/ada/b"))
        allow = allow._replace(
            packages={**allow.packages, ("wedge", "2.0.0"): (Attested({"a b": "00"}, from_git=True),)}
        )
        assert parse_allow_file(write_allow_file(allow)) == allow

    def test_one_that_is_not_whole_is_damaged(self) -> None:
        text = write_allow_file(attested("anvil"))
        for damaged in (
            "",
            text[:-1][:-1],
            text.replace("1.0.0", "1.0.1"),
            "\n".join(text.split("\n")[:-2]),
            f" {text}",
        ):
            with pytest.raises(DamagedError):
                parse_allow_file(damaged)

    def test_a_damaged_one_lets_nothing_pass_and_is_named(self, tmp_path: Path) -> None:
        write(tmp_path / "allow" / "a", write_allow_file(attested("anvil")))
        write(tmp_path / "allow" / "b", b"\xff\xfe")
        allowed, damaged = read_allow_files(str(tmp_path))
        assert allowed == (attested("anvil"),)
        assert damaged == (str(tmp_path / "allow" / "b"),)

    def test_without_any_nothing_passes(self, tmp_path: Path) -> None:
        assert read_allow_files(str(tmp_path)) == ((), ())


class TestDisk:
    def test_everything_below_a_folder_is_seen(self, tmp_path: Path) -> None:
        for path in ("Cargo.toml", "src/lib.rs", "nested/Cargo.toml", "nested/a.rs", ".git/config"):
            write(tmp_path / path, "")
        (tmp_path / "link").symlink_to("/etc")
        found = sorted(Disk().files(str(tmp_path), from_git=False))
        assert found == [".git/config", "Cargo.toml", "link", "nested/Cargo.toml", "nested/a.rs", "src/lib.rs"]

    def test_of_a_checkout_only_the_package(self, tmp_path: Path) -> None:
        for path in ("Cargo.toml", "src/lib.rs", "nested/Cargo.toml", "nested/a.rs", ".git/config", "module/.git"):
            write(tmp_path / path, "")
        (tmp_path / "link").symlink_to("/etc")
        assert sorted(Disk().files(str(tmp_path), from_git=True)) == ["Cargo.toml", "src/lib.rs"]

    def test_a_link_is_no_file_of_a_crate(self, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(write(tmp_path / "file", "x"))
        assert Disk().sha256(str(tmp_path / "file")) == digest(b"x")
        with pytest.raises(OSError, match="symbolic"):
            Disk().sha256(str(tmp_path / "link"))


class TestRefuse:
    WORDS = ("/usr/bin/rustc", "--crate-name", "forge", "src/lib.rs", "--crate-type", "proc-macro")

    def test_it_says_why_in_one_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert refuse(self.WORDS, str(tmp_path))
        assert capsys.readouterr().err.startswith("error: vetflow guard: the proc macro of ")

    def test_an_editor_gets_a_diagnostic(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert refuse((*self.WORDS, "--error-format=json"), str(tmp_path))
        diagnostic = json.loads(capsys.readouterr().err)
        assert diagnostic["level"] == "error"
        assert diagnostic["rendered"] == f"error: {diagnostic['message']}\n\n"

    def test_a_name_gives_the_terminal_no_orders(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CARGO_PKG_NAME", "forge\x1b[2J\u202e")
        assert refuse(self.WORDS, str(tmp_path))
        assert "forge\\u{1b}[2J\\u{202e}" in capsys.readouterr().err

    def test_arguments_that_cannot_be_read_are_refused(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert refuse(("/usr/bin/rustc", f"@{tmp_path}/none"), str(tmp_path))
        assert "cannot be read" in capsys.readouterr().err

    def test_what_does_not_run_goes_on(self, tmp_path: Path) -> None:
        assert not refuse(("/usr/bin/rustc", *LIBRARY.split()), str(tmp_path))
