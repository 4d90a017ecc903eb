"""How wide a text is, as far as that can be known without a font: a little more than usual sans-serif fonts need."""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("iIjl.,:;'|!()[]{}`/\\ ftr-1")
_WIDE = frozenset("mwMW@%")


def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """In pixels, for a font of `size` pixels."""
    return sum(map(_share, text)) * size * (1.06 if is_bold else 1.0)


def _share(character: str) -> float:
    if character in _NARROW:
        return 0.38
    if character in _WIDE:
        return 0.94
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.7 if character.isupper() else 0.59
