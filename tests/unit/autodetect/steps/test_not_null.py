"""NOT NULL on tables that hold rows."""

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, String, Table
from support.autodetection import Answers
from support.detections import after_passes, detection, written

from alembic_manage.autodetect.steps.not_null import filled_before_not_null
from alembic_manage.questions import Later, NotNullQuestion, Value


def orders(*columns):
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True))
    Table("orders", metadata, Column("id", Integer, primary_key=True), *columns)
    return metadata


def lines(before, after, answers=None, name="postgresql"):
    found = detection(before, after, name, answers)
    return written(after_passes([filled_before_not_null], found), found)


def test_new_column_is_added_filled_and_closed():
    up, down = lines(orders(), orders(Column("total", Integer, nullable=False)), {"orders.total": Value("0")})
    assert up == [
        "op.add_column('orders', sa.Column('total', sa.Integer(), nullable=True))",
        "op.execute('UPDATE orders SET total = 0 WHERE total IS NULL')",
        "op.alter_column('orders', 'total', existing_type=sa.Integer(), nullable=False)",
    ]
    assert down == ["op.drop_column('orders', 'total')"]


def test_new_column_put_off_is_nullable():
    up, _ = lines(orders(), orders(Column("total", Integer, nullable=False)), {"orders.total": Later()})
    assert up == ["op.add_column('orders', sa.Column('total', sa.Integer(), nullable=True))"]


def test_comment_and_schema_are_said_in_every_step():
    def shop(*columns):
        metadata = MetaData()
        Table("orders", metadata, Column("id", Integer, primary_key=True), *columns, schema="shop")
        return metadata

    found = detection(shop(), shop(Column("total", Integer, nullable=False, comment="all of it")), "postgresql")
    found.questioner = Answers({"shop.orders.total": Value("0")})
    table = found.context.opts["target_metadata"].tables["shop.orders"]
    operation = ops.AddColumnOp.from_column_and_tablename("shop", "orders", table.c.total)
    up, _ = written(filled_before_not_null([operation], found), found)
    assert up[1] == "op.execute('UPDATE shop.orders SET total = 0 WHERE total IS NULL')"
    assert "existing_comment='all of it'" in up[2] and "schema='shop'" in up[2]


def test_columns_that_the_database_fills_are_not_asked_about():
    models = orders(
        Column("status", String(5), nullable=False, server_default="new"),
        Column("number", Integer, sa.Identity(), nullable=False),
        Column("double", Integer, sa.Computed("id * 2"), nullable=False),
    )
    up, _ = lines(orders(), models)
    assert len(up) == 3 and all(line.startswith("op.add_column") for line in up)


def test_columns_of_new_tables_are_not_asked_about():
    models = orders()
    Table("bills", models, Column("id", Integer, primary_key=True), Column("total", Integer, nullable=False))
    up, _ = lines(orders(), models)
    assert [line.split("(")[0] for line in up] == ["op.create_table"]


def test_default_of_the_models_is_the_example():
    models = orders(
        Column("status", String(5), nullable=False, default="it's"),
        Column("total", Integer, nullable=False, default=3),
        Column("made", Integer, nullable=False, default=lambda: 4),
    )
    answers = Answers(default=Later())
    lines(orders(), models, answers)
    assert {each.path: each.example for each in answers.asked} == {
        "orders.status": "it's",
        "orders.total": "3",
        "orders.made": "0",
    }


def test_example_of_a_boolean_is_a_word_on_every_database():
    for name in ("postgresql", "mysql", "sqlite"):
        answers = Answers(default=Later())
        lines(orders(), orders(Column("paid", Boolean, nullable=False)), answers, name)
        assert answers.asked[0].example == "false"


def test_question_says_what_a_value_must_be():
    user = Column("user_id", Integer, ForeignKey("users.id"), nullable=False, unique=True)
    answers = Answers(default=Later())
    after_passes([filled_before_not_null], detection(orders(), orders(user), answers=answers))
    (question,) = answers.asked
    assert isinstance(question, NotNullQuestion)
    assert (question.refers_to, question.is_unique, question.is_new) == ("users.id", True, True)
    assert "It must be a users.id that exists." in question.text


def test_server_default_is_the_example_where_rows_may_be_null():
    status = Column("status", String(5), server_default="new")
    closed = Column("status", String(5), server_default="new", nullable=False)
    answers = Answers({"orders.status": Value("'new'")})
    up, down = lines(orders(status), orders(closed), answers)
    assert answers.asked[0].example == "new" and not answers.asked[0].is_new
    assert up[0] == """op.execute("UPDATE orders SET status = 'new' WHERE status IS NULL")"""
    assert "nullable=False" in up[1] and "existing_server_default" in up[1]
    assert len(down) == 1 and "nullable=True" in down[0]


def test_other_changes_come_before_the_rows_are_filled():
    up, down = lines(
        orders(Column("note", String(5))),
        orders(Column("note", String(9), nullable=False)),
        {"orders.note": Value("''")},
    )
    assert ["type_" in up[0], "UPDATE" in up[1], "nullable=False" in up[2]] == [True] * 3
    assert "existing_type=sa.String(length=9)" in up[2]
    assert ["nullable=True" in down[0], "type_" in down[1]] == [True, True]


def test_nullability_put_off_leaves_the_other_changes():
    up, _ = lines(
        orders(Column("note", String(5))), orders(Column("note", String(9), nullable=False)), {"orders.note": Later()}
    )
    assert len(up) == 1 and "type_" in up[0] and "nullable=True" in up[0].replace("existing_nullable", "nullable")


def test_column_that_becomes_nullable_is_filled_on_the_way_down():
    up, down = lines(orders(Column("note", String(5), nullable=False)), orders(Column("note", String(9))))
    assert ["nullable=True" in up[0], "type_" in up[1]] == [True, True]
    assert "type_" in down[0]
    assert down[1] == "# orders.note was NOT NULL; where it is NULL by now, rows get ''."
    assert down[2] == """op.execute("UPDATE orders SET note = '' WHERE note IS NULL")"""
    assert "nullable=False" in down[3]


def test_dropped_column_comes_back_with_a_remark():
    up, down = lines(orders(Column("note", String(5), nullable=False)), orders())
    assert up == ["op.drop_column('orders', 'note')"]
    assert down[0].endswith("nullable=True))")
    assert down[1].startswith("# The values of orders.note are gone")
    assert "UPDATE" in down[2] and "nullable=False" in down[3]


def test_dropped_nullable_column_just_comes_back():
    up, down = lines(orders(Column("note", String(5))), orders())
    assert (len(up), len(down)) == (1, 1)


def log(*columns):
    metadata = MetaData()
    Table("log", metadata, *columns, Column("text", String(5)))
    return metadata


def test_new_primary_key_of_whole_numbers_gets_a_numbering():
    up, down = lines(log(), log(Column("id", sa.BigInteger(), primary_key=True)))
    assert up[0] == "op.execute('ALTER TABLE log ADD COLUMN id BIGSERIAL NOT NULL')"
    assert "op.drop_column('log', 'id')" in down


def test_new_primary_key_is_numbered_row_by_row_where_no_type_does_that():
    up, _ = lines(log(), log(Column("id", Integer, primary_key=True)), name="sqlite")
    assert "rowid" in up[1] and "nullable=False" in up[2]


def test_new_primary_key_with_a_comment_keeps_it():
    up, _ = lines(log(), log(Column("id", Integer, primary_key=True, comment="number")))
    assert "comment='number'" in up[0] and "row_number()" in up[1]
