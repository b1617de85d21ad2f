"""What is installed works by itself, goes away again, and hands on every call that matters to nobody."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.unit.sources.packing import write
from vetflow.errors import UsageError
from vetflow.guard.installation import (
    WRAPPER,
    allow_path,
    guard_folder,
    install,
    look_at,
    uninstall,
    write_allowed,
)

PROC_MACRO = ("--crate-name", "forge", "src/lib.rs", "--crate-type", "proc-macro")


def call(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Start the wrapper as cargo does; `echo` is the compiler."""
    command = [str(folder / WRAPPER), *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env={"PATH": os.defpath, **environ}
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A guard that was installed."""
    folder = tmp_path_factory.mktemp("guard")
    install(str(folder), None)
    return folder


class TestWrapper:
    @pytest.mark.parametrize("words", [("-vV",), ("-", "--crate-name", "___", "--crate-type", "proc-macro"), ("a b",)])
    def test_calls_are_handed_on_as_they_are(self, folder: Path, words: tuple[str, ...]) -> None:
        done = call(folder, "echo", *words)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{' '.join(words)}\n", "")

    def test_what_runs_during_a_build_is_not(self, folder: Path) -> None:
        done = call(folder, "/bin/echo", *PROC_MACRO)
        assert (done.returncode, done.stdout) == (1, "")
        assert "was not compiled" in done.stderr

    def test_the_environment_of_python_is_ignored(self, folder: Path, tmp_path: Path) -> None:
        write(tmp_path / "vetflow_guard_decision.py", "def refuse(words, folder): return False\n")
        write(tmp_path / "posix.py", "raise SystemExit(0)\n")
        assert call(folder, "/bin/echo", *PROC_MACRO, PYTHONPATH=str(tmp_path)).returncode == 1

    def test_a_library_leaves_word_of_what_it_was_made_of(self, folder: Path, tmp_path: Path) -> None:
        words = ("--crate-name", "bellows", "src/lib.rs", "--crate-type", "lib", "-C", "extra-filename=-7")
        place = ("--out-dir", str(tmp_path))
        call(folder, "/bin/echo", *words, *place, CARGO_PKG_NAME="bell-ows", CARGO_PKG_VERSION="1.0.0")
        record = (tmp_path / "bellows-7.guard").read_text().split("\0")
        assert record == [os.path.realpath(folder), "", "bell-ows", "1.0.0", "/bin/echo", *words, *place]

    def test_a_vendored_one_also_of_what_its_folder_held(self, tmp_path: Path) -> None:
        install(str(tmp_path), None)
        write(tmp_path / ".cargo-checksum.json", '{"files":{}}')
        call(tmp_path, "/bin/echo", "--crate-name", "bellows", "--crate-type", "lib", "--out-dir", str(tmp_path))
        assert (tmp_path / "bellows.guard").read_text().split("\0")[1] == '{"files":{}}'

    @pytest.mark.parametrize("kinds", [("lib", "cdylib"), ("staticlib", "rlib"), ("dylib",)])
    def test_a_library_may_be_made_in_several_kinds(self, folder: Path, tmp_path: Path, kinds: tuple[str, ...]) -> None:
        """Those of the workspace then have no hash in their names."""
        options = [word for kind in kinds for word in ("--crate-type", kind)]
        call(folder, "/bin/echo", "--crate-name", "bellows", *options, "--out-dir", str(tmp_path))
        assert (tmp_path / "bellows.guard").exists()

    def test_a_compiler_that_is_not_there_is_an_error(self, folder: Path) -> None:
        done = call(folder, "/none/rustc", "-vV")
        assert done.returncode == 127
        assert "/none/rustc cannot be started" in done.stderr

    def test_half_of_it_lets_nothing_pass(self, tmp_path: Path) -> None:
        install(str(tmp_path), None)
        (tmp_path / "vetflow_guard_decision.py").unlink()
        done = call(tmp_path, "/bin/echo", *PROC_MACRO)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("vetflow-guard: a part of it is not there")

    def test_alone_it_says_what_it_is(self, folder: Path) -> None:
        assert "RUSTC_WRAPPER" in call(folder).stderr


class TestInstallation:
    def test_another_wrapper_gets_the_calls_after_it(self, tmp_path: Path) -> None:
        folder = tmp_path / "a b" / "guard"
        assert install(str(folder), "echo").following == "echo"
        assert call(folder, "rustc", "-vV").stdout == "rustc -vV\n"
        assert install(str(folder), None).following is None
        assert call(folder, "echo", "-vV").stdout == "-vV\n"

    def test_it_does_not_come_after_itself(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="is the guard itself"):
            install(str(tmp_path), str(tmp_path / WRAPPER))

    def test_a_python_with_an_odd_name_is_started_through_a_shell(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        python = write(
            tmp_path / "my python" / "python", f'#!/bin/sh\nexec "{os.path.realpath("/usr/bin/env")}" python3 "$@"\n'
        )
        python.chmod(0o755)
        monkeypatch.setattr("vetflow.guard.installation._base_interpreter", lambda: str(python))
        assert install(str(tmp_path / "guard"), None).is_there
        assert call(tmp_path / "guard", "echo", "-vV").stdout == "-vV\n"

    def test_what_was_changed_or_is_gone_is_told(self, tmp_path: Path) -> None:
        assert look_at(str(tmp_path)).lacking
        install(str(tmp_path), None)
        there = look_at(str(tmp_path))
        assert there.is_there
        assert there.changed == ()
        write(tmp_path / "vetflow_guard_decision.py", "def refuse(words, folder): return False\n")
        assert look_at(str(tmp_path)).changed == (str(tmp_path / "vetflow_guard_decision.py"),)
        write(tmp_path / WRAPPER, "#!/none/python -IS\n")
        assert look_at(str(tmp_path)).lacking == ("/none/python",)

    def test_uninstalling_leaves_nothing_behind_but_what_is_somebody_elses(self, tmp_path: Path) -> None:
        folder = tmp_path / "guard"
        install(str(folder), "sccache")
        write_allowed(str(folder), "/home/ada/work", "")
        assert (allow_path(str(folder), "/home/ada/work")).startswith(str(folder / "allow"))
        assert len(uninstall(str(folder))) == 4
        assert not folder.exists()
        assert uninstall(str(folder)) == ()
        install(str(folder), None)
        write(folder / "mine", "")
        uninstall(str(folder))
        assert os.listdir(folder) == ["mine"]

    def test_a_folder_that_cannot_be_written_is_an_error(self, tmp_path: Path) -> None:
        write(tmp_path / "file", "")
        with pytest.raises(UsageError, match="cannot be written"):
            install(str(tmp_path / "file" / "guard"), None)

    def test_it_lies_where_the_user_keeps_data(self) -> None:
        assert guard_folder({"HOME": "/home/ada"}) == "/home/ada/.local/share/vetflow/guard"
        assert guard_folder({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"}) == "/data/vetflow/guard"
        assert guard_folder({"HOME": "/home/ada", "XDG_DATA_HOME": "data"}).startswith("/home/ada")
