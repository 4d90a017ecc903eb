"""Pieces of text that rules are written with."""

from __future__ import annotations

import json
from collections.abc import Iterable


def python(value: str | None) -> str:
    """A text as Python has it, in double quotes."""
    return "None" if value is None else json.dumps(value, ensure_ascii=False)


def listed(names: Iterable[str]) -> str:
    """Names for a sentence: "a", "a and b", "a, b and c"."""
    *first, last = list(names)
    return f"{', '.join(first)} and {last}" if first else last
