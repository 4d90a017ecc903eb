"""A column whose new type does not hold all that the old one could."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import types

from alembic_manage.lint.effects import AlterColumn
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView
from alembic_manage.lint.statement import Statement

TITLE = "A column's new type does not hold all that the old one could"
SEVERITY = Severity.WARNING
BY_SIZE = True


def check_statement(statement: Statement, view: RevisionView) -> Iterator[Concern]:
    """Each column that becomes shorter or smaller, in a table that was there before the migration."""
    if view.context.rules.has_free_type_names:
        return  # SQLite keeps any value in any column
    for effect in statement.of(AlterColumn):
        is_new = view.is_new_column(effect.table, effect.after.name, statement)
        if is_new or not is_narrower(effect.before.type, effect.after.type):
            continue
        old, new = (view.context.type_text(column) for column in (effect.before, effect.after))
        subject = f"{effect.table}.{effect.after.name}"
        yield Concern(
            f"{subject} becomes {new} instead of {old}: values that do not fit are cut, or stop the migration.",
            subject=subject,
            fix=f"Look for them first, and decide what becomes of them:\n    {_query(effect, new)}",
            table=effect.table,
        )


def is_narrower(old: Any, new: Any) -> bool:
    """Whether there are values of one type that another one cannot hold."""
    if isinstance(old, types.Integer) and isinstance(new, types.Integer):
        return _bytes(old) > _bytes(new)
    if isinstance(old, types.Numeric) and isinstance(new, types.Integer):
        return True
    if isinstance(old, types.String) and isinstance(new, types.String) and not isinstance(new, types.Enum):
        was, now = getattr(old, "length", None), getattr(new, "length", None)
        return now is not None and (was is None or was > now)
    if isinstance(old, types.Numeric) and isinstance(new, types.Numeric):
        return _is_smaller_number(old, new)
    return isinstance(old, types.DateTime) and isinstance(new, types.Date)


def _bytes(type_: Any) -> int:
    if isinstance(type_, types.BigInteger):
        return 8
    return 2 if isinstance(type_, types.SmallInteger) else 4


def _is_smaller_number(old: Any, new: Any) -> bool:
    if isinstance(old, types.Float) or isinstance(new, types.Float) or new.precision is None:
        return False
    if old.precision is None:
        return True
    before, after = old.precision - (old.scale or 0), new.precision - (new.scale or 0)
    return after < before or (new.scale or 0) < (old.scale or 0)


def _query(effect: AlterColumn, new: str) -> str:
    name, table = effect.after.name, effect.table
    length = getattr(effect.after.type, "length", None)
    if isinstance(effect.after.type, types.String) and length is not None:
        return f"SELECT count(*) FROM {table} WHERE char_length({name}) > {length}"
    return f"SELECT min({name}), max({name}) FROM {table}  -- do both fit into {new}?"
