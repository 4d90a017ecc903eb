"""CREATE, ALTER and DROP SEQUENCE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from alembic_manage.state.objects import Key, Sequence
from alembic_manage.state.schema.contents import Contents
from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.table import Table


class SequenceStatements(Contents):
    """What is done to sequences, also by statements about the tables that own them."""

    def create_sequence(self, sequence: Sequence, *, if_not_exists: bool = False) -> None:
        """CREATE SEQUENCE."""
        if sequence.key in self.sequences and not if_not_exists:
            raise SchemaError(f'the sequence "{sequence.key}" exists already')
        self.sequences.setdefault(sequence.key, sequence)

    def drop_sequence(self, key: Key, *, if_exists: bool = False, cascade: bool = False) -> None:
        """DROP SEQUENCE; with `cascade` the defaults that take numbers from it too."""
        if self.sequences.pop(key, None) is None and not if_exists and not self._is_owned(key):
            raise SchemaError(f'there is no sequence "{key}"')
        for table in list(self.tables.values()) if cascade else ():
            for column in table.columns.values():
                if column.default and "nextval" in column.default and key.name in column.default:
                    self.put_table(self.table(table.key).with_column(replace(column, default=None)))

    def alter_sequence(self, key: Key, options: Mapping[str, Any]) -> None:
        """ALTER SEQUENCE: change some of its options, and its "owner"."""
        if key in self.sequences:
            found = self.sequences[key]
            changed = {**found.options, **options}
            owner = changed.pop("owner", found.owner)
            self.sequences[key] = replace(found, options=changed, owner=owner)
        elif not self._is_owned(key):
            raise SchemaError(f'there is no sequence "{key}"')

    def rename_sequence(self, key: Key, new: Key) -> None:
        """ALTER SEQUENCE ... RENAME TO, or SET SCHEMA."""
        if new in self.sequences:
            raise SchemaError(f'the sequence "{new}" exists already')
        if key in self.sequences:
            self.sequences[new] = replace(self.sequences.pop(key), key=new)
        elif not self._is_owned(key):
            raise SchemaError(f'there is no sequence "{key}"')
        else:
            self._rename_of_serial(key, new)

    def _rename_of_serial(self, key: Key, new: Key) -> None:
        for table in list(self.tables.values()):
            for column in table.columns.values() if table.key.schema == key.schema else ():
                usual = self.rules.serial_sequence(table.key.name, column.name)
                if column.autoincrement and (column.sequence or usual) == key.name:
                    self.put_table(self.table(table.key).with_column(replace(column, sequence=new.name)))

    def _move_owned(self, old: Key, new: Key) -> None:
        """Sequences follow the table that owns them, into its schema too."""
        for key, each in list(self.sequences.items()):
            if each.owner is not None and each.owner[0] == old:
                del self.sequences[key]
                moved = Key(new.schema, key.name)
                self.sequences[moved] = replace(each, key=moved, owner=(new, each.owner[1]))

    def _keep_sequences(self, table: Table, name: str) -> None:
        """Remember the names of the sequences that SERIALs of a table have, before names change from which they come.

        Args:
            table: the table.
            name: what it was called until now.
        """
        for column in table.columns.values():
            usual = self.rules.serial_sequence(name, column.name)
            if column.autoincrement and column.sequence is None and usual is not None:
                self.put_table(self.table(table.key).with_column(replace(column, sequence=usual)))

    def _drop_owned(self, key: Key, column: str | None = None) -> None:
        """Sequences go with the table or column that owns them."""
        for name, each in list(self.sequences.items()):
            if each.owner is not None and each.owner[0] == key and column in (None, each.owner[1]):
                del self.sequences[name]

    def _is_owned(self, key: Key) -> bool:
        """Whether a sequence may be that of a SERIAL column, which the state does not list."""
        return key.name.endswith("_seq") and any(
            column.autoincrement for table in self.tables.values() for column in table.columns.values()
        )
