"""Changes of settings as findings."""

from __future__ import annotations

from vetflow.errors import Place
from vetflow.formats.build_settings import cargo_settings
from vetflow.model.findings import Finding, Level
from vetflow.trust.build_settings import setting_findings

WRAPPER = '[build]\nrustc-wrapper = "tools/wrap"\n'


def changes(old: str, new: str) -> list[Finding]:
    return list(setting_findings(cargo_settings(old, "f"), cargo_settings(new, "f"), "f", Level.FAIL))


def test_what_came_went_or_changed_is_told_with_what_it_decides() -> None:
    (came,) = changes("", WRAPPER)
    assert (came.id, came.level, came.place) == ("settings/program", Level.FAIL, Place("f"))
    assert came.reason == (
        "`build.rustc-wrapper` changed: it was not set and is `tools/wrap`; it decides which program is run"
    )
    (went,) = changes(WRAPPER, "")
    assert "it was `tools/wrap` and is not set" in went.reason
    (changed,) = changes(WRAPPER, WRAPPER.replace("tools/wrap", "tools/trap"))
    assert "it was `tools/wrap` and is `tools/trap`" in changed.reason


def test_other_words_for_the_same_are_no_change() -> None:
    assert changes(WRAPPER, "build = { rustc-wrapper = 'tools/wrap', jobs = 2 }") == []
