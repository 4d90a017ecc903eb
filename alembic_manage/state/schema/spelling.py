"""Names as a database compares them: some ignore their case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def is_same_name(one: str, other: str, *, ignores_case: bool) -> bool:
    """Whether two names mean one object."""
    return one == other or (ignores_case and one.lower() == other.lower())


def found_by_name(named: Mapping[str, T], name: str, *, ignores_case: bool) -> T | None:
    """What has the name; where case is ignored and nothing has it exactly, the only one that has another spelling."""
    if name in named:
        return named[name]
    if not ignores_case:
        return None
    lowered = name.lower()
    matches = [each for key, each in named.items() if key.lower() == lowered]
    return matches[0] if len(matches) == 1 else None
