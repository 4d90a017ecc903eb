"""MATCH of foreign keys, which Alembic's own comparator leaves out; it sees their actions and their timing."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.sql.elements import conv

from alembic_manage.comparators.catalog import rules_of
from alembic_manage.comparators.table_pair import TablePair, compares_tables

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = logging.getLogger(__name__)


@compares_tables("foreign key match", DispatchPriority.LAST)
def _compare(autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, pair: TablePair) -> None:
    if not rules_of(autogen_context).heeds_match:
        return
    told = {_place(each): each for each in pair.told.foreign_key_constraints if each.match}
    told = {**{_place(each): each for each in pair.told.foreign_key_constraints}, **told}
    _restore_dropped(modify_ops, told)
    settled = {str(each.constraint_name) for each in modify_ops.ops if isinstance(each, ops.DropConstraintOp)}
    for wanted in sorted(pair.wanted.foreign_key_constraints, key=_place):
        old = told.get(_place(wanted))
        if old is not None and str(old.name) not in settled and _match(old) != _match(wanted):
            _change(autogen_context, modify_ops, old, wanted)


def _place(key: ForeignKeyConstraint) -> tuple[tuple[str, str], ...]:
    """The columns, and what each refers to."""
    return tuple((str(element.parent.name), element.target_fullname) for element in key.elements)


def _match(key: ForeignKeyConstraint) -> str:
    """What is said; SIMPLE is the usual one. Source: PostgreSQL 16 manual, CREATE TABLE, "REFERENCES"."""
    return str(key.match or "SIMPLE").upper()


def _restore_dropped(modify_ops: ops.ModifyTableOps, told: dict[Any, ForeignKeyConstraint]) -> None:
    """Let what Alembic drops come back with its MATCH."""
    matches = {str(each.name): each.match for each in told.values() if each.match}
    for each in modify_ops.ops:
        is_known = isinstance(each, ops.DropConstraintOp) and str(each.constraint_name) in matches
        if is_known and isinstance(each._reverse, ops.CreateForeignKeyOp):  # type: ignore[attr-defined]
            each._reverse.kw["match"] = matches[str(each.constraint_name)]  # type: ignore[attr-defined]


def _change(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    old: ForeignKeyConstraint,
    wanted: ForeignKeyConstraint,
) -> None:
    name: Any = conv(str(old.name))
    if autogen_context.run_object_filters(wanted, name, "foreign_key_constraint", False, old):
        log.info("Detected changed foreign key %r", old.name)
        made: Any = ops.AddConstraintOp.from_constraint(wanted)
        made.constraint_name = made.constraint_name or name
        modify_ops.ops += [ops.DropConstraintOp.from_constraint(old), made]
