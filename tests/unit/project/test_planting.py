"""What a build finds in the place of the user's files."""

from __future__ import annotations

from pathlib import Path

import tomli

from vetflow.project.planting import plant
from vetflow.surface.observed.layout import Layout


def layout(tmp_path: Path, *decoys: str) -> Layout:
    home = str(tmp_path)
    return Layout(home, (f"{home}/work",), f"{home}/.cargo", "/tools", "c0ffee", decoys=decoys)


def test_every_planted_secret_carries_the_canary(tmp_path: Path) -> None:
    decoys = (f"{tmp_path}/work/.env", f"{tmp_path}/work/.git/config")
    planted = plant(str(tmp_path / "planted"), layout(tmp_path, *decoys))
    secret = [file for name, file in planted.home.items() if not name.endswith(("rc", ".profile"))]
    assert all("c0ffee" in Path(file).read_text() for file in (*secret, *planted.replaced.values()))
    assert {".ssh/id_ed25519", ".aws/credentials", ".netrc"} <= set(planted.home)
    assert set(planted.replaced) == {*decoys, f"{tmp_path}/.cargo/credentials.toml"}


def test_cargos_configuration_is_shown_without_what_is_secret_in_it(tmp_path: Path) -> None:
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo" / "config.toml").write_text(
        '[registry]\ntoken = "s"\ndefault = "ours"\n[registries.ours]\nindex = "sparse+https://index.invalid/"\n'
        'token = "s"\nsecret-key = "s"\n[http]\nproxy = "user:s@proxy.invalid"\n[build]\njobs = 3\n'
    )
    planted = plant(str(tmp_path / "planted"), layout(tmp_path))
    shown = tomli.loads(Path(planted.replaced[f"{tmp_path}/.cargo/config.toml"]).read_text())
    assert shown == {
        "registry": {"default": "ours"},
        "registries": {"ours": {"index": "sparse+https://index.invalid/"}},
        "http": {},
        "build": {"jobs": 3},
    }
