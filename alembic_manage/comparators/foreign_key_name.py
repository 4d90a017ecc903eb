"""Names of foreign keys: Alembic compares what keys do, and takes two that differ in nothing else for the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority
from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.sql.elements import conv

from alembic_manage.alembic_api import final_name
from alembic_manage.comparators.catalog import connection_of
from alembic_manage.comparators.table_pair import TablePair, compares_tables

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = logging.getLogger(__name__)


@compares_tables("foreign key names", DispatchPriority.LAST)
def _compare(autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, pair: TablePair) -> None:
    dialect = connection_of(autogen_context).dialect
    settled = {str(each.constraint_name) for each in modify_ops.ops if isinstance(each, ops.DropConstraintOp)}
    told = {str(each.name): each for each in pair.told.foreign_key_constraints if each.name}
    wanted = {str(name): each for each in pair.wanted.foreign_key_constraints if (name := final_name(each, dialect))}
    free = [each for name, each in told.items() if name not in wanted and name not in settled]
    for name, new in sorted(wanted.items()):
        old = next((each for each in free if name not in told and _is_same(each, new)), None)
        if old is not None:
            free.remove(old)
            _rename(autogen_context, modify_ops, old, new, name)


def _is_same(old: ForeignKeyConstraint, new: ForeignKeyConstraint) -> bool:
    """Whether two keys lead from the same columns to the same ones; all else Alembic has compared."""
    return [(str(each.parent.name), each.target_fullname) for each in old.elements] == [
        (str(each.parent.name), each.target_fullname) for each in new.elements
    ]


def _rename(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    old: ForeignKeyConstraint,
    new: ForeignKeyConstraint,
    name: str,
) -> None:
    if autogen_context.run_object_filters(new, conv(name), "foreign_key_constraint", False, old):
        log.info("Detected new name %r of foreign key %r", name, old.name)
        made: Any = ops.AddConstraintOp.from_constraint(new)
        made.constraint_name = conv(name)
        modify_ops.ops += [ops.DropConstraintOp.from_constraint(old), made]
