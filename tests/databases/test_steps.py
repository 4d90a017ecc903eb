"""Revisions that makemigrations writes run up, down and up again on tables with rows."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, UniqueConstraint
from support.autodetection import Answers, Evolution
from support.databases import where

from alembic_manage.errors import RevisionFailedError, RevisionStoppedError
from alembic_manage.questions import (
    Given,
    Later,
    NotNullQuestion,
    Proceed,
    Renamed,
    TypeChangeQuestion,
    UniqueQuestion,
    Value,
)


def orders(*columns: Column[Any], **options: Any) -> MetaData:
    """Models of one table."""
    metadata = MetaData()
    Table("orders", metadata, Column("id", Integer, primary_key=True), *columns, **options)
    return metadata


@pytest.fixture
def three_orders(evolution: Evolution) -> Evolution:
    """A table with three rows, in one of which the note is NULL."""
    evolution.become(orders(Column("note", String(20))))
    evolution.execute("INSERT INTO orders (id, note) VALUES (1, 'a'), (2, NULL), (3, 'c')")
    return evolution


def test_new_column_that_is_not_null_is_filled_with_the_value_and_keeps_no_default(three_orders):
    models = orders(Column("note", String(20)), Column("total", sa.Numeric(10, 2), nullable=False))
    three_orders.write(models, {"orders.total": Value("5")})
    seen = {}
    three_orders.assert_up_down_up(
        look=lambda where: seen.update({where: three_orders.rows("SELECT * FROM orders ORDER BY id")})
    )
    assert [Decimal(row[2]) for row in seen["up"]] == [Decimal(5)] * 3
    assert [row[1] for row in seen["down"]] == ["a", None, "c"]
    assert isinstance(three_orders.answers.asked[0], NotNullQuestion)


def test_new_column_put_off_is_nullable_and_asked_about_again(three_orders):
    models = orders(Column("note", String(20)), Column("total", Integer, nullable=False))
    three_orders.write(models, {"orders.total": Later()})
    three_orders.assert_up_down_up(is_complete=False)
    three_orders.write(models, {"orders.total": Value("0")})
    assert [question.is_new for question in three_orders.answers.asked] == [False]
    three_orders.assert_up_down_up()


def test_column_with_a_server_default_is_not_asked_about(three_orders):
    models = orders(Column("note", String(20)), Column("total", Integer, nullable=False, server_default="7"))
    three_orders.write(models)
    three_orders.assert_up_down_up()
    assert three_orders.rows("SELECT total FROM orders") == [(7,)] * 3


def test_nullable_column_becomes_not_null_in_the_rows_that_are_null(three_orders):
    three_orders.write(orders(Column("note", String(20), nullable=False)), {"orders.note": Value("'none'")})
    three_orders.assert_up_down_up()
    assert three_orders.rows("SELECT note FROM orders ORDER BY id") == [("a",), ("none",), ("c",)]


def test_nullable_column_put_off_stays_as_it_is(three_orders):
    assert three_orders.write(orders(Column("note", String(20), nullable=False)), {"orders.note": Later()}) is None


def test_column_that_becomes_nullable_is_filled_on_the_way_down(three_orders):
    three_orders.become(orders(Column("note", String(20), nullable=False)), {"orders.note": Value("'none'")})
    three_orders.write(orders(Column("note", String(20))))

    def look(where: str) -> None:
        if where == "up":
            three_orders.execute("UPDATE orders SET note = NULL WHERE id = 3")
        else:
            assert three_orders.rows("SELECT note FROM orders ORDER BY id") == [("a",), ("none",), ("",)]

    three_orders.assert_up_down_up(look=look)


def test_type_and_nullability_change_together(three_orders):
    path = three_orders.write(orders(Column("note", String(40), nullable=False)), {"orders.note": Value("'x'")})
    three_orders.assert_up_down_up()
    three_orders.write(orders(Column("note", String(60))))
    three_orders.assert_up_down_up()
    assert path is not None


KINDS = {
    "text": String(20),
    "long_text": sa.Text(),
    "number": Integer(),
    "big": sa.BigInteger(),
    "price": sa.Numeric(10, 2),
    "ratio": sa.Float(),
    "flag": sa.Boolean(),
    "day": sa.Date(),
    "moment": sa.DateTime(),
    "clock": sa.Time(),
    "token": sa.Uuid(),
    "blob": sa.LargeBinary(),
    "data": sa.JSON(),
}
VALUES = {
    "text": "x",
    "long_text": "x",
    "number": 1,
    "big": 1,
    "price": Decimal("1.50"),
    "ratio": 1.5,
    "flag": True,
    "day": datetime.date(2024, 1, 2),
    "moment": datetime.datetime(2024, 1, 2, 3, 4, 5),
    "clock": datetime.time(3, 4, 5),
    "token": __import__("uuid").UUID(int=5),
    "blob": b"\x00x",
    "data": {"a": 1},
}


def test_dropped_columns_of_any_type_come_back_not_null(evolution):
    models = orders(*(Column(name, type_, nullable=False) for name, type_ in KINDS.items()))
    evolution.become(models)
    with evolution.project._rows.begin() as connection:
        connection.execute(models.tables["orders"].insert(), [{"id": 1, **VALUES}, {"id": 2, **VALUES}])
    evolution.write(orders())
    evolution.assert_up_down_up()
    evolution.migrate("-1")
    with evolution.project._rows.begin() as connection:
        rows = connection.execute(models.tables["orders"].select().order_by(sa.text("id"))).mappings().all()
    assert [row["id"] for row in rows] == [1, 2]
    assert rows[0]["text"] == "" and rows[0]["number"] == 0 and rows[0]["flag"] is False
    assert rows[0]["day"] == datetime.date(1970, 1, 1) and rows[0]["data"] == {}


def test_dropped_enum_column_comes_back_with_a_label_that_the_type_kept(evolution):
    evolution.become(orders(Column("state", sa.Enum("draft", "open", name="state"), nullable=False)))
    evolution.execute("INSERT INTO orders (id, state) VALUES (1, 'draft')")
    models = orders()
    Table("parcels", models, Column("id", Integer, primary_key=True), Column("state", sa.Enum("open", name="state")))
    evolution.write(models)
    evolution.assert_up_down_up()


@pytest.mark.parametrize("kind", ["text", "number", "price", "day", "moment", "token"])
def test_dropped_unique_column_comes_back_with_values_that_differ(evolution, kind):
    unique = UniqueConstraint(kind, name="uq_orders_kind")
    evolution.become(orders(Column(kind, KINDS[kind], nullable=False), unique))
    quoted = {
        "text": "'a{}'",
        "number": "{}",
        "price": "{}",
        "day": "'2024-01-0{}'",
        "moment": "'2024-01-0{} 00:00:00'",
    }
    value = quoted.get(kind, "'0000000000000000000000000000000{}'")
    for number in (1, 2, 3):
        evolution.execute(f"INSERT INTO orders (id, {kind}) VALUES ({number}, {value.format(number)})")
    evolution.write(orders())
    evolution.assert_up_down_up()
    evolution.migrate("-1")
    assert len(set(evolution.rows(f"SELECT {kind} FROM orders"))) == 3


def shop(*columns: Any) -> MetaData:
    metadata = orders(*columns)
    Table("users", metadata, Column("id", Integer, primary_key=True))
    return metadata


def reference() -> Column[Any]:
    return Column("user_id", Integer, ForeignKey("users.id", name="fk_orders_user"), nullable=False)


def test_new_foreign_key_that_is_not_null_says_what_it_refers_to(evolution):
    evolution.become(shop())
    evolution.execute("INSERT INTO users (id) VALUES (4), (7)", "INSERT INTO orders (id) VALUES (1), (2)")
    evolution.write(shop(reference()), {"orders.user_id": Value("7")})
    assert "users.id" in evolution.answers.asked[0].text
    evolution.assert_up_down_up()
    assert evolution.rows("SELECT user_id FROM orders") == [(7,), (7,)]


def test_dropped_foreign_key_comes_back_with_the_smallest_key(evolution):
    evolution.become(shop(reference()))
    evolution.execute("INSERT INTO users (id) VALUES (4), (7)", "INSERT INTO orders (id, user_id) VALUES (1, 7)")
    evolution.write(shop())
    evolution.assert_up_down_up()
    evolution.migrate("-1")
    assert evolution.rows("SELECT user_id FROM orders") == [(4,)]


def test_unique_on_rows_is_asked_about_and_done(three_orders):
    models = orders(Column("note", String(20)), UniqueConstraint("note", name="uq_orders_note"))
    three_orders.write(models)
    assert [type(question) for question in three_orders.answers.asked] == [UniqueQuestion]
    three_orders.assert_up_down_up()


def test_unique_put_off_is_left_out(three_orders):
    models = orders(Column("note", String(20)), UniqueConstraint("note", name="uq_orders_note"))
    assert three_orders.write(models, {"orders.uq_orders_note": Later()}) is None


def test_unique_on_new_nullable_columns_is_not_asked_about(three_orders):
    code = Column("code", String(20))
    three_orders.write(orders(Column("note", String(20)), code, UniqueConstraint("code", name="uq_orders_code")))
    assert three_orders.answers.asked == []
    three_orders.assert_up_down_up()


def test_unique_index_on_rows_is_asked_about(three_orders):
    metadata = orders(Column("note", String(20)), sa.Index("ix_orders_note", "note", unique=True))
    three_orders.write(metadata)
    assert three_orders.answers.paths == ["orders.ix_orders_note"]
    three_orders.assert_up_down_up()


# Old type, new type, values of the old one that are values of the new one too.
CHANGES = {
    "text to integer": (String(20), Integer(), ["12", "-3"]),
    "text to number": (String(20), sa.Numeric(10, 2), ["12.25", "3.75"]),
    "text to float": (sa.Text(), sa.Float(), ["12.5", "-0.5"]),
    "text to date": (String(20), sa.Date(), ["2024-01-02", "1999-12-31"]),
    "text to timestamp": (String(40), sa.DateTime(), ["2024-01-02 03:04:05", "1999-12-31 23:59:59"]),
    "text to uuid": (
        String(40),
        sa.Uuid(),
        ["12345678-1234-5678-1234-567812345678", "00000000-0000-0000-0000-000000000001"],
    ),
    "text to json": (sa.Text(), sa.JSON(), ['{"a": 1}', "[]"]),
    "text to boolean": (String(5), sa.Boolean(), ["true", "false"]),
    "longer text": (String(20), String(50), ["a", ""]),
    "text without limit": (String(20), sa.Text(), ["a"]),
    "shorter text": (String(50), String(20), ["a"]),
    "bigger integer": (Integer(), sa.BigInteger(), [1, -7]),
    "smaller integer": (sa.BigInteger(), Integer(), [1, -7]),
    "integer to text": (Integer(), String(20), [1, -7]),
    "integer to number": (Integer(), sa.Numeric(12, 2), [1, -7]),
    "number to integer": (sa.Numeric(12, 2), Integer(), [Decimal(1), Decimal(-7)]),
    "more digits": (sa.Numeric(10, 2), sa.Numeric(12, 4), [Decimal("1.25")]),
    "fewer digits": (sa.Numeric(12, 4), sa.Numeric(10, 2), [Decimal("1.25")]),
    "float to integer": (sa.Float(), Integer(), [1.0, -7.0]),
    "boolean to integer": (sa.Boolean(), Integer(), [True, False]),
    "integer to boolean": (Integer(), sa.Boolean(), [1, 0]),
    "boolean to text": (sa.Boolean(), String(5), [True, False]),
    "date to timestamp": (sa.Date(), sa.DateTime(), [datetime.date(2024, 1, 2)]),
    "timestamp to date": (sa.DateTime(), sa.Date(), [datetime.datetime(2024, 1, 2)]),
    "date to text": (sa.Date(), String(10), [datetime.date(2024, 1, 2)]),
    "uuid to text": (sa.Uuid(), String(36), [__import__("uuid").UUID(int=5)]),
    "with a time zone": (sa.DateTime(), sa.DateTime(timezone=True), [datetime.datetime(2024, 1, 2, 3, 4, 5)]),
}


def stored(evolution: Evolution, types: dict[str, Any]) -> dict[str, list[Any]]:
    """The values of each column, as its type reads them."""
    columns = [Column(name, type_) for name, type_ in types.items()]
    table = Table("orders", MetaData(), Column("id", Integer), *columns)
    with evolution.project._rows.begin() as connection:
        rows = connection.execute(sa.select(table).order_by(table.c.id)).mappings().all()
    return {name: [row[name] for row in rows] for name in types}


def test_changes_of_type_keep_the_values_that_both_types_can_hold(evolution):
    names = {name: name.replace(" ", "_") for name in CHANGES}
    old = {names[name]: change[0] for name, change in CHANGES.items()}
    new = {names[name]: change[1] for name, change in CHANGES.items()}
    before = orders(*(Column(name, type_) for name, type_ in old.items()))
    evolution.become(before)
    values = {names[name]: [*(change[2] * 2)[:2], None] for name, change in CHANGES.items()}
    rows = [{"id": number + 1, **{name: found[number] for name, found in values.items()}} for number in range(3)]
    with evolution.project._rows.begin() as connection:
        connection.execute(before.tables["orders"].insert(), rows)
    former = stored(evolution, old)
    evolution.write(orders(*(Column(name, type_) for name, type_ in new.items())), Answers(default=Proceed()))
    seen = {}

    def look(where: str) -> None:
        seen[where] = stored(evolution, old if where == "down" else new)

    evolution.assert_up_down_up(look=look)
    assert seen["up"] == seen["up again"]
    assert all(found[2] is None and None not in found[:2] for found in seen["up"].values())
    # Both "true" and "yes" were true.
    del former["text_to_boolean"], seen["down"]["text_to_boolean"]
    assert seen["down"] == former
    assert seen["up"]["text_to_date"][0] == datetime.date(2024, 1, 2)
    assert seen["up"]["text_to_boolean"][:2] == [True, False]
    assert seen["up"]["date_to_timestamp"][0] == datetime.datetime(2024, 1, 2)


MISFITS = {
    "integer": (String(20), Integer(), ["12", "abc"], "7", [12, 7]),
    "number": (String(20), sa.Numeric(10, 2), ["12.5", "much"], "7", [Decimal("12.5"), Decimal(7)]),
    "truth": (String(20), sa.Boolean(), ["true", "perhaps"], None, [True, False]),
    "day": (
        String(20),
        sa.Date(),
        ["2024-01-02", "soon"],
        "'2000-01-01'",
        [datetime.date(2024, 1, 2), datetime.date(2000, 1, 1)],
    ),
    "small": (sa.BigInteger(), Integer(), [5, 2**40], "7", [5, 7]),
    "whole": (sa.Numeric(10, 2), Integer(), [Decimal("5.00"), Decimal("5.50")], "7", [5, 7]),
    "flag": (Integer(), sa.Boolean(), [1, 300], None, [True, False]),
}


def test_values_that_do_not_fit_get_the_value_that_was_answered(evolution):
    false = evolution.project.dialect.boolean_literals[0]
    before = orders(*(Column(name, found[0]) for name, found in MISFITS.items()))
    evolution.become(before)
    rows = [{"id": place + 1, **{name: found[2][place] for name, found in MISFITS.items()}} for place in (0, 1)]
    with evolution.project._rows.begin() as connection:
        connection.execute(before.tables["orders"].insert(), rows)
    answers = {f"orders.{name}": Value(found[3] or false) for name, found in MISFITS.items()}
    models = orders(*(Column(name, found[1]) for name, found in MISFITS.items()))
    if evolution.project.dialect.keeps_misfits:
        # Any integer fits there, and any number is one that is not zero.
        del answers["orders.small"], answers["orders.flag"]
        evolution.execute("UPDATE orders SET small = 7, flag = id = 1")
        evolution.execute("UPDATE orders SET small = 5 WHERE id = 1")
    evolution.write(models, answers)
    evolution.assert_up_down_up()
    found = stored(evolution, {name: found[1] for name, found in MISFITS.items()})
    assert found == {name: each[4] for name, each in MISFITS.items()}


@where(lambda dialect: not dialect.keeps_misfits)
def test_the_value_for_null_takes_no_place_of_a_value_that_does_not_fit(evolution):
    evolution.become(orders(Column("note", String(20))))
    models = orders(Column("note", String(5), nullable=False))
    evolution.write(models, {"orders.note": Value("''")})
    asked = {question.name: [choice.flag for choice in question.choices] for question in evolution.answers.asked}
    assert asked["type_change"] == ["--proceed orders.note", None, "--later orders.note"]
    assert asked["not_null"][0] == "--default orders.note="


@where(lambda dialect: dialect.has_enum_types)
def test_a_numbered_column_gets_another_type_and_may_be_null_at_once(evolution):
    evolution.become(orders(Column("number", Integer, sa.Identity())))
    evolution.write(orders(Column("number", sa.ARRAY(Integer))))
    evolution.assert_up_down_up()


@where(lambda dialect: dialect.has_enum_types)
def test_a_numbered_column_gets_the_default_of_its_new_type_after_that(evolution):
    evolution.become(orders(Column("state", Integer, sa.Identity())))
    evolution.write(orders(Column("state", sa.Enum("open", "shut", name="state"), server_default="open")))
    evolution.assert_up_down_up()


def test_type_put_off_leaves_the_other_changes(three_orders):
    models = orders(Column("note", Integer(), server_default="7"))
    three_orders.write(models, {"orders.note": Later()})
    assert "type_" not in three_orders.text(sorted(three_orders.project.versions.glob("0002*"))[0])
    three_orders.assert_up_down_up(is_complete=False)


def test_what_is_cut_or_rounded_is_asked_without_a_safe_answer(evolution):
    evolution.become(orders(Column("moment", sa.DateTime())))
    evolution.write(orders(Column("moment", sa.Date())), {"orders.moment": Proceed()})
    question = evolution.answers.asked[0]
    assert isinstance(question, TypeChangeQuestion)
    assert question.loses and question.safe_answer is None


def test_default_that_cannot_be_cast_is_made_anew(evolution):
    evolution.become(orders(Column("size", String(20), server_default="0", nullable=False)))
    evolution.execute("INSERT INTO orders (id, size) VALUES (1, '5')")
    evolution.write(orders(Column("size", Integer, server_default="0", nullable=False)), {"orders.size": Proceed()})
    evolution.assert_up_down_up()
    evolution.execute("INSERT INTO orders (id) VALUES (2)")
    assert evolution.rows("SELECT size FROM orders ORDER BY id") == [(5,), (0,)]


def test_type_default_nullability_and_comment_change_at_once(evolution):
    evolution.become(orders(Column("size", String(20), comment="as text")))
    evolution.execute("INSERT INTO orders (id, size) VALUES (1, '5'), (2, NULL)")
    size = Column("size", Integer, nullable=False, server_default="3", comment="as number")
    evolution.write(orders(size), Answers({"orders.size": Value("4")}))
    assert [type(each) for each in evolution.answers.asked] == [NotNullQuestion, TypeChangeQuestion]
    evolution.assert_up_down_up()
    assert evolution.rows("SELECT size FROM orders ORDER BY id") == [(5,), (4,)]
    evolution.write(orders(Column("size", String(20), comment="as text")))
    evolution.assert_up_down_up()


def test_numbered_keys_go_on_counting_with_a_bigger_type(evolution):
    def models(type_: Any) -> MetaData:
        metadata = MetaData()
        Table("orders", metadata, Column("id", type_, primary_key=True), Column("note", String(20)))
        Table("bills", metadata, Column("id", type_, sa.Identity(), primary_key=True), Column("note", String(20)))
        return metadata

    evolution.become(models(Integer))
    evolution.execute("INSERT INTO orders (note) VALUES ('a')", "INSERT INTO bills (note) VALUES ('a')")
    if evolution.write(models(sa.BigInteger().with_variant(Integer, "sqlite"))) is None:
        return  # whole numbers are of one size there
    evolution.assert_up_down_up()
    evolution.execute("INSERT INTO orders (note) VALUES ('b')", "INSERT INTO bills (note) VALUES ('b')")
    assert evolution.rows("SELECT id FROM orders ORDER BY id") == [(1,), (2,)]
    assert evolution.rows("SELECT id FROM bills ORDER BY id") == [(1,), (2,)]


def test_all_kinds_of_steps_run_in_batches(three_orders):
    three_orders.in_batches()
    models = orders(
        Column("note", String(10), nullable=False, comment="short"),
        Column("total", Integer, nullable=False),
        UniqueConstraint("id", "total", name="uq_orders_total"),
    )
    three_orders.write(models, {"orders.note": Value("'b'"), "orders.total": Value("0")})
    three_orders.assert_up_down_up()
    assert three_orders.rows("SELECT note, total FROM orders ORDER BY id") == [("a", 0), ("b", 0), ("c", 0)]
    three_orders.write(orders(Column("note", Integer)), Answers({"orders.note": Value("1")}))
    three_orders.assert_up_down_up()
    assert three_orders.rows("SELECT note FROM orders ORDER BY id") == [(1,)] * 3


def states(*labels: str, native: bool, default: str | None = None) -> MetaData:
    """Models of a table with an enum."""
    type_ = sa.Enum(*labels, name="state", native_enum=native, create_constraint=not native)
    return orders(Column("state", type_, server_default=default))


@pytest.fixture(params=["native", "check"])
def native(request: pytest.FixtureRequest) -> bool:
    """Whether enums are types, where the database has such; else a CHECK confines a text."""
    return bool(request.param == "native")


def state_path(evolution: Evolution, label: str, *, native: bool) -> str:
    """How options name a value."""
    is_type = native and evolution.project.dialect.has_enum_types
    return f"state.{label}" if is_type else f"orders.state.{label}"


@pytest.fixture
def labelled(evolution: Evolution, native: bool) -> Evolution:
    """A table with a row for each of two values, and one without."""
    evolution.become(states("open", "closed", native=native))
    evolution.execute("INSERT INTO orders (id, state) VALUES (1, 'open'), (2, 'closed'), (3, NULL)")
    return evolution


def is_detected(evolution: Evolution, native: bool) -> bool:
    """Whether the database knows the values at all."""
    return not native or evolution.dialect_name != "sqlite"


STATES = "SELECT state FROM orders ORDER BY id"


def test_rows_with_a_removed_value_get_another_one(labelled, native):
    if not is_detected(labelled, native):
        return
    path = state_path(labelled, "closed", native=native)
    labelled.write(states("open", native=native), {path: Value("'open'")})
    labelled.assert_up_down_up()
    assert labelled.rows(STATES) == [("open",), ("open",), (None,)]


def test_rows_with_a_removed_value_get_one_that_is_new(labelled, native):
    if not is_detected(labelled, native):
        return
    models = states("open", "finished_at_last", native=native)
    answers = {state_path(labelled, "closed", native=native): Value("'finished_at_last'")}
    labelled.write(models, Answers(answers), Given(not_renamed=frozenset(answers)))
    labelled.migrate()
    assert labelled.rows(STATES) == [("open",), ("finished_at_last",), (None,)]
    labelled.execute("UPDATE orders SET state = NULL WHERE id = 2")
    labelled.migrate("-1")
    assert labelled.rows(STATES) == [("open",), (None,), (None,)]


def test_rows_with_a_removed_value_stop_the_migration(labelled, native):
    if not is_detected(labelled, native):
        return
    labelled.write(states("open", native=native), {state_path(labelled, "closed", native=native): Proceed()})
    with pytest.raises((RevisionFailedError, RevisionStoppedError)):
        labelled.migrate()
    assert labelled.rows(STATES) == [("open",), ("closed",), (None,)]


def test_removed_value_put_off_stays_beside_the_new_ones(labelled, native):
    if not is_detected(labelled, native):
        return
    answers = {state_path(labelled, "closed", native=native): Later()}
    labelled.write(states("open", "paused", native=native), Answers(answers), Given(not_renamed=frozenset(answers)))
    labelled.assert_up_down_up(is_complete=False)
    labelled.execute("UPDATE orders SET state = 'paused' WHERE id = 3")
    assert labelled.rows(STATES) == [("open",), ("closed",), ("paused",)]


def test_added_value_says_what_stops_the_downgrade(labelled, native):
    if not is_detected(labelled, native):
        return
    path = labelled.write(states("open", "closed", "paused", native=native))
    assert "paused stop the downgrade" in labelled.text(path)
    labelled.assert_up_down_up()
    labelled.execute("UPDATE orders SET state = 'paused' WHERE id = 3")
    with pytest.raises((RevisionFailedError, RevisionStoppedError)):
        labelled.migrate("-1")


def test_renamed_value_keeps_its_rows_up_and_down(labelled, native):
    if not is_detected(labelled, native):
        return
    old, new = (state_path(labelled, label, native=native) for label in ("closed", "finished_at_last"))
    models = states("open", "finished_at_last", native=native)
    labelled.write(models, Answers(), Given(renames={old: new}))

    def look(where: str) -> None:
        expected = "closed" if where == "down" else "finished_at_last"
        assert labelled.rows(STATES) == [("open",), (expected,), (None,)]

    labelled.assert_up_down_up(look=look)


def test_values_of_a_column_with_capitals_are_renamed_and_removed(evolution):
    def models(*labels: str) -> MetaData:
        type_ = sa.Enum(*labels, name="state", native_enum=False, create_constraint=True)
        return orders(Column("orderState", type_, nullable=False))

    evolution.become(models("open", "closed", "void"))
    column = evolution.project.dialect.quoted("orderState")
    evolution.execute(f"INSERT INTO orders (id, {column}) VALUES (1, 'open'), (2, 'void')")
    renamed, removed = "orders.orderState.open", "orders.orderState.void"
    evolution.write(models("opened", "closed"), {renamed: Renamed(f"{renamed}ed"), removed: Value("'closed'")})
    evolution.assert_up_down_up()
    assert evolution.rows(f"SELECT {column} FROM orders ORDER BY id") == [("opened",), ("closed",)]


def test_default_that_is_removed_and_renamed_together_with_its_value(evolution, native):
    evolution.become(states("open", "closed", native=native, default="open"))
    evolution.execute("INSERT INTO orders (id, state) VALUES (1, 'open'), (2, 'closed')")
    if not is_detected(evolution, native):
        return
    path = state_path(evolution, "open", native=native)
    models = states("closed", native=native, default="closed")
    evolution.write(models, {path: Value("'closed'")})
    evolution.assert_up_down_up()
    assert evolution.rows(STATES) == [("closed",), ("closed",)]


def referring(type_: Any, nullable: bool = True) -> MetaData:
    """Models of a table and one that refers to it."""
    metadata = MetaData()
    Table("users", metadata, Column("id", type_, primary_key=True))
    user = Column("user_id", type_, ForeignKey("users.id", name="fk_orders_user"), nullable=nullable)
    Table("orders", metadata, Column("id", Integer, primary_key=True), user)
    return metadata


@pytest.mark.parametrize(("old", "new"), [(Integer(), sa.BigInteger()), (String(20), Integer())], ids=["size", "kind"])
def test_both_sides_of_a_foreign_key_get_another_type(evolution, old, new):
    evolution.become(referring(old))
    evolution.execute("INSERT INTO users (id) VALUES ('4')", "INSERT INTO orders (id, user_id) VALUES (1, '4')")
    if evolution.write(referring(new), Answers(default=Proceed())) is None:
        return
    evolution.assert_up_down_up()
    assert evolution.rows("SELECT user_id FROM orders") == [(4,)]


def test_foreign_key_becomes_not_null_and_nullable_again(evolution):
    evolution.become(referring(Integer()))
    evolution.execute("INSERT INTO users (id) VALUES (4)", "INSERT INTO orders (id, user_id) VALUES (1, NULL)")
    evolution.write(referring(Integer(), nullable=False), {"orders.user_id": Value("4")})
    evolution.assert_up_down_up()
    evolution.write(referring(Integer()))
    evolution.migrate()
    evolution.execute("UPDATE orders SET user_id = NULL")
    evolution.migrate("-1")
    assert evolution.rows("SELECT user_id FROM orders") == [(4,)]


@pytest.mark.parametrize("own", [False, True], ids=["another table", "the same table"])
def test_dropped_foreign_key_comes_back_where_nulls_got_a_value_that_it_does_not_know(evolution, own):
    def models(*, nullable: bool, refers: bool) -> MetaData:
        to = [ForeignKey("orders.id" if own else "users.id", name="fk_orders_user")] if refers else []
        return shop(Column("user_id", Integer, *to, nullable=nullable))

    evolution.become(models(nullable=True, refers=True))
    evolution.execute("INSERT INTO users (id) VALUES (1)", "INSERT INTO orders (id, user_id) VALUES (1, NULL)")
    evolution.execute("INSERT INTO orders (id, user_id) VALUES (2, 1)")
    evolution.write(models(nullable=False, refers=False), {"orders.user_id": Value("7")})
    evolution.assert_up_down_up()
    evolution.migrate("-1")
    assert evolution.rows("SELECT id, user_id FROM orders ORDER BY id") == [(1, None), (2, 1)]


def test_dropped_foreign_key_of_a_table_to_itself_comes_back(evolution):
    def tree(*columns: Any) -> MetaData:
        metadata = MetaData()
        Table("nodes", metadata, Column("id", Integer, primary_key=True), *columns)
        return metadata

    parent = Column("parent_id", Integer, ForeignKey("nodes.id", name="fk_nodes_parent"), nullable=False)
    evolution.become(tree(parent))
    evolution.execute(
        "INSERT INTO nodes (id, parent_id) VALUES (1, 1)", "INSERT INTO nodes (id, parent_id) VALUES (2, 1)"
    )
    evolution.write(tree())
    evolution.assert_up_down_up()


def test_two_columns_that_are_unique_together_come_back(evolution):
    unique = UniqueConstraint("name", "number", name="uq_orders_name")
    evolution.become(
        orders(Column("name", String(9), nullable=False), Column("number", Integer, nullable=False), unique)
    )
    evolution.execute("INSERT INTO orders (id, name, number) VALUES (1, 'a', 1)")
    evolution.execute("INSERT INTO orders (id, name, number) VALUES (2, 'a', 2)")
    evolution.write(orders())
    evolution.assert_up_down_up()


def test_nullable_unique_column_is_numbered_above_what_is_there(evolution):
    def numbered(*, nullable: bool) -> MetaData:
        unique = UniqueConstraint("number", name="uq_orders_number")
        return orders(Column("number", Integer, nullable=nullable), unique)

    evolution.become(numbered(nullable=False))
    evolution.execute("INSERT INTO orders (id, number) VALUES (1, 1)", "INSERT INTO orders (id, number) VALUES (2, 2)")
    evolution.write(numbered(nullable=True))
    evolution.migrate()
    evolution.execute(
        "INSERT INTO orders (id, number) VALUES (3, NULL)", "INSERT INTO orders (id, number) VALUES (4, NULL)"
    )
    evolution.migrate("-1")
    assert len({number for (number,) in evolution.rows("SELECT number FROM orders")}) == 4


def test_dropped_column_with_a_check_comes_back_with_a_value_that_it_allows(evolution):
    checks = [
        sa.CheckConstraint("size > 3", name="ck_orders_size"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="ck_orders_state"),
        sa.CheckConstraint("length(code) = 2", name="ck_orders_code"),
    ]
    columns = [
        Column("size", Integer, nullable=False),
        Column("state", String(9), nullable=False),
        Column("code", String(9), nullable=False),
    ]
    evolution.become(orders(*columns, *checks))
    evolution.execute("INSERT INTO orders (id, size, state, code) VALUES (1, 7, 'open', 'ab')")
    evolution.write(orders())
    evolution.assert_up_down_up()


@where(lambda dialect: dialect.moves_columns or dialect.needs_batch)
@pytest.mark.parametrize("nullable", [True, False], ids=["nullable", "not null"])
def test_dropped_columns_come_back_in_their_places(evolution, nullable):
    columns = {name: Column(name, Integer, nullable=nullable) for name in "abcd"}
    evolution.become(orders(*columns.values()))
    evolution.execute("INSERT INTO orders (id, a, b, c, d) VALUES (1, 2, 3, 4, 5)")
    evolution.write(orders(Column("b", Integer, nullable=nullable), Column("d", Integer, nullable=nullable)))
    evolution.assert_up_down_up()


def test_dropped_foreign_key_of_one_row_to_one_comes_back(evolution):
    evolution.become(shop(reference(), UniqueConstraint("user_id", name="uq_orders_user")))
    evolution.execute("INSERT INTO users (id) VALUES (4), (7), (9)")
    evolution.execute(
        "INSERT INTO orders (id, user_id) VALUES (1, 9)", "INSERT INTO orders (id, user_id) VALUES (2, 4)"
    )
    evolution.write(shop())
    evolution.assert_up_down_up()
    evolution.migrate("-1")
    assert sorted(evolution.rows("SELECT user_id FROM orders")) == [(4,), (7,)]


def test_table_gets_a_numbered_primary_key(evolution):
    def log(*columns: Any) -> MetaData:
        metadata = MetaData()
        key = [sa.PrimaryKeyConstraint("id", name="pk_log")] if columns else []
        Table("log", metadata, *columns, Column("text", String(20)), *key)
        return metadata

    evolution.become(log())
    evolution.execute("INSERT INTO log (text) VALUES ('a')", "INSERT INTO log (text) VALUES ('a')")
    evolution.write(log(Column("id", Integer)))
    evolution.assert_up_down_up()
    evolution.execute("INSERT INTO log (text) VALUES ('b')")
    assert sorted(evolution.rows("SELECT id FROM log")) == [(1,), (2,), (3,)]


def test_a_type_that_no_cast_leads_to_is_reached_all_the_same(evolution):
    evolution.become(orders(Column("code", sa.Uuid, server_default=sa.text("NULL"))))
    evolution.execute("INSERT INTO orders (id) VALUES (1)")
    evolution.write(orders(Column("code", sa.BigInteger)), {"orders.code": Proceed()})
    evolution.assert_up_down_up()


@where(lambda dialect: dialect.has_enum_types)
def test_an_enum_loses_a_value_that_was_the_default_of_columns_which_leave_it(evolution):
    """One column goes, one gets another type, and one goes with its table."""

    def models(*labels: str, gone: bool) -> MetaData:
        def status() -> sa.Enum:
            return sa.Enum(*labels, name="status")

        left = [Column("gone", status(), server_default="open")] if gone else []
        metadata = orders(
            Column("status", status()),
            Column("note", status() if gone else String(20), server_default="open"),
            *left,
        )
        if gone:
            Table(
                "logs", metadata, Column("id", Integer, primary_key=True), Column("s", status(), server_default="open")
            )
        return metadata

    evolution.become(models("open", "shut", gone=True))
    evolution.execute("INSERT INTO orders (id, status) VALUES (1, 'shut')")
    evolution.write(models("shut", "void", gone=False), Answers(default=Proceed()))
    evolution.assert_up_down_up()
    assert evolution.rows("SELECT status, note FROM orders") == [("shut", "open")]
