"""UNIQUE on tables that hold rows."""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, UniqueConstraint
from support.autodetection import Answers
from support.detections import after_passes, detection

from alembic_manage.autodetect.steps import STEPS
from alembic_manage.questions import Later, Value


def orders(*parts):
    metadata = MetaData()
    Table("orders", metadata, Column("id", Integer, primary_key=True), Column("note", String(5)), *parts)
    return metadata


def kinds(models, answers):
    found = detection(orders(), models, answers=answers)
    return [type(each).__name__ for each in after_passes(STEPS, found)]


def test_constraint_is_asked_about_by_its_name():
    answers = Answers()
    assert kinds(orders(UniqueConstraint("id", "note", name="uq")), answers) == ["CreateUniqueConstraintOp"]
    assert [(each.path, each.columns) for each in answers.asked] == [("orders.uq", ("id", "note"))]


def test_constraint_without_a_name_is_asked_about_by_its_columns():
    answers = Answers()
    kinds(orders(UniqueConstraint("id", "note")), answers)
    assert answers.paths == ["orders.id_note"]


def test_constraint_and_index_put_off_are_left_out():
    models = orders(UniqueConstraint("note", name="uq"), Index("ix", "note", unique=True))
    assert kinds(models, {"orders.uq": Later(), "orders.ix": Later()}) == []


def test_plain_index_is_not_asked_about():
    answers = Answers()
    assert kinds(orders(Index("ix", "note")), answers) == ["CreateIndexOp"]
    assert answers.asked == []


def test_new_columns_that_are_null_everywhere_are_not_asked_about():
    answers = Answers()
    kinds(orders(Column("code", String(5)), UniqueConstraint("code", name="uq")), answers)
    assert answers.asked == []


def test_new_column_with_the_same_value_everywhere_is_asked_about():
    answers = Answers({"orders.code": Value("''")})
    kinds(orders(Column("code", String(5), nullable=False), UniqueConstraint("code", name="uq")), answers)
    assert answers.paths == ["orders.code", "orders.uq"]


def test_new_column_with_a_default_is_asked_about():
    answers = Answers()
    kinds(orders(Column("code", String(5), server_default="x"), UniqueConstraint("code", name="uq")), answers)
    assert answers.paths == ["orders.uq"]


def test_constraint_of_a_new_table_is_not_asked_about():
    models = orders()
    Table(
        "bills", models, Column("id", Integer, primary_key=True), Column("no", Integer), Index("ix", "no", unique=True)
    )
    answers = Answers()
    kinds(models, answers)
    assert answers.asked == []
