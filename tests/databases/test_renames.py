"""Renames keep the rows: on every database, up, down and up again."""

import pytest
import sqlalchemy as sa
from support.autodetection import Evolution
from support.comparison import operations_between
from support.databases import where

from alembic_manage.operations import StopSerial
from alembic_manage.questions import Dropped, Given, Renamed

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def orders(*columns: sa.schema.SchemaItem, name: str = "orders", schema: str | None = None, info=None) -> sa.MetaData:
    metadata = sa.MetaData(naming_convention=NAMES)
    sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *columns, schema=schema, info=info or {})
    return metadata


def with_lines(table: str, column: str) -> sa.MetaData:
    """Orders with a unique number and a check, and lines that refer to it."""
    metadata = orders(
        sa.Column(column, sa.String(20), nullable=False, unique=True),
        sa.Column("placed_on", sa.Date),
        sa.Column("total", sa.Numeric(10, 2)),
        sa.CheckConstraint(f"{column} <> ''", name="not_empty"),
        sa.Index(None, column, "id"),
        name=table,
    )
    sa.Table(
        "order_lines",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("order_number", sa.ForeignKey(f"{table}.{column}", ondelete="CASCADE")),
    )
    return metadata


def test_a_renamed_column_keeps_its_rows(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, placed) VALUES (1, 'monday')")
    evolution.write(orders(sa.Column("placed_on", sa.String(20))), {"orders.placed": Renamed("orders.placed_on")})
    evolution.assert_up_down_up(
        look=lambda where: _same_row(evolution, "placed" if where == "down" else "placed_on", "monday")
    )


def _same_row(evolution: Evolution, column: str, value: object) -> None:
    assert evolution.rows(f"SELECT {column} FROM orders") == [(value,)]


def test_a_renamed_column_may_get_longer_too(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, placed) VALUES (1, 'monday')")
    path = evolution.write(
        orders(sa.Column("placed_on", sa.String(40))), {"orders.placed": Renamed("orders.placed_on")}
    )
    assert "drop_column" not in evolution.text(path)
    evolution.assert_up_down_up(
        look=lambda where: _same_row(evolution, "placed" if where == "down" else "placed_on", "monday")
    )


def test_no_means_that_the_column_is_dropped(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20))))
    path = evolution.write(orders(sa.Column("placed_on", sa.String(20))), {"orders.placed": Dropped()})
    assert "drop_column('placed')" in evolution.text(path).replace('"', "'").replace("'orders', ", "")
    evolution.assert_up_down_up()


def test_what_refers_to_a_renamed_column_and_table_follows(evolution: Evolution):
    evolution.become(with_lines("orders", "number"))
    evolution.execute(
        "INSERT INTO orders (id, number) VALUES (1, 'A1')",
        "INSERT INTO order_lines (id, order_number) VALUES (1, 'A1')",
    )
    evolution.write(
        with_lines("purchases", "code"),
        {"orders": Renamed("purchases"), "purchases.number": Renamed("purchases.code")},
    )

    def look(where: str) -> None:
        table, column = ("orders", "number") if where == "down" else ("purchases", "code")
        assert evolution.rows(f"SELECT {column} FROM {table}") == [("A1",)]
        assert evolution.rows("SELECT order_number FROM order_lines") == [("A1",)]

    evolution.assert_up_down_up(look=look)


