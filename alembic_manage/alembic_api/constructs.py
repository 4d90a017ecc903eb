"""Objects that Alembic's operations send to a connection, and what its comparators ask a database.

ddl.base.*, ddl.mysql.*, ddl.postgresql.PostgresqlColumnType (`constructs`)  1.18.0, 1.20.1
util.sqla_compat._get_constraint_final_name                                 1.18.0, 1.20.1
autogenerate.compare.util._InspectorConv                                    1.20.1
"""

from __future__ import annotations

from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.compare.util import _InspectorConv
from alembic.ddl import base as ddl_base
from alembic.ddl import mysql as ddl_mysql
from alembic.ddl import postgresql as ddl_postgresql
from alembic.util import sqla_compat
from sqlalchemy import Constraint, Index
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import conv


class constructs:
    """The DDL objects that Alembic's operations send to a connection, where SQLAlchemy has none of its own."""

    RenameTable = ddl_base.RenameTable
    AddColumn = ddl_base.AddColumn
    DropColumn = ddl_base.DropColumn
    ColumnName = ddl_base.ColumnName
    ColumnType = ddl_base.ColumnType
    ColumnNullable = ddl_base.ColumnNullable
    ColumnDefault = ddl_base.ColumnDefault
    ComputedColumnDefault = ddl_base.ComputedColumnDefault
    IdentityColumnDefault = ddl_base.IdentityColumnDefault
    ColumnComment = ddl_base.ColumnComment
    TypeUsing = ddl_postgresql.PostgresqlColumnType
    AlterDefault = ddl_mysql.MySQLAlterDefault
    ChangeColumn = ddl_mysql.MySQLChangeColumn  # MODIFY is a subclass of it


def final_name(constraint: Constraint | Index, dialect: Dialect) -> str | None:
    """The name of a constraint or index as its DDL has it, naming convention and length limit included; None where it
    has none.
    """
    return sqla_compat._get_constraint_final_name(constraint, dialect)


def inspected(autogen_context: AutogenContext) -> Any:
    """An inspector that answers from what Alembic has asked already: one query for all tables."""
    return _InspectorConv(autogen_context.inspector)


def inspected_checks(autogen_context: AutogenContext, table: str, schema: str | None) -> list[Any]:
    """The CHECKs of a table, as `inspected` has them; before Alembic 1.20 it has none, and the database is asked."""
    inspector = inspected(autogen_context)
    if hasattr(inspector, "get_check_constraints"):
        return inspector.get_check_constraints(table, schema=schema) or []
    found: list[Any] = list(autogen_context.inspector.get_check_constraints(table, schema=schema))
    return [check | {"name": check["name"] and conv(check["name"])} for check in found]
