"""Writes docs/pictures/NAME.svg, each a terminal as it looks: `python docs/pictures.py`.

Types docs/tutorial.md in a folder of its own; a block with `<!-- picture: NAME -->` above it gives a picture. Times are
replaced, so that the same screens give the same files.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "tutorial.md"
FOLDER = ROOT / "docs" / "pictures"
sys.path.insert(0, str(ROOT / "tests"))

from support.tutorial import Command, Player  # noqa: E402

TIME = (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), "2026-01-31 09:30:00")
COLUMNS = 80
THEME = TerminalTheme(
    (30, 34, 42),
    (220, 223, 228),
    [
        (92, 99, 112),
        (224, 108, 117),
        (152, 195, 121),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (86, 182, 194),
        (220, 223, 228),
    ],
)
"""Colours of a dark terminal, on a ground of their own: the picture reads on a light page and on a dark one."""
FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; \
font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
"""Rich's own without the fonts that it fetches from elsewhere."""


def screens_of(commands: Iterable[tuple[Command, str]]) -> Mapping[str, str]:
    """What each picture shows: its commands as they were typed, each with its screen."""
    screens: dict[str, str] = {}
    for command, screen in commands:
        if command.picture:
            shown = TIME[0].sub(TIME[1], screen)
            screens[command.picture] = screens.get(command.picture, "") + f"\x1b[1m$ {command.line}\x1b[0m\n{shown}"
    return screens


def picture_of(name: str, screen: str) -> str:
    """The SVG of a screen, without anything that is fetched from elsewhere."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(screen.rstrip("\n")), soft_wrap=False, highlight=False)
    return console.export_svg(title="", theme=THEME, code_format=FORMAT, unique_id=f"picture-{name}")


def main() -> None:
    """Type the tutorial, and write its pictures."""
    with tempfile.TemporaryDirectory() as folder:
        played = Player(Path(folder)).play(PAGE.read_text(encoding="utf-8"))
    FOLDER.mkdir(exist_ok=True)
    for name, screen in screens_of(played).items():
        (FOLDER / f"{name}.svg").write_text(picture_of(name, screen), encoding="utf-8")


if __name__ == "__main__":
    main()
