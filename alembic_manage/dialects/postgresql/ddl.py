"""Names and statements of DDL as PostgreSQL has them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count

from alembic_manage.dialects.dialect import Dialect


class PostgreSQLDDL(Dialect):
    """Writes DDL of PostgreSQL."""

    def generated_name(self, kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str | None:
        """`table_pkey`, `table_a_b_key`, `table_a_fkey`, `table_a_check`, with a number where it is taken.

        Source: PostgreSQL 16, ChooseIndexName and ChooseConstraintName (src/backend/commands/indexcmds.c).
        """
        middle = "_".join(columns)
        if kind == "primary" or (kind == "check" and len(columns) != 1):
            middle = ""
        for number in count():
            name = _object_name(table, middle, _LABELS[kind] + (str(number) if number else ""))
            if name not in taken:
                return name
        return None

    def rename_index_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """ALTER INDEX ... RENAME TO."""
        index = ".".join(self.quoted(name) for name in (schema, old) if name)
        return f"ALTER INDEX {index} RENAME TO {self.quoted(new)}"

    def rename_constraint_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """ALTER TABLE ... RENAME CONSTRAINT."""
        name = ".".join(self.quoted(part) for part in (schema, table) if part)
        return f"ALTER TABLE {name} RENAME CONSTRAINT {self.quoted(old)} TO {self.quoted(new)}"

    def continue_numbers_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """setval. Source: PostgreSQL 16 manual, 9.17 "Sequence Manipulation Functions"."""
        path, name = self._path(schema, table), self.quoted(column)
        sequence = f"pg_get_serial_sequence({self.text_literal(path)}, {self.text_literal(column)})"
        return [f"SELECT setval({sequence}, COALESCE(max({name}), 0) + 1, false) FROM {path}"]

    def serial_sequence(self, table: str, column: str) -> str:
        """table_column_seq. Source: PostgreSQL 16 manual, 8.1.4 "Serial Types"."""
        return _object_name(table, column, "seq")

    def stop_serial_sql(self, schema: str | None, table: str, column: str, sequence: str | None) -> Sequence[str]:
        """DROP DEFAULT and DROP SEQUENCE. Source: PostgreSQL 16 manual, 8.1.4 "Serial Types"."""
        return [
            f"ALTER TABLE {self._path(schema, table)} ALTER COLUMN {self.quoted(column)} DROP DEFAULT",
            f"DROP SEQUENCE IF EXISTS {self._path(schema, sequence or self.serial_sequence(table, column))}",
        ]

    def start_serial_sql(self, schema: str | None, table: str, column: str, sequence: str | None) -> Sequence[str]:
        """CREATE SEQUENCE ... OWNED BY and SET DEFAULT. Source: PostgreSQL 16 manual, 8.1.4 "Serial Types"."""
        path, name = self._path(schema, table), self.quoted(column)
        sequence = self._path(schema, sequence or self.serial_sequence(table, column))
        return [
            f"CREATE SEQUENCE {sequence} OWNED BY {path}.{name}",
            f"ALTER TABLE {path} ALTER COLUMN {name} SET DEFAULT nextval({self.text_literal(sequence)})",
            f"SELECT setval({self.text_literal(sequence)}, COALESCE(max({name}), 0) + 1, false) FROM {path}",
        ]

    def move_table_sql(
        self, table: tuple[str | None, str], new: tuple[str | None, str], default_schema: str | None
    ) -> Sequence[str]:
        """ALTER TABLE ... SET SCHEMA, then RENAME TO. Source: PostgreSQL 16 manual, ALTER TABLE."""
        (schema, name), (new_schema, new_name) = table, new
        found: list[str] = []
        if schema != new_schema:
            place = self.quoted(new_schema or default_schema or str(self.default_schema))
            found.append(f"ALTER TABLE {self._path(schema, name)} SET SCHEMA {place}")
        if name != new_name:
            found.append(f"ALTER TABLE {self._path(new_schema, name)} RENAME TO {self.quoted(new_name)}")
        return found

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """UPDATE ... FROM, rows told apart by their place. Source: PostgreSQL 16 manual, 5.5 "System Columns"."""
        numbered = "SELECT ctid AS place, row_number() OVER () AS number"
        return (
            f"UPDATE {table} AS filled SET {column} = {value.format(number=f'(numbered.number + {start})')} "
            f"FROM ({numbered} FROM {table} WHERE {column} IS NULL) AS numbered WHERE filled.ctid = numbered.place"
        )

    def _path(self, schema: str | None, name: str) -> str:
        return ".".join(self.quoted(part) for part in (schema, name) if part)

    def cut_name(self, name: str) -> str:
        """The first 63 bytes. Source: PostgreSQL 16 manual, 4.1.1 "Identifiers and Key Words"."""
        return name.encode()[:_NAME_BYTES].decode(errors="ignore")


_LABELS = {
    "primary": "pkey",
    "unique": "key",
    "check": "check",
    "foreignkey": "fkey",
    "exclude": "excl",
    "index": "idx",
}


_NAME_BYTES = 63


def _object_name(table: str, middle: str, label: str) -> str:
    """The three parts with underscores between, the longer of the first two cut until they fit.

    Source: PostgreSQL 16, makeObjectName (src/backend/commands/indexcmds.c).
    """
    room = _NAME_BYTES - len(label) - 1 - (1 if middle else 0)
    while len(table) + len(middle) > room:
        if len(table) > len(middle):
            table = table[:-1]
        else:
            middle = middle[:-1]
    return "_".join(part for part in (table, middle, label) if part)
