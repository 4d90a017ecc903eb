"""MariaDB and MySQL."""

from __future__ import annotations

import re

from alembic_manage.dialects.facts import ColumnDrop
from alembic_manage.dialects.first_database import FirstDatabase
from alembic_manage.dialects.mariadb.catalog import CATALOG_RELATIONS, MariaDBCatalog
from alembic_manage.dialects.mariadb.client import MariaDBClient
from alembic_manage.dialects.mariadb.ddl import MariaDBDDL
from alembic_manage.dialects.mariadb.rows import MariaDBRows
from alembic_manage.dialects.mariadb.session import MariaDBSession
from alembic_manage.dialects.mariadb.types import MariaDBTypes
from alembic_manage.dialects.mariadb.values import (
    CASTS_THROUGH_TEXT,
    LATER_REWRITES,
    MISFITS,
    REWRITES,
    VALUE_FUNCTIONS,
    VALUE_WORDS,
)
from alembic_manage.dialects.plain_driver import PlainDriver
from alembic_manage.dialects.scratch import ScratchSQL
from alembic_manage.dialects.session_sql import SessionLockSQL, TimeoutSQL


class MariaDB(MariaDBCatalog, MariaDBDDL, MariaDBTypes, MariaDBSession, MariaDBRows, MariaDBClient):
    """MariaDB and MySQL: every DDL statement commits. Source: MariaDB documentation, "SQL statements that cause an
    implicit commit".
    """


