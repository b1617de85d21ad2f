from __future__ import annotations

import pytest

from tests.unit.graph.workspaces import edges, entry, load, lock, package, published, refusal, told

APP = "/ws/Cargo.toml"


def files_of(dependencies: str, util: str = "", source: str = "lib.rs") -> dict[str, str]:
    return {
        APP: package("app", body=f"[workspace]\n{dependencies}"),
        "/ws/my-util/Cargo.toml": package("my-util", body=util),
        f"/ws/my-util/src/{source}": "",
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "my-util"), entry("my-util")),
    }


TWO_NAMES = """[dependencies]
my-util = { path = "my-util" }
[dev-dependencies]
helper = { package = "my-util", path = "my-util" }
"""


def test_one_package_under_two_names_is_refused() -> None:
    assert told(refusal(files_of(TWO_NAMES))) == (
        f"{APP}: `app` depends on one package under several names: helper, my_util"
    )


def test_the_name_of_the_library_decides() -> None:
    assert edges(load(files_of(TWO_NAMES, '[lib]\nname = "helper"\n')))["app 0.1.0"] == {"my-util 0.1.0": 5}
    assert edges(load(files_of(TWO_NAMES.replace("helper", "my_util"))))["app 0.1.0"] == {"my-util 0.1.0": 5}


def test_a_package_without_a_library_has_no_name() -> None:
    assert edges(load(files_of(TWO_NAMES, source="main.rs")))["app 0.1.0"] == {"my-util 0.1.0": 5}


def test_a_package_that_no_edge_leads_to_may_use_two_names() -> None:
    tool = package("tool", body=TWO_NAMES.replace('"my-util" }', '"../ws/my-util" }'))
    files = files_of("") | {
        APP: package("app", body='[dependencies]\ntool = { path = "../tool" }\n'),
        "/tool/Cargo.toml": tool.replace("dev-", "build-"),
        "/tool/src/main.rs": "",
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "tool"), entry("my-util"), entry("tool", "0.1.0", "my-util")),
    }
    assert edges(load(files))["app 0.1.0"] == {"tool 0.1.0": 1}
    del files["/tool/src/main.rs"]
    assert "under several names" in refusal(files).message


@pytest.mark.parametrize(
    ("first", "second", "accepted"),
    [("tiny", "small", True), ("small", "little", False), ("small-one", "small_one", True)],
)
def test_of_a_published_crate_only_renames_are_compared(first: str, second: str, accepted: bool) -> None:
    body = f'[dependencies]\n{first} = {{ package = "tiny", version = "1" }}\n'
    body += f'[build-dependencies]\n{second} = {{ package = "tiny", version = "1" }}\n'
    files = {
        APP: package("app", body=body),
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "tiny"), published("tiny", "1.0.0")),
    }
    if accepted:
        assert edges(load(files))["app 0.1.0"] == {"tiny 1.0.0": 3}
    else:
        assert "under several names: little, small" in refusal(files).message
