"""A column as CREATE TABLE has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic_manage.sql.percent import single_percents

if TYPE_CHECKING:
    from sqlalchemy import Column
    from sqlalchemy.engine import Dialect


def column_definition(column: Column[Any], dialect: Dialect) -> str:
    """Its name, type and all that stands behind them, as the database is to read it."""
    compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
    return single_percents(str(compiler.get_column_specification(column)).strip(), dialect)
