"""The three themes: dark and light from the computed palettes, and one that leaves all colours to the terminal."""

from __future__ import annotations

from typing import Final, TypeVar

from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

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
    boost="ansi_default",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
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

_Result = TypeVar("_Result")


class ThemedApp(App[_Result]):
    """An application that knows the three themes and the names of their colours."""

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the colours for a theme of Textual's own, which does not name them."""
        return dict(THEMES[0].variables)
