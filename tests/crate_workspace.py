"""A workspace made in a test: its crates are archives in a cargo home of the test's own, and Cargo.lock pins them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.in_process import Run, RunVetflow
from tests.unit.sources.packing import digest, entry, packed, write

CRATES_IO: Final = "registry+https://github.com/rust-lang/crates.io-index"
QUIET_SCRIPT: Final = 'fn main() { println!("cargo:rerun-if-changed=build.rs"); }\n'
PROC_MACRO: Final = "[lib]\nproc-macro = true\n"
REFUSED: Final[Mapping[str, str | bytes]] = {"src/../../escape.rs": "fn main() {}"}
"""A file that no archive may have."""
PLAIN: Final[Mapping[str, str | bytes]] = {"src/lib.rs": "pub fn strike() {}\n"}


class CrateWorkspace:
    """`crate(...)` publishes, `lock(...)` depends on what was published, `run(...)` runs vetflow in it, offline."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.home = folder / "cargo-home"
        self._archives = self.home / "registry" / "cache" / "test"
        self._folder = folder
        self._published: dict[str, tuple[str, Sequence[str]]] = {}
        self._files: dict[str, Mapping[str, str | bytes]] = {}
        write(self.root / "src/lib.rs", "")

    def crate(
        self,
        name: str,
        version: str = "1.0.0",
        files: Mapping[str, str | bytes] | None = None,
        *,
        manifest: str = "",
        needs: Sequence[str] = (),
    ) -> str:
        """Publish a crate; return `NAME VERSION`. manifest: what follows [package]. needs: its edges in the lock."""
        stem = f"{name}-{version}"
        head = f'[package]\nname = "{name}"\nversion = "{version}"\nedition = "2021"\n'
        content = {"Cargo.toml": head + manifest, **({**PLAIN, **files} if files is not None else PLAIN)}
        archive = packed(
            *(
                entry(f"{stem}/{path}", text.encode() if isinstance(text, str) else text)
                for path, text in content.items()
            )
        )
        write(self._archives / f"{stem}.crate", archive)
        self._published[f"{name} {version}"] = (digest(archive), needs)
        self._files[f"{name} {version}"] = content
        return f"{name} {version}"

    def checksum(self, crate: str) -> str:
        """Return the checksum of a published crate."""
        return self._published[crate][0]

    def lock(self, *crates: str, manifest: str = "") -> None:
        """Write Cargo.toml and Cargo.lock: the project needs these crates. manifest: what follows its dependencies."""
        direct = [each.split() for each in crates]
        lines = "".join(f'{name} = "{version}"\n' for name, version in direct)
        head = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n'
        write(self.root / "Cargo.toml", f"{head}{manifest}\n[dependencies]\n{lines}")
        packages = [_entry("app", "0.1.0", None, None, [name for name, _ in direct])]
        waiting, seen = list(crates), set[str]()
        while waiting:
            crate = waiting.pop()
            if crate not in seen:
                seen.add(crate)
                checksum, needs = self._published[crate]
                name, version = crate.split()
                packages.append(_entry(name, version, CRATES_IO, checksum, [need.split()[0] for need in needs]))
                waiting += needs
        write(
            self.root / "Cargo.lock", "version = 4\n" + "".join(f"\n[[package]]\n{each}" for each in sorted(packages))
        )

    def vendor(self, crate: str) -> Path:
        """Put a crate unpacked into `vendor/` of the project, from which cargo is then told to take all; return it."""
        name = crate.partition(" ")[0]
        folder = self.root / "vendor" / name
        for path, content in self._files[crate].items():
            write(folder / path, content)
        self.seal(crate)
        config = '[source.crates-io]\nreplace-with = "mine"\n[source.mine]\ndirectory = "vendor"\n'
        write(self.root / ".cargo/config.toml", config)
        return folder

    def seal(self, crate: str) -> None:
        """Write the list of checksums of a vendored crate anew, for its files as they are now."""
        folder = self.root / "vendor" / crate.partition(" ")[0]
        files = {
            str(path.relative_to(folder)): digest(path.read_bytes())
            for path in folder.rglob("*")
            if path.is_file() and path.name != ".cargo-checksum.json"
        }
        package, _ = self._published[crate]
        write(folder / ".cargo-checksum.json", json.dumps({"files": files, "package": package}))

    def registry(self) -> None:
        """Let a folder of what was published stand in for crates.io: versions that are not locked are known, too."""
        folder = self.root / "crates"
        folder.mkdir()
        rows: dict[str, str] = {}
        for crate, (checksum, _) in self._published.items():
            name, version = crate.split()
            shutil.copy(self._archives / f"{name}-{version}.crate", folder)
            row = {"name": name, "vers": version, "deps": [], "cksum": checksum, "features": {}, "yanked": False}
            rows[name] = rows.get(name, "") + json.dumps(row) + "\n"
        for name, lines in rows.items():
            write(folder / "index" / name[:2] / name[2:4] / name, lines)
        config = '[source.crates-io]\nreplace-with = "mine"\n[source.mine]\nlocal-registry = "crates"\n'
        write(self.root / ".cargo/config.toml", config)

    def forget(self, crate: str) -> None:
        """Remove an archive from the machine, and what was computed of it."""
        (self._archives / f"{crate.replace(' ', '-')}.crate").unlink()
        shutil.rmtree(self._folder / "cache", ignore_errors=True)

    def store(self) -> Path:
        """Make an empty store and return its folder."""
        folder = self.root / "supply-chain"
        write(folder / "config.toml", '\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n')
        write(folder / "audits.toml", "\n# cargo-vet audits file\n\n[audits]\n")
        write(folder / "imports.lock", "\n# cargo-vet imports lock\n")
        return folder

    def run(self, run_vetflow: RunVetflow, *argv: str, environ: Mapping[str, str] | None = None) -> Run:
        """Run vetflow in the project with this machine's crates."""
        surroundings = {"CARGO_HOME": str(self.home), "XDG_CACHE_HOME": str(self._folder / "cache"), **(environ or {})}
        offline = () if not argv else ("--offline",)
        return run_vetflow(*argv, *offline, cwd=self.root, environ=surroundings)


def _entry(name: str, version: str, source: str | None, checksum: str | None, needs: Sequence[str]) -> str:
    lines = [f'name = "{name}"', f'version = "{version}"']
    lines += [f'source = "{source}"'] if source else []
    lines += [f'checksum = "{checksum}"'] if checksum else []
    lines += ["dependencies = [", *(f' "{need}",' for need in sorted(needs)), "]"] if needs else []
    return "\n".join(lines) + "\n"
