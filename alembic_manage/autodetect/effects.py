"""What an operation makes, needs, ends and stops using: enough to say which of two must come first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from alembic.operations import ops
from sqlalchemy import Column, Constraint, ForeignKeyConstraint
from sqlalchemy.schema import SchemaItem

from alembic_manage.autodetect.named_types import named_types_in
from alembic_manage.operations import ChangeEnum, CreateEnum, DropEnum, OnlyOn, ReplacePrimaryKey, Steps
from alembic_manage.operations.steps import flattened

Thing: TypeAlias = tuple[Any, ...]
"""A kind, and what tells it from others of its kind: ("column", schema, table, name)."""
_NONE: frozenset[Thing] = frozenset()
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Effects:
    """The things that an operation touches."""

    makes: frozenset[Thing] = _NONE
    """What is there only afterwards."""
    needs: frozenset[Thing] = _NONE
    """What must be there before, if this revision makes it."""
    ends: frozenset[Thing] = _NONE
    """What is no longer there afterwards, and must not be used any more."""
    frees: frozenset[Thing] = _NONE
    """What it used until now."""

    def __or__(self, other: Effects) -> Effects:
        return Effects(
            self.makes | other.makes, self.needs | other.needs, self.ends | other.ends, self.frees | other.frees
        )

    @property
    def taken_back(self) -> Effects:
        """The effects of the reverse."""
        return Effects(self.ends, self.frees, self.makes, self.needs)

    def must_precede(self, other: Effects) -> bool:
        """Whether an operation with these effects must come before one with the other ones."""
        return bool(
            self.makes & other.needs  # it is used
            or self.frees & other.ends  # nothing uses it any more
            or _in_place(self.ends & other.makes)  # its place is free
            or self.ends & other.needs  # what is needed is the one that is made again
            or self.frees & other.makes  # what was used is the one that is gone
        )


def _in_place(things: frozenset[Thing]) -> frozenset[Thing]:
    """Those of which there can be one only; of the others a second one may be made before the first ends."""
    return frozenset(thing for thing in things if thing[0] not in ("serving", "key"))


def predecessors(effects: Sequence[Effects]) -> list[set[int]]:
    """For each place in `effects` the places of those that must come before."""
    making, ending, freeing = (_places(effects, name) for name in ("makes", "ends", "frees"))
    found: list[set[int]] = []
    for place, each in enumerate(effects):
        before = {other for thing in each.needs for other in (*making[thing], *ending[thing])}
        before |= {other for thing in each.ends for other in freeing[thing]}
        before |= {other for thing in each.makes for other in freeing[thing]}
        before |= {other for thing in _in_place(each.makes) for other in ending[thing]}
        replacing = {other for thing in each.ends - _in_place(each.ends) for other in making[thing]}
        before |= {other for other in replacing if not each.must_precede(effects[other])}
        found.append(before - {place})
    return found


def _places(effects: Sequence[Effects], name: str) -> Mapping[Thing, list[int]]:
    found: dict[Thing, list[int]] = defaultdict(list)
    for place, each in enumerate(effects):
        for thing in getattr(each, name):
            found[thing].append(place)
    return found


def effects_of(operation: ops.MigrateOperation) -> Effects:
    """The effects of an operation; none for one that is not known."""
    if isinstance(operation, Steps):
        up = _together(effects_of(each) for each in flattened(operation.up))
        # What only the way down does stands at the mirror image of its place.
        return up if operation.up else _together(effects_of(each) for each in flattened(operation.down)).taken_back
    if isinstance(operation, OnlyOn):
        return effects_of(operation.operation)
    for kind, read in _READERS.items():
        if isinstance(operation, kind):
            return read(operation)
    return Effects()


def _together(effects: Iterable[Effects]) -> Effects:
    found = Effects()
    for each in effects:
        found |= each
    return found


def _create_table(operation: ops.CreateTableOp) -> Effects:
    return _of_table(operation.schema, str(operation.table_name), operation.columns)


def _drop_table(operation: ops.DropTableOp) -> Effects:
    items = operation._reverse.columns if operation._reverse is not None else ()
    return _of_table(operation.schema, str(operation.table_name), items).taken_back


def _of_table(schema: str | None, name: str, items: Iterable[SchemaItem]) -> Effects:
    place = (schema, name)
    makes: set[Thing] = {("table", *place), ("name", *place)}
    needs: set[Thing] = {("schema", schema)} if schema else set()
    for column in (each for each in items if isinstance(each, Column)):
        makes |= {("column", *place, str(column.name)), ("type", *place, str(column.name))}
        needs |= set(_used_by(column))
    for constraint in (each for each in items if isinstance(each, Constraint)):
        columns = tuple(str(column.name) for column in getattr(constraint, "columns", ()))
        if isinstance(constraint, ForeignKeyConstraint):
            needs |= {thing for thing in _of_foreign_key(constraint) if thing[1:3] != place}
        elif columns:
            makes.add(("key", *place, frozenset(columns)))
        if constraint.name:
            makes.add(("name", schema, str(constraint.name)))
    return Effects(makes=frozenset(makes), needs=frozenset(needs))


def _of_foreign_key(constraint: ForeignKeyConstraint) -> Iterator[Thing]:
    """What a foreign key uses on the other side."""
    for schema, table, columns in referred_by(constraint):
        yield "table", schema, table
        yield "key", schema, table, frozenset(columns)
        for column in columns:
            yield "column", schema, table, column
            yield "type", schema, table, column


def referred_by(constraint: Any) -> Iterator[tuple[str | None, str, tuple[str, ...]]]:
    """Schema, table and columns that a foreign key refers to, also where that table is not known."""
    parts = [each.target_fullname.split(".") for each in constraint.elements]
    if parts:
        schema = ".".join(parts[0][:-2]) or None
        yield schema, parts[0][-2], tuple(part[-1] for part in parts)


def _used_by(column: Column[Any]) -> Iterator[Thing]:
    """The types and sequences of a column."""
    yield from _types_used(column.type)
    default = column.default
    sequence = default if getattr(default, "is_sequence", False) else None
    if sequence is not None:
        yield "sequence", getattr(sequence, "schema", None), getattr(sequence, "name", None)


def _types_used(type_: Any) -> Iterator[Thing]:
    """The named types of a type, and their labels."""
    for schema, name in named_types_in(type_):
        yield "named type", schema, name
        yield "labels", schema, name


def _labels_used(type_: Any) -> Iterator[Thing]:
    yield from (thing for thing in _types_used(type_) if thing[0] == "labels")


def _add_column(operation: ops.AddColumnOp) -> Effects:
    place = (operation.schema, operation.table_name)
    name = str(operation.column.name)
    needs: set[Thing] = {("table", *place), *_used_by(operation.column)}
    if operation.column.computed is not None:
        needs |= set(_of_columns(place, words_of(operation.column.computed.sqltext)))
    makes: frozenset[Thing] = frozenset({("column", *place, name), ("type", *place, name)})
    return Effects(makes=makes, needs=frozenset(needs - makes))


def _drop_column(operation: ops.DropColumnOp) -> Effects:
    return _add_column(operation.reverse()).taken_back if operation._reverse is not None else _bare_drop(operation)


def _bare_drop(operation: ops.DropColumnOp) -> Effects:
    place = (operation.schema, operation.table_name, operation.column_name)
    return Effects(ends=frozenset({("column", *place), ("type", *place)}))


def _alter_column(operation: ops.AlterColumnOp) -> Effects:
    place = (operation.schema, operation.table_name, operation.column_name)
    if operation.modify_type is None and operation.modify_server_default is False:
        # NOT NULL goes before a primary key, and comes back after it.
        makes: frozenset[Thing] = frozenset({("nullable", *place)}) if operation.modify_nullable is not None else _NONE
        ends = makes if operation.modify_nullable else _NONE
        # Rows are filled with a label before NOT NULL, on the way back too.
        labels = frozenset(_labels_used(operation.existing_type)) if makes else _NONE
        used = frozenset({("column", *place)}) | (_NONE if ends else labels)
        # What becomes NULL has its new type afterwards: on the way back it is filled with a value of the old one.
        opened: frozenset[Thing] = frozenset({("may be null", *place)}) if ends else _NONE
        return Effects(makes=(makes - ends) | opened, ends=ends, needs=used, frees=labels if ends else _NONE)
    needs: set[Thing] = {("column", *place)}
    frees: set[Thing] = set()
    if operation.modify_type is not None:
        needs |= {("may be null", *place), *_types_used(operation.modify_type)}
    elif operation.modify_server_default is not None:
        needs.add(("type", *place))
    if operation.existing_type is not None:
        frees |= set(_types_used(operation.existing_type))
    changed: frozenset[Thing] = frozenset({("type", *place)}) if operation.modify_type is not None else _NONE
    return Effects(makes=changed, needs=frozenset(needs - frees), ends=changed, frees=frozenset(frees - needs))


def _create_index(operation: ops.CreateIndexOp) -> Effects:
    place = (operation.schema, operation.table_name)
    texts = [each if isinstance(each, str) else getattr(each, "name", None) or each for each in operation.columns]
    columns = [str(each) for each in texts if isinstance(each, str)]
    words = {word for each in texts if not isinstance(each, str) for word in words_of(each)}
    words |= {word for value in operation.kw.values() for word in words_of(value)}
    makes: set[Thing] = {("name", operation.schema, str(operation.index_name))}
    if columns:
        makes |= {("serving", *place, columns[0])}
    if operation.unique and len(columns) == len(texts):
        makes |= {("key", *place, frozenset(columns))}
    return Effects(makes=frozenset(makes), needs=frozenset(_of_columns(place, {*columns, *words})))


def _drop_index(operation: ops.DropIndexOp) -> Effects:
    if operation._reverse is None:
        return Effects(ends=frozenset({("name", operation.schema, str(operation.index_name))}))
    return _create_index(operation.reverse()).taken_back


def _create_foreign_key(operation: ops.CreateForeignKeyOp) -> Effects:
    schema, referred = operation.kw.get("source_schema"), operation.kw.get("referent_schema")
    place, other = (schema, operation.source_table), (referred, operation.referent_table)
    needs: set[Thing] = set(_of_columns(place, operation.local_cols)) | set(_of_columns(other, operation.remote_cols))
    needs |= {("key", *other, frozenset(operation.remote_cols)), ("serving", *place, operation.local_cols[0])}
    # What NULLs are filled with need not be in the table that only the models before or after refer to.
    needs |= {("nullable", *place, each) for each in operation.local_cols}
    makes = set(_named(schema, operation.constraint_name))
    if operation.kw.get("ondelete") or operation.kw.get("onupdate"):
        makes |= set(_acting(place, operation.local_cols))
    return Effects(makes=frozenset(makes), needs=frozenset(needs))


def _acting(place: tuple[str | None, str], columns: Iterable[str]) -> Iterator[Thing]:
    """What changes columns without a statement about them: MariaDB allows no CHECK of such a column.

    Source: MySQL 8 manual, 15.1.20.6 "CHECK Constraints"; MariaDB answers with error 1901.
    """
    for column in columns:
        yield "action", *place, column


def _create_constraint(operation: ops.AddConstraintOp) -> Effects:
    made: Any = operation
    place = (made.schema, made.table_name)
    makes = set(_named(made.schema, made.constraint_name))
    if isinstance(operation, ops.CreateCheckConstraintOp):
        words = words_of(operation.condition)
        return Effects(makes=frozenset(makes), needs=frozenset([*_of_columns(place, words), *_acting(place, words)]))
    columns = [str(getattr(each, "name", each)) for each in getattr(made, "columns", ())]
    needs = set(_of_columns(place, columns))
    if isinstance(operation, ops.CreatePrimaryKeyOp):
        needs |= {("nullable", *place, each) for each in columns}
        makes.add(("primary key", *place))
    if columns and isinstance(operation, ops.CreatePrimaryKeyOp | ops.CreateUniqueConstraintOp):
        makes |= {("key", *place, frozenset(columns)), ("serving", *place, columns[0])}
    return Effects(makes=frozenset(makes), needs=frozenset(needs))


def _drop_constraint(operation: ops.DropConstraintOp) -> Effects:
    if operation._reverse is None:
        return Effects(ends=_named(operation.schema, operation.constraint_name))
    return effects_of(operation.reverse()).taken_back


def _replace_primary_key(operation: ReplacePrimaryKey) -> Effects:
    """What both keys are is there all the time."""
    found = _together(effects_of(each) for each in operation.parts)
    both = found.makes & found.ends
    return Effects(found.makes - both, found.needs, found.ends - both, found.frees)


def _create_enum(operation: CreateEnum) -> Effects:
    needs: frozenset[Thing] = frozenset({("schema", operation.schema)}) if operation.schema else _NONE
    return Effects(makes=frozenset({("named type", operation.schema, operation.name)}), needs=needs)


def _drop_enum(operation: DropEnum) -> Effects:
    return _create_enum(operation.reverse()).taken_back


def _change_enum(operation: ChangeEnum) -> Effects:
    """Labels that are only added are there for whoever comes later; otherwise nothing may use the old ones any more."""
    labels = frozenset({("labels", operation.schema, operation.name)})
    return Effects() if operation.only_adds else Effects(makes=labels, ends=labels)


def _named(schema: str | None, name: Any) -> frozenset[Thing]:
    return frozenset({("name", schema, str(name))}) if name else _NONE


def _of_columns(place: tuple[str | None, str], columns: Iterable[str]) -> Iterator[Thing]:
    yield "table", *place
    for column in columns:
        yield "column", *place, column
        yield "type", *place, column


def words_of(expression: Any) -> set[str]:
    """The words of an SQL expression: its names are among them."""
    return set(_WORD.findall(str(getattr(expression, "text", expression))))


_READERS: Mapping[type[ops.MigrateOperation], Callable[[Any], Effects]] = {
    ops.CreateTableOp: _create_table,
    ops.DropTableOp: _drop_table,
    ops.AddColumnOp: _add_column,
    ops.DropColumnOp: _drop_column,
    ops.AlterColumnOp: _alter_column,
    ops.CreateIndexOp: _create_index,
    ops.DropIndexOp: _drop_index,
    ops.CreateForeignKeyOp: _create_foreign_key,
    ops.AddConstraintOp: _create_constraint,
    ops.DropConstraintOp: _drop_constraint,
    ReplacePrimaryKey: _replace_primary_key,
    ChangeEnum: _change_enum,
    CreateEnum: _create_enum,
    DropEnum: _drop_enum,
}