def test_two_columns_swap_their_names(evolution: Evolution):
    evolution.become(orders(sa.Column("net", sa.Integer), sa.Column("label", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, net, label) VALUES (1, 7, 'seven')")
    given = Given(renames={"orders.net": "orders.label", "orders.label": "orders.net"})
    evolution.write(orders(sa.Column("label", sa.Integer), sa.Column("net", sa.String(20))), given=given)
    assert given.used == {"orders.net", "orders.label"}

    def look(where: str) -> None:
        expected = [(7, "seven")] if where == "down" else [("seven", 7)]
        assert evolution.rows("SELECT net, label FROM orders") == expected

    evolution.assert_up_down_up(look=look)


def test_a_chain_of_renames_loses_nothing(evolution: Evolution):
    evolution.become(orders(sa.Column("a", sa.Integer), sa.Column("b", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, a, b) VALUES (1, 7, 'seven')")
    given = Given(renames={"orders.a": "orders.b", "orders.b": "orders.c"})
    evolution.write(orders(sa.Column("b", sa.Integer), sa.Column("c", sa.String(20))), given=given)

    def look(where: str) -> None:
        columns = "a, b" if where == "down" else "b, c"
        assert evolution.rows(f"SELECT {columns} FROM orders") == [(7, "seven")]

    evolution.assert_up_down_up(look=look)


def people_and_parcels(people: str, parcels: str, *more: sa.Table, naming: bool = True) -> sa.MetaData:
    """Two tables with indexes, checks and unique columns, and a third that refers to both."""
    metadata = sa.MetaData(naming_convention=NAMES if naming else None)
    sa.Table(
        people,
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(40), nullable=False, unique=True),
        sa.Column("born", sa.Date, index=True),
    )
    sa.Table(
        parcels,
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("weight", sa.Integer, sa.CheckConstraint("weight > 0", name="heavy"), nullable=False, index=True),
        sa.Column("route", sa.String(20), unique=True),
    )
    sa.Table(
        "trips",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.ForeignKey(f"{people}.id")),
        sa.Column("parcel_id", sa.ForeignKey(f"{parcels}.id")),
    )
    for each in more:
        each.to_metadata(metadata)
    return metadata


def insert_trip(evolution: Evolution, people: str, parcels: str) -> None:
    evolution.execute(
        f"INSERT INTO {people} (id, email, born) VALUES (1, 'a@b.c', '2001-02-03')",
        f"INSERT INTO {parcels} (id, weight, route) VALUES (2, 7, 'north')",
        "INSERT INTO trips (id, person_id, parcel_id) VALUES (3, 1, 2)",
    )


def assert_trip(evolution: Evolution, people: str, parcels: str) -> None:
    assert evolution.rows(
        f"SELECT email, weight FROM trips JOIN {people} p ON p.id = person_id JOIN {parcels} q ON q.id = parcel_id"
    ) == [("a@b.c", 7)]


@pytest.mark.parametrize("naming", [True, False], ids=["a convention", "names of the database"])
def test_two_tables_swap_their_names(evolution: Evolution, naming: bool):
    evolution.become(people_and_parcels("a", "b", naming=naming))
    insert_trip(evolution, "a", "b")
    evolution.write(people_and_parcels("b", "a", naming=naming), {"a": Renamed("b"), "b": Renamed("a")})
    evolution.assert_up_down_up(look=lambda where: assert_trip(evolution, *("ab" if where == "down" else "ba")))


@pytest.mark.parametrize("path", ["a.email", "b.email"], ids=["the old name", "the new name"])
def test_columns_of_tables_that_swap_their_names_are_named_by_either(evolution: Evolution, path: str):
    def tables(people: str, parcels: str, email: str) -> sa.MetaData:
        more = [sa.Column("born", sa.Date), sa.Column("height", sa.Integer), sa.Column("nick", sa.String(20))]
        metadata = orders(sa.Column(email, sa.String(40)), *more, name=people)
        sa.Table(parcels, metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("weight", sa.Float))
        return metadata

    evolution.become(tables("a", "b", "email"))
    evolution.execute("INSERT INTO a (id, email) VALUES (1, 'a@b.c')", "INSERT INTO b (id, weight) VALUES (2, 7)")
    given = Given(renames={"a": "b", "b": "a", path: "b.address"})
    evolution.write(tables("b", "a", "address"), given=given)

    def look(where: str) -> None:
        column, table = ("email", "a") if where == "down" else ("address", "b")
        assert evolution.rows(f"SELECT {column} FROM {table}") == [("a@b.c",)]

    evolution.assert_up_down_up(look=look)


@pytest.mark.parametrize("naming", [True, False], ids=["a convention", "names of the database"])
def test_a_chain_of_tables_loses_nothing(evolution: Evolution, naming: bool):
    evolution.become(people_and_parcels("a", "b", naming=naming))
    insert_trip(evolution, "a", "b")
    evolution.write(people_and_parcels("b", "c", naming=naming), {"a": Renamed("b"), "b": Renamed("c")})
    evolution.assert_up_down_up(look=lambda where: assert_trip(evolution, *("ab" if where == "down" else "bc")))


def test_a_new_table_takes_the_name_of_one_that_is_renamed(evolution: Evolution):
    evolution.become(people_and_parcels("people", "parcels"))
    insert_trip(evolution, "people", "parcels")
    new = sa.Table(
        "people", sa.MetaData(), sa.Column("nick", sa.String(9), primary_key=True), sa.Column("karma", sa.Float)
    )
    evolution.write(people_and_parcels("old_people", "parcels", new), {"people": Renamed("old_people")})
    evolution.assert_up_down_up(
        look=lambda where: assert_trip(evolution, "people" if where == "down" else "old_people", "parcels")
    )


def test_the_models_say_it_and_nothing_is_asked(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, placed) VALUES (1, 'monday')")
    said = orders(
        sa.Column("placed_on", sa.String(20), info={"renamed_from": "placed"}),
        name="purchases",
        info={"renamed_from": "orders"},
    )
    evolution.write(said)
    assert [each for each in evolution.answers.asked if each.safe_answer is None] == []
    evolution.migrate()
    assert evolution.rows("SELECT placed_on FROM purchases") == [("monday",)]
    assert evolution.write(said) is None


def test_names_that_models_swapped_once_are_not_swapped_again(evolution: Evolution):
    evolution.become(orders(sa.Column("net", sa.Integer), sa.Column("label", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, net, label) VALUES (1, 7, 'seven')")

    def swapped(*more: sa.Column) -> sa.MetaData:
        label = sa.Column("label", sa.Integer, info={"renamed_from": "net"})
        return orders(label, sa.Column("net", sa.String(20), info={"renamed_from": "label"}), *more)

    evolution.become(swapped())
    evolution.write(swapped(sa.Column("note", sa.Text)))
    evolution.assert_up_down_up()
    assert evolution.rows("SELECT net, label FROM orders") == [("seven", 7)]


def test_tables_that_models_swapped_once_are_not_swapped_again(evolution: Evolution):
    evolution.become(people_and_parcels("a", "b"))
    insert_trip(evolution, "a", "b")

    def swapped(*more: sa.Table) -> sa.MetaData:
        found = people_and_parcels("b", "a", *more)
        found.tables["a"].info["renamed_from"], found.tables["b"].info["renamed_from"] = "b", "a"
        return found

    evolution.become(swapped())
    evolution.write(swapped(sa.Table("c", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))))
    evolution.assert_up_down_up(look=lambda where: assert_trip(evolution, "b", "a"))


def takeover(evolution: Evolution, given: Given | None, answers: dict | None = None) -> None:
    """Column b is dropped, and a gets its name."""
    evolution.become(orders(sa.Column("a", sa.Integer), sa.Column("b", sa.Date)))
    evolution.execute("INSERT INTO orders (id, a) VALUES (1, 7)")
    evolution.write(orders(sa.Column("b", sa.Integer), sa.Column("c", sa.Date)), answers, given)
    names = {"up": "b", "down": "a", "up again": "b"}
    evolution.assert_up_down_up(look=lambda where: _same_row(evolution, names[where], 7))


def test_a_column_may_take_the_name_of_one_that_is_dropped(evolution: Evolution):
    takeover(evolution, None, {"orders.b": Dropped(), "orders.a": Renamed("orders.b")})


def become_both(evolution: Evolution) -> None:
    # The old one is the last: PostgreSQL cannot put it back before another.
    evolution.become(orders(sa.Column("new_status", sa.Integer), sa.Column("status", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, status, new_status) VALUES (1, 'paid', 7)")


def assert_status_is_new(evolution: Evolution) -> None:
    names = {"up": "status", "down": "new_status", "up again": "status"}
    evolution.assert_up_down_up(look=lambda where: _same_row(evolution, names[where], 7))


def test_a_new_column_may_replace_an_old_one_under_its_name(evolution: Evolution):
    become_both(evolution)
    evolution.write(orders(sa.Column("status", sa.Integer)), {"orders.new_status": Renamed("orders.status")})
    assert "what was orders.status is dropped with its data" in evolution.answers.asked[0].text
    assert_status_is_new(evolution)


def test_the_option_of_that_question_is_enough(evolution: Evolution):
    become_both(evolution)
    given = Given(renames={"orders.new_status": "orders.status"})
    evolution.write(orders(sa.Column("status", sa.Integer)), given=given)
    assert_status_is_new(evolution)


def test_a_column_that_keeps_its_type_keeps_its_name(evolution: Evolution):
    become_both(evolution)
    evolution.write(orders(sa.Column("status", sa.String(40))))
    assert "orders.new_status" not in evolution.answers.paths


def test_options_say_that_a_column_takes_the_name_of_one_that_is_dropped(evolution: Evolution):
    takeover(evolution, Given(renames={"orders.a": "orders.b"}, not_renamed=frozenset({"orders.b"})))


def test_one_of_two_tables_that_seem_to_swap_may_be_dropped(evolution: Evolution):
    evolution.become(people_and_parcels("a", "b"))
    evolution.execute("INSERT INTO b (id, weight, route) VALUES (2, 7, 'north')")
    evolution.write(people_and_parcels("b", "a"), {"a": Dropped(), "b": Renamed("a")})
    names = {"up": "a", "down": "b", "up again": "a"}

    def look(where: str) -> None:
        assert evolution.rows(f"SELECT weight FROM {names[where]}") == [(7,)]

    evolution.assert_up_down_up(look=look)


def test_an_option_says_it_and_nothing_is_asked(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20))))
    evolution.execute("INSERT INTO orders (id, placed) VALUES (1, 'monday')")
    given = Given(renames={"orders": "purchases", "orders.placed": "orders.zzz"})
    evolution.write(orders(sa.Column("zzz", sa.String(20)), name="purchases"), given=given)
    assert [each for each in evolution.answers.asked if each.safe_answer is None] == []
    assert given.used == {"orders", "orders.placed"}
    evolution.migrate()
    assert evolution.rows("SELECT zzz FROM purchases") == [("monday",)]


def test_an_option_says_no_and_nothing_is_asked(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20))))
    given = Given(not_renamed=frozenset({"orders.placed"}))
    evolution.become(orders(sa.Column("placed_on", sa.String(20))), given=given)
    assert [each for each in evolution.answers.asked if each.safe_answer is None] == []
    assert evolution.project.columns("orders") == {"id", "placed_on"}


