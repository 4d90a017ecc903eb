"""Makes effects of what a watched state is told; one small function a kind of change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from alembic_manage.lint import effects
from alembic_manage.lint.effects import Effect
from alembic_manage.state.objects import Constraint, EnumType, Index, Key
from alembic_manage.state.schema import Schema, Table


def effects_of(method: str, arguments: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    """The effects of one call of a method of Schema; none where it changed nothing.

    Args:
        method: its name.
        arguments: what it was called with, by name.
        before: the state before the statement.
        after: the state after the call.
    """
    read = _READERS.get(method)
    if read is not None:
        yield from read(arguments, before, after)
        return
    key = (
        arguments.get("key") or getattr(arguments.get("sequence"), "key", None) or Key(None, arguments.get("name", ""))
    )
    yield effects.OtherEffect(key, method, {name: value for name, value in arguments.items() if name != "key"})


def _create_table(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    key = a["table"].key
    if before.find(key) is None and (made := after.find(key)) is not None:
        yield effects.CreateTable(made.key, made)


def _drop_table(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    if (found := before.find(a["key"])) is not None:
        yield effects.DropTable(found.key, found)


def _rename_table(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    if a["key"] != a["new"]:
        yield effects.RenameTable(_key(before, a["key"]), a["new"])


def _add_column(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    key, name = a["key"], a["column"].name
    was = before.find(key)
    if was is None or not before.has_column(key, name):
        yield effects.AddColumn(_key(after, key), after.column(key, name))


def _drop_column(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    if before.find(a["key"]) is not None and before.has_column(a["key"], a["name"]):
        yield effects.DropColumn(_key(before, a["key"]), before.column(a["key"], a["name"]))


def _alter_column(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    changed = after.column(a["key"], a["name"])
    if before.find(a["key"]) is None or not before.has_column(a["key"], a["name"]):
        # The statement renamed it first, as MariaDB's CHANGE does.
        yield effects.AlterColumn(_key(after, a["key"]), changed, changed)
        return
    yield effects.AlterColumn(_key(after, a["key"]), before.column(a["key"], a["name"]), changed)


def _rename_column(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    if a["old"] != a["new"]:
        yield effects.RenameColumn(_key(after, a["key"]), a["old"], a["new"])


def _add_constraint(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    table = after.table(a["key"])
    constraint: Constraint = a["constraint"]
    # With the name that the server gave it.
    made = table.constraints[-1] if constraint.name is None and table.constraints else constraint
    yield effects.AddConstraint(table.key, made if type(made) is type(constraint) else constraint)


def _drop_constraint(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    table = before.find(a["key"])
    if table is None:
        return
    found = before.constraint(table.key, a.get("name"), a.get("kind"))
    yield effects.DropConstraint(table.key, str(a.get("name") or getattr(found, "name", "") or ""), found)


def _rename_constraint(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    yield effects.RenameConstraint(_key(after, a["key"]), a["old"], a["new"])


def _create_index(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    table = after.table(a["key"])
    index: Index = a["index"]
    if not index.name and table.indexes:
        index = table.indexes[-1]
    if before.find(a["key"]) is None or before.index(index.name, table.key) is None:
        yield effects.CreateIndex(table.key, index)


def _drop_index(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    found = before.index(a["name"], a.get("key"), a.get("schema"))
    if found is not None:
        yield effects.DropIndex(found[0].key, found[1])


def _rename_index(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    found = before.index(a["old"], a.get("key"), a.get("schema"))
    if found is not None:
        yield effects.RenameIndex(found[0].key, a["old"], a["new"])


def _create_enum(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    enum: EnumType = a["enum"]
    if enum.key not in before.enums:
        yield effects.CreateEnum(enum.key, enum)


def _drop_enum(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    if a["key"] in before.enums:
        yield effects.DropEnum(a["key"])


def _set_labels(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    key = a["key"]
    old = before.enums[key].labels if key in before.enums else ()
    yield effects.AlterEnum(key, tuple(old), tuple(after.enums[key].labels))


def _rename_enum(a: Mapping[str, Any], before: Schema, after: Schema) -> Iterator[Effect]:
    yield effects.RenameEnum(a["key"], a["new"])


def _key(schema: Schema, key: Key) -> Key:
    """In the spelling of the state."""
    found: Table | None = schema.find(key)
    return found.key if found is not None else key


_READERS: Mapping[str, Callable[[Mapping[str, Any], Schema, Schema], Iterator[Effect]]] = {
    "create_table": _create_table,
    "drop_table": _drop_table,
    "rename_table": _rename_table,
    "add_column": _add_column,
    "drop_column": _drop_column,
    "alter_column": _alter_column,
    "rename_column": _rename_column,
    "add_constraint": _add_constraint,
    "drop_constraint": _drop_constraint,
    "rename_constraint": _rename_constraint,
    "create_index": _create_index,
    "drop_index": _drop_index,
    "rename_index": _rename_index,
    "create_enum": _create_enum,
    "drop_enum": _drop_enum,
    "set_enum_labels": _set_labels,
    "rename_enum": _rename_enum,
}
