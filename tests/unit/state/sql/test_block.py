"""Anonymous blocks: what is known to run is applied, the rest is opaque."""

import pytest
from sqlalchemy import URL

from alembic_manage.dialects import dialect_named
from alembic_manage.state.schema import Schema, SchemaError
from alembic_manage.state.sql.statements import OpaqueStatementError, apply_ddl

MISSING = "NOT EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'new')"


@pytest.fixture
def schema():
    return Schema(dialect_named("postgresql"))


def run(schema, body):
    apply_ddl(schema, f"DO $$ {body} $$ LANGUAGE plpgsql", URL.create("postgresql").get_dialect()())
    return sorted(key.name for key in schema.tables)


def test_statements_are_applied_in_order(schema):
    assert run(schema, "BEGIN CREATE TABLE a (x int); ALTER TABLE a RENAME TO b; END") == ["b"]


def test_an_error_without_a_handler_is_the_blocks(schema):
    with pytest.raises(SchemaError):
        run(schema, "BEGIN CREATE TABLE a (x int); DROP TABLE nowhere; END")
    assert not schema.tables


def test_a_handler_takes_back_what_its_block_did(schema):
    body = """
    BEGIN
      CREATE TABLE kept (x int);
      BEGIN
        CREATE TABLE lost (x int);
        CREATE TABLE kept (x int);
      EXCEPTION WHEN duplicate_table OR duplicate_object THEN RAISE NOTICE 'there; it is';
      END;
    END;"""
    assert run(schema, body) == ["kept"]


def test_a_handler_may_hold_statements(schema):
    body = "BEGIN DROP TABLE nowhere; EXCEPTION WHEN undefined_table THEN CREATE TABLE a (x int); END"
    assert run(schema, body) == ["a"]


@pytest.mark.parametrize(
    ("condition", "tables"),
    [(MISSING, ["new"]), (f"NOT ({MISSING})", ["other"])],
)
def test_the_branch_whose_condition_holds_is_run(schema, condition, tables):
    body = f"BEGIN IF {condition} THEN CREATE TABLE new (x int); ELSE CREATE TABLE other (x int); END IF; END"
    assert run(schema, body) == tables


def test_return_ends_the_block(schema):
    body = f"BEGIN IF {MISSING} THEN RETURN; END IF; CREATE TABLE other (x int); END"
    assert run(schema, body) == []


def test_what_was_done_before_return_is_kept(schema):
    assert run(schema, "BEGIN BEGIN CREATE TABLE a (x int); RETURN; END; CREATE TABLE b (x int); END") == ["a"]


def test_a_string_that_is_executed_is_a_statement(schema):
    assert run(schema, "BEGIN EXECUTE 'CREATE TABLE a (x text DEFAULT ''y'')'; END") == ["a"]


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'r') THEN CREATE ROLE r; END IF; END",
        "DECLARE n int := 5; BEGIN SELECT count(*) INTO n FROM t; n := n + 1; PERFORM now(); CREATE EXTENSION x; END",
        "BEGIN FOR r IN SELECT 1 LOOP CREATE POLICY p ON t; END LOOP; END",
    ],
)
def test_what_does_not_concern_tables_need_not_be_known(schema, body):
    assert run(schema, body) == []


@pytest.mark.parametrize(
    "body",
    [
        "BEGIN IF random() > 0.5 THEN DROP TABLE a; END IF; END",
        "BEGIN WHILE true LOOP CREATE TABLE a (x int); END LOOP; END",
        "BEGIN EXECUTE format('DROP TABLE %I', x); END",
        "BEGIN IF random() > 0.5 THEN RETURN; END IF; CREATE TABLE a (x int); END",
        "BEGIN CREATE TABLE a (x int)",
    ],
)
def test_what_is_not_known_to_run_is_opaque(schema, body):
    with pytest.raises(OpaqueStatementError):
        run(schema, body)
    assert not schema.tables
