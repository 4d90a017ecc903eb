"""The types of SQLite, one spelling for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect


class SQLiteTypes(Dialect):
    """Knows types of SQLite."""

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """SQLiteDialect."""
        from sqlalchemy.dialects.sqlite.base import SQLiteDialect

        return SQLiteDialect
