"""CREATE, RENAME and DROP INDEX."""

from __future__ import annotations

from dataclasses import replace

from alembic_manage.state.objects import Index, Key, PrimaryKey, Unique
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.generated_name import name_of_index
from alembic_manage.state.schema.sequence_statements import SequenceStatements
from alembic_manage.state.schema.serving_index import in_any_order, is_served, lasting, serves
from alembic_manage.state.schema.table import Table


class IndexStatements(SequenceStatements):
    """What is done to indexes, also by statements about their tables."""

    _unsure: list[tuple[Key, str]] | None = None
    """Tables and dropped indexes to look at when a statement is at its end; None outside of one."""

    def create_index(self, key: Key, index: Index, *, if_not_exists: bool = False) -> None:
        """CREATE INDEX; one whose name is empty gets the server's."""
        table = self.table(key)
        if not index.name:
            index = replace(index, name=name_of_index(self, table, index))
        existing = self.index(index.name, table.key)
        if existing is not None and not self._gives_way(existing[1], index):
            if if_not_exists:
                return
            raise SchemaError(f'the index "{index.name}" exists already')
        names = {name: self.column(table.key, name).name for name in index.columns}
        columns = tuple(names.get(name, name) for name in in_any_order(index))
        self.put_table(replace(table, indexes=(*lasting(table.indexes, columns), index)))

    def drop_index(
        self, name: str, key: Key | None = None, *, schema: str | None = None, if_exists: bool = False
    ) -> None:
        """DROP INDEX."""
        found = self.index(name, key, schema)
        if found is None:
            if if_exists:
                return
            raise SchemaError(f'there is no index "{name}"')
        table, index = found
        left = table.without_index(index)
        self._require_served(left, name)
        self.put_table(left)

    def rename_index(self, old: str, new: str, key: Key | None = None, *, schema: str | None = None) -> None:
        """ALTER INDEX ... RENAME TO; a constraint that the index stands for is renamed with it."""
        found = self.index(old, key, schema)
        if found is not None:
            table, index = found
            self.put_table(table.with_index(index, replace(index, name=new)))
            return
        wanted = key.schema if key is not None else self.key(schema, old).schema
        for table in self._tables.named(wanted, old):
            for each in table.constraints:
                if isinstance(each, PrimaryKey | Unique) and each.name == old:
                    self.put_table(table.with_constraint(each, replace(each, name=new)))
                    return
        raise SchemaError(f'there is no index "{old}"')

    def require_keys_of_numbers(self, key: Key) -> None:
        """Where numbers need a key, one must begin with their column; checked at the end of a statement.

        Source: MariaDB documentation, "AUTO_INCREMENT", "It must be defined as a key".

        Raises:
            SchemaError: a numbered column has none.
        """
        table = self.table(key)
        for column in table.columns.values() if self.rules.numbers_need_key else ():
            if column.autoincrement and not is_served(table, (column.name,)):
                raise SchemaError(f'the numbered column "{column.name}" of "{key}" needs a key')

    def _gives_way(self, existing: Index, index: Index) -> bool:
        return existing.is_implied and serves(in_any_order(index), existing.columns)

    def _require_served(self, table: Table, dropped: str) -> None:
        """Raise, where a foreign key lost its index; inside `atomic` that is looked at in the end."""
        if not self.rules.indexes_foreign_keys:
            return
        if self._unsure is not None:
            self._unsure.append((table.key, dropped))
            return
        unserved = [each for each in table.foreign_keys if not is_served(table, each.columns)]
        if unserved:
            raise SchemaError(f'the index "{dropped}" cannot be dropped: the foreign key "{unserved[0].name}" needs it')
