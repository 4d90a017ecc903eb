"""Options of tables that the models name: engine, character set, collation, row format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Table

from alembic_manage.comparators.catalog import rules_of
from alembic_manage.comparators.table_pair import TablePair, compares_tables
from alembic_manage.comparators.type import declared_types, existing_type
from alembic_manage.operations.column import ColumnAgain
from alembic_manage.operations.table import ChangeTableOptions
from alembic_manage.sql.type_text import type_text

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations import ops


@compares_tables("table options")
def _compare_options(autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, pair: TablePair) -> None:
    rules = rules_of(autogen_context)
    if not rules.table_options:
        return
    there = {**rules.table_options, **options_of(autogen_context, pair.told)}
    wanted = options_of(autogen_context, pair.wanted)
    changed: dict[str, str | None] = {
        name: value
        for name, value in wanted.items()
        if name in rules.table_options and value.lower() != (there[name] or "").lower()
    }
    if changed:
        together = _TOGETHER if changed.keys() & set(_TOGETHER) else ()
        before = {name: there[name] for name in (*changed, *together)}
        after = {**dict.fromkeys(together), **{name: wanted[name] for name in together if name in wanted}, **changed}
        modify_ops.ops.insert(0, ChangeTableOptions(pair.name, before, after, pair.schema))
        if together:
            modify_ops.ops[:0] = _with_collations(autogen_context, pair.told, pair.schema)


def _with_collations(autogen_context: AutogenContext, table: Table, schema: str | None) -> Iterator[ColumnAgain]:
    """The columns that have a collation of their own, which the table's takes away, on the way back too."""
    declared = declared_types(autogen_context, schema)
    for column in table.columns:
        type_ = existing_type(declared.get((str(table.name), str(column.name))), column.type)
        text = type_text(type_, autogen_context.dialect) or ""
        if text == "JSON" or "COLLATE" in text or "CHARACTER SET" in text:
            before = column._copy()
            before.type = type_
            yield ColumnAgain(str(table.name), before, schema)


# A statement that says one of them chooses the other.
_TOGETHER = ("default_charset", "collate")


def options_of(autogen_context: AutogenContext, table: Table) -> Mapping[str, str]:
    """The options of a table, by their names without the dialect's: "engine", "default_charset"."""
    assert autogen_context.dialect is not None
    prefix = f"{autogen_context.dialect.name}_"
    given = rules_of(autogen_context).one_spelling(dict(table.kwargs))
    return {name.removeprefix(prefix): str(value) for name, value in given.items() if name.startswith(prefix)}
