"""The text of a revision file."""

from __future__ import annotations

import tokenize
from pathlib import Path


def read_source(path: Path) -> str:
    """The text, in the encoding that the file names in its first lines; UTF-8 where it names none.

    Raises:
        OSError: it cannot be read.
        SyntaxError: it names an encoding that is not there, or is not in it.
    """
    with tokenize.open(path) as stream:
        return stream.read()
