"""RENAME and SET SCHEMA, of ALTER TABLE."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from alembic_manage.state.objects import Key
from alembic_manage.state.sql.alteration import Alteration, Phase
from alembic_manage.state.sql.ddl_reader import DdlReader


class RenamingActions(Alteration):
    """Actions that give another name."""

    def __init__(self, read: DdlReader, key: Key) -> None:
        super().__init__(read, key)
        self._renames: list[tuple[str, str, bool]] = []

    def apply(self) -> None:
        """Apply what was read, wholly or not at all; columns are renamed first."""
        self._rename_together()
        super().apply()

    def _rename(self) -> None:
        read = self.read
        if read.accept("TO", "AS"):
            self._later(Phase.MOVE, self._rename_table, new_key(read, self.key))
        elif kind := read.accept("CONSTRAINT", "INDEX", "KEY") if self._is_not_column() else "":
            self._refuse_rebuild(f"RENAME {kind}")
            old, new = self._pair()
            rename = self._rename_constraint if kind == "CONSTRAINT" else self._rename_index
            self._later(Phase.CHANGE, rename, old, new)
        else:
            self._rename_column()

    def _is_not_column(self) -> bool:
        return self.read.rules.has_inline_indexes or self.read.at("CONSTRAINT")

    def _rename_column(self) -> None:
        read = self.read
        is_column = read.accept("COLUMN") and not read.at("TO")
        if_exists = read.if_exists()
        name = read.name()
        if read.is_done and not is_column:
            self._later(Phase.MOVE, self._rename_table, replace(self.key, name=name))
            return
        read.expect("TO")
        self._renames.append((name, read.name(), if_exists))

    def _rename_together(self) -> None:
        """Columns may take one another's names. Source: MariaDB documentation, "ALTER TABLE", "RENAME COLUMN"."""
        new = {each for _, each, _ in self._renames}
        for old, name, if_exists in self._renames:
            meanwhile = f"{name}\0" if old in new else name
            self._changes.insert(0, (Phase.CHANGE, partial(self._rename_column_to, old, meanwhile, if_exists)))
        for old, name, if_exists in self._renames:
            if old in new:
                self._later(Phase.CHANGE, self._rename_column_to, f"{name}\0", name, if_exists)

    def _rename_column_to(self, old: str, new: str, if_exists: bool) -> None:
        if if_exists and not self.schema.has_column(self.key, old):
            return
        self.schema.rename_column(self.key, old, new)

    def _pair(self) -> tuple[str, str]:
        old = self.read.name()
        self.read.expect("TO")
        return old, self.read.name()

    def _rename_constraint(self, old: str, new: str) -> None:
        self.schema.rename_constraint(self.key, old, new)

    def _rename_index(self, old: str, new: str) -> None:
        self.schema.rename_index(old, new, self.key)

    def _rename_table(self, new: Key) -> None:
        """ALTER TABLE may also rename an index or a sequence. Source: PostgreSQL 16 manual, ALTER TABLE, Notes."""
        schema = self.schema
        if schema.find(self.key) is not None:
            schema.rename_table(self.key, new)
        elif self.key in schema.sequences:
            schema.rename_sequence(self.key, new)
        else:
            schema.rename_index(self.key.name, new.name, schema=self.key.schema)

    def _set_schema(self) -> None:
        self._later(Phase.MOVE, self.schema.rename_table, self.key, self.schema.key(self.read.name(), self.key.name))


def new_key(read: DdlReader, old: Key) -> Key:
    """The name that comes next, in the schema of the old one where it says none."""
    schema, name = read.qualified()
    return read.schema.key(schema, name) if schema is not None else replace(old, name=name)
