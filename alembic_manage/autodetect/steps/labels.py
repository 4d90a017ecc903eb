"""The values of enums that are no type of their own: inline ENUM columns, and columns that a CHECK confines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Enum, TypeDecorator

from alembic_manage.sql.labels import labels_allowed
from alembic_manage.state.objects import Check

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from alembic_manage.state.schema import Schema, Table


def checked_labels(table: Table | None, column: str, schema: Schema) -> Sequence[str]:
    """The texts to which a CHECK confines a column; none where there is no such CHECK."""
    if table is None:
        return ()
    for check in table.constraints:
        if not isinstance(check, Check):
            continue
        allowed = labels_allowed(check.text, schema.rules, table.key.name, table.columns)
        if allowed is not None and allowed.column == column:
            return allowed.labels
    return ()


def inline_labels(type_: object, dialect: Dialect) -> Sequence[str]:
    """The labels of a type that a column has to itself; none of another type."""
    real = type_.impl_instance if isinstance(type_, TypeDecorator) else type_
    if not isinstance(real, Enum) or not real.native_enum or not dialect.supports_native_enum:
        return ()
    return tuple(real.enums)


def merged(kept: Sequence[str], labels: Sequence[str]) -> tuple[str, ...]:
    """Labels, with those of `kept` that are not among them in their old places.

    Args:
        kept: all labels of before, in order, of which those that stay too are to be had.
        labels: those of afterwards.
    """
    found = list(labels)
    for place, label in enumerate(kept):
        if label not in found:
            earlier = [found.index(each) for each in kept[:place] if each in found]
            found.insert(max(earlier) + 1 if earlier else 0, label)
    return tuple(found)
