"""Identity columns, on a table that has rows.

SQL, because Alembic does not write into the revision file what an identity was before, and without that runs the wrong
statement. Source: Alembic 1.20, autogenerate/render.py, _alter_column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects import dialect_named
from alembic_manage.operations.operation import SqlOperation
from alembic_manage.operations.quoted_name import quoted_name
from alembic_manage.operations.sequence import sequence_clauses

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class ChangeIdentity(SqlOperation):
    """A column becomes an identity, is none any more, or gets other options.

    Args:
        table_name: its table.
        column: its name.
        before: the arguments of sqlalchemy.Identity; None where it is none. Where it is one before and after, what
            changes is in both.
        after: the same for afterwards.
        schema: of the table.
    """

    def __init__(
        self,
        table_name: str,
        column: str,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any] | None,
        schema: str | None = None,
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.before = dict(before) if before is not None else None
        self.after = dict(after) if after is not None else None

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER COLUMN with ADD GENERATED, DROP IDENTITY or SET. Source: PostgreSQL 16 manual, ALTER TABLE."""
        quote = dialect.identifier_preparer.quote
        table = quoted_name(dialect, self.schema, self.table_name)
        return [f"ALTER TABLE {table} ALTER COLUMN {quote(self.column)} {self._change}"]

    @property
    def _change(self) -> str:
        if self.after is None:
            return "DROP IDENTITY"
        always = {True: "ALWAYS", False: "BY DEFAULT"}[bool(self.after.get("always"))]
        options = {name: value for name, value in self.after.items() if name != "always"}
        if self.before is None:
            clauses = sequence_clauses(options)
            return f"ADD GENERATED {always} AS IDENTITY" + (f" ({' '.join(clauses)})" if clauses else "")
        changed = {name: value for name, value in options.items() if self.before.get(name) != value}
        words = [f"SET GENERATED {always}"] if bool(self.before.get("always")) != bool(self.after.get("always")) else []
        return " ".join([*words, *(f"SET {clause}" for clause in sequence_clauses(changed))])

    def reverse(self) -> ChangeIdentity:
        """What it was before."""
        return ChangeIdentity(str(self.table_name), self.column, self.after, self.before, self.schema)


class ContinueNumbers(SqlOperation):
    """The numbers of a column go on behind the highest that is there.

    Args:
        table_name: its table.
        column: its name.
        schema: of the table.
        is_upgrade: whether it does that now, or on the way back.
    """

    def __init__(self, table_name: str, column: str, schema: str | None = None, *, is_upgrade: bool = True) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.is_upgrade = is_upgrade

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """A query that sets the sequence; nothing on the other way."""
        if not self.is_upgrade:
            return []
        return dialect_named(dialect.name).continue_numbers_sql(self.schema, str(self.table_name), self.column)

    def reverse(self) -> ContinueNumbers:
        """The same for the other way."""
        return ContinueNumbers(str(self.table_name), self.column, self.schema, is_upgrade=not self.is_upgrade)


class StopSerial(SqlOperation):
    """A column takes its numbers from no sequence any more, and the sequence is gone.

    Args:
        table_name: its table.
        column: its name.
        schema: of the table.
        is_upgrade: whether it stops, or begins with that.
        sequence: the name of the sequence; None for that which a SERIAL gives it.
    """

    def __init__(
        self,
        table_name: str,
        column: str,
        schema: str | None = None,
        *,
        is_upgrade: bool = True,
        sequence: str | None = None,
    ) -> None:
        super().__init__(table_name, schema)
        self.column = column
        self.sequence = sequence
        self.is_upgrade = is_upgrade

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """DROP DEFAULT and DROP SEQUENCE; the other way what SERIAL stands for."""
        rules = dialect_named(dialect.name)
        write = rules.stop_serial_sql if self.is_upgrade else rules.start_serial_sql
        return write(self.schema, str(self.table_name), self.column, self.sequence)

    def reverse(self) -> StopSerial:
        """The other way."""
        return StopSerial(
            str(self.table_name), self.column, self.schema, is_upgrade=not self.is_upgrade, sequence=self.sequence
        )
