"""Numbers with their nouns, as a person would say them."""

from __future__ import annotations


def counted(count: int, noun: str, verbs: tuple[str, str] | None = None) -> str:
    """ "1 row", "2,068 rows"; with verbs for one and for several: "1 row is", "2 rows are"."""
    verb = f" {verbs[count != 1]}" if verbs else ""
    return f"{count:,} {noun}{'s' * (count != 1)}{verb}"