def test_an_option_for_nothing_is_not_used(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20))))
    given = Given(renames={"orders.plcaed": "orders.placed_on"})
    evolution.write(orders(sa.Column("placed", sa.String(30))), given=given)
    assert given.used == set()


@where(lambda dialect: dialect.renames_indexes)
def test_an_index_with_another_name_is_renamed(evolution: Evolution):
    evolution.become(orders(sa.Column("placed", sa.String(20)), sa.Index("ix_old", "placed")))
    path = evolution.write(orders(sa.Column("placed", sa.String(20)), sa.Index("ix_new", "placed")))
    assert "drop_index" not in evolution.text(path)
    evolution.assert_up_down_up()


@where(lambda dialect: "check" in dialect.renamed_constraints)
def test_a_constraint_with_another_name_is_renamed(evolution: Evolution):
    check = sa.CheckConstraint("placed <> ''", name=sa.schema.conv("former"))
    evolution.become(orders(sa.Column("placed", sa.String(20)), check))
    renamed = sa.CheckConstraint("placed <> ''", name=sa.schema.conv("present"))
    path = evolution.write(orders(sa.Column("placed", sa.String(20)), renamed))
    assert "RENAME CONSTRAINT former TO present" in evolution.text(path)
    evolution.assert_up_down_up()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_renamed_enum_value_keeps_its_rows(evolution: Evolution):
    evolution.become(orders(sa.Column("status", sa.Enum("open", "closed", name="status"))))
    evolution.execute("INSERT INTO orders (id, status) VALUES (1, 'closed')")
    evolution.write(
        orders(sa.Column("status", sa.Enum("open", "was_closed", name="status"))),
        {"status.closed": Renamed("status.was_closed")},
    )
    evolution.assert_up_down_up(
        look=lambda where: _same_row(evolution, "status", "closed" if where == "down" else "was_closed")
    )


