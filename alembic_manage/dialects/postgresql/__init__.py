"""PostgreSQL."""

from __future__ import annotations

import re

from alembic_manage.dialects.facts import ColumnDrop
from alembic_manage.dialects.first_database import FirstDatabase
from alembic_manage.dialects.plain_driver import PlainDriver
from alembic_manage.dialects.postgresql.catalog import CATALOG_RELATIONS, PostgreSQLCatalog
from alembic_manage.dialects.postgresql.client import PostgreSQLClient
from alembic_manage.dialects.postgresql.ddl import PostgreSQLDDL
from alembic_manage.dialects.postgresql.rows import PostgreSQLRows
from alembic_manage.dialects.postgresql.session import PostgreSQLSession
from alembic_manage.dialects.postgresql.types import PostgreSQLTypes
from alembic_manage.dialects.postgresql.values import AUTOMATIC_CASTS, CASTS, MISFITS, VALUE_FUNCTIONS, VALUE_WORDS
from alembic_manage.dialects.scratch import ScratchSQL
from alembic_manage.dialects.session_sql import InvalidIndexSQL, SessionLockSQL, TimeoutSQL


class PostgreSQL(
    PostgreSQLCatalog, PostgreSQLDDL, PostgreSQLTypes, PostgreSQLSession, PostgreSQLRows, PostgreSQLClient
):
    """PostgreSQL: everything but a few statements can be rolled back."""


