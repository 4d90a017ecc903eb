"""Defaults of booleans, which SQLite has as numbers and PostgreSQL only as words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy.sql.elements import False_, TextClause, True_

if TYPE_CHECKING:
    from alembic_manage.autodetect.detection import Detection

_NUMBERS: dict[str, type[False_ | True_]] = {"0": False_, "1": True_}


def boolean_default_source(default: Any, prefix: str) -> str | bool:
    """How a revision has a boolean default, so that it runs on each kind of database; False for all other defaults.

    Args:
        default: of a column, or as an operation has it.
        prefix: what stands before SQLAlchemy's names.
    """
    column = getattr(default, "column", None)
    found = _element(default, getattr(column, "type", None))
    return False if found is None else f"{prefix}{str(found).lower()}()"


def with_boolean_defaults(operations: list[ops.MigrateOperation], _: Detection) -> list[ops.MigrateOperation]:
    """The operations, where the default that a boolean had, a number in the schema before, is no text any more."""
    for operation in operations:
        if isinstance(operation, ops.AlterColumnOp):
            found = _element(operation.existing_server_default, operation.existing_type)
            if found is not None:
                operation.existing_server_default = sa.DefaultClause(found)
    return operations


def _element(default: Any, type_: Any) -> False_ | True_ | None:
    """SQLAlchemy's true or false, if that is what the default means."""
    value = getattr(default, "arg", None)
    if isinstance(value, False_ | True_):
        return value
    if not isinstance(type_, sa.Boolean) or not isinstance(value, TextClause):
        return None
    kind = _NUMBERS.get(value.text.strip("('\")"))
    return None if kind is None else kind()