def two_tables(first: sa.Index, second: sa.Index | None = None) -> sa.MetaData:
    """Tables that have nothing to do with one another, each with an index."""
    metadata = sa.MetaData()
    for name, index in (("orders", first), ("lines", second)):
        sa.Table(
            name,
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("note", sa.String(20)),
            *([index] if index is not None else []),
        )
    return metadata


def test_two_tables_swap_the_names_of_their_indexes(evolution: Evolution):
    evolution.become(two_tables(sa.Index("ix_a", "note"), sa.Index("ix_b", "note")))
    evolution.write(two_tables(sa.Index("ix_b", "note"), sa.Index("ix_a", "note")))
    evolution.assert_up_down_up()


def test_an_index_gets_the_name_of_one_that_another_table_loses(evolution: Evolution):
    evolution.become(two_tables(sa.Index("ix_a", "note"), sa.Index("ix_b", "note")))
    evolution.write(two_tables(sa.Index("ix_b", "id", "note")))
    evolution.assert_up_down_up()


def numbered(table: str, column: str, *, by_database: bool) -> sa.MetaData:
    """A table whose key the database numbers, or not."""
    metadata = sa.MetaData()
    sa.Table(
        table,
        metadata,
        sa.Column(column, sa.Integer, primary_key=True, autoincrement=by_database),
        sa.Column("n", sa.Date),
    )
    return metadata