DIALECT = PostgreSQL(
    snapshot_level="REPEATABLE READ",
    has_text_of_types=True,
    names=("postgresql",),
    title="PostgreSQL",
    has_enum_types=True,
    generated_names={
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "pk": "%(table_name)s_pkey",
    },
    # Source: PostgreSQL 16 manual, chapter 8 "Data Types".
    neutral_literals={
        "inet": "'0.0.0.0'",
        "cidr": "'0.0.0.0/0'",
        "macaddr": "'00:00:00:00:00:00'",
        "macaddr8": "'00:00:00:00:00:00:00:00'",
        "money": "0",
        "oid": "0",
        "interval": "'0'",
        "tsvector": "''",
        "tsquery": "''",
        "hstore": "''",
        "array": "'{}'",
        **dict.fromkeys(("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"), "'empty'"),
    },
    numbered_values={
        "number": "{number}",
        "text": "{number}::text",
        "date": "(date '1970-01-01' + {number}::integer)",
        "timestamp": "(timestamp '1970-01-01' + {number} * interval '1 day')",
        "uuid": "lpad(to_hex({number}::bigint), 32, '0')::uuid",
    },
    transactional_ddl=True,
    # reltuples is -1 until the first VACUUM or ANALYZE. Source: PostgreSQL 16 manual, pg_class.
    is_known_to_squawk=True,
    column_types=(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped"
    ),
    table_sizes=(
        "SELECT n.nspname, c.relname, CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint "
        "ELSE greatest(pg_stat_get_live_tuples(c.oid), pg_relation_size(c.oid) / 200) END, "
        "pg_total_relation_size(c.oid) "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    ),
    float_bits={"real": 24},
    casts_are_written=True,
    automatic_casts=AUTOMATIC_CASTS,
    casts=CASTS,
    misfits=MISFITS,
    # Source: PostgreSQL 16 manual, 20.11.1 "Statement Behavior".
    timeouts=TimeoutSQL(
        read="SELECT current_setting('lock_timeout'), current_setting('statement_timeout')",
        set_lock="SET lock_timeout = {milliseconds}",
        set_statement="SET statement_timeout = {milliseconds}",
        reset_lock="SET lock_timeout = '{lock}'",
        reset_statement="SET statement_timeout = '{statement}'",
        unset=frozenset(("0",)),
        patient=re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE),
        local_lock="SET LOCAL lock_timeout = {milliseconds}",
        local_statement="SET LOCAL statement_timeout = {milliseconds}",
    ),
    # Source: PostgreSQL 16 manual, CREATE INDEX, "Building Indexes Concurrently", and 28.4.4 "CREATE INDEX Progress
    # Reporting". Without the rights to see a session's work, that of any session counts. The index of a partitioned
    # table (relkind I) is invalid until all its parts are attached, and no failure.
    invalid_indexes=InvalidIndexSQL(
        find="SELECT n.nspname::text, t.relname::text, c.relname::text, (SELECT min(p.pid) "
        "FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid OR (p.relid IS NULL AND p.datid = "
        "(SELECT oid FROM pg_database WHERE datname = current_database()))) FROM pg_index i "
        "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind = 'i' AND i.indrelid = "
        "COALESCE(to_regclass(CAST(:table AS text)), "
        "(SELECT indrelid FROM pg_index WHERE indexrelid = to_regclass(CAST(:index AS text)))) ORDER BY c.relname",
        drop="DROP INDEX CONCURRENTLY IF EXISTS {path}",
    ),
    # Source: PostgreSQL 16 manual, 9.28.10 "Advisory Lock Functions" and 54.12 "pg_locks" (classid holds the upper half
    # of the key, objid the lower one, objsubid is 1).
    session_id="SELECT pg_backend_pid()",
    session_busy="SELECT query FROM pg_stat_activity WHERE CAST(pid AS text) = :id AND pid <> pg_backend_pid() "
    "AND datname = current_database() AND state = 'active'",
    session_lock=SessionLockSQL(
        key=lambda name, number: number,
        acquire="SELECT pg_try_advisory_lock(CAST(:key AS bigint))",
        is_held="SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() "
        "AND objsubid = 1 AND (CAST(classid AS bigint) << 32) | CAST(objid AS bigint) = CAST(:key AS bigint)",
        holder="SELECT a.pid, a.usename, COALESCE(a.client_hostname, host(a.client_addr), ''), a.application_name "
        "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted "
        "AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND (CAST(l.classid AS bigint) << 32) | CAST(l.objid AS bigint) = CAST(:key AS bigint)",
        release="SELECT pg_advisory_unlock(CAST(:key AS bigint))",
        announce="SELECT set_config('application_name', :text, false)",
    ),
    # Source: PostgreSQL 16 manual, 7.8.4 "Data-Modifying Statements in WITH".
    updates_in_with=True,
    renames_indexes=True,
    renamed_constraints=frozenset(("unique", "check", "foreignkey", "primary", "exclude")),
    boolean_literals=("false", "true"),
    boolean_words=("false", "true"),
    binary_literal=r"'\x{}'::bytea",
    value_words=VALUE_WORDS,
    value_functions=VALUE_FUNCTIONS,
    timestamps_have_zones=True,
    outside=re.compile(
        r"\b(CREATE|ALTER|DROP)\s+(USER(?!\s+MAPPING)|ROLE|GROUP|DATABASE|TABLESPACE|SYSTEM|SUBSCRIPTION)\b"
        r"|\bdblink\w*\s*\(|^\s*COPY\b.*\b(PROGRAM|TO\s+')|\bpg_(terminate|cancel)_backend\b",
        re.IGNORECASE | re.DOTALL,
    ),
    scratch_sql=ScratchSQL(
        create='CREATE DATABASE "{name}"',
        drop='DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        copy='CREATE DATABASE "{name}" TEMPLATE "{template}"',
        find="SELECT datname FROM pg_database WHERE datname LIKE '{name}%'",
        # A lock belongs to the database of its session, pg_locks has those of all. Source: PostgreSQL 16 manual, 54.12.
        lock="SELECT CASE WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() "
        "AND (classid::bigint << 32 | objid::bigint) = hashtext('{name}')) THEN false "
        "ELSE pg_try_advisory_lock(hashtext('{name}')) END",
        maintenance_database="postgres",
    ),
    server_version=(16, 0),
    catalog=re.compile(
        r"\b(information_schema|pg_(?!settings|sleep|\w*advisory\w*|is_in_recovery|backend_pid)\w+)\b", re.IGNORECASE
    ),
    changes_meaning=re.compile(
        r"\s*(?:SET\s+(?:LOCAL\s+|SESSION\s+)?search_path\s*(?:=|TO)\s*([^,;]+)|DROP\s+(?:FUNCTION|AGGREGATE|EXTENSION)\b.*CASCADE)",
        re.IGNORECASE | re.DOTALL,
    ),
    functions_change_tables=True,
    select_makes_tables=True,
    catalog_write=re.compile(r"\s*(UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+(pg_catalog\.)?pg_\w+", re.IGNORECASE),
    extension=re.compile(r"\s*CREATE\s+EXTENSION\b", re.IGNORECASE),
    finds_nothing=re.compile(
        r"select c\.relname, a\.attname from pg_class as c join pg_depend d|.*\bNOT\s+(\w+\.)?indisvalid\b",
        re.IGNORECASE | re.DOTALL,
    ),
    numbers_without_default=False,
    default_schema="public",
    identifier_quotes='"',
    folds_names=True,
    # Source: PostgreSQL 16 manual, table 8.1, "Data Types".
    type_aliases={
        "bool": "boolean",
        "char": "character",
        "nchar": "character",
        "varchar": "character varying",
        "nchar varying": "character varying",
        "varbit": "bit varying",
        "int": "integer",
        "int2": "smallint",
        "int4": "integer",
        "int8": "bigint",
        "float4": "real",
        "float8": "double precision",
        "dec": "numeric",
        "decimal": "numeric",
        "timestamptz": "timestamp with time zone",
        "timetz": "time with time zone",
    },
    numbered_types={
        "smallserial": "smallint",
        "serial2": "smallint",
        "serial": "integer",
        "serial4": "integer",
        "bigserial": "bigint",
        "serial8": "bigint",
    },
    # Source: PostgreSQL 16 manual, 10.2 "Operators".
    added_casts=frozenset(("text", "text[]", "character varying", "character", "numeric", "double precision")),
    catalog_relations=CATALOG_RELATIONS,
    column_drop=ColumnDrop.CASCADE,
    first_database=FirstDatabase(
        url="postgresql+psycopg://postgres@localhost:5432/{name}",
        asyncio_url="postgresql+asyncpg://postgres@localhost:5432/{name}",
        extra="postgresql",
        create="createdb -h localhost -U postgres {name}",
    ),
    drivers={
        "psycopg": "alembic-manage[postgresql]",
        "psycopg_async": "alembic-manage[postgresql]",
        "psycopg2": "psycopg2-binary",
        "asyncpg": "asyncpg",
        "pg8000": "pg8000",
    },
    plain_drivers={
        "psycopg": PlainDriver(
            module="psycopg",
            database="dbname",
            about_results=frozenset(("context",)),
        )
    },
    has_table="SELECT 1 WHERE to_regclass('{name}') IS NOT NULL",
    doubles_percent=True,
    needs_a_column=False,
    heeds_match=True,
    default_collation="default",
    drops_expressions=True,
    stores_computed=True,
    merges_equal_keys=True,
)
