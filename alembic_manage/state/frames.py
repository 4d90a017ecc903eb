"""The line of a revision file that is at work, or was."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any


def line_now(path: Path) -> int | None:
    """The line of a file that the running code is in; None where none of it runs."""
    name, frame = str(path), sys._getframe(1)
    found: Any = frame
    while found is not None:
        if found.f_code.co_filename == name:
            return int(found.f_lineno)
        found = found.f_back
    return None


def line_of(path: Path, error: BaseException) -> int | None:
    """The line of a file that raised an error, or called what did."""
    return last_line(path, traceback.extract_tb(error.__traceback__))


def last_line(path: Path, frames: Any) -> int | None:
    """The innermost line of a file in a stack."""
    lines = [frame.lineno for frame in frames if Path(frame.filename) == path]
    return lines[-1] if lines else None
