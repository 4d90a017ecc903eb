"""Sequences that no column owns: made, dropped, given other options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.operations.operation import SqlOperation

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class CreateSequence(SqlOperation):
    """CREATE SEQUENCE.

    Args:
        name: of the sequence.
        options: the arguments of sqlalchemy.Sequence that are given.
        schema: of the sequence.
    """

    def __init__(self, name: str, options: Mapping[str, Any], schema: str | None = None) -> None:
        super().__init__(None, schema)
        self.name = name
        self.options = dict(options)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """CREATE SEQUENCE with the options."""
        return [f"CREATE SEQUENCE {_place(dialect, self)}{_clauses(self.options)}"]

    def reverse(self) -> DropSequence:
        """DROP SEQUENCE."""
        return DropSequence(self.name, self.options, self.schema)


class DropSequence(SqlOperation):
    """DROP SEQUENCE.

    Args:
        name: of the sequence.
        options: what it has, for the way back.
        schema: of the sequence.
    """

    def __init__(self, name: str, options: Mapping[str, Any], schema: str | None = None) -> None:
        super().__init__(None, schema)
        self.name = name
        self.options = dict(options)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """DROP SEQUENCE."""
        return [f"DROP SEQUENCE {_place(dialect, self)}"]

    def reverse(self) -> CreateSequence:
        """CREATE SEQUENCE; it begins anew."""
        return CreateSequence(self.name, self.options, self.schema)


class AlterSequence(SqlOperation):
    """ALTER SEQUENCE.

    Args:
        name: of the sequence.
        before: the options that change, as they are.
        after: the same, as they are to be.
        schema: of the sequence.
    """

    def __init__(
        self, name: str, before: Mapping[str, Any], after: Mapping[str, Any], schema: str | None = None
    ) -> None:
        super().__init__(None, schema)
        self.name = name
        self.before = dict(before)
        self.after = dict(after)

    def statements(self, dialect: Dialect) -> Sequence[str]:
        """ALTER SEQUENCE with what changes."""
        return [f"ALTER SEQUENCE {_place(dialect, self)}{_clauses(self.after)}"]

    def reverse(self) -> AlterSequence:
        """The options of before."""
        return AlterSequence(self.name, self.after, self.before, self.schema)


def _place(dialect: Dialect, operation: CreateSequence | DropSequence | AlterSequence) -> str:
    quote = dialect.identifier_preparer.quote
    return ".".join(quote(part) for part in (operation.schema, operation.name) if part)


def _clauses(options: Mapping[str, Any]) -> str:
    return "".join(f" {clause}" for clause in sequence_clauses(options))


def sequence_clauses(options: Mapping[str, Any]) -> Sequence[str]:
    """The SQL of each option of a sequence or identity, by the arguments of SQLAlchemy's classes."""
    cycle = {True: ["CYCLE"], False: ["NO CYCLE"]}.get(options.get("cycle"), [])  # type: ignore[arg-type]
    return [clause.format(options[name]) for name, clause in _CLAUSES.items() if name in options] + cycle


# Source: PostgreSQL 16 manual, CREATE SEQUENCE; MariaDB documentation, "CREATE SEQUENCE".
_CLAUSES = {
    "data_type": "AS {}",
    "start": "START WITH {}",
    "increment": "INCREMENT BY {}",
    "minvalue": "MINVALUE {}",
    "maxvalue": "MAXVALUE {}",
    "cache": "CACHE {}",
}
