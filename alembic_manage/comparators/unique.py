"""What a UNIQUE constraint says besides its columns: DEFERRABLE, NULLS NOT DISTINCT, INCLUDE.

Runs after Alembic's own comparator, which sees names and columns, and corrects what that found.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority
from sqlalchemy import Column, MetaData, Table, UniqueConstraint
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import NullType

from alembic_manage.alembic_api import final_name
from alembic_manage.comparators.catalog import catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.table_pair import TablePair, compares_tables
from alembic_manage.operations import ChangeUnique
from alembic_manage.sql.index import UniqueDefinition, read_unique

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """A constraint of the database or of the models."""

    name: str | None
    constraint: UniqueConstraint
    definition: UniqueDefinition


@compares_tables("unique definitions", DispatchPriority.LAST)
def _compare(autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, pair: TablePair) -> None:
    told = _told(autogen_context, pair.schema, pair.name)
    wanted = _wanted(autogen_context, pair.wanted)
    modify_ops.ops = [_restored(each, told, wanted) for each in modify_ops.ops]
    settled = {str(getattr(each, "constraint_name", "")) for each in modify_ops.ops}
    for new in wanted if told else ():
        name, old = _counterpart(told, new)
        if old is None or name in settled or old.definition.is_same(new.definition):
            continue
        if autogen_context.run_object_filters(new.constraint, conv(name), "unique_constraint", False, old.constraint):
            log.info("Detected changed unique constraint %r on %r", name, pair.name)
            modify_ops.ops += [_drop(old), _add(new, name)]


def _restored(
    operation: ops.MigrateOperation, told: Mapping[str, _Known], wanted: Sequence[_Known]
) -> ops.MigrateOperation:
    """Alembic's operation on a constraint, with all that the constraint is."""
    name = str(getattr(operation, "constraint_name", None))
    if isinstance(operation, ops.DropConstraintOp) and name in told:
        return _drop(told[name])
    if isinstance(operation, ops.CreateUniqueConstraintOp):
        made = next((each for each in wanted if each.definition.include and each.name == name), None)
        return operation if made is None else _add(made, name)
    return operation


def _drop(old: _Known) -> ops.MigrateOperation:
    if not old.definition.include:
        return ops.DropConstraintOp.from_constraint(old.constraint)
    table = old.constraint.table
    return ChangeUnique(str(table.name), str(old.name), old.definition.text, table.schema, is_dropped=True)


def _add(new: _Known, name: str) -> ops.MigrateOperation:
    table = new.constraint.table
    if new.definition.include:
        return ChangeUnique(str(table.name), name, new.definition.text, table.schema)
    made: Any = ops.AddConstraintOp.from_constraint(new.constraint)
    made.constraint_name = made.constraint_name or conv(name)
    return made  # type: ignore[no-any-return]


def _told(autogen_context: AutogenContext, schema: str | None, table: str) -> Mapping[str, _Known]:
    """The constraints of the database or the state, by name, where they can say more than their columns."""
    catalog, connection = catalog_of(autogen_context), connection_of(autogen_context)
    found: Mapping[tuple[str, str], str] = once(
        autogen_context, ("uniques", schema), lambda: catalog.uniques(connection, schema)
    )
    known = {}
    for (owner, name), text in sorted(found.items()):
        if owner == table:
            definition = read_unique(text, rules_of(autogen_context), table)
            known[name] = _Known(name, _alone(autogen_context, definition, name, table, schema), definition)
    return known


def _wanted(autogen_context: AutogenContext, table: Table) -> list[_Known]:
    """The constraints of the models, in one order every time."""
    dialect: Any = autogen_context.dialect
    compiler = dialect.ddl_compiler(dialect, None)
    rules, owner = rules_of(autogen_context), str(table.name)
    known = []
    for each in table.constraints:
        if isinstance(each, UniqueConstraint) and len(each.columns):
            definition = read_unique(str(compiler.process(each)), rules, owner)
            known.append(_Known(final_name(each, dialect), each, definition))
    return sorted(known, key=lambda each: each.definition.text)


def _counterpart(told: Mapping[str, _Known], wanted: _Known) -> tuple[str, _Known | None]:
    """That of the same name; for one without a name that of the same columns."""
    if wanted.name is not None:
        return wanted.name, told.get(wanted.name)
    columns = set(wanted.definition.columns)
    return next(((name, each) for name, each in told.items() if set(each.definition.columns) == columns), ("", None))


def _alone(
    autogen_context: AutogenContext, definition: UniqueDefinition, name: str, table: str, schema: str | None
) -> UniqueConstraint:
    """The constraint of a table that holds nothing else."""
    said = {"include": sorted(definition.include), "nulls_not_distinct": definition.nulls_not_distinct}
    options: dict[str, Any] = {
        f"{autogen_context.dialect.name}_{option}": value for option, value in said.items() if value
    }
    made = UniqueConstraint(
        *definition.columns,
        name=conv(name),
        deferrable=True if definition.timing else None,
        initially="DEFERRED" if "DEFERRED" in definition.timing else None,
        **options,
    )
    columns = dict.fromkeys((*definition.columns, *definition.include))
    Table(table, MetaData(), *(Column(column, NullType()) for column in columns), made, schema=schema)
    return made
