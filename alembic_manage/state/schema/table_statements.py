"""CREATE, ALTER and DROP TABLE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alembic_manage.state.objects import ForeignKey, Key
from alembic_manage.state.schema.column_statements import ColumnStatements
from alembic_manage.state.schema.equal_keys import merged_keys
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.generated_name import after_renaming
from alembic_manage.state.schema.table import Table


class TableStatements(ColumnStatements):
    """What is done to tables."""

    def create_table(self, table: Table, *, if_not_exists: bool = False) -> None:
        """CREATE TABLE; the server's names are given to constraints without one."""
        if self.find(table.key) is not None:
            if if_not_exists:
                return
            raise SchemaError(f'the table "{table.key}" exists already')
        for column in table.columns.values():
            self._require_types(column)
        self.put_table(replace(table, constraints=(), indexes=(), options=self.rules.one_spelling(table.options)))
        try:
            for constraint in merged_keys(table.constraints, self.rules):
                if not isinstance(constraint, ForeignKey):
                    self.add_constraint(table.key, constraint)
            for index in table.indexes:
                self.create_index(table.key, index)
            # Last: no index is implied where one of those serves.
            for foreign_key in table.foreign_keys:
                self.add_constraint(table.key, foreign_key)
        except SchemaError:
            self._tables.remove(table.key)
            raise

    def drop_table(self, key: Key, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP TABLE."""
        table = self.find(key)
        if table is None:
            if if_exists or key in self.ignored:
                self.ignored.discard(key)
                return
            raise SchemaError(f'there is no table "{key}"')
        referring = list(self.referring(table.key))
        if referring and self.rules.keeps_referred_tables and not cascade:
            raise SchemaError(f'the table "{key}" cannot be dropped: "{referring[0][0].key}" refers to it')
        if self.rules.keeps_referred_tables:
            self._drop_references(referring)
        self._tables.remove(table.key)
        self._drop_owned(table.key)

    def rename_table(self, key: Key, new: Key) -> None:
        """ALTER TABLE ... RENAME TO, or SET SCHEMA; foreign keys of other tables follow."""
        table = self.table(key)
        if new != table.key and self.find(new) is not None:
            raise SchemaError(f'the table "{new}" exists already')
        old = table.key
        self._tables.rename(old, replace(table, key=new))
        for other, foreign_key in list(self.references(old)):
            changed = replace(foreign_key, referred=new)
            self.put_table(self.tables[other.key].with_constraint(foreign_key, changed))
        self._move_owned(old, new)
        self._keep_sequences(self.tables[new], old.name)
        if self.rules.renames_generated:
            renamed = self.tables[new]
            constraints = tuple(after_renaming(each, old.name, new.name) for each in renamed.constraints)
            self.put_table(replace(renamed, constraints=constraints))

    def set_table_comment(self, key: Key, comment: str | None) -> None:
        """COMMENT ON TABLE."""
        self.put_table(replace(self.table(key), comment=comment))

    def set_table_options(self, key: Key, options: Mapping[str, Any]) -> None:
        """Change some of a table's dialect options; None for what is not said any more."""
        table = self.table(key)
        changed = {**table.options, **self.rules.one_spelling(options)}
        said = {name: value for name, value in changed.items() if value is not None}
        self.put_table(replace(table, options=said))
