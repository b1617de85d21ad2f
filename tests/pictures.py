"""`python -m tests.pictures`: makes the pictures in docs/pictures, by the application itself, on the bundled workspace.

Run it when a screen changes. They are SVG as Textual exports it, without fonts from elsewhere.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from tests.tui.demo_desk import lay_out, open_desk
from tests.tui.driving import outside, press, settled
from vetflow.tui.app import ReviewApp

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
SIZE: Final = (96, 28)
STEPS: Final = (
    ("queue", ()),
    ("review", ("enter", "f")),
    ("certify", ("v", "c", "end")),
)
"""What is on each picture, and the keys that lead there from the one before."""
_FONT_FACES: Final = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)


async def take(folder: Path, pilot: Pilot[int], app: ReviewApp) -> None:
    """Take all pictures of a running review."""
    await settled(app, pilot)
    for name, keys in STEPS:
        await press(app, pilot, *keys)
        picture = app.export_screenshot(title="vetflow", simplify=True)
        text = "\n".join(line.rstrip() for line in _FONT_FACES.sub("", picture).splitlines())
        (folder / f"{name}.svg").write_text(text.replace("Fira Code", "monospace") + "\n", encoding="utf-8")


def main(folder: Path = FOLDER) -> int:
    """Make the pictures in a folder."""
    folder.mkdir(parents=True, exist_ok=True)

    async def run(workspace: Path, home: Path) -> None:
        with open_desk(workspace, home) as desk:
            app = ReviewApp(desk, outside())
            async with app.run_test(size=SIZE) as pilot:
                await take(folder, pilot, app)

    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(run(lay_out(Path(scratch) / "demo"), Path(scratch)))
    return 0


if __name__ == "__main__":
    arguments: Sequence[str] = sys.argv[1:]
    sys.exit(main(Path(arguments[0]) if arguments else FOLDER))
