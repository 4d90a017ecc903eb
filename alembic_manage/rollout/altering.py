"""SQL that says what it changes."""

from __future__ import annotations

from collections.abc import Sequence

from alembic_manage.operations import Sql
from alembic_manage.rollout.alter_way import Alteration


class Altering(Sql):
    """Statements that get their clauses once it is known how the table is when they run; others take them back.

    Args:
        alteration: what each of them changes.
        statements: in order.
        table_name: the table that they are about.
        schema: of the table.
    """

    def __init__(self, alteration: Alteration, statements: Sequence[str], table_name: str, schema: str | None) -> None:
        super().__init__(statements, [], table_name, schema)
        self.alteration = alteration
