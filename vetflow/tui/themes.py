"""The three themes: dark and light from the computed palettes, and one that leaves all colours to the terminal."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

from vetflow.tui.palette import DARK, LIGHT, Palette


def _theme(name: str, palette: Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=palette.good,
        secondary=palette.accent,
        accent=palette.accent,
        warning=palette.build_time,
        error=palette.bad,
        success=palette.good,
        foreground=palette.text,
        background=palette.background,
        surface=palette.background,
        panel=palette.panel,
        variables={
            "added": palette.added.line,
            "added-word": palette.added.word,
            "removed": palette.removed.line,
            "removed-word": palette.removed.word,
            "good": palette.good,
            "bad": palette.bad,
            "build-time": palette.build_time,
            "dim": palette.dim,
        },
    )


_TERMINAL: Final = Theme(
    name="vetflow-ansi",
    dark=True,
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_magenta",
    accent="ansi_magenta",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_blue",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    variables={
        "added": "ansi_default",
        "added-word": "ansi_blue",
        "removed": "ansi_default",
        "removed-word": "ansi_yellow",
        "good": "ansi_blue",
        "bad": "ansi_red",
        "build-time": "ansi_yellow",
        "dim": "ansi_bright_black",
    },
)

THEMES: Final = (_theme("vetflow-dark", DARK, dark=True), _theme("vetflow-light", LIGHT, dark=False), _TERMINAL)
"""All themes; the first is the default."""
