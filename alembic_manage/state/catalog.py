"""What a dialect asks a real database's catalog for, answered from the state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ARRAY

from alembic_manage.dialects import EnumUse
from alembic_manage.state.objects import Exclude, Unique

if TYPE_CHECKING:
    from alembic_manage.state.schema import Schema


T = TypeVar("T", Unique, Exclude)


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
        return {
            key.name: dict(each.options)
            for key, each in self.schema.sequences.items()
            if key.schema == wanted and each.owner is None
        }

    def owned_sequences(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """Those of columns with another name since, and those that were made by hand."""
        wanted = self.schema.key(schema, "").schema
        owned = {each.owner: key.name for key, each in self.schema.sequences.items() if each.owner is not None}
        return {
            (table.key.name, column.name): name
            for table in self.schema.tables.values()
            if table.key.schema == wanted
            for column in table.columns.values()
            if (name := column.sequence or owned.get((table.key, column.name))) is not None
        }

    def collations(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """Those of the types, where reflection does not tell them."""
        if self.schema.rules.reflects_collations:
            return {}
        wanted = self.schema.key(schema, "").schema
        found = {
            (table.key.name, column.name): getattr(column.type, "collation", None)
            for table in self.schema.tables.values()
            if table.key.schema == wanted
            for column in table.columns.values()
        }
        return {place: collation for place, collation in found.items() if collation is not None}

    def computed(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """None: the inspector tells them."""
        return {}

    def types(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """None: the inspector tells them."""
        return {}

    def column_checks(self, connection: Any, schema: str | None, table: str) -> Sequence[str]:
        """Those that the columns have."""
        found = self.schema.find(self.schema.key(schema, table))
        return [text for column in found.columns.values() for text in column.checks] if found is not None else []

    def index_definitions(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """The indexes of the tables."""
        from alembic_manage.state.metadata import index_sql

        return index_sql(self.schema, self.schema.key(schema, "").schema, connection.dialect)

    def uniques(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """The UNIQUE constraints."""
        return {place: _unique_text(each) for place, each in self._constraints(schema, Unique)}

    def exclusions(self, connection: Any, schema: str | None) -> Mapping[tuple[str, str], str]:
        """The exclusion constraints."""
        return {place: _exclusion_text(each) for place, each in self._constraints(schema, Exclude)}

    def _constraints(self, schema: str | None, kind: type[T]) -> Iterator[tuple[tuple[str, str], T]]:
        """By table and name: the constraints of one kind that have a name."""
        wanted = self.schema.key(schema, "").schema
        for key, table in self.schema.tables.items():
            for each in table.constraints:
                if key.schema == wanted and isinstance(each, kind) and each.name:
                    yield (key.name, each.name), each


def _unique_text(unique: Unique) -> str:
    """From UNIQUE on."""
    options = {name.partition("_")[2]: value for name, value in unique.options.items()}
    nulls = "NULLS NOT DISTINCT " if options.get("nulls_not_distinct") else ""
    columns = ", ".join(_quoted(name) for name in unique.columns)
    included = ", ".join(_quoted(name) for name in options.get("include") or ())
    include = f" INCLUDE ({included})" if included else ""
    return f"UNIQUE {nulls}({columns}){include}{_timing(unique)}"


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _timing(constraint: Unique | Exclude) -> str:
    deferrable = " DEFERRABLE" if constraint.deferrable else ""
    return deferrable + (f" INITIALLY {constraint.initially}" if constraint.initially else "")


def _exclusion_text(exclude: Exclude) -> str:
    """From EXCLUDE on."""
    classes = exclude.options.get("ops", {})
    parts = [f"{text} {classes.get(text, '')} WITH {operator}" for text, operator in exclude.elements]
    where = f" WHERE ({exclude.where})" if exclude.where else ""
    return f"EXCLUDE USING {exclude.using} ({', '.join(parts)}){where}{_timing(exclude)}"
