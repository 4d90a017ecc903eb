"""Another type for a column of a table that holds rows."""

import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, String, Table
from support.autodetection import Answers
from support.detections import after_passes, detection, written

from alembic_manage.autodetect.steps import STEPS
from alembic_manage.questions import Later, Proceed, Value


def orders(*columns):
    metadata = MetaData()
    Table("orders", metadata, Column("id", Integer, primary_key=True), *columns)
    return metadata


def lines(old, new, answers=None, name="postgresql"):
    found = detection(orders(old), orders(new), name, answers)
    return written(after_passes(STEPS, found), found, in_batches=name == "sqlite")


def test_type_that_always_fits_is_not_asked_about():
    answers = Answers()
    up, _ = lines(Column("note", String(5)), Column("note", String(9)), answers)
    assert answers.asked == [] and len(up) == 1


def test_way_back_says_what_becomes_of_values_that_do_not_fit():
    _, down = lines(Column("note", String(5)), Column("note", String(9)))
    assert down[0] == "# Values of orders.note that are no VARCHAR(5): they stop the migration."


def test_cast_is_written_in_both_directions():
    up, down = lines(Column("flag", sa.Boolean()), Column("flag", Integer))
    assert up[-1].endswith("postgresql_using='flag::integer::INTEGER')")
    assert down[-1].endswith("postgresql_using='flag <> 0')")


def test_values_that_do_not_fit_get_the_value_first():
    up, _ = lines(Column("size", String(5)), Column("size", Integer), {"orders.size": Value("0")})
    assert up[0].startswith('op.execute("UPDATE orders SET size = 0 WHERE size !~')
    assert "postgresql_using='size::INTEGER'" in up[1]


def test_value_of_a_boolean_is_written_as_the_number_that_is_there():
    up, _ = lines(Column("size", Integer), Column("size", sa.Boolean()), {"orders.size": Value("true")})
    assert "SET size = CASE WHEN true THEN 1 ELSE 0 END WHERE size NOT IN (0, 1)" in up[0]


def test_misfits_of_sqlite_get_the_value_afterwards():
    up, _ = lines(Column("size", String(5)), Column("size", Integer), {"orders.size": Value("0")}, "sqlite")
    assert up[0].startswith("with op.batch_alter_table('orders', reflect_kwargs=")
    assert "UPDATE orders SET size = 0 WHERE typeof(size)" in up[-1]


def test_rebuilt_table_reads_the_column_as_if_it_had_its_new_type():
    up, down = lines(Column("day", String(10)), Column("day", sa.Date()), {"orders.day": Proceed()}, "sqlite")
    assert "'day': {'type': sa.Date()}" in up[0]
    assert "reflect_kwargs" not in " ".join(down)


def test_type_put_off_leaves_the_other_changes():
    old, new = Column("size", String(5)), Column("size", Integer, comment="how much", nullable=False)
    up, _ = lines(old, new, {"orders.size": Later()})
    assert len(up) == 1 and "comment='how much'" in up[0]
    assert "type_=" not in up[0] and "nullable=False" not in up[0]


def test_default_is_away_while_the_type_changes():
    old = Column("size", String(5), server_default="0")
    up, down = lines(old, Column("size", Integer, server_default="0"))
    assert "server_default=None" in up[0] and "postgresql_using" in up[1] and "server_default='0'" in up[2]
    assert "server_default" not in up[1]
    # The server casts a number to text by itself.
    assert len(down) == 2 and "existing_server_default=sa.text" in down[1]


def test_default_that_ends_with_the_type_is_not_made_again():
    up, down = lines(Column("size", String(5), server_default="a"), Column("size", Integer))
    assert len(up) == 2 and "server_default=None" in up[0]
    assert len(down) == 2 and "server_default=sa.text" in down[1]


def test_default_stays_where_the_server_casts_it():
    up, _ = lines(Column("size", Integer, server_default="0"), Column("size", sa.BigInteger(), server_default="0"))
    assert len(up) == 1


def test_question_tells_the_types_and_the_fate():
    answers = Answers(default=Proceed())
    lines(Column("moment", sa.DateTime()), Column("moment", sa.Date()), answers)
    (question,) = answers.asked
    assert (question.old, question.new) == ("TIMESTAMP WITHOUT TIME ZONE", "DATE")
    assert "cut or rounded" in question.text and question.takes_value
    assert question.example == "1970-01-01"


def test_question_offers_no_value_where_misfits_cannot_be_told():
    answers = Answers()
    lines(Column("key", sa.Uuid()), Column("key", Integer), answers)
    assert not answers.asked[0].takes_value
    assert [each.key for each in answers.asked[0].choices] == ["1", "2"]


def test_question_says_that_values_stay_where_they_do():
    answers = Answers()
    lines(Column("size", String(5)), Column("size", Integer), answers, "sqlite")
    assert "stay as they are" in answers.asked[0].text and answers.asked[0].safe_answer == Proceed()


def test_text_that_a_check_confines_is_an_enum():
    def column(*labels):
        return Column("state", sa.Enum(*labels, name="state", native_enum=False, create_constraint=True))

    answers = Answers()
    up, _ = lines(column("open", "closed"), column("open", "closed", "on hold"), answers, "mysql")
    assert answers.asked == []
    assert any("type_=" in line for line in up)
