"""Types of columns: what Alembic passes over because only one side says it.

Alembic compares lengths, precisions and words where both sides have as many of them: VARCHAR to VARCHAR(10), NUMERIC to
NUMERIC(10, 2), INTEGER to INTEGER UNSIGNED or INTEGER[] are no change to it; and BLOB(20), which MariaDB keeps as
TINYBLOB, is one for ever. Here both sides are brought into one spelling, and either are equal or not. Types whose
spellings are not known are left to Alembic; collations are compared elsewhere.
Source: Alembic 1.20, DefaultImpl._column_args_match.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alembic.util import PriorityDispatchResult
from sqlalchemy import JSON, Column

from alembic_manage.comparators.catalog import catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.sql.type_text import type_text

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from alembic.operations.ops import AlterColumnOp


@compares("column", "types")
def _compare_types(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: Column[Any],
    metadata_col: Column[Any],
) -> PriorityDispatchResult:
    """Compare after env.py's `compare_type`, which has the first word, and in the place of Alembic's own comparison."""
    declared = declared_types(autogen_context, schema).get((tname, str(conn_col.name)))
    told = rules_of(autogen_context).canonical_type(declared) if declared else canonical(autogen_context, conn_col.type)
    wanted = canonical(autogen_context, metadata_col.type)
    if told is None or wanted is None:
        return PriorityDispatchResult.CONTINUE
    alter_column_op.existing_type = existing_type(declared, conn_col.type)
    if told != wanted:
        alter_column_op.modify_type = metadata_col.type
    return PriorityDispatchResult.STOP


def declared_types(autogen_context: AutogenContext, schema: str | None) -> Mapping[tuple[str, str], str]:
    """By table and column: the SQL of types, as far as the inspector does not tell them."""
    connection = connection_of(autogen_context)
    return once(autogen_context, ("types", schema), lambda: catalog_of(autogen_context).types(connection, schema))


def existing_type(declared: str | None, type_: Any) -> Any:
    """The type of before: where JSON is a text with a CHECK, the text alone would lose that."""
    return JSON() if declared == "JSON" and not isinstance(type_, JSON) else type_


def canonical(autogen_context: AutogenContext, type_: Any) -> str | None:
    """A type's DDL in one spelling; None where it has none, or the database's spellings are not known."""
    text = type_text(type_, autogen_context.dialect)
    return None if text is None else rules_of(autogen_context).canonical_type(text)
