"""Conditions about the catalog are answered from the schema."""

import pytest
from sqlalchemy import URL

from alembic_manage.dialects import dialect_named
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.catalog_query import is_true
from alembic_manage.state.sql.statements import apply_ddl

STATEMENTS = (
    "CREATE TYPE mood AS ENUM ('sad')",
    "CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0), b int NOT NULL UNIQUE)",
    "CREATE INDEX i ON t (a)",
    "CREATE SCHEMA s",
    "CREATE SEQUENCE q",
)
TRUE = [
    "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood')",
    "exists (select from pg_catalog.pg_type t join pg_namespace n on n.oid = t.typnamespace"
    " where t.typname = 'mood' and n.nspname = 'public')",
    "EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'sad' AND enumtypid = 'mood'::regtype)",
    "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a' LIMIT 1)",
    "EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 't'"
    " AND column_name = 'b' AND is_nullable = 'NO')",
    "EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE constraint_name = 't_b_key'"
    " AND constraint_type = 'UNIQUE')",
    "EXISTS (SELECT 1 FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid WHERE conname = 'k' AND"
    " relname = 't')",
    "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'public.t'::regclass AND attname = 'a' AND NOT attisdropped)",
    "EXISTS (SELECT 1 FROM pg_class WHERE relname = 'i' AND relkind = 'i')",
    "EXISTS (SELECT 1 FROM pg_indexes WHERE indexname IN ('x', 't_b_key') AND tablename = 't')",
    "EXISTS (SELECT 1 FROM information_schema.schemata WHERE schema_name = 's')",
    "EXISTS (SELECT 1 FROM information_schema.sequences WHERE sequence_name = 'q')",
    "to_regclass('public.t') IS NOT NULL AND NOT (to_regtype('nothing') IS NOT NULL)",
    "to_regclass('nothing') IS NOT NULL OR to_regclass('i') IS NOT NULL",
]
FALSE = [
    "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'Mood')",
    "EXISTS (SELECT 1 FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE typname = 'mood' AND enumlabel = 'x')",
    "NOT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = 't')",
    "to_regclass('t') IS NULL",
]
UNKNOWN = [
    "EXISTS (SELECT 1 FROM t)",
    "EXISTS (SELECT 1 FROM pg_type WHERE typname LIKE 'm%')",
    "EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood' OR typname = 'x')",
    "EXISTS (SELECT 1 FROM pg_type WHERE oid = 5)",
    "EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'x')",
    "EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_constraint c ON true WHERE attname = 'a')",
    "(SELECT count(*) FROM pg_type) = 0",
    "x > 5",
]


@pytest.fixture(scope="module")
def schema():
    found = Schema(dialect_named("postgresql"))
    for statement in STATEMENTS:
        apply_ddl(found, statement, URL.create("postgresql").get_dialect()())
    return found


@pytest.mark.parametrize("condition", TRUE)
def test_a_condition_holds(schema, condition):
    assert is_true(condition, schema) is True


@pytest.mark.parametrize("condition", FALSE)
def test_a_condition_does_not_hold(schema, condition):
    assert is_true(condition, schema) is False


@pytest.mark.parametrize("condition", UNKNOWN)
def test_a_condition_is_not_known(schema, condition):
    assert is_true(condition, schema) is None
