"""Takes one ALTER of a column apart, so that something can be done between its parts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from typing import Any

from alembic.operations import ops

# What Alembic has in `modify_...` where that does not change.
_UNCHANGED: Mapping[str, Any] = {"type": None, "nullable": None, "server_default": False, "comment": False}


def changes_of(operation: ops.AlterColumnOp) -> frozenset[str]:
    """What the operation changes: of "type", "nullable", "server_default" and "comment", and "other" for the rest."""
    found = {name for name, unchanged in _UNCHANGED.items() if getattr(operation, f"modify_{name}") is not unchanged}
    if operation.modify_name is not None or any(name.startswith("modify_") for name in operation.kw):
        found.add("other")
    return frozenset(found)


def part_of(operation: ops.AlterColumnOp, changes: Collection[str], after: Collection[str] = ()) -> ops.AlterColumnOp:
    """The operation that does some of the changes only.

    It still says everything about the column, without which MariaDB would drop what is not mentioned.

    Args:
        operation: all of it.
        changes: what to do; see `changes_of`.
        after: what other parts have done before.
    """
    part = copy(operation)
    part.kw = {
        name: value for name, value in operation.kw.items() if "other" in changes or not name.startswith("modify_")
    }
    if "other" not in changes:
        part.modify_name = None
    for name, unchanged in _UNCHANGED.items():
        modified = getattr(operation, f"modify_{name}")
        if modified is unchanged:
            continue
        if name in after:
            setattr(part, f"existing_{name}", modified)
        if name not in changes:
            setattr(part, f"modify_{name}", unchanged)
    return part


def parts_of(operation: ops.AlterColumnOp, *groups: Collection[str]) -> list[ops.AlterColumnOp]:
    """The operation in as many parts as there are groups of changes, one after the other; without empty parts."""
    done: set[str] = set()
    parts = []
    for group in groups:
        if changes_of(operation).intersection(group):
            parts.append(part_of(operation, group, done))
        done |= set(group)
    return parts
