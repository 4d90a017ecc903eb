"""What differs between two states of one schema, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from alembic_manage.comparators.server_default import is_same_default
from alembic_manage.sql.expression import is_same_tree, tree_of
from alembic_manage.state.objects import Column, Constraint, ForeignKey, Index, Key

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
    yield from _of_constraints(key, before, after)
    yield from _of_indexes(before, after)


def _of_column(path: str, before: Column, after: Column, context: Context) -> Iterator[str]:
    old, new = context.type_text(before), context.type_text(after)
    if old != new:
        yield f"{path} is {new} instead of {old}"
    if before.nullable != after.nullable:
        yield f"{path} is {'nullable' if after.nullable else 'NOT NULL'}"
    if not _is_same_default(before, after, context):
        yield f"{path} has " + ("no default" if after.default is None else f"the default {after.default}")
    if repr(before.computed) != repr(after.computed) or bool(before.identity) != bool(after.identity):
        yield f"{path} is generated otherwise"


def _is_same_default(before: Column, after: Column, context: Context) -> bool:
    one, other = before.default, after.default
    if one is None or other is None:
        return one == other
    if is_same_default(one, other, before.type):
        return True
    return is_same_tree(tree_of(one, context.rules), tree_of(other, context.rules))


def _of_constraints(key: Key, before: Table, after: Table) -> Iterator[str]:
    """By name; where the server chose one, by what the constraint says."""
    left = list(after.constraints)
    for each in before.constraints:
        found = next((other for other in left if other.name == each.name and _shape(other) == _shape(each)), None)
        found = found or next((other for other in left if _are_alike(each, other)), None)
        if found is None:
            yield f"{_words(each)} of {key} is missing"
        else:
            left.remove(found)
    yield from (f"{_words(each)} of {key} is there instead, or as well" for each in left)


def _are_alike(one: Constraint, other: Constraint) -> bool:
    is_generated = any(isinstance(each, ForeignKey) and each.is_name_generated for each in (one, other))
    return (is_generated or one.name is None or other.name is None) and _shape(one) == _shape(other)


def _shape(constraint: Constraint) -> str:
    plain = replace(constraint, name=None, options={})
    return repr(replace(plain, is_name_generated=False) if isinstance(plain, ForeignKey) else plain)


def _words(constraint: Constraint) -> str:
    """A constraint for a person, by its name where it has one."""
    if constraint.name:
        return f"constraint {constraint.name}"
    columns = getattr(constraint, "columns", ())
    return f"a constraint ({constraint.kind}{': ' if columns else ''}{', '.join(columns)})"


def _of_indexes(before: Table, after: Table) -> Iterator[str]:
    there, then = _indexes(before), _indexes(after)
    for name, shape in there.items():
        if name not in then:
            yield f"index {name} is missing"
        elif then[name] != shape:
            yield f"index {name} is another one"
    yield from (f"index {name} is still there" for name in then if name not in there)


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
