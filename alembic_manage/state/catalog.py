"""What a dialect asks a real database's catalog for, answered from the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY

from alembic_manage.dialects import EnumUse
from alembic_manage.state.objects import Exclude

if TYPE_CHECKING:
    from alembic_manage.state.schema import Schema


class StateCatalog:
    """A dialects.Catalog.

    Args:
        schema: the state.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def enum_uses(self, connection: Any, schema: str | None, name: str) -> Sequence[EnumUse]:
        """The columns of an enum type."""
        key = self.schema.key(schema, name)
        return [
            EnumUse(table.key.schema, table.key.name, column.name, isinstance(column.type, ARRAY), column.default)
            for table, column in self.schema.columns_of_type(key)
        ]

    def sequences(self, connection: Any, schema: str | None) -> Mapping[str, Mapping[str, Any]]:
        """The sequences; those of columns are no part of the state."""
        wanted = self.schema.key(schema, "").schema
        return {key.name: dict(each.options) for key, each in self.schema.sequences.items() if key.schema == wanted}

    def collations(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """None: the types tell them."""
        return {}

    def computed(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """None: the inspector tells them."""
        return {}

    def column_checks(self, connection: Any, schema: str | None, table: str) -> Sequence[str]:
        """None: the inspector tells them."""
        return ()

    def index_definitions(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """The indexes of the tables."""
        from alembic_manage.state.metadata import index_sql

        return index_sql(self.schema, self.schema.key(schema, "").schema, connection.dialect)

    def exclusions(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """The exclusion constraints."""
        wanted = self.schema.key(schema, "").schema
        return {
            (key.name, str(each.name)): _exclusion_text(each)
            for key, table in self.schema.tables.items()
            for each in table.constraints
            if key.schema == wanted and isinstance(each, Exclude)
        }


def _exclusion_text(exclude: Exclude) -> str:
    """From EXCLUDE on."""
    classes = exclude.options.get("ops", {})
    parts = [f"{text} {classes.get(text, '')} WITH {operator}" for text, operator in exclude.elements]
    where = f" WHERE ({exclude.where})" if exclude.where else ""
    timing = " DEFERRABLE" if exclude.deferrable else ""
    timing += f" INITIALLY {exclude.initially}" if exclude.initially else ""
    return f"EXCLUDE USING {exclude.using} ({', '.join(parts)}){where}{timing}"
