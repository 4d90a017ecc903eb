"""One thing that a revision does, as a person reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One operation of a revision."""

    symbol: str
    """"+" adds, "-" removes, "~" alters, "s" is raw SQL, "p" is Python, "?" is an operation of somebody else."""
    kind: str
    """The operation's name in Alembic: "add_column", ...; "python" for other code."""
    text: str
    """For a person: "Add column shipped_at to orders"."""
    table: str = ""
    name: str = ""
    """The column, index or constraint; the table itself for an operation on tables."""
    schema: str | None = None
    columns: tuple[str, ...] = ()
    """The columns of an index or constraint."""
    new_name: str = ""
    """Where something is renamed."""
    statement: str = ""
    """All of the SQL, where it comes as SQL."""

    @property
    def line(self) -> str:
        """Symbol and text."""
        return f"{self.symbol} {self.text}"

    def as_json(self) -> Mapping[str, object]:
        """The stable shape that --json prints."""
        return {
            "symbol": self.symbol,
            "operation": self.kind,
            "table": self.table or None,
            "name": self.name or None,
            "description": self.text,
        }
