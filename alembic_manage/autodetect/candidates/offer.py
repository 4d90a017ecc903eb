"""What may have been renamed, and to what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from alembic_manage.autodetect.candidates.path import Path

Kind: TypeAlias = Literal["table", "column", "enum value", "index", "constraint"]


@dataclass(frozen=True)
class Candidate:
    """What something that is gone may have become."""

    new: Path
    score: float
    """How likely that is, from 0 to 1."""
    also: str = ""
    """What else changes: "VARCHAR(40) becomes VARCHAR(80)", "becomes NOT NULL"; "" where nothing does."""


@dataclass(frozen=True)
class Offer:
    """Something that is gone, with what it may have become."""

    kind: Kind
    old: Path
    candidates: tuple[Candidate, ...]
    """At least one, the likeliest first; several only where they are almost equally likely."""
