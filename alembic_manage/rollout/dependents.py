"""What depends on a column, and has to be made once more for its twin."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from alembic.operations import ops
from sqlalchemy import Column, ForeignKeyConstraint, Table, UniqueConstraint

from alembic_manage.autodetect.restored import Before
from alembic_manage.operations import RenameConstraint, RenameIndex
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.server import short_name
from alembic_manage.state.expression import columns_in
from alembic_manage.state.objects import Check, Exclude, columns_of

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
    obstacle = _obstacle(scene, table, table.columns[column])
    if obstacle is not None:
        return Dependents(obstacle=obstacle)
    ones, others = (_creations(scene, table, column, name) for name in (first, second))
    old_names = _old_names(scene, table)
    return Dependents([_dependent(one, other, old_names, scene) for one, other in zip(ones, others, strict=True)])


def _dependent(one: Creation, other: Creation, old_names: Mapping[str, str], scene: Scene) -> Dependent:
    final = name_of(one)
    old = old_names.get(final, final)
    meanwhile = final if old != final else short_name(final, "new")
    is_key = isinstance(one, ops.CreateForeignKeyOp)
    is_index = isinstance(one, ops.CreateIndexOp) or (not is_key and scene.detection.rules.unique_is_index)
    return Dependent(_named(one, old), _named(other, meanwhile), final, is_index)


def _creations(scene: Scene, table: Table, column: str, name: str) -> list[Any]:
    """What makes the indexes and constraints of a column, where that has another name."""
    schema = scene.detection.before.copy()
    key = schema.key(table.schema, str(table.name))
    if name != column:
        schema.rename_column(key, column, name)
    state = schema.table(key)
    names = {each.name for each in (*state.indexes, *state.constraints) if name in columns_of(each, state.columns)}
    made = Before(schema).tables[str(table.key)]
    indexes = [each for each in made.indexes if each.name in names]
    kinds = (UniqueConstraint, ForeignKeyConstraint)
    constraints = [each for each in made.constraints if isinstance(each, kinds) and each.name in names]
    return [
        *(ops.CreateIndexOp.from_index(each) for each in sorted(indexes, key=_name)),
        *(ops.AddConstraintOp.from_constraint(each) for each in sorted(constraints, key=_name)),
    ]


def _name(thing: Any) -> str:
    return str(thing.name)


def _named(creation: Any, name: str) -> Any:
    """The same under another name."""
    made = copy(creation)
    made._orig_constraint = made._orig_index = None
    if isinstance(made, ops.CreateIndexOp):
        made.index_name = name
    else:
        made.constraint_name = name
    return made


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
    schema = scene.detection.before
    state = schema.table(schema.key(table.schema, str(table.name)))
    name = str(column.name)
    if state.columns[name].autoincrement:
        return "the database numbers it"
    if not scene.server.renames_foreign_keys and any(name in each.columns for each in state.foreign_keys):
        return "a foreign key of it cannot get another name"
    for thing in (*state.indexes, *state.constraints):
        columns = columns_of(thing, state.columns)
        if name in columns and scene.has_twins(str(table.name), table.schema, columns - {name}):
            return f"{thing.name} has another column that changes, too; make the changes one after the other"
    texts = [text for each in state.columns.values() for text in each.checks]
    texts += [each.computed.text for each in state.columns.values() if each.computed is not None]
    conditions = [each for each in state.constraints if isinstance(each, Check | Exclude)]
    named = [columns_in(text, state.columns) for text in texts]
    named += [columns_of(each, state.columns) for each in conditions]
    return "a CHECK or a computed column names it" if any(name in each for each in named) else None
