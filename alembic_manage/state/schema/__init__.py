"""A schema in memory, and what DDL does to it by the rules of one database: a file each kind of object."""

from alembic_manage.state.schema.error import SchemaError
from alembic_manage.state.schema.schema import Schema
from alembic_manage.state.schema.table import Table

__all__ = ["Schema", "SchemaError", "Table"]
