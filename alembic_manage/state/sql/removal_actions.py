"""DROP, of ALTER TABLE: columns, constraints, indexes."""

from __future__ import annotations

from alembic_manage.state.sql.alteration import Alteration, Phase

_DROPPED_CONSTRAINTS = {"CONSTRAINT": None, "PRIMARY KEY": "primary", "FOREIGN KEY": "foreignkey", "CHECK": "check"}


class RemovalActions(Alteration):
    """Actions that drop something of a table."""

    def _drop(self) -> None:
        read = self.read
        if read.at("SYSTEM VERSIONING", "PERIOD FOR"):
            raise read.opaque("system versioning is not read")
        if read.at(*_DROPPED_CONSTRAINTS):
            self._refuse_rebuild("DROP CONSTRAINT")
            self._drop_constraint(read.expect(*_DROPPED_CONSTRAINTS))
        elif read.rules.has_inline_indexes and read.accept("INDEX", "KEY"):
            if_exists = read.if_exists()
            self._later(Phase.DROP_INDEX, self.schema.drop_index, read.name(), self.key, if_exists=if_exists)
        elif read.rules.has_inline_indexes and read.accept("PARTITION"):
            read.skip_rest()
        else:
            read.accept("COLUMN")
            if_exists = read.if_exists()
            name = read.name()
            cascade = read.cascade()
            self._later(
                Phase.DROP_COLUMN, self.schema.drop_column, self.key, name, if_exists=if_exists, cascade=cascade
            )

    def _drop_constraint(self, phrase: str) -> None:
        read = self.read
        kind = _DROPPED_CONSTRAINTS[phrase]
        if_exists = read.if_exists()
        name = None if phrase == "PRIMARY KEY" else read.name()
        if kind is None and self.read.rules.one_primary_key_name and name == "PRIMARY":
            name, kind = None, "primary"
        cascade = read.cascade()
        drop = self.schema.drop_constraint
        self._later(Phase.DROP_CONSTRAINT, drop, self.key, name, kind, if_exists=if_exists, cascade=cascade)
