"""Why the state after a revision is not known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Opaque:
    """Why the state after a revision is not known."""

    revision: str
    """The revision's id."""
    path: Path
    line: int | None
    """The line of the file; None where none is to blame."""
    kind: str
    """"ddl": a statement that cannot be read; "rows": it needs what only a database knows; "follows": what it needs is
    made by an earlier one that is opaque; "raises": it failed."""
    reason: str
    """In a few words, for a person."""
    statement: str | None = None
    """The statement; None where there is none."""
