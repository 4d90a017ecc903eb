"""Outlines: what a revision does, read from its source."""

from textwrap import dedent, indent

import pytest

from alembic_manage.outline.change import Change
from alembic_manage.outline.revision import outline_of, outline_of_source


def outline(body: str, function: str = "upgrade") -> tuple[Change, ...]:
    return outline_of_source(f"def {function}():\n{indent(dedent(body).strip(), '    ')}\n", function)


def lines(body: str) -> list[str]:
    return [change.line for change in outline(body)]


@pytest.mark.parametrize(
    ("call", "line"),
    [
        ('op.create_table("orders", sa.Column("id", sa.Integer()))', "+ Create table orders"),
        ('op.drop_table("orders")', "- Drop table orders"),
        ('op.rename_table("order", "orders")', "~ Rename table order to orders"),
        ('op.rename_table(old_table_name="order", new_table_name="orders")', "~ Rename table order to orders"),
        ('op.add_column("orders", sa.Column("note", sa.Text()))', "+ Add column note to orders"),
        ('op.add_column("orders", column=sa.Column("note", sa.Text()))', "+ Add column note to orders"),
        ('op.drop_column("orders", "note")', "- Remove column note from orders"),
        ('op.drop_column("orders", column_name="note")', "- Remove column note from orders"),
        ('op.alter_column("orders", "note", nullable=False)', "~ Alter column note on orders (nullable)"),
        (
            'op.alter_column("orders", "note", type_=sa.Text(), server_default="x")',
            "~ Alter column note on orders (type, default)",
        ),
        ('op.alter_column("orders", "note", existing_type=sa.Text())', "~ Alter column note on orders"),
        ('op.alter_column("orders", "note", new_column_name="remark")', "~ Rename column note on orders to remark"),
        ('op.create_index("ix_note", "orders", ["note"])', "+ Create index ix_note on orders"),
        ('op.create_index(op.f("ix_note"), "orders", ["note"], unique=True)', "+ Create index ix_note on orders"),
        ('op.drop_index("ix_note", table_name="orders")', "- Remove index ix_note from orders"),
        ('op.drop_index("ix_note")', "- Remove index ix_note"),
        (
            'op.create_foreign_key("fk", "orders", "customers", ["customer_id"], ["id"])',
            "+ Create foreign key fk from orders to customers",
        ),
        ('op.create_unique_constraint("uq", "orders", ["note"])', "+ Create unique constraint uq on orders"),
        ('op.create_check_constraint("ck", "orders", "a > 0")', "+ Create check constraint ck on orders"),
        ('op.create_primary_key("pk", "orders", ["id"])', "+ Create primary key pk on orders"),
        ('op.create_exclude_constraint("ex", "orders", ("p", "&&"))', "+ Create exclusion constraint ex on orders"),
        ('op.drop_constraint("uq", "orders", type_="unique")', "- Remove constraint uq from orders"),
        ('op.create_table_comment("orders", "all of them")', "~ Alter comment of table orders"),
        ('op.drop_table_comment("orders")', "~ Alter comment of table orders"),
        ('op.execute("UPDATE orders SET note = NULL")', "s Raw SQL: UPDATE orders SET note = NULL"),
        ('op.execute(sa.text("UPDATE orders"))', "s Raw SQL: UPDATE orders"),
        (
            "op.execute(sa.update(sa.table('user', sa.column('a'))).where(sa.column('a').is_(None))"
            ".values({'a': sa.text('true')}))",
            "~ Fill user.a with true",
        ),
        (
            "op.execute(sa.update(orders).where(orders.c.a.is_(None)).values({'a': 1}))",
            "s Raw SQL: sa.update(orders).where(orders.c.a.is_(None)).values({'a': 1...",
        ),
        ('op.bulk_insert(orders, [{"id": 1}])', "p Insert rows into orders"),
        ('op.invoke_magic("orders")', "? Invoke magic orders"),
    ],
)
def test_each_operation_is_one_line(call, line):
    assert lines(call) == [line]


@pytest.mark.parametrize(
    ("call", "line"),
    [
        ('batch_op.add_column(sa.Column("note", sa.Text()))', "+ Add column note to orders"),
        ('batch_op.drop_column("note")', "- Remove column note from orders"),
        ('batch_op.alter_column("note", nullable=False)', "~ Alter column note on orders (nullable)"),
        ('batch_op.alter_column("note", new_column_name="remark")', "~ Rename column note on orders to remark"),
        ('batch_op.create_index(batch_op.f("ix_note"), ["note"])', "+ Create index ix_note on orders"),
        ('batch_op.drop_index("ix_note")', "- Remove index ix_note from orders"),
        (
            'batch_op.create_foreign_key("fk", "customers", ["customer_id"], ["id"])',
            "+ Create foreign key fk from orders to customers",
        ),
        ('batch_op.create_unique_constraint("uq", ["note"])', "+ Create unique constraint uq on orders"),
        ('batch_op.create_check_constraint("ck", "a > 0")', "+ Create check constraint ck on orders"),
        ('batch_op.drop_constraint("uq", type_="unique")', "- Remove constraint uq from orders"),
    ],
)
def test_an_operation_in_a_batch_reads_as_the_plain_one(call, line):
    assert lines(f'with op.batch_alter_table("orders", schema=None) as batch_op:\n    {call}') == [line]


