"""What the forms know besides the operation that they are given."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from alembic.operations import ops
from sqlalchemy import Table

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.restored import Before
from alembic_manage.autodetect.steps.columns import new_tables
from alembic_manage.operations.steps import flattened
from alembic_manage.rollout.server import Server


class Scene:
    """The schema before, the server, and the other operations.

    Args:
        detection: of the operations.
        server: the kind of database.
        operations: all of them.
    """

    def __init__(self, detection: Detection, server: Server, operations: Iterable[ops.MigrateOperation]) -> None:
        self.detection = detection
        self.server = server
        self.operations = list(flattened(operations))
        self.notes: list[str] = []
        """What is written in the short form after all, and why; a line each."""
        self.new_tables = new_tables(self.operations)

    @cached_property
    def before(self) -> Before:
        """The tables before, with renames that were answered."""
        return Before(self.detection.before)

    def table(self, name: str, schema: str | None) -> Table | None:
        """A table as it is before."""
        return self.before.table(schema, name)

    def is_new(self, operation: Any) -> bool:
        """Whether the operation is about a table that is made by the same change."""
        table = getattr(operation, "source_table", None) or getattr(operation, "table_name", None)
        kw = getattr(operation, "kw", {})
        schema = getattr(operation, "schema", None) or kw.get("source_schema")
        return (schema, table) in self.new_tables

    def adds(self, table: str, schema: str | None, columns: Iterable[str]) -> bool:
        """Whether all of the columns are added by the same change: code that runs does not write them."""
        new = {
            str(each.column.name)
            for each in self.operations
            if isinstance(each, ops.AddColumnOp) and (each.table_name, each.schema) == (table, schema)
        }
        return new.issuperset(columns)

    def key_of(self, table: str, schema: str | None) -> str | None:
        """The first column of a table's primary key; None where it has none."""
        found = self.table(table, schema)
        keys = list(found.primary_key.columns) if found is not None else []
        return str(keys[0].name) if keys else None

    def note(self, text: str) -> None:
        """Remember that something is written in its short form."""
        if text not in self.notes:
            self.notes.append(text)
