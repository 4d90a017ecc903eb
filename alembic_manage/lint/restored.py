"""What differs between two states of one schema, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_manage.state.objects import Column, Constraint, ForeignKey, Index

if TYPE_CHECKING:
    from alembic_manage.lint.context import Context
    from alembic_manage.state.schema import Schema, Table


def differences(before: Schema, after: Schema, context: Context) -> list[str]:
    """What `after` has otherwise than `before`, in short phrases; the order of columns does not count.

    Args:
        before: what was to be restored.
        after: what came back.
        context: of the database, for the texts of types.
    """
    found = list(_names("table", map(str, before.shown_tables), map(str, after.shown_tables)))
    for key, table in before.shown_tables.items():
        other = after.shown_tables.get(key)
        if other is not None:
            found += _of_table(table, other, context)
    found += _names("type", map(str, before.enums), map(str, after.enums))
    for enum_key, enum in before.enums.items():
        other_enum = after.enums.get(enum_key)
        if other_enum is not None and set(other_enum.labels) != set(enum.labels):
            found.append(f"type {enum_key} has other labels")
    found += _names("sequence", map(str, before.sequences), map(str, after.sequences))
    return found


def _of_table(before: Table, after: Table, context: Context) -> Iterator[str]:
    key = before.key
    for name, column in before.columns.items():
        other = after.columns.get(name)
        if other is None:
            yield f"column {key}.{name} is missing"
        else:
            yield from _of_column(f"{key}.{name}", column, other, context)
    for name in after.columns:
        if name not in before.columns:
            yield f"column {key}.{name} is still there"
    yield from _of_parts(f"constraint {{}} of {key}", _constraints(before), _constraints(after))
    yield from _of_parts("index {}", _indexes(before), _indexes(after))


def _of_column(path: str, before: Column, after: Column, context: Context) -> Iterator[str]:
    old, new = context.type_text(before), context.type_text(after)
    if old != new:
        yield f"{path} is {new} instead of {old}"
    if before.nullable != after.nullable:
        yield f"{path} is {'nullable' if after.nullable else 'NOT NULL'}"
    if before.default != after.default:
        yield f"{path} has " + ("no default" if after.default is None else f"the default {after.default}")
    if repr(before.computed) != repr(after.computed) or bool(before.identity) != bool(after.identity):
        yield f"{path} is generated otherwise"


def _of_parts(words: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for name, shape in before.items():
        if name not in after:
            yield f"{words.format(name)} is missing"
        elif after[name] != shape:
            yield f"{words.format(name)} is another one"
    for name in after:
        if name not in before:
            yield f"{words.format(name)} is still there"


def _constraints(table: Table) -> Mapping[str, str]:
    """What a constraint says, by its name; one whose name the server chose by what it says."""
    found = {}
    for each in table.constraints:
        shape = _shape(each)
        is_named = each.name and not (isinstance(each, ForeignKey) and each.is_name_generated)
        found[str(each.name) if is_named else f"{each.kind} ({shape})"] = shape
    return found


def _shape(constraint: Constraint) -> str:
    plain = replace(constraint, name=None, options={})
    return repr(replace(plain, is_name_generated=False) if isinstance(plain, ForeignKey) else plain)


def _indexes(table: Table) -> Mapping[str, str]:
    return {index.name: _index_shape(index) for index in table.indexes if not index.is_implied}


def _index_shape(index: Index) -> str:
    columns = ", ".join(part.text for part in index.parts)
    where = next((str(value) for name, value in index.options.items() if name.endswith("_where")), "")
    return f"{index.unique} {columns} {where}"


def _names(kind: str, before: Iterator[str], after: Iterator[str]) -> Iterator[str]:
    there, then = dict.fromkeys(before), dict.fromkeys(after)
    yield from (f"{kind} {name} is missing" for name in there if name not in then)
    yield from (f"{kind} {name} is still there" for name in then if name not in there)
