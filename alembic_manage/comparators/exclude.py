"""EXCLUDE constraints: added, changed, removed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import MetaData, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import conv

from alembic_manage.alembic_api import final_name
from alembic_manage.comparators.catalog import catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.expression import is_state
from alembic_manage.comparators.sql_text import as_text, named
from alembic_manage.comparators.table_pair import TablePair, compares_tables
from alembic_manage.sql.index import ExclusionDefinition, IndexPart, read_exclusion
from alembic_manage.sql.percent import single_percents

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Constraint

log = logging.getLogger(__name__)
_KIND = "exclude_constraint"
"""SQLAlchemy's name of the kind."""


@dataclass(frozen=True)
class Exclusion:
    """A constraint of the database or of the models."""

    name: str | None
    definition: ExclusionDefinition
    constraint: Constraint
    """Of a table that holds nothing else."""


@compares_tables("exclusion constraints", DispatchPriority.LAST)
def _compare(autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, pair: TablePair) -> None:
    told = list(_told(autogen_context, pair.schema, pair.name))
    for wanted in _wanted(autogen_context, pair.wanted, pair.schema):
        found = _counterpart(autogen_context, pair.schema, pair.name, told, wanted)
        if found is not None:
            told.remove(found)
        if found is not None and _is_same(autogen_context, pair.schema, pair.name, found, wanted):
            continue
        log.info("Detected %s exclusion constraint %r on %r", "changed" if found else "added", wanted.name, pair.name)
        if found is not None:
            modify_ops.ops.insert(0, ops.DropConstraintOp.from_constraint(found.constraint))
        modify_ops.ops.append(ops.AddConstraintOp.from_constraint(wanted.constraint))
    for removed in told:
        log.info("Detected removed exclusion constraint %r on %r", removed.name, pair.name)
        modify_ops.ops.insert(0, ops.DropConstraintOp.from_constraint(removed.constraint))


@compares("autogenerate", "exclusion constraints", DispatchPriority.LAST)
def _complete_tables(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps) -> PriorityDispatchResult:
    """Give new tables the operator classes of their constraints, which Alembic does not write."""
    for operation in upgrade_ops.ops:
        if isinstance(operation, ops.CreateTableOp):
            operation.columns = [
                _exclusion(autogen_context, each, operation.table_name, operation.schema).constraint
                if getattr(each, "__visit_name__", "") == _KIND and getattr(each, "ops", None)
                else each
                for each in operation.columns
            ]
    return PriorityDispatchResult.CONTINUE


def _told(autogen_context: AutogenContext, schema: str | None, table: str) -> Iterator[Exclusion]:
    """The constraints that the database or the state has, by name."""
    catalog, connection = catalog_of(autogen_context), connection_of(autogen_context)
    found: Mapping[tuple[str, str], str] = once(
        autogen_context, ("exclusions", schema), lambda: catalog.exclusions(connection, schema)
    )
    for (owner, name), text in sorted(found.items()):
        if owner == table:
            definition = read_exclusion(text, rules_of(autogen_context), table)
            made = _alone(autogen_context, definition, conv(name), table, schema)
            yield Exclusion(name, definition, made)


def _wanted(autogen_context: AutogenContext, table: Table, schema: str | None) -> Iterator[Exclusion]:
    """The constraints of the models, by name; those without one last."""
    found = [
        _exclusion(autogen_context, each, str(table.name), schema)
        for each in table.constraints
        if each.__visit_name__ == _KIND
    ]
    yield from sorted(found, key=lambda each: (each.name is None, each.name or each.definition.text))


def _exclusion(autogen_context: AutogenContext, constraint: Any, table: str, schema: str | None) -> Exclusion:
    dialect: Any = autogen_context.dialect
    text = str(dialect.ddl_compiler(dialect, None).process(constraint))
    definition = read_exclusion(single_percents(text, dialect), rules_of(autogen_context), table)
    final = final_name(constraint, dialect)
    name = named(constraint, final) or _made_name(autogen_context, definition, table)
    return Exclusion(final, definition, _alone(autogen_context, definition, name, table, schema))


def _counterpart(
    autogen_context: AutogenContext, schema: str | None, table: str, told: list[Exclusion], wanted: Exclusion
) -> Exclusion | None:
    """That of the same name; for one without a name that which says the same."""
    if wanted.name is not None:
        return next((each for each in told if each.name == wanted.name), None)
    return next((each for each in told if _is_same(autogen_context, schema, table, each, wanted)), None)


def _is_same(
    autogen_context: AutogenContext, schema: str | None, table: str, told: Exclusion, wanted: Exclusion
) -> bool:
    if told.definition.is_same(wanted.definition):
        return True
    connection, rules = connection_of(autogen_context), rules_of(autogen_context)
    try:
        text = wanted.definition.text
        spelled = None if is_state(connection) else rules.spelled_exclusion(connection, schema, table, text)
    except SQLAlchemyError:
        spelled = None
    if spelled is None:
        return told.definition.may_be_same(wanted.definition)
    return told.definition.is_same(read_exclusion(spelled, rules, table))


def _alone(
    autogen_context: AutogenContext, definition: ExclusionDefinition, name: Any, table: str, schema: str | None
) -> Constraint:
    """The constraint of a table that holds nothing else."""
    parts = zip(definition.index.parts, definition.operators, strict=True)
    made: Constraint = rules_of(autogen_context).exclude_constraint(
        [(_part_text(part), operator) for part, operator in parts],
        name=name,
        using=definition.index.using or "btree",
        where=as_text(definition.index.where) if definition.index.where else None,
        deferrable=True if definition.timing else None,
        initially="DEFERRED" if "DEFERRED" in definition.timing else None,
    )
    Table(table, MetaData(), made, schema=schema)
    return made


def _part_text(part: IndexPart) -> str:
    return " ".join(word for word in (part.text, part.operators, part.order) if word)


def _made_name(autogen_context: AutogenContext, definition: ExclusionDefinition, table: str) -> str | None:
    """A name, where the models give none: without it the constraint could not be dropped again."""
    columns = [str(part.tree[1]) for part in definition.index.parts if part.tree[0] == "name"]
    return rules_of(autogen_context).generated_name("exclude", table, columns, ())
