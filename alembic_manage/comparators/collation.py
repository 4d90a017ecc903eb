"""Collations of columns; on MariaDB with their character sets. They are changed as types are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Column, Table

from alembic_manage.alembic_api import compares_types
from alembic_manage.comparators.catalog import catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.table_options import options_of
from alembic_manage.sql.type_text import type_text

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import AlterColumnOp

_COLLATION = re.compile(r'\bCOLLATE\s+(?:(?:"[^"]+"|\w+)\.)?(?:"([^"]+)"|([\w-]+))', re.IGNORECASE)
_CHARSET = re.compile(r"\b(?:CHARACTER SET|CHARSET)\s+(\w+)", re.IGNORECASE)


@compares("column", "collations", DispatchPriority.LAST)
def _compare_collations(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    if not compares_types(autogen_context) or alter_column_op.modify_type is not None:
        return PriorityDispatchResult.CONTINUE
    told, wanted = _text(autogen_context, conn_col), _text(autogen_context, metadata_col)
    if told is None or wanted is None or "NATIONAL" in wanted:
        return PriorityDispatchResult.CONTINUE
    told_type: Any = conn_col.type
    if not _COLLATION.search(told):
        found = _from_catalog(autogen_context, schema).get((tname, cname))
        if found:
            told += f' COLLATE "{found}"'
            # What the way back restores.
            told_type = told_type.copy()
            told_type.collation = found
    if "JSON" in (told, wanted):
        # Its type is its collation, until a table takes all of its columns along.
        same = not _converts(autogen_context, conn_col.table, metadata_col.table)
    elif rules_of(autogen_context).table_collations:
        same = _is_same_in_table(autogen_context, told, wanted, conn_col.table, metadata_col.table)
    else:
        same = _collation(autogen_context, told) == _collation(autogen_context, wanted)
    if not same:
        alter_column_op.existing_type = told_type
        alter_column_op.modify_type = metadata_col.type
    return PriorityDispatchResult.CONTINUE


def _text(autogen_context: AutogenContext, column: Column[Any]) -> str | None:
    return type_text(column.type, autogen_context.dialect)


def _from_catalog(autogen_context: AutogenContext, schema: str | None) -> Mapping[tuple[str, str], str]:
    connection = connection_of(autogen_context)
    return once(
        autogen_context, ("collations", schema), lambda: catalog_of(autogen_context).collations(connection, schema)
    )


def _collation(autogen_context: AutogenContext, text: str) -> str | None:
    """The collation that a type says; None for the database's own choice."""
    rules = rules_of(autogen_context)
    found = _COLLATION.search(text)
    name = (found[1] or found[2]) if found else None
    if name is not None and rules.ignores_case:
        name = name.lower()
    return None if name == rules.default_collation else name


def _is_same_in_table(
    autogen_context: AutogenContext, told: str, wanted: str, conn_table: Table, metadata_table: Table
) -> bool:
    """Whether a column has what the models want, where it takes what it does not say from its table.

    A table that is to have another character set or collation takes its columns with it, whatever they have now.
    """
    before, after = options_of(autogen_context, conn_table), options_of(autogen_context, metadata_table)
    converts = _converts(autogen_context, conn_table, metadata_table)
    have = _effective(told, before) if not converts else _effective("", after)
    want = _effective(wanted, after if any(name in after for name in _OF_COLUMNS) else before)
    if (have[1] is None or want[1] is None) and (have[0] or want[0]):
        return have[0] == want[0]
    return have == want


def _converts(autogen_context: AutogenContext, conn_table: Table, metadata_table: Table) -> bool:
    """Whether the table is to have another character set or collation."""
    before, after = options_of(autogen_context, conn_table), options_of(autogen_context, metadata_table)
    return any(after[name].lower() != before.get(name, "").lower() for name in _OF_COLUMNS if name in after)


_OF_COLUMNS = ("default_charset", "collate")


def _effective(text: str, table: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Character set and collation of a column; None for what is not known."""
    collation, charset = _COLLATION.search(text), _CHARSET.search(text)
    if collation is None and charset is None:
        name: str | None = table.get("collate")
        of_table = table.get("default_charset") or (name.partition("_")[0] if name else None)
        return (of_table.lower() if of_table else None), (name.lower() if name else None)
    name = (collation[1] or collation[2]).lower() if collation else None
    return (charset[1].lower() if charset else str(name).partition("_")[0]), name
