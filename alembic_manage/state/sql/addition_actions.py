"""ADD, of ALTER TABLE: columns, constraints, indexes."""

from __future__ import annotations

from functools import partial
from typing import Any

from alembic_manage.state.objects import Constraint, Index, PrimaryKey, Unique
from alembic_manage.state.schema import SchemaError
from alembic_manage.state.sql.alteration import Alteration, Phase
from alembic_manage.state.sql.column_text import ColumnText
from alembic_manage.state.sql.constraint_text import (
    CONSTRAINT_PHRASES,
    INDEX_PHRASES,
    read_constraint,
    read_inline_index,
    timing,
)
from alembic_manage.state.sql.ddl_reader import DdlReader


class AdditionActions(Alteration):
    """Actions that add something to a table."""

    def _add(self) -> None:
        read = self.read
        if read.at("SYSTEM VERSIONING", "PERIOD FOR"):
            raise read.opaque("system versioning is not read")
        if read.at(*CONSTRAINT_PHRASES):
            self._refuse_rebuild("ADD CONSTRAINT")
            self._add_constraint()
        elif read.rules.has_inline_indexes and read.at(*INDEX_PHRASES):
            self._add_index()
        elif read.rules.has_inline_indexes and read.accept("PARTITION"):
            read.skip_rest()
        else:
            read.accept("COLUMN")
            if_not_exists = read.if_not_exists()
            add = partial(self._add_column, if_not_exists)
            read.parenthesized(add) if read.at("(") else add()

    def _add_constraint(self) -> None:
        read = self.read
        if (from_index := self._read_using_index()) is not None:
            self._later(Phase.ADD, self._adopt_index, *from_index)
            return
        read.said_if_not_exists = False
        found = read_constraint(read)
        if isinstance(found, Index):
            self._later(Phase.ADD, self.schema.create_index, self.key, found, if_not_exists=read.said_if_not_exists)
        else:
            self._later(Phase.ADD, self._add_read_constraint, found, read.said_if_not_exists)

    def _add_read_constraint(self, found: Constraint, if_not_exists: bool) -> None:
        if if_not_exists and found.name is not None:
            same_index = self.schema.rules.unique_is_index and self.schema.index(found.name, self.key)
            if same_index or self.schema.constraint(self.key, found.name) is not None:
                return
        self.schema.add_constraint(self.key, found)

    def _read_using_index(self) -> tuple[str | None, str, str, dict[str, Any]] | None:
        """Name, kind, index and timing of a constraint that an index becomes."""
        ahead = DdlReader(self.read.rest(), self.schema, self.read.dialect)
        name = ahead.name() if ahead.accept("CONSTRAINT") else None
        if not (kind := ahead.accept("UNIQUE USING INDEX", "PRIMARY KEY USING INDEX")) or ahead.at("TABLESPACE"):
            return None
        if name is not None:
            self.read.accept("CONSTRAINT")
            self.read.name()
        self.read.expect(kind)
        return name, kind.split()[0], self.read.name(), timing(self.read)

    def _adopt_index(self, name: str | None, kind: str, index_name: str, timing: dict[str, Any]) -> None:
        found = self.schema.index(index_name, self.key)
        if found is None:
            raise SchemaError(f'there is no index "{index_name}"')
        columns = found[1].columns
        self.schema.drop_index(index_name, self.key)
        final = name or index_name
        constraint = PrimaryKey(final, columns) if kind == "PRIMARY" else Unique(final, columns, **timing)
        self.schema.add_constraint(self.key, constraint)

    def _add_index(self) -> None:
        self.read.said_if_not_exists = False
        index = read_inline_index(self.read)
        self._later(Phase.ADD, self.schema.create_index, self.key, index, if_not_exists=self.read.said_if_not_exists)

    def _add_column(self, if_not_exists: bool) -> None:
        text = ColumnText(self.read)
        if self.read.rules.needs_batch and any(isinstance(each, PrimaryKey | Unique) for each in text.constraints):
            raise SchemaError(f'the column "{text.name}" cannot be added with a key')
        self._later(Phase.CHANGE, self._add_column_text, text, if_not_exists, self._place())

    def _add_column_text(self, text: ColumnText, if_not_exists: bool, after: str | None) -> None:
        if if_not_exists and self.schema.has_column(self.key, text.name):
            return
        with self.schema.atomic():
            self.schema.add_column(self.key, text.column, after=after)
            for constraint in text.constraints:
                self.schema.add_constraint(self.key, constraint)
