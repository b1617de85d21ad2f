"""cargo itself, for the graphs that only it can tell: feature flags and `paths` overrides.

cargo runs in the user's own directory and never inside a crate, whose configuration would run programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from vetflow.errors import UndecidedError, WorkspaceError
from vetflow.formats.cargo_metadata import parse_metadata
from vetflow.model.packages import Workspace

_DOCUMENT: Final = "cargo metadata"


class CargoFlags(Protocol):
    """The options that go to cargo as they are."""

    @property
    def no_all_features(self) -> bool:
        """`--no-all-features`."""
        ...

    @property
    def no_default_features(self) -> bool:
        """`--no-default-features`."""
        ...

    @property
    def features(self) -> tuple[str, ...]:
        """`--features`, one by one."""
        ...

    @property
    def cargo_args(self) -> tuple[str, ...]:
        """`--cargo-arg`, one by one."""
        ...


def metadata_command(cargo: str, manifest_path: str | None, flags: CargoFlags, *, frozen: bool) -> list[str]:
    """Return the command line that cargo-vet would use, in its order (shared spec resolver 2.1)."""
    return [
        *(cargo, "metadata", "--format-version", "1"),
        *(("--features", ",".join(flags.features)) if flags.features else ()),
        *(() if flags.no_all_features else ("--all-features",)),
        *(("--no-default-features",) if flags.no_default_features else ()),
        *(("--manifest-path", manifest_path) if manifest_path is not None else ()),
        "--frozen" if frozen else "--locked",
        *flags.cargo_args,
    ]


def run_cargo_metadata(
    cwd: str,
    manifest_path: str | None,
    flags: CargoFlags,
    *,
    frozen: bool,
    reason: str,
    environ: Mapping[str, str],
) -> Workspace:
    """Ask cargo for the graph and return it.

    environ: cargo's whole environment; `CARGO` in it names the program. reason: what makes cargo necessary, for the
    case that there is none. Raises UndecidedError when cargo cannot be run, and WorkspaceError with cargo's own words
    when it refuses.
    """
    import subprocess  # noqa: PLC0415  dear, and hardly a run needs cargo

    command = metadata_command(environ.get("CARGO") or "cargo", manifest_path, flags, frozen=frozen)
    try:
        run = subprocess.run(command, cwd=cwd, env=dict(environ), capture_output=True, check=False)
    except OSError as error:
        raise UndecidedError(
            f"cargo is needed because of {reason}, and `{command[0]}` cannot be run",
            help="install cargo, or pass a saved `cargo metadata` document with `--cargo-metadata`",
            causes=[error.strerror or str(error)],
        ) from None
    if run.returncode != 0:
        words = run.stderr.decode(errors="replace").strip()
        raise WorkspaceError(
            "`cargo metadata` exited with an error",
            help="you may need to run `cargo generate-lockfile` to create a Cargo.lock",
            causes=[words] if words else [f"exit status {run.returncode}"],
        )
    # Wrappers of cargo may print more than the one line that matters.
    lines = run.stdout.decode(errors="replace").splitlines()
    return parse_metadata(next((line for line in lines if line.startswith("{")), ""), _DOCUMENT)
