"""ADD, RENAME and DROP CONSTRAINT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from alembic_manage.state.objects import Check, Constraint, ForeignKey, Index, IndexPart, Key, PrimaryKey, Unique
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.generated_name import name_of_constraint
from alembic_manage.state.schema.index_statements import IndexStatements
from alembic_manage.state.schema.serving_index import with_implied_index
from alembic_manage.state.schema.table import Table


class ConstraintStatements(IndexStatements):
    """What is done to constraints, also by statements about their tables."""

    def add_constraint(self, key: Key, constraint: Constraint) -> None:
        """ADD CONSTRAINT; one without a name gets the server's."""
        table = self.table(key)
        for name in () if isinstance(constraint, Check) or constraint.kind == "exclude" else constraint.columns:  # type: ignore[union-attr]
            self.column(table.key, name)
        if isinstance(constraint, PrimaryKey):
            self._add_primary_key(table, constraint)
        elif isinstance(constraint, Unique) and self.rules.unique_is_index:
            self._add_unique_index(table, constraint)
        else:
            self._add_other(table, constraint)

    def drop_constraint(
        self, key: Key, name: str | None, kind: str | None = None, *, if_exists: bool = False, cascade: bool = False
    ) -> None:
        """DROP CONSTRAINT.

        Args:
            key: of the table.
            name: of the constraint; None for the primary key where its kind says so.
            kind: "primary", "unique", "check", "foreignkey"; None where nothing is said.
            if_exists: whether a missing one is no error.
            cascade: whether foreign keys that need it go too.
        """
        table = self.table(key)
        found = self.constraint(key, name, kind)
        if found is None and name is not None and self.rules.unique_is_index and kind in (None, "unique"):
            index = next((each for each in table.indexes if self._same(each.name, name)), None)
            if index is not None:
                self.put_table(table.without_index(index))
                return
        if found is None:
            if if_exists:
                return
            raise SchemaError(f'the table "{key}" has no constraint "{name or kind}"')
        needing = self._needing(table, found) if self.rules.keeps_referred_tables or cascade else []
        if needing and not cascade:
            raise SchemaError(f'the constraint "{found.name}" of "{key}" is needed by "{needing[0][1].name}"')
        self.put_table(table.without_constraint(found))
        self._drop_references(needing)

    def rename_constraint(self, key: Key, old: str, new: str) -> None:
        """RENAME CONSTRAINT."""
        self.change_constraint(key, old, lambda found: replace(found, name=new))

    def change_constraint(self, key: Key, name: str, change: Callable[[Any], Constraint]) -> None:
        """ALTER CONSTRAINT: what `change` makes of the constraint takes its place.

        Raises:
            SchemaError: there is none of that name.
        """
        found = self.constraint(key, name)
        if found is None:
            raise SchemaError(f'the table "{key}" has no constraint "{name}"')
        self.put_table(self.table(key).with_constraint(found, change(found)))

    def _add_primary_key(self, table: Table, constraint: PrimaryKey) -> None:
        if table.primary_key is not None:
            raise SchemaError(f'the table "{table.key}" has a primary key already')
        self._require_free_relation(table, constraint)
        if self.rules.one_primary_key_name:
            constraint = replace(constraint, name=None)
        elif constraint.name is None:
            constraint = replace(constraint, name=name_of_constraint(self, table, constraint))
        # First, as CREATE TABLE has it.
        changed = replace(table, constraints=(constraint, *table.constraints))
        for name in constraint.columns if self.rules.primary_key_is_not_null else ():
            changed = changed.with_column(replace(self.column(table.key, name), nullable=False))
        self.put_table(changed)

    def _add_unique_index(self, table: Table, constraint: Unique) -> None:
        parts = tuple(IndexPart(name) for name in constraint.columns)
        name = constraint.name or name_of_constraint(self, table, constraint)
        self.create_index(table.key, Index(str(name), parts, unique=True, is_constraint=True))

    def _add_other(self, table: Table, constraint: Constraint) -> None:
        self._require_free_relation(table, constraint)
        is_taken = constraint.name is not None and self.constraint(table.key, constraint.name) is not None
        if is_taken and self.rules.names_constraints:
            raise SchemaError(f'the table "{table.key}" has a constraint "{constraint.name}" already')
        if constraint.name is None:
            generated = name_of_constraint(self, table, constraint)
            if isinstance(constraint, ForeignKey):
                constraint = replace(constraint, is_name_generated=generated is not None)
            constraint = replace(constraint, name=generated)
        if isinstance(constraint, ForeignKey):
            self._require_referred(table, constraint)
        changed = replace(table, constraints=(*table.constraints, constraint))
        if isinstance(constraint, ForeignKey) and self.rules.indexes_foreign_keys:
            changed = with_implied_index(changed, constraint)
        self.put_table(changed)

    def _require_referred(self, table: Table, constraint: ForeignKey) -> None:
        if self.rules.keeps_referred_tables and self.find(constraint.referred) is None:
            raise SchemaError(f'there is no table "{constraint.referred}" for a foreign key of "{table.key}"')

    def _require_free_relation(self, table: Table, constraint: Constraint) -> None:
        """The index of a key has a name among all tables and indexes of its schema.

        Source: PostgreSQL 16 manual, CREATE TABLE, "Notes"; pg_class.
        """
        if not (self.rules.index_names_span_tables and self.rules.names_constraints):
            return
        if constraint.name is None or not isinstance(constraint, PrimaryKey | Unique):
            return
        for other in self._tables.named(table.key.schema, constraint.name):
            of_relations = [each for each in other.constraints if not isinstance(each, Check | ForeignKey)]
            names = [other.key.name, *(each.name for each in (*of_relations, *other.indexes))]
            if constraint.name in names:
                raise SchemaError(f'the name "{constraint.name}" of a key of "{table.key}" is taken by "{other.key}"')

    def _needing(self, table: Table, constraint: Constraint) -> list[tuple[Table, ForeignKey]]:
        """The foreign keys that refer to the columns of a key."""
        if not isinstance(constraint, PrimaryKey | Unique):
            return []
        return [
            (other, each)
            for other, each in self.references(table.key)
            if _key_of(table, each.referred_columns or table.primary_columns) is constraint
        ]


def _key_of(table: Table, columns: tuple[str, ...]) -> Constraint | None:
    """The key that a foreign key to these columns rests on: the first that is not deferrable.

    Source: PostgreSQL 16, transformFkeyCheckAttrs (src/backend/commands/tablecmds.c).
    """
    for each in table.constraints:
        if isinstance(each, PrimaryKey) and set(each.columns) == set(columns):
            return each
        if isinstance(each, Unique) and set(each.columns) == set(columns) and not each.deferrable:
            return each
    return None
