"""Foreign keys that stay, but stand in the way of something else: dropped before it, and made again after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import ForeignKeyConstraint

from alembic_manage.autodetect.effects import Effects, Thing, effects_of, referred_by
from alembic_manage.operations import Steps
from alembic_manage.operations.steps import flattened
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.objects import PrimaryKey, Unique

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection
    from alembic_manage.state.schema import Table

Place = tuple[str | None, str]
"""Schema and table."""


def without_keys_in_the_way(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations, with each foreign key that would stop one of them dropped and made again.

    A key stops: the drop of the unique constraint that it refers to; where the database says so, the drop of the last
    index on its columns, and a change of their type. Where a table is rebuilt instead, nothing stops.
    """
    if all(rules.refers_ahead for rules in detection.kinds):
        return operations
    obstacles = _Obstacles(operations, detection)
    kept = [key for key in _keys(detection) if obstacles.keeps(key)]
    keys = [key for key in kept if obstacles.is_stopped_by(key)]
    drops = [ops.DropConstraintOp.from_constraint(key) for key in keys]
    creates = [ops.CreateForeignKeyOp.from_constraint(key) for key in keys]
    found = list(operations)
    for key in kept:
        index = None if key in keys else obstacles.index_for(key)
        if index in found:
            found[found.index(index)] = _on_the_way_back(index, key)
    return [*drops, *found, *creates]


def _on_the_way_back(index: ops.MigrateOperation, key: ForeignKeyConstraint) -> Steps:
    """A new index, which cannot be dropped while it is the one that the key needs."""
    drop = ops.DropConstraintOp.from_constraint(key)
    return Steps([index], [drop, index.reverse(), drop.reverse()])


def _keys(detection: Detection) -> list[ForeignKeyConstraint]:
    """The foreign keys of the schema before, in one order every time."""
    tables = metadata_of(detection.before).tables.values()
    keys = [key for table in tables for key in table.foreign_key_constraints]
    return sorted(keys, key=lambda key: (str(key.table.fullname), str(key.name), tuple(key.column_keys)))


class _Obstacles:
    """What the operations do that a foreign key could stop."""

    def __init__(self, operations: Iterable[ops.MigrateOperation], detection: Detection) -> None:
        self.operations = list(flattened(operations))
        self.detection = detection
        self.effects: list[Effects] = [effects_of(each) for each in self.operations]
        self.ended: set[Thing] = set().union(*(each.ends for each in self.effects)) if self.effects else set()
        self.needs_index = any(rules.indexes_foreign_keys for rules in detection.kinds)
        self.holds_types = any(rules.keys_hold_types for rules in detection.kinds)

    def keeps(self, key: ForeignKeyConstraint) -> bool:
        """Whether the key is there afterwards too."""
        place, other = _place(key), _referred(key)
        dropped = {
            (each.schema, each.table_name, str(each.constraint_name))
            for each in self.operations
            if isinstance(each, ops.DropConstraintOp) and each.constraint_type == "foreignkey"
        }
        gone = {("table", *place), ("table", *other)} | {("column", *place, str(name)) for name in key.column_keys}
        return (*place, str(key.name)) not in dropped and not gone & self.ended

    def is_stopped_by(self, key: ForeignKeyConstraint) -> bool:
        """Whether the key would stop one of the operations."""
        _, _, remote = next(iter(referred_by(key)))
        local = tuple(str(name) for name in key.column_keys)
        if ("key", *_referred(key), frozenset(remote)) in self.ended:
            return True
        if self.needs_index and self._loses_index(_place(key), local):
            return True
        return self._changes_type(_place(key), local) or self._changes_type(_referred(key), remote)

    def index_for(self, key: ForeignKeyConstraint) -> ops.MigrateOperation | None:
        """The new index that replaces the one which the database made for the key; None where there is none."""
        columns = tuple(str(name) for name in key.column_keys)
        table = self.detection.before.tables[self.detection.before.key(*_place(key))]
        if not any(each.is_implied and each.columns == columns for each in table.indexes):
            return None
        return next(
            (
                each
                for each, effects in zip(self.operations, self.effects, strict=True)
                if isinstance(each, ops.CreateIndexOp | ops.AddConstraintOp)
                and ("serving", *_place(key), columns[0]) in effects.makes
            ),
            None,
        )

    def _changes_type(self, place: Place, columns: Sequence[str]) -> bool:
        changes = [
            each
            for each in self.operations
            if isinstance(each, ops.AlterColumnOp)
            and each.modify_type is not None
            and (each.schema, each.table_name) == place
            and each.column_name in columns
        ]
        return any(self.holds_types or _is_another_family(each) for each in changes)

    def _loses_index(self, place: Place, columns: tuple[str, ...]) -> bool:
        """Whether at some moment no index begins with the columns."""
        table = self.detection.before.tables[self.detection.before.key(*place)]
        dropped = {thing[-1] for thing in self.ended if thing[0] == "name" and thing[1] == place[0]}
        if "primary key" in {thing[0] for thing in self.ended if thing[1:3] == place}:
            dropped.add(None)
        serving = {name for name, served in _indexes(table) if served[: len(columns)] == columns}
        made = {_made_name(each) for each in self.operations if _made_columns(each, place)[: len(columns)] == columns}
        return bool(serving & dropped) and not (serving | made) - dropped


def _made_columns(operation: ops.MigrateOperation, place: Place) -> tuple[str, ...]:
    """The columns of an index, or of a constraint that is one, which is made on a table; none for other operations."""
    made: Any = operation
    is_index = isinstance(operation, ops.CreateIndexOp | ops.CreateUniqueConstraintOp | ops.CreatePrimaryKeyOp)
    if not is_index or (made.schema, made.table_name) != place:
        return ()
    return tuple(str(getattr(column, "name", column)) for column in made.columns)


def _made_name(operation: ops.MigrateOperation) -> str:
    """Its name; a constraint without one gets one later that is free."""
    found: Any = operation
    return str(getattr(found, "index_name", None) or getattr(found, "constraint_name", None) or id(operation))


def _indexes(table: Table) -> list[tuple[str | None, tuple[str, ...]]]:
    """The name and columns of each index of a table, those of its constraints included; a primary key has no name."""
    found: list[tuple[str | None, tuple[str, ...]]] = [(index.name, index.columns) for index in table.indexes]
    for constraint in table.constraints:
        if isinstance(constraint, PrimaryKey):
            found.append((None, constraint.columns))
        elif isinstance(constraint, Unique):
            found.append((constraint.name, constraint.columns))
    return found


def _place(key: ForeignKeyConstraint) -> Place:
    return key.table.schema, str(key.table.name)


def _referred(key: ForeignKeyConstraint) -> Place:
    schema, table, _ = next(iter(referred_by(key)))
    return schema, table


def _is_another_family(operation: ops.AlterColumnOp) -> bool:
    """Whether the new type cannot be compared with the old one."""
    old, new = operation.existing_type, operation.modify_type
    return old is None or old._type_affinity is not getattr(new, "_type_affinity", None)
