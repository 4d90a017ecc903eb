"""Whether a database has what a MetaData says, as makemigrations compares them; in lines for a person."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from alembic_manage import alembic_api
from alembic_manage.operations.enum import ChangeEnum, CreateEnum, DropEnum
from alembic_manage.outline.revision import outline_of_source
from alembic_manage.state.metadata import type_text

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import MetaData


_ENUM_VALUES = (ChangeEnum, CreateEnum, DropEnum)


@dataclass(frozen=True)
class Disagreement:
    """One difference."""

    line: str
    """For a person, as from the database."""
    is_structural: bool
    """Whether it is about tables, columns and types, on which queries rest; else about keys, indexes and defaults."""


def disagreements(
    context: MigrationContext, metadata: MetaData, *, leaves_nothing_out: bool = False
) -> tuple[Disagreement, ...]:
    """What would have to change in the database of a context to make it what the MetaData says; empty where nothing.

    Tables that only the database has do not count.

    Args:
        context: online; what env.py says about comparing (include_object, compare_type, ...) counts.
        metadata: what is expected.
        leaves_nothing_out: whether types, and tables and columns that are expected, are compared whatever env.py says.
    """
    found: list[Any] = []

    def keep(operation: Any) -> bool:
        if not isinstance(operation, ops.DropTableOp):
            found.append(operation)
        return True

    options = _whole(context.opts, metadata) if leaves_nothing_out else {}
    beside = alembic_api.beside(context, alembic_api.connection_of(context), **{**options, "target_metadata": metadata})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is passed over, and what a file would lack
        alembic_api.compare(beside, keep)
        return tuple(dict.fromkeys(each for operation in found for each in _told(beside, operation)))


def _whole(options: Mapping[str, Any], metadata: MetaData) -> dict[str, Any]:
    """The options of env.py, with which it leaves out nothing that is expected."""
    include_object, include_name = options.get("include_object"), options.get("include_name")

    def object_counts(item: Any, name: Any, kind: str, reflected: bool, compare_to: Any) -> bool:
        is_expected = not reflected or compare_to is not None
        return is_expected or include_object is None or include_object(item, name, kind, reflected, compare_to)

    def name_counts(name: Any, kind: str, parents: Any) -> bool:
        return _is_expected(name, kind, parents, metadata) or include_name is None or include_name(name, kind, parents)

    return {
        "compare_type": options.get("compare_type") or True,
        "include_object": object_counts,
        "include_name": name_counts,
    }


def _is_expected(name: Any, kind: str, parents: Mapping[str, Any], metadata: MetaData) -> bool:
    if kind == "schema":
        return any(table.schema == name for table in metadata.tables.values())
    table = metadata.tables.get(str(parents.get("schema_qualified_table_name")))
    return table is not None and (kind == "table" or (kind == "column" and name in table.columns))


def _told(context: MigrationContext, operation: Any) -> Iterator[Disagreement]:
    place = _place(operation)
    if isinstance(operation, ops.CreateTableOp):
        yield Disagreement(f"{place}: there is no such table", True)
    elif isinstance(operation, ops.AddColumnOp):
        yield Disagreement(f"{place}.{operation.column.name}: there is no such column", True)
    elif isinstance(operation, ops.DropColumnOp):
        yield Disagreement(f"{place}.{operation.column_name}: only the database has it", True)
    elif isinstance(operation, ops.AlterColumnOp):
        yield from _alterations(context, operation, f"{place}.{operation.column_name}")
    else:
        yield from _others(context, operation)


def _alterations(context: MigrationContext, operation: ops.AlterColumnOp, place: str) -> Iterator[Disagreement]:
    if operation.modify_type is not None:
        wanted, there = (type_text(each, context.dialect) for each in (operation.modify_type, operation.existing_type))
        yield Disagreement(f"{place}: {there} instead of {wanted}", True)
    if operation.modify_nullable is not None and not _is_key(context, operation):
        words = ("NOT NULL", "NULL") if operation.modify_nullable else ("NULL", "NOT NULL")
        yield Disagreement(f"{place}: {' instead of '.join(words)}", True)
    if operation.modify_server_default is not False:
        there, wanted = map(_default, (operation.existing_server_default, operation.modify_server_default))
        yield Disagreement(f"{place}: default {there} instead of {wanted}", False)
    if operation.modify_comment is not False:
        yield Disagreement(f"{place}: another comment", False)


def _is_key(context: MigrationContext, operation: ops.AlterColumnOp) -> bool:
    """Whether it is a column of a primary key, of which SQLite says that it may be NULL."""
    tables = context.opts["target_metadata"].tables
    table = tables.get(_place(operation))
    return table is not None and operation.column_name in table.primary_key.columns


def _default(default: Any) -> str:
    argument = getattr(default, "arg", default)
    return str(getattr(argument, "text", argument)) if argument is not None and argument is not False else "none"


def _others(context: MigrationContext, operation: Any) -> Iterator[Disagreement]:
    """As makemigrations would call them."""
    body = alembic_api.render(context, ops.UpgradeOps([operation]), set())
    for change in outline_of_source(f"def upgrade():\n    {body}\n", "upgrade"):
        yield Disagreement(f"it takes: {' '.join(change.text.split())}", isinstance(operation, _ENUM_VALUES))


def _place(operation: Any) -> str:
    table = getattr(operation, "table_name", None) or getattr(operation, "source_table", None) or "the database"
    schema = getattr(operation, "schema", None) or getattr(operation, "source_schema", None)
    return f"{schema}.{table}" if schema else str(table)
