"""What depends on a column, and has to be made once more for its twin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from alembic.operations import ops
from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, UniqueConstraint

from alembic_manage.operations import RenameConstraint, RenameIndex
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.server import short_name

Creation = ops.CreateIndexOp | ops.CreateUniqueConstraintOp | ops.CreateForeignKeyOp


@dataclass(frozen=True)
class Dependent:
    """One of them."""

    first: Creation
    """As it is for the first column, under its name in the database."""
    second: Creation
    """The same for the second column, under the name that it has meanwhile."""
    final: str
    """The name of the second one in the end."""
    is_index: bool
    """Whether the database has it as an index."""

    @property
    def renamed(self) -> ops.MigrateOperation | None:
        """From the name meanwhile to the last one; None where it has that already."""
        old = name_of(self.second)
        if old == self.final:
            return None
        table, schema = place_of(self.second)
        kind = RenameIndex if self.is_index else RenameConstraint
        return kind(table, old, self.final, schema)


@dataclass
class Dependents:
    """All of them."""

    members: list[Dependent] = field(default_factory=list)
    obstacle: str | None = None
    """Why there can be no twin."""


def name_of(operation: Creation) -> str:
    """The name of an index or constraint."""
    return str(operation.index_name if isinstance(operation, ops.CreateIndexOp) else operation.constraint_name)


def place_of(operation: Creation) -> tuple[str, str | None]:
    """The table and its schema."""
    if isinstance(operation, ops.CreateForeignKeyOp):
        return operation.source_table, operation.kw.get("source_schema")
    return operation.table_name, operation.schema


def dependents_of(scene: Scene, table: Table, column: str, first: str, second: str) -> Dependents:
    """What depends on a column.

    Args:
        scene: with the other operations.
        table: as it is before, with answered renames.
        column: its name there.
        first: the name of the first twin.
        second: the name of the second twin.
    """
    found = Dependents(obstacle=_obstacle(scene, table, table.columns[column]))
    old_names = _old_names(scene, table)
    for each in [*sorted(table.indexes, key=lambda index: str(index.name)), *_constraints(table)]:
        names = [str(member.name) for member in each.columns]
        if column not in names:
            continue
        if isinstance(each, Index) and not all(isinstance(part, Column) for part in each.expressions):
            found.obstacle = f"the index {each.name} has an expression"
            return found
        creation = _creation(each)
        final = name_of(creation)
        old = old_names.get(final, final)
        meanwhile = final if old != final else short_name(final, "new")
        one = _with(creation, old, column, first)
        other = _with(creation, meanwhile, column, second)
        is_key = isinstance(creation, ops.CreateForeignKeyOp)
        if is_key and not scene.server.renames_foreign_keys:
            found.obstacle = found.obstacle or "a foreign key of it cannot get another name"
        is_index = isinstance(creation, ops.CreateIndexOp) or (not is_key and scene.detection.rules.unique_is_index)
        found.members.append(Dependent(one, other, final, is_index))
    return found


def _constraints(table: Table) -> Iterator[Any]:
    kinds = (UniqueConstraint, ForeignKeyConstraint)
    yield from sorted((each for each in table.constraints if isinstance(each, kinds)), key=lambda each: str(each.name))


def _creation(thing: Any) -> Any:
    if isinstance(thing, Index):
        return ops.CreateIndexOp.from_index(thing)
    return ops.AddConstraintOp.from_constraint(thing)


def _with(creation: Any, name: str, column: str, instead: str) -> Any:
    """The same under another name, for another column."""
    made = copy(creation)
    made.kw = dict(creation.kw)
    made._orig_constraint = made._orig_index = None
    if isinstance(made, ops.CreateIndexOp):
        made.index_name = name
        made.columns = [instead if _name(each) == column else _name(each) for each in creation.columns]
    elif isinstance(made, ops.CreateForeignKeyOp):
        made.constraint_name = name
        made.local_cols = [instead if each == column else each for each in creation.local_cols]
    else:
        made.constraint_name = name
        made.columns = [instead if _name(each) == column else _name(each) for each in creation.columns]
    return made


def _name(column: Any) -> str:
    return str(getattr(column, "name", column))


def _old_names(scene: Scene, table: Table) -> Mapping[str, str]:
    """The names in the database by the new ones, of what the same change renames."""
    return {
        each.new: each.old
        for each in scene.operations
        if isinstance(each, RenameIndex | RenameConstraint)
        and (each.table_name, each.schema) == (table.name, table.schema)
    }


def _obstacle(scene: Scene, table: Table, column: Column[Any]) -> str | None:
    """Why nothing can stand in for the column."""
    if column.primary_key:
        return "it is part of the primary key"
    if column.computed is not None or column.identity is not None:
        return "the database computes it"
    for other in scene.before.tables.values():
        for key in other.foreign_key_constraints:
            if column in [element.column for element in key.elements]:
                return f"{other.name} refers to it"
    state = scene.detection.before.table(scene.detection.before.key(table.schema, str(table.name)))
    if state.columns[str(column.name)].autoincrement:
        return "the database numbers it"
    texts = [str(getattr(each, "text", "")) for each in state.constraints if not hasattr(each, "columns")]
    texts += [text for each in state.columns.values() for text in each.checks]
    texts += [each.computed.text for each in state.columns.values() if each.computed is not None]
    texts += [str(value) for each in state.indexes for value in each.options.values()]
    texts += [str(element) for each in state.constraints for element in getattr(each, "elements", ())]
    if any(re.search(rf"\b{re.escape(str(column.name))}\b", text) for text in texts):
        return "a CHECK, a computed column or a condition names it"
    return None
