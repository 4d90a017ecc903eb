"""Checks without a name in tables that are rebuilt: Alembic leaves them out of the new table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from alembic.operations import ops

from alembic_manage.autodetect.batches import is_batch, table_of
from alembic_manage.operations import DropUnnamedCheck, KeptChecks
from alembic_manage.operations.steps import flattened
from alembic_manage.state.objects import Check

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection


def with_forgotten_checks(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, where each batch says again the checks without a name that stay."""
    if not detection.rules.needs_batch:
        return operations
    found: list[ops.MigrateOperation] = []
    for key, group in groupby(operations, key=table_of):
        members = list(group)
        found += members
        both_ways = [*flattened(members), *flattened(each.reverse() for each in members)]
        if key is not None and is_batch(both_ways):
            dropped = {_condition(each) for each in both_ways if isinstance(each, DropUnnamedCheck)}
            texts = [text for text in _unnamed(detection, key) if text not in dropped]
            if texts:
                found.append(KeptChecks(key[1], texts, key[0]))
    return found


def _unnamed(detection: Detection, key: tuple[str | None, str]) -> Sequence[str]:
    table = detection.before.find(detection.before.key(*key))
    checks = [each for each in table.constraints if isinstance(each, Check)] if table is not None else []
    return [each.text for each in checks if each.name is None]


def _condition(operation: DropUnnamedCheck) -> str:
    """The SQL of the check that is dropped."""
    check = operation._reverse
    condition = check.condition if isinstance(check, ops.CreateCheckConstraintOp) else ""
    return str(getattr(condition, "text", condition))
