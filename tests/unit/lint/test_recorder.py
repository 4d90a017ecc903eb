"""What a rule sees: statements, their lines, effects and transactions."""

from __future__ import annotations

import pytest
from support.lint_views import View

from alembic_manage.lint import effects

FIRST_LINE = 13
"""Of upgrade() in a tiny project's revision."""


def kinds(seen) -> list[list[str]]:
    return [[type(effect).__name__ for effect in statement.effects] for statement in seen.statements]


OPERATIONS = [
    ('op.create_index("ix", "orders", ["status"])', "CREATE INDEX ix ON orders (status)"),
    ('op.add_column("orders", sa.Column("a", sa.Integer()))', "ALTER TABLE orders ADD COLUMN a INTEGER"),
    ('op.drop_column("orders", "note")', "ALTER TABLE orders DROP COLUMN note"),
    ('op.rename_table("orders", "sales")', "ALTER TABLE orders RENAME TO sales"),
    ('op.alter_column("orders", "note", new_column_name="n")', "ALTER TABLE orders RENAME COLUMN note TO n"),
    ('op.alter_column("orders", "note", nullable=False)', "ALTER TABLE orders ALTER note SET NOT NULL"),
    ('op.create_check_constraint("c", "orders", "id > 0")', "ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0)"),
    ('op.create_unique_constraint("u", "orders", ["note"])', "ALTER TABLE orders ADD CONSTRAINT u UNIQUE (note)"),
    ('op.drop_table("orders")', "DROP TABLE orders"),
    ('op.create_table("notes", sa.Column("id", sa.Integer()))', "CREATE TABLE notes (id INTEGER)"),
]


@pytest.mark.parametrize(("operation", "sql"), OPERATIONS)
def test_an_operation_and_its_sql_have_the_same_effects(operation: str, sql: str, view: View) -> None:
    one, other = view(operation), view(f"op.execute({sql!r})")
    assert kinds(one) == kinds(other)
    assert kinds(one)[0] != []


def test_a_statement_has_the_line_of_its_operation(view: View) -> None:
    seen = view('op.execute("SELECT 1")\nop.create_index(\n    "ix", "orders", ["status"]\n)')
    assert [statement.line for statement in seen.statements] == [FIRST_LINE, FIRST_LINE + 1]


def test_an_operation_of_a_batch_has_its_own_line(view: View) -> None:
    seen = view('with op.batch_alter_table("orders") as b:\n    b.drop_column("note")\n    b.drop_column("status")')
    assert [statement.line for statement in seen.statements] == [FIRST_LINE + 1, FIRST_LINE + 2]


def test_the_statements_of_a_text_are_seen_one_by_one(view: View) -> None:
    seen = view('op.execute("ALTER TABLE orders DROP COLUMN note; CREATE INDEX ix ON orders (status)")')
    assert kinds(seen) == [["DropColumn"], ["CreateIndex"]]


def test_what_is_there_already_is_no_effect(view: View) -> None:
    seen = view('op.execute("CREATE TABLE IF NOT EXISTS orders (id integer)")')
    assert kinds(seen) == [[]]


def test_the_constraints_of_a_new_table_are_no_effects_of_their_own(view: View) -> None:
    seen = view('op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True), sa.UniqueConstraint("id"))')
    assert kinds(seen) == [["CreateTable"]]


def test_states_around_a_statement_are_those_of_that_moment(view: View) -> None:
    seen = view('op.add_column("orders", sa.Column("a", sa.Integer()))\nop.drop_column("orders", "a")')
    first, second = seen.statements
    tables = [state.tables[effects.Key(None, "orders")] for state in (first.before, first.after, second.after)]
    assert ["a" in table.columns for table in tables] == [False, True, False]


def test_all_statements_of_a_migration_are_in_one_transaction(view: View) -> None:
    seen = view('op.execute("SELECT 1")\nop.drop_column("orders", "note")')
    assert len({statement.transaction for statement in seen.statements}) == 1


def test_an_autocommit_block_is_outside_and_splits_the_transaction(view: View) -> None:
    seen = view(
        'op.execute("SELECT 1")\n'
        'with op.get_context().autocommit_block():\n    op.execute("SELECT 2")\n    op.execute("SELECT 3")\n'
        'op.execute("SELECT 4")'
    )
    assert [statement.is_autocommit for statement in seen.statements] == [False, True, True, False]
    assert len({statement.transaction for statement in seen.statements}) == 4


def test_a_commit_in_sql_ends_the_transaction(view: View) -> None:
    before, _, after = view('op.execute("SELECT 1")\nop.execute("COMMIT")\nop.execute("SELECT 2")').statements
    assert before.transaction != after.transaction


def test_ddl_ends_the_transaction_where_the_database_commits_by_itself(view: View) -> None:
    seen = view(
        """op.execute("UPDATE orders SET note = 'x'")\nop.drop_column("orders", "note")\nop.execute("SELECT 1")""",
        database="mariadb",
    )
    assert len({statement.transaction for statement in seen.statements}) == 3


def test_a_batch_on_sqlite_is_a_rebuild_with_what_it_changes(view: View) -> None:
    seen = view('with op.batch_alter_table("orders") as b:\n    b.drop_column("note")', database="sqlite")
    assert kinds(seen)[-1] == ["RebuildTable", "DropColumn"]
    assert not any(kinds(seen)[:-1])
    assert all(statement.is_part_of_rebuild for statement in seen.statements)


def test_rows_tell_verb_table_and_where(view: View) -> None:
    seen = view(
        """op.execute("UPDATE orders SET note = 'x' WHERE id IN (SELECT 1)")\nop.execute('DELETE FROM "orders"')"""
    )
    rows = [statement.rows for statement in seen.statements]
    assert [(each.verb, str(each.table), each.has_where) for each in rows] == [
        ("UPDATE", "orders", True),
        ("DELETE", "orders", False),
    ]


def test_a_table_is_new_behind_the_statement_that_makes_it(view: View) -> None:
    seen = view(
        'op.execute("SELECT 1")\nop.create_table("n", sa.Column("id", sa.Integer()))\nop.rename_table("n", "m")\n'
        'op.execute("SELECT 2")'
    )
    first, _, _, last = seen.statements
    made = effects.Key(None, "m")
    assert [seen.is_new(made, first), seen.is_new(made, last), seen.is_new(made)] == [False, True, True]


def test_a_migration_that_needs_rows_is_seen_as_far_as_it_gets(view: View) -> None:
    seen = view(
        'op.drop_column("orders", "note")\nop.get_bind().execute(sa.text("SELECT 1 FROM orders")).one()\n'
        'op.drop_column("orders", "status")'
    )
    assert kinds(seen) == [["DropColumn"], []]
    assert [each.line for each in seen.stopped] == [FIRST_LINE + 1]


def test_downgrade_is_tried_and_leaves_no_trace(view: View) -> None:
    seen = view('op.drop_column("orders", "note")', 'op.add_column("orders", sa.Column("note", sa.String(20)))')
    orders = effects.Key(None, "orders")
    assert "note" not in seen.after.tables[orders].columns
    assert "note" in seen.downgrade.after.tables[orders].columns
    assert len(seen.statements) == 1