DIALECT = MariaDB(
    snapshot_level="REPEATABLE READ",
    empties_whole=False,
    names=("mariadb", "mysql"),
    table_sizes=(
        "SELECT table_schema, table_name, table_rows, data_length + index_length FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'"
    ),
    title="MariaDB",
    # Source: MariaDB documentation, "TIME": from -838:59:59 to 838:59:59.
    times_are_spans=True,
    boolean_words=("false", "true"),
    integer_bits={"tinyint": 8, "mediumint": 24, "year": 16},
    float_bits={"float": 24},
    text_lengths={"tinytext": 255, "text": 65535, "mediumtext": 16777215},
    number_digits=10,
    fraction_digits=0,
    casts_through_text=CASTS_THROUGH_TEXT,
    rewrites=REWRITES,
    later_rewrites=LATER_REWRITES,
    misfits=MISFITS,
    text_cast="CAST({column} AS CHAR)",
    # Source: MariaDB documentation, "Identifier Names", Maximum Length.
    name_characters=64,
    name_bytes=64,
    names_primary_keys=False,
    # TIMESTAMP begins a second after the epoch, moved by the time zone.
    neutral_literals={"year": "1970", "bit": "0", "timestamp": "'1970-01-02 00:00:00'"},
    numbered_values={
        "number": "{number}",
        "text": "CAST({number} AS CHAR)",
        "date": "(DATE '1970-01-01' + INTERVAL {number} DAY)",
        "timestamp": "(TIMESTAMP '1970-01-02 00:00:00' + INTERVAL {number} DAY)",
        "uuid": "lpad(hex({number}), 32, '0')",
    },
    changes_meaning=re.compile(r"\s*(BEGIN\s+NOT\s+ATOMIC)\b", re.IGNORECASE),
    outside=re.compile(
        r"\b(CREATE|ALTER|DROP|RENAME)\s+(OR\s+REPLACE\s+)?(USER|ROLE|DATABASE|SCHEMA|SERVER)\b|\bSET\s+(@@)?(GLOBAL|PASSWORD)\b"
        r"|^\s*(GRANT|REVOKE|USE|FLUSH|KILL|RESET|PURGE|INSTALL|UNINSTALL|CHANGE|SHUTDOWN|PREPARE|EXECUTE|CALL|BEGIN\s+NOT)\b|\bINTO\s+(OUTFILE|DUMPFILE)\b",
        re.IGNORECASE,
    ),
    scratch_sql=ScratchSQL(
        databases="SELECT SCHEMA_NAME FROM information_schema.SCHEMATA",
        create="CREATE DATABASE `{name}`",
        drop="DROP DATABASE IF EXISTS `{name}`",
        find="SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE '{name}%'",
        lock="SELECT GET_LOCK('{name}', 0)",
        maintenance_database=None,
        like="SELECT CONCAT(' CHARACTER SET ', @@character_set_database, ' COLLATE ', @@collation_database)",
    ),
    server_version=(10, 11, 6),
    catalog=re.compile(
        r"\b(information_schema|performance_schema|mysql\.\w+)\b|^\s*(DESC|DESCRIBE)\b"
        r"|^\s*SHOW\s+(FULL\s+)?(COLUMNS|FIELDS|TABLES?|INDEX(ES)?|KEYS|CREATE)\b",
        re.IGNORECASE,
    ),
    schemas_are_databases=True,
    ignores_case=True,
    ignores_case_of_labels=True,
    identifier_quotes="`",
    escapes_with_backslash=True,
    hash_is_comment=True,
    has_inline_indexes=True,
    unread_types=frozenset(("serial",)),
    keeps_column_checks=False,
    # Source: MariaDB documentation, "Data Types".
    type_aliases={
        "bool": "tinyint(1)",
        "boolean": "tinyint(1)",
        "dec": "decimal",
        "double precision": "double",
        "character": "char",
        "character varying": "varchar",
        "char varying": "varchar",
        "int1": "tinyint",
        "int2": "smallint",
        "int3": "mediumint",
        "int4": "integer",
        "int8": "bigint",
        "middleint": "mediumint",
        "float4": "float",
        "float8": "double",
        "real": "double",
        "long": "mediumtext",
    },
    # Source: MariaDB documentation, "LCASE", "UCASE", "CHAR_LENGTH", "OCTET_LENGTH", "POW".
    function_synonyms={
        "lcase": "lower",
        "ucase": "upper",
        "character_length": "char_length",
        "octet_length": "length",
        "pow": "power",
        "substr": "substring",
    },
    # What is said in no CREATE TABLE is the database's choice; the engine is everybody's.
    table_options={"engine": "InnoDB", "default_charset": None, "collate": None, "row_format": None},
    table_collations=True,
    moves_columns=True,
    untold_defaults=frozenset(f"bit({bits})" for bits in range(1, 65)),
    one_primary_key_name=True,
    unique_is_index=True,
    indexes_foreign_keys=True,
    keys_hold_types=True,
    index_names_span_tables=False,
    renames_generated=True,
    keeps_referred_tables=False,
    column_drop=ColumnDrop.SHRINK,
    renamed_column_forgets=True,
    # Source: MariaDB documentation, "Server System Variables": lock_wait_timeout is for tables, innodb's for rows.
    timeouts=TimeoutSQL(
        read="SELECT @@lock_wait_timeout, @@max_statement_time",
        set_lock="SET SESSION lock_wait_timeout = IF({seconds}, {seconds}, 86400), "
        "innodb_lock_wait_timeout = IF({seconds}, {seconds}, 50)",
        set_statement="SET SESSION max_statement_time = {seconds}",
        reset_lock="SET SESSION lock_wait_timeout = {lock}, innodb_lock_wait_timeout = DEFAULT",
        reset_statement="SET SESSION max_statement_time = {statement}",
        unset=frozenset(("86400", "31536000")),
    ),
    # Source: MariaDB documentation, "GET_LOCK", "IS_USED_LOCK", "RELEASE_LOCK", "Information Schema PROCESSLIST Table".
    session_lock=SessionLockSQL(
        key=lambda name, number: name,
        acquire="SELECT GET_LOCK(:key, 0)",
        is_held="SELECT IS_USED_LOCK(:key) = CONNECTION_ID()",
        holder="SELECT p.ID, p.USER, p.HOST, '' FROM information_schema.PROCESSLIST p WHERE p.ID = IS_USED_LOCK(:key)",
        release="SELECT RELEASE_LOCK(:key)",
    ),
    # CURRENT_TIMESTAMP is in the session's zone, and does not tell it.
    utc_now="SELECT UTC_TIMESTAMP()",
    session_id="SELECT CONNECTION_ID()",
    session_busy="SELECT COALESCE(INFO, COMMAND) FROM information_schema.PROCESSLIST WHERE ID = :id "
    "AND ID <> CONNECTION_ID() AND COMMAND <> 'Sleep' AND DB = DATABASE()",
    renames_indexes=True,
    renamed_constraints=frozenset(("unique",)),
    refusal="OperationalError",
    first_database=FirstDatabase(
        url="mysql+pymysql://root@localhost:3306/{name}",
        asyncio_url="mysql+aiomysql://root@localhost:3306/{name}",
        extra="mariadb",
        create='mariadb -h 127.0.0.1 -u root -e "CREATE DATABASE {name} CHARACTER SET utf8mb4"',
    ),
    drivers={
        "pymysql": "alembic-manage[mariadb]",
        "mysqldb": "mysqlclient",
        "mariadbconnector": "mariadb",
        "aiomysql": "aiomysql",
        "asyncmy": "asyncmy",
        "mysqlconnector": "mysql-connector-python",
    },
    plain_drivers={
        "pymysql": PlainDriver(
            module="pymysql",
            database="database",
            about_results=frozenset(("client_flag",)),
        )
    },
    has_table="SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '{name}'",
    doubles_percent=True,
    value_words=VALUE_WORDS,
    value_functions=VALUE_FUNCTIONS,
    numbers_need_key=True,
    catalog_relations=CATALOG_RELATIONS,
    refuses_nullable_keys=False,
)
