"""Answers that were given on the command line, before anything is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Given:
    """What the options --rename, --no-rename, --default, --later and --proceed say, by path."""

    renames: Mapping[str, str] = field(default_factory=dict)
    """New path by old one: {"orders.placed": "orders.placed_at"}."""
    not_renamed: frozenset[str] = frozenset()
    """Paths of what is dropped, whatever it looks like."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What rows that are there already get, as typed: {"orders.total": "0"}."""
    later: frozenset[str] = frozenset()
    """Paths of what is left out of the revision."""
    proceed: frozenset[str] = frozenset()
    """Paths of what is done as it is."""
    used: set[str] = field(default_factory=set, compare=False)
    """The paths that answered something; whoever takes an answer adds its path."""
