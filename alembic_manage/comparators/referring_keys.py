"""Foreign keys that rest on a key which is dropped: they are dropped before it, and made again after its successor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

from alembic_manage.comparators.catalog import rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.table_pair import TablePair, pairs_of

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

Key: TypeAlias = tuple[str | None, str, frozenset[str]]
"""Schema, table and columns of a key."""


@compares("schema", "referring keys", DispatchPriority.LAST)
def _free_keys(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Any) -> PriorityDispatchResult:
    rules = rules_of(autogen_context)
    if rules.keeps_referred_tables or rules.indexes_foreign_keys:
        dropped = set(_dropped_keys(upgrade_ops))
        for pair in pairs_of(autogen_context) if dropped else ():
            for key in sorted(pair.told.foreign_key_constraints, key=lambda each: str(each.name)):
                if _referred(pair, key) in dropped and key.name and not _is_settled(pair, key, upgrade_ops):
                    drop = ops.DropConstraintOp.from_constraint(key)
                    upgrade_ops.ops.insert(0, _on(pair, drop))
                    upgrade_ops.ops.append(_on(pair, drop.reverse()))
    return PriorityDispatchResult.CONTINUE


def _dropped_keys(upgrade_ops: ops.UpgradeOps) -> Iterator[Key]:
    """The keys that go, or that go and come back as another."""
    for table_ops in upgrade_ops.ops:
        for each in table_ops.ops if isinstance(table_ops, ops.ModifyTableOps) else ():
            if isinstance(each, ops.DropConstraintOp) and each._reverse is not None:
                made = each._reverse.to_constraint()
                if isinstance(made, PrimaryKeyConstraint | UniqueConstraint):
                    yield each.schema, each.table_name, frozenset(str(column.name) for column in made.columns)


def _referred(pair: TablePair, key: ForeignKeyConstraint) -> Key:
    """The key that a foreign key rests on."""
    schema, table, _ = key.elements[0]._column_tokens
    return schema, table, frozenset(str(element._column_tokens[2]) for element in key.elements)


def _is_settled(pair: TablePair, key: ForeignKeyConstraint, upgrade_ops: ops.UpgradeOps) -> bool:
    """Whether the foreign key goes anyway."""
    return any(
        isinstance(each, ops.DropConstraintOp) and str(each.constraint_name) == str(key.name)
        for table_ops in upgrade_ops.ops
        if isinstance(table_ops, ops.ModifyTableOps)
        and (table_ops.schema, table_ops.table_name) == (pair.schema, pair.name)
        for each in table_ops.ops
    )


def _on(pair: TablePair, operation: ops.MigrateOperation) -> ops.ModifyTableOps:
    return ops.ModifyTableOps(pair.name, [operation], schema=pair.schema)
