"""Corrected migrations are code that runs."""

from __future__ import annotations

import ast

from alembic_manage.lint.postgresql.code import autocommit, execute, in_next, of_schema, quoted, validate
from alembic_manage.lint.words import columns
from alembic_manage.state.objects import Key


def test_a_name_has_quotes_where_sql_wants_them() -> None:
    assert quoted(Key("sales", "order")) == 'sales."order"'
    assert quoted("customerId") == '"customerId"'
    assert quoted("customer_id") == "customer_id"


def test_a_constraint_without_a_name_leaves_a_gap() -> None:
    assert quoted(None) == "..."


def test_all_pieces_together_are_python() -> None:
    call = f'op.create_index("i", "user", {columns(["a", "b"])}{of_schema(Key("sales", "user"))})'
    code = "\n".join(
        [autocommit(call, "pass"), execute("SELECT 'x', \"y\""), in_next(validate(Key(None, "user"), "c"))]
    )
    assert len(ast.parse(code).body) == 3
    assert "'ALTER TABLE \"user\" VALIDATE CONSTRAINT c'" in ast.unparse(ast.parse(code))
