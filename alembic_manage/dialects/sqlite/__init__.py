"""SQLite."""

from __future__ import annotations

import re
from sqlite3 import sqlite_version_info

from alembic_manage.dialects.first_database import FirstDatabase
from alembic_manage.dialects.sqlite.catalog import SQLiteCatalog
from alembic_manage.dialects.sqlite.client import SQLiteClient
from alembic_manage.dialects.sqlite.ddl import SQLiteDDL
from alembic_manage.dialects.sqlite.rows import SQLiteRows
from alembic_manage.dialects.sqlite.session import SQLiteSession
from alembic_manage.dialects.sqlite.types import SQLiteTypes
from alembic_manage.dialects.sqlite.values import LATER_REWRITES, MISFITS, REWRITES, VALUE_FUNCTIONS


class SQLite(SQLiteCatalog, SQLiteDDL, SQLiteTypes, SQLiteSession, SQLiteRows, SQLiteClient):
    """SQLite: DDL is transactional, once the driver is kept from committing on its own."""


DIALECT = SQLite(
    names=("sqlite",),
    title="SQLite",
    # Source: SQLite, "Boolean Expressions": words since 3.23.
    boolean_words=("false", "true"),
    stored_programs="SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')",
    keeps_misfits=True,
    rewrites=REWRITES,
    later_rewrites=LATER_REWRITES,
    misfits=MISFITS,
    text_length="length({column})",
    numbered_values={
        "number": "{number}",
        "text": "CAST({number} AS TEXT)",
        "date": "date('1970-01-01', {number} || ' days')",
        # As SQLAlchemy stores it.
        "timestamp": "strftime('%Y-%m-%d %H:%M:%S.000000', '1970-01-01', {number} || ' days')",
        "uuid": "printf('%032x', {number})",
    },
    transactional_ddl=True,
    needs_batch=True,
    refers_ahead=True,
    first_database=FirstDatabase(url="sqlite:///db.sqlite3", asyncio_url="sqlite+aiosqlite:///db.sqlite3"),
    drivers={"aiosqlite": "aiosqlite", "pysqlcipher": "sqlcipher3"},
    is_file=True,
    scratch_url="sqlite://?check_same_thread=false",
    changes_meaning=re.compile(r"\s*PRAGMA\s+(legacy_alter_table)\s*[=(]\s*(?:ON|1|TRUE|YES)", re.IGNORECASE),
    catalog_write=re.compile(r"\s*(UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+sqlite_(master|schema)\b", re.IGNORECASE),
    outside=re.compile(r"\b(ATTACH|VACUUM\s+INTO)\b", re.IGNORECASE),
    script_prelude=("PRAGMA foreign_keys=OFF;",),
    server_version=sqlite_version_info,
    catalog=re.compile(r"\b(sqlite_(master|schema|sequence|temp_\w+)|pragma_\w+)\b|^\s*PRAGMA\b", re.IGNORECASE),
    default_schema="main",
    identifier_quotes='"`[',
    has_free_type_names=True,
    numbers_integer_keys=True,
    schemas_are_databases=True,
    ignores_case=True,
    primary_key_is_not_null=False,
    keeps_referred_tables=False,
    parenthesizes_defaults=True,
    names_constraints=False,
    refusal="OperationalError",
    merges_equal_keys=True,
    reflects_expressions=False,
    reflects_key_actions=False,
    reflects_collations=False,
    default_collation="binary",
    hidden_options=("sqlite_autoincrement",),
    value_functions=VALUE_FUNCTIONS,
)
