"""Values that an enum loses, or that get another name."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, Integer, MetaData, Table
from support.autodetection import Answers
from support.detections import after_passes, detection, written

from alembic_manage.autodetect.steps import STEPS
from alembic_manage.autodetect.steps.enum_values import with_removed_values
from alembic_manage.operations import ChangeEnum, Steps
from alembic_manage.questions import Later, Proceed, Value


def change(before, after, answers, renamed=None):
    found = detection(MetaData(), MetaData(), answers=answers)
    found.renamed_values.update(renamed or {})
    return with_removed_values([ChangeEnum("state", before.split(), after.split())], found)


def test_type_gets_the_answers():
    (changed,) = change("a b", "a", {"state.b": Value("'a'")})
    assert isinstance(changed, ChangeEnum)
    assert (changed.after, changed.replaced) == (("a",), {"b": "'a'"})


def test_type_of_which_everything_is_put_off_stays():
    assert change("a b", "a", {"state.b": Later()}) == []


def test_values_that_are_new_are_told_on_the_way_down():
    (steps,) = change("a", "a b", {})
    assert isinstance(steps, Steps)
    assert "state is b stop the downgrade" in steps.down[0].text


def states(*labels, native=True, default=None):
    metadata = MetaData()
    type_ = sa.Enum(*labels, name="state", native_enum=native, create_constraint=not native)
    Table("orders", metadata, Column("id", Integer, primary_key=True), Column("state", type_, server_default=default))
    return metadata


def lines(before, after, answers=None, name="mysql", renamed=None):
    found = detection(before, after, name, answers)
    found.renamed_values.update(renamed or {})
    return written(after_passes(STEPS, found), found, in_batches=name == "sqlite")


def test_column_knows_old_and_new_values_while_rows_are_updated():
    up, down = lines(states("a", "b"), states("a", "c"), {"orders.state.b": Value("'c'")})
    assert "type_=sa.Enum('a', 'b', 'c', name='state')" in up[0]
    assert up[1] == """op.execute("UPDATE orders SET state = 'c' WHERE state = 'b'")"""
    assert "type_=sa.Enum('a', 'c', name='state')" in up[2]
    assert len(down) == 2 and down[0].startswith("# Rows in which orders.state is c")


def test_renamed_value_goes_there_and_back():
    up, down = lines(states("a", "b"), states("a", "c"), renamed={"orders.state.b": "c"})
    assert ["SET state = 'c' WHERE state = 'b'" in up[1], "SET state = 'b' WHERE state = 'c'" in down[1]] == [
        True,
        True,
    ]


def test_a_value_that_gets_the_old_name_of_another_one_is_told_from_it_on_the_way_back():
    renamed = {"orders.state.b": "c", "orders.state.a": "b"}
    up, down = lines(states("a", "b"), states("b", "c"), renamed=renamed)
    assert ["= 'b'\")" in up[1], "= 'a'\")" in up[2]] == [True, True]
    assert ["= 'b'\")" in down[1], "= 'c'\")" in down[2]] == [True, True]


def test_value_that_only_changes_its_case_is_one_value_there():
    up, _ = lines(states("a", "b"), states("a", "B"), renamed={"orders.state.b": "B"})
    assert len(up) == 1


def test_column_put_off_keeps_its_other_changes():
    up, _ = lines(states("a", "b"), states("a", default="a"), {"orders.state.b": Later()})
    assert len(up) == 1 and "server_default" in up[0] and "type_=" not in up[0]


def test_value_put_off_stays_in_the_type():
    up, _ = lines(states("a", "b"), states("a", "c"), {"orders.state.b": Later()})
    assert len(up) == 1 and "type_=sa.Enum('a', 'b', 'c', name='state')" in up[0]


@pytest.mark.parametrize("name", ["sqlite", "postgresql", "mysql"])
def test_rows_are_updated_while_no_check_is_there(name):
    before, after = states("aa", "b", native=False), states("aa", "c", native=False)
    up, down = lines(before, after, {"orders.state.b": Value("'c'")}, name)
    drop, update, create = (
        next(place for place, line in enumerate(up) if word in line)
        for word in ("drop_constraint", "UPDATE", "create_check")
    )
    assert drop < update < create
    assert any(line.startswith("# Rows in which orders.state is c") for line in down)


def test_rows_are_updated_before_a_column_becomes_shorter_and_after_it_became_longer():
    short, long = states("a", "b", native=False), states("a", "bbb", native=False)

    def places(before, after, answers):
        up, _ = lines(before, after, answers, "postgresql")
        return [next(place for place, line in enumerate(up) if word in line) for word in ("UPDATE", "alter_column")]

    update, alter = places(long, short, {"orders.state.bbb": Value("'b'")})
    assert update < alter
    update, alter = places(short, long, {"orders.state.b": Value("'bbb'")})
    assert alter < update


def test_check_keeps_a_value_that_is_put_off():
    answers = Answers({"orders.state.b": Later()})
    up, _ = lines(states("a", "b", native=False), states("a", "c", native=False), answers, "postgresql")
    assert any("state IN ('a', 'b', 'c')" in line for line in up)


def test_check_whose_values_are_gone_without_rows_is_just_changed():
    up, _ = lines(
        states("a", "b", native=False), states("a", native=False), {"orders.state.b": Proceed()}, "postgresql"
    )
    assert not any("UPDATE" in line for line in up)