def test_a_change_holds_the_names_it_is_about():
    (change,) = outline('op.create_index("ix", "orders", ["a", "b"], schema="shop")')
    assert (change.kind, change.table, change.name, change.schema, change.columns) == (
        "create_index",
        "orders",
        "ix",
        "shop",
        ("a", "b"),
    )


def test_a_rename_holds_the_new_name():
    (change,) = outline('op.alter_column("orders", "note", new_column_name="remark")')
    assert (change.name, change.new_name) == ("note", "remark")


def test_the_schema_of_a_batch_counts_for_its_operations():
    (change,) = outline('with op.batch_alter_table("orders", schema="shop") as b:\n    b.drop_column("note")')
    assert (change.schema, change.table) == ("shop", "orders")


def test_two_batches_keep_their_own_tables():
    body = """
    with op.batch_alter_table("a") as x, op.batch_alter_table("b") as y:
        x.drop_column("one")
        y.drop_column("two")
    """
    assert lines(body) == ["- Remove column one from a", "- Remove column two from b"]


def test_a_loop_counts_once_and_shows_its_variable():
    assert lines('for name in ("a", "b"):\n    op.drop_table(name)') == ["- Drop table name"]


def test_both_sides_of_a_condition_count():
    body = """
    if op.get_bind().dialect.name == "x":
        op.drop_table("a")
    else:
        op.drop_table("b")
    try:
        op.drop_table("c")
    finally:
        op.drop_table("d")
    """
    assert [change.name for change in outline(body)] == ["a", "b", "c", "d"]


def test_an_autocommit_block_is_looked_into():
    body = 'with op.get_context().autocommit_block():\n    op.create_index("ix", "orders", ["note"])'
    assert lines(body) == ["+ Create index ix on orders"]


def test_the_result_of_an_operation_may_be_kept():
    assert lines('orders = op.create_table("orders")') == ["+ Create table orders"]


@pytest.mark.parametrize(
    "body", ["pass", '"""nothing"""', "bind = op.get_bind()", "op.get_bind()", "return", 'raise ValueError("no")']
)
def test_what_changes_nothing_is_left_out(body):
    assert lines(body) == []


def test_other_calls_are_python():
    assert lines("copy_rows(op.get_bind())") == ["p Python: copy_rows(op.get_bind())"]
    assert lines('op.get_bind().execute(sa.text("DELETE FROM a"))')[0].startswith("p Python: ")


def test_long_texts_are_cut():
    assert lines(f'op.execute("SELECT {"x" * 100}")') == [f"s Raw SQL: SELECT {'x' * 53}..."]
    (line,) = lines(f"call({'x' * 100})")
    assert line.endswith("...")
    assert len(line) < 80


def test_raw_sql_over_several_lines_becomes_one():
    assert lines('op.execute("""\n  UPDATE orders\n  SET note = 1\n""")') == ["s Raw SQL: UPDATE orders SET note = 1"]


def test_the_changes_are_in_the_order_of_the_file():
    body = 'op.drop_table("b")\nop.create_table("a")\nop.execute("x")'
    assert [change.symbol for change in outline(body)] == ["-", "+", "s"]


def test_downgrade_has_an_outline_of_its_own():
    source = 'def upgrade():\n    op.create_table("a")\ndef downgrade():\n    op.drop_table("a")\n'
    assert [change.line for change in outline_of_source(source, "downgrade")] == ["- Drop table a"]


def test_a_missing_function_does_nothing():
    assert outline_of_source("def upgrade(): pass", "downgrade") == ()


@pytest.mark.parametrize("content", [b"def (", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_has_no_outline(tmp_path, content):
    path = tmp_path / "a.py"
    if content is not None:
        path.write_bytes(content)
    assert outline_of(path, "upgrade") == ()


def test_the_json_shape_is_stable():
    (change,) = outline('op.add_column("orders", sa.Column("note", sa.Text()))')
    assert change.as_json() == {
        "symbol": "+",
        "operation": "add_column",
        "table": "orders",
        "name": "note",
        "description": "Add column note to orders",
    }
