"""Names and statements of DDL as any database has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.facts import Facts

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect


class AnyDDL(Facts):
    """Writes DDL; the defaults are those of a database of which nothing is known."""

    def generated_name(self, kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str | None:
        """The name that the server gives to a constraint without one; None where it has none.

        Args:
            kind: "primary", "unique", "check", "foreignkey", "exclude" or "index".
            table: the table's name.
            columns: the columns that it uses, in the table's order for a check.
            taken: names that are in use.
        """
        return None

    def cut_name(self, name: str) -> str:
        """A name in SQL text as the server keeps it."""
        return name

    def quoted(self, name: str) -> str:
        """A name as SQL has it: in quotes where it needs them."""
        dialect = _sqlalchemy_dialect(type(self), self.names[0])  # type: ignore[arg-type]
        return str(dialect.identifier_preparer.quote(name))

    def text_literal(self, text: str) -> str:
        """A text in SQL."""
        doubled = text.replace("\\", "\\\\") if self.escapes_with_backslash else text
        return "'" + doubled.replace("'", "''") + "'"

    def rename_index_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """The statement that gives an index another name."""
        raise NotImplementedError(f"{self.title} cannot rename an index")

    def rename_constraint_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """The statement that gives a constraint of one of `renamed_constraints` another name."""
        raise NotImplementedError(f"{self.title} cannot rename a constraint")

    def continue_numbers_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """The statements after which an identity goes on behind the highest number of its column."""
        raise NotImplementedError(f"{self.title} has no identity columns")

    def serial_sequence(self, table: str, column: str) -> str | None:
        """The name of the sequence that a SERIAL makes; None where it makes none."""
        return None

    def stop_serial_sql(self, schema: str | None, table: str, column: str, sequence: str | None) -> Sequence[str]:
        """The statements after which a column takes its numbers from no sequence, and its own is gone.

        Args:
            schema: of the table and of the sequence.
            table: the table.
            column: the column.
            sequence: its name; None for that which a SERIAL gives it.
        """
        raise NotImplementedError(f"{self.title} has no sequences of columns")

    def start_serial_sql(self, schema: str | None, table: str, column: str, sequence: str | None) -> Sequence[str]:
        """The statements that a SERIAL stands for; the numbers go on behind the highest. See stop_serial_sql."""
        raise NotImplementedError(f"{self.title} has no sequences of columns")

    def move_table_sql(
        self, table: tuple[str | None, str], new: tuple[str | None, str], default_schema: str | None
    ) -> Sequence[str]:
        """The statements that move a table.

        Args:
            table: schema and name before.
            new: schema and name afterwards.
            default_schema: the name of the schema that is meant by None.
        """
        raise NotImplementedError(f"{self.title} cannot move a table to another schema")

    def table_options_sql(self, schema: str | None, table: str, options: Mapping[str, str | None]) -> Sequence[str]:
        """The statements that give a table other options; None for what the database chooses by itself."""
        raise NotImplementedError(f"{self.title} has no options of tables")

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """The statement that fills a column, in the rows in which it is NULL, with values that differ.

        Args:
            table: in SQL.
            column: in SQL.
            value: the SQL of a value, with a place for `{number}`.
            start: the SQL of the number below the first.
        """
        raise NotImplementedError(f"{self.title} cannot number rows")

    def one_spelling(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Dialect options of a table, each under one name, where the database has several for it."""
        return options

    def path_of(self, table: Table) -> str:
        """A table's name in SQL, with its schema where it says one."""
        return ".".join(self.quoted(part) for part in (table.schema, table.name) if part)


@cache
def _sqlalchemy_dialect(kind: Any, name: str) -> SQLAlchemyDialect:
    # Another paramstyle than the driver's, which may double percent signs.
    made: SQLAlchemyDialect = kind(names=(name,), title=name).dialect_class(name)(paramstyle="named")
    return made
