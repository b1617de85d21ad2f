"""Every text can be read, and what was added never looks like what was removed, whatever the eyes.

Contrast is WCAG 2's ratio, difference CIE76 in L*a*b*; the three colour blindnesses are the matrices of Machado,
Oliveira and Fernandes (2009) at full severity.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from vetflow.tui.palette import DARK, LIGHT, Palette

PALETTES = pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
READABLE = 4.5
APART = 20.0

EYES = {
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour: str) -> list[float]:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = rgb
    xyz = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, eyes: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    return lab(
        [min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True)))) for row in EYES[eyes]],
    )


def difference(one: str, other: str, eyes: str) -> float:
    pairs = zip(seen(one, eyes), seen(other, eyes), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


@PALETTES
def test_every_text_can_be_read_on_every_ground_it_stands_on(palette: Palette) -> None:
    grounds = [palette.background, palette.panel, *palette.added, *palette.removed]
    assert {ground: contrast(palette.text, ground) for ground in grounds if contrast(palette.text, ground) < 4.5} == {}
    for name in ("good", "bad", "build_time", "dim", "accent"):
        for ground in (palette.background, palette.panel):
            assert contrast(getattr(palette, name), ground) >= READABLE, (name, ground)


@PALETTES
@pytest.mark.parametrize("eyes", EYES)
def test_added_and_removed_are_two_colours_for_everybody(palette: Palette, eyes: str) -> None:
    assert difference(palette.added.line, palette.removed.line, eyes) >= APART
    assert difference(palette.added.word, palette.removed.word, eyes) >= APART


@PALETTES
def test_a_changed_word_stands_out_of_its_line(palette: Palette) -> None:
    for ground in (palette.added, palette.removed):
        assert difference(ground.line, ground.word, "all cones") >= 10
