"""What a person would see: the screen of an app under test as lines of text."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.strip import Strip


def strips(app: App[Any]) -> list[Strip]:
    """The lines of the screen with their styles."""
    return list(app.screen._compositor.render_strips())


def lines(app: App[Any]) -> list[str]:
    """The lines of the screen, without styles and trailing blanks."""
    return [strip.text.rstrip() for strip in strips(app)]


def text(app: App[Any]) -> str:
    """The whole screen as text."""
    return "\n".join(lines(app))


def notices(app: App[Any]) -> list[str]:
    """What the app has notified of so far and not yet taken away."""
    return [str(notification.message) for notification in app._notifications]