@where(lambda dialect: dialect.serial_sequence("orders", "id") is not None)
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "later"])
def test_the_sequence_goes_when_numbering_ends_whatever_its_table_and_column_were_called(
    evolution: Evolution, at_once: bool
):
    renames = {"orders": "purchases", "orders.id": "purchases.number"}
    evolution.become(numbered("orders", "id", by_database=True))
    evolution.execute("INSERT INTO orders DEFAULT VALUES")
    if not at_once:
        evolution.become(numbered("purchases", "number", by_database=True), given=Given(renames=renames))
        renames = {}
    evolution.write(numbered("purchases", "number", by_database=False), given=Given(renames=renames))
    sequences: dict[str, list[str]] = {}

    def look(where: str) -> None:
        found = evolution.rows("SELECT relname FROM pg_class WHERE relkind = 'S' AND relname NOT LIKE 'alembic%'")
        sequences[where] = [name for (name,) in found]

    evolution.assert_up_down_up(look=look)
    assert sequences == {"up": [], "down": ["orders_id_seq"], "up again": []}


@where(lambda dialect: dialect.serial_sequence("orders", "id") is not None)
def test_the_sequence_of_a_table_with_another_name_is_read_from_the_database_too(database_url: str):
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        numbered("orders", "id", by_database=True).create_all(connection)
        connection.exec_driver_sql("ALTER TABLE orders RENAME TO purchases")
        target = numbered("purchases", "id", by_database=False)
        found = [each for each in operations_between(connection, target) if isinstance(each, StopSerial)]
        assert [each.sequence for each in found] == ["orders_id_seq"]
    engine.dispose()
