"""The written file runs up, down and up again, with rows in the tables, on every database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import pytest
from sqlalchemy import (
    URL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    inspect,
    text,
)
from sqlalchemy.exc import IntegrityError
from support.autodetection import Evolution
from support.databases import where
from support.projects import MakeProject
from support.tiny_projects import Events

from alembic_manage.environment import Environment
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.fake import run_all
from alembic_manage.plan import make_plan
from alembic_manage.settings.settings import DatabaseSettings

Models = Callable[[MetaData], object]


@dataclass(frozen=True)
class Situation:
    """Models that become others, while there are rows."""

    before: Models
    after: Models
    rows: Sequence[str] = ()
    """Statements that insert them."""


def customers(metadata: MetaData, *more: object) -> Table:
    return Table(
        "customers", metadata, Column("id", Integer, primary_key=True), Column("name", String(50), unique=True), *more
    )


def orders(metadata: MetaData, *more: object, key: bool = True, index: bool = False) -> Table:
    customer = [ForeignKey("customers.id")] if key else []
    return Table(
        "orders",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("customer_id", Integer, *customer, index=index),
        Column("note", String(20)),
        *more,
    )


ROWS = (
    "INSERT INTO customers (id, name) VALUES (1, 'Ann')",
    "INSERT INTO orders (id, customer_id, note) VALUES (1, 1, 'x'), (2, NULL, NULL)",
)


def shop(metadata: MetaData) -> None:
    customers(metadata)
    orders(metadata, index=True)


def nothing_but(*tables: Models) -> Models:
    def models(metadata: MetaData) -> None:
        for table in tables:
            table(metadata)

    return models


def circle(metadata: MetaData) -> None:
    """Two tables that refer to one another, and one to itself."""
    Table("a", metadata, Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id")))
    Table("b", metadata, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")))
    Table("c", metadata, Column("id", Integer, primary_key=True), Column("up", ForeignKey("c.id")))


def key_apart(metadata: MetaData) -> None:
    customers(metadata)
    Table(
        "a",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("customer_id", ForeignKey("customers.id", use_alter=True, name="fk_a")),
    )


def with_status(name: str) -> Models:
    return lambda metadata: Table(
        name, metadata, Column("id", Integer, primary_key=True), Column("status", Enum("open", "paid", name="status"))
    )


def without_status(name: str) -> Models:
    return lambda metadata: Table(name, metadata, Column("id", Integer, primary_key=True))


def rich(metadata: MetaData) -> None:
    """A table with one of everything."""
    customers(metadata)
    Table(
        "rich",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("customer_id", Integer, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        Column("code", String(10), nullable=False, server_default="none"),
        Column("total", Numeric(10, 2), server_default=text("0"), nullable=False),
        Column("twice", Numeric(12, 2), Computed("total * 2", persisted=True)),
        Column("made_at", DateTime, server_default=func.now()),
        UniqueConstraint("customer_id", "code"),
        CheckConstraint("total >= 0"),
        CheckConstraint("total < 1000 OR code <> 'none'", name="small"),
        Index("ix_rich_code", "code"),
        comment="Everything",
    )


def checked(metadata: MetaData) -> None:
    customers(metadata)
    orders(metadata, UniqueConstraint("note", "customer_id"), CheckConstraint("customer_id > 0"))


LONG = "a_table_with_a_very_long_name_that_leaves_no_room_for_more"


def long_names(metadata: MetaData) -> None:
    Table(LONG, metadata, Column("id", Integer, primary_key=True), Column("number", Integer, unique=True))
    Table(
        f"{LONG}_b",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a_id", ForeignKey(f"{LONG}.id")),
        Column("b_id", ForeignKey(f"{LONG}.number")),
        CheckConstraint("a_id > 0"),
        CheckConstraint("a_id < 100"),
    )


def wide_key(metadata: MetaData) -> None:
    Table("customers", metadata, Column("id", BigInteger, primary_key=True), Column("name", String(50), unique=True))
    Table(
        "orders",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("customer_id", BigInteger, ForeignKey("customers.id")),
        Column("note", String(20)),
    )


def key_to_name(metadata: MetaData) -> None:
    customers(metadata)
    Table(
        "orders",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("customer_name", String(50), ForeignKey("customers.name")),
    )


def names_no_more(metadata: MetaData) -> None:
    Table("customers", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)))
    Table("orders", metadata, Column("id", Integer, primary_key=True), Column("customer_name", String(50)))


def pair(metadata: MetaData) -> None:
    """Tables joined by a key of two columns."""
    Table("parents", metadata, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))
    Table(
        "children",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("a", Integer),
        Column("b", Integer),
        ForeignKeyConstraint(["a", "b"], ["parents.a", "parents.b"]),
    )


def flagged(metadata: MetaData) -> None:
    orders(
        metadata,
        Column("is_paid", Boolean(create_constraint=True)),
        Column("size", Enum("s", "m", native_enum=False, create_constraint=True)),
        key=False,
    )


SITUATIONS = {
    "everything is dropped": Situation(shop, without_status("rest"), ROWS),
    "everything is made": Situation(without_status("rest"), nothing_but(without_status("rest"), shop)),
    "a parent is dropped": Situation(shop, lambda metadata: orders(metadata, key=False), ROWS),
    "a parent is added": Situation(
        lambda metadata: orders(metadata, key=False),
        shop,
        ["INSERT INTO orders (id, customer_id) VALUES (1, NULL)"],
    ),
    "a circle is made": Situation(shop, nothing_but(shop, circle), ROWS),
    "a circle is dropped": Situation(
        nothing_but(shop, circle),
        shop,
        [*ROWS, "INSERT INTO a (id) VALUES (1)", "INSERT INTO b (id, a_id) VALUES (1, 1)", "UPDATE a SET b_id = 1"],
    ),
    "a key that is to be made apart": Situation(customers, key_apart),
    "a key that was made apart": Situation(key_apart, customers),
    "tables that share a new enum": Situation(
        without_status("rest"), nothing_but(without_status("rest"), with_status("a"), with_status("b"))
    ),
    "a column of a new enum": Situation(without_status("a"), with_status("a"), ["INSERT INTO a (id) VALUES (1)"]),
    "the last column of an enum": Situation(
        with_status("a"), without_status("a"), ["INSERT INTO a (id, status) VALUES (1, 'paid')"]
    ),
    "a table whose enum another has": Situation(
        nothing_but(with_status("a"), with_status("b")),
        with_status("b"),
        ["INSERT INTO a (id, status) VALUES (1, 'paid')", "INSERT INTO b (id, status) VALUES (1, 'open')"],
    ),
    "tables with an enum are dropped": Situation(
        nothing_but(with_status("a"), with_status("b"), without_status("rest")), without_status("rest")
    ),
    "a rich table is made": Situation(customers, rich, ROWS[:1]),
    "a rich table is dropped": Situation(
        rich, customers, [*ROWS[:1], "INSERT INTO rich (id, customer_id, total) VALUES (1, 1, 5)"]
    ),
    "constraints without a name are added": Situation(shop, checked, ROWS),
    "constraints without a name are removed": Situation(checked, shop, ROWS),
    "names that do not fit": Situation(without_status("rest"), nothing_but(without_status("rest"), long_names)),
    "names that did not fit": Situation(nothing_but(without_status("rest"), long_names), without_status("rest")),
    "a key of two columns comes": Situation(without_status("rest"), nothing_but(without_status("rest"), pair)),
    "a key of two columns goes": Situation(
        pair,
        lambda metadata: Table("children", metadata, Column("id", Integer, primary_key=True)),
        ["INSERT INTO parents (a, b) VALUES (1, 2)", "INSERT INTO children (id, a, b) VALUES (1, 1, 2)"],
    ),
    "the type of a key and of what refers to it": Situation(nothing_but(customers, orders), wide_key, ROWS),
    "a key to a name goes, and that is no longer unique": Situation(
        key_to_name,
        names_no_more,
        [ROWS[0], "INSERT INTO orders (id, customer_name) VALUES (1, 'Ann')"],
    ),
    "a key to a name comes, and that becomes unique": Situation(
        names_no_more,
        key_to_name,
        [ROWS[0], "INSERT INTO orders (id, customer_name) VALUES (1, 'Ann')"],
    ),
    "an index that a key needs is dropped": Situation(shop, nothing_but(customers, orders), ROWS),
    "an index that a key needs gets another column": Situation(
        nothing_but(customers, lambda metadata: orders(metadata, Index("ix", "customer_id"))),
        nothing_but(customers, lambda metadata: orders(metadata, Index("ix", "customer_id", "note"))),
        ROWS,
    ),
    "an index that a key needs gets another name": Situation(
        nothing_but(customers, lambda metadata: orders(metadata, Index("ix_old", "customer_id"))),
        nothing_but(customers, lambda metadata: orders(metadata, Index("ix_new", "customer_id", "note"))),
        ROWS,
    ),
    "a column goes with all that uses it": Situation(
        nothing_but(
            customers,
            lambda metadata: orders(
                metadata,
                Column("code", String(10), unique=True),
                Index("ix_code", "code", "note"),
                CheckConstraint("code <> 'no'", name="ck_code"),
            ),
        ),
        nothing_but(customers, orders),
        [*ROWS, "UPDATE orders SET code = 'yes' WHERE id = 1"],
    ),
    "a column comes with all that uses it": Situation(
        nothing_but(customers, orders),
        nothing_but(
            customers,
            lambda metadata: orders(
                metadata,
                Column("code", String(10)),
                Column("seller_id", ForeignKey("customers.id")),
                UniqueConstraint("code", "note"),
                Index("ix_code", "code", "note"),
                CheckConstraint("code <> 'no'"),
            ),
        ),
        ROWS,
    ),
    "checks that types bring along come": Situation(
        lambda metadata: orders(metadata, key=False), flagged, ["INSERT INTO orders (id) VALUES (1)"]
    ),
    "checks that types bring along go": Situation(
        flagged, lambda metadata: orders(metadata, key=False), ["INSERT INTO orders (id) VALUES (1)"]
    ),
    "a numbered key gets a comment": Situation(
        lambda metadata: orders(metadata, key=False),
        lambda metadata: Table(
            "orders",
            metadata,
            Column("id", Integer, primary_key=True, comment="A number"),
            Column("customer_id", Integer),
            Column("note", Text, server_default="none", comment="Free text"),
            comment="What was ordered",
        ),
        ["INSERT INTO orders (note) VALUES ('x')"],
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_up_down_up(evolution: Evolution, name: str) -> None:
    """And every constraint has a name."""
    run(evolution, SITUATIONS[name])


# As a project writes them of which one database is SQLite; THOROUGH=1 runs every situation that way.
@pytest.mark.parametrize("name", list(SITUATIONS)[:: 1 if os.environ.get("THOROUGH") else 5])
@where(lambda dialect: not dialect.needs_batch)
def test_up_down_up_in_batches(evolution: Evolution, name: str) -> None:
    run(evolution.in_batches(), SITUATIONS[name])


def run(evolution: Evolution, situation: Situation) -> None:
    """Write and run what leads from the one to the other."""
    evolution.become(models(situation.before))
    evolution.execute(*situation.rows)
    source = evolution.text(evolution.write(models(situation.after)))
    assert "WARNING" not in source
    assert "(None" not in source
    evolution.assert_up_down_up()


def models(define: Models) -> MetaData:
    """What `define` puts into a MetaData."""
    metadata = MetaData()
    define(metadata)
    return metadata


# Several kinds of databases in one project


@pytest.fixture
def both(evolution: Evolution, new_database: Callable[[str], URL]) -> Iterator[Evolution]:
    """As `evolution`, where the project has a second database: SQLite beside a server, PostgreSQL beside SQLite."""
    other = "postgresql" if evolution.dialect_name == "sqlite" else "sqlite"
    url = new_database(other).render_as_string(hide_password=False)
    settings = evolution.project.settings
    cast("dict[str, DatabaseSettings]", settings.databases)["other"] = DatabaseSettings(url)
    yield evolution
    evolution.project.project.database("other").dispose()


def run_on_other(evolution: Evolution, target: str = "heads") -> None:
    environment = Environment(evolution.project.project, "other")
    history = environment.history.require_sound()
    Executor(environment).run(lambda recorded: make_plan(history, recorded, target), Events(), fake=run_all)


def everything_at_once(metadata: MetaData) -> None:
    """Enum, circle, index, unique constraint and a column that goes."""
    customers(metadata)
    circle(metadata)
    Table(
        "orders",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("customer_id", ForeignKey("customers.id")),
        Column("status", Enum("open", "paid", name="status")),
        UniqueConstraint("customer_id", "status"),
        CheckConstraint("customer_id > 0"),
    )


def test_one_history_runs_on_both_kinds_of_databases(both: Evolution) -> None:
    both.become(models(shop))
    run_on_other(both)
    both.write(models(everything_at_once))
    both.migrate()
    run_on_other(both)
    run_on_other(both, "-1")
    run_on_other(both)
    both.write(models(nothing_but(customers)))
    both.migrate()
    run_on_other(both)
    run_on_other(both, "zero")
    both.migrate("zero")
    assert both.project.tables == set()


@where(lambda dialect: not dialect.moves_columns)
def test_a_new_column_has_its_place_where_only_another_database_knows_places(
    evolution: Evolution, new_database: Callable[[str], URL]
) -> None:
    url = new_database("mariadb").render_as_string(hide_password=False)
    settings = evolution.project.settings
    cast("dict[str, DatabaseSettings]", settings.databases)["other"] = DatabaseSettings(url)
    other = evolution.project.project.database("other")

    def table(*names: str) -> MetaData:
        return models(lambda metadata: Table("t", metadata, *(Column(name, Integer, key=name) for name in names)))

    def places() -> list[str]:
        return [each["name"] for each in other.run(lambda connection: inspect(connection).get_columns("t"))]

    evolution.become(table("a", "d"))
    evolution.become(table("a", "b", "c", "d"))
    run_on_other(evolution)
    assert places() == ["a", "b", "c", "d"]
    evolution.become(table("e", "a", "b", "c", "d"))
    run_on_other(evolution)
    assert places() == ["e", "a", "b", "c", "d"]
    run_on_other(evolution, "-1")
    assert places() == ["a", "b", "c", "d"]
    other.dispose()


# Histories and models of all kinds


UNNAMED = """
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(50)),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer()),
        sa.Column("note", sa.String(20)),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
"""


def test_constraints_without_a_name_in_an_old_migration_are_dropped(evolution: Evolution) -> None:
    down = 'op.drop_table("orders")\nop.drop_table("customers")'
    evolution.project.revision("0001_initial", UNNAMED, down)
    evolution.migrate()
    evolution.execute(*ROWS)
    assert evolution.write(models(nothing_but(customers, orders))) is None

    def without(metadata: MetaData) -> None:
        Table("customers", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)))
        orders(metadata, key=False)

    evolution.write(models(without))
    evolution.migrate()
    assert evolution.write(models(without)) is None
    evolution.migrate("-1")
    evolution.migrate()
    assert evolution.rows("SELECT id, customer_id FROM orders ORDER BY id") == [(1, 1), (2, None)]


CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def by_convention(define: Models) -> MetaData:
    metadata = MetaData(naming_convention=CONVENTION)
    define(metadata)
    return metadata


def checked_by_name(metadata: MetaData) -> None:
    customers(metadata)
    orders(
        metadata,
        CheckConstraint("customer_id > 0", name="positive"),
        Column("is_paid", Boolean(create_constraint=True, name="paid")),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [(circle, customers), (nothing_but(customers, orders), checked_by_name), (checked_by_name, customers)],
    ids=["a circle is dropped", "checks come", "a table with checks is dropped"],
)
def test_models_with_a_naming_convention(evolution: Evolution, before: Models, after: Models) -> None:
    evolution.become(by_convention(before))
    assert evolution.write(by_convention(after)) is not None
    evolution.assert_up_down_up()


PARCEL = """

class Parcel(Base):
    __tablename__ = "parcels"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(sqlalchemy.Enum("sent", "lost", name="parcel_state"))
"""


@where(lambda dialect: dialect.has_enum_types)
def test_the_file_runs_offline_too(make_project: MakeProject, database_url: str) -> None:
    project = make_project(url=database_url)
    project.replace("myproject/models.py", "from sqlalchemy import", "import sqlalchemy\nfrom sqlalchemy import")
    project.write("myproject/models.py", project.read("myproject/models.py") + PARCEL)
    project.ok("migrate")
    project.ok("makemigrations")
    sql = project.alembic_ok("upgrade", "0001_initial:head", "--sql")
    assert sql.count("CREATE TYPE parcel_state AS ENUM ('sent', 'lost')") == 1
    assert "DROP TYPE parcel_state" in project.alembic_ok("downgrade", "head:0001_initial", "--sql")
    project.ok("migrate")
    project.ok("migrate", "0001")


CHECKED = """
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer()),
        sa.Column("note", sa.String(20)),
        sa.CheckConstraint("customer_id > 0"),
        sa.CheckConstraint("id < 1000000"),
        sa.PrimaryKeyConstraint("id"),
    )
"""


@where(lambda dialect: dialect.needs_batch)
def test_a_rebuilt_table_keeps_its_checks_without_a_name_but_for_the_dropped_one(evolution: Evolution) -> None:
    evolution.project.revision("0001_initial", CHECKED, 'op.drop_table("orders")')
    evolution.migrate()
    evolution.execute("INSERT INTO orders (id, customer_id) VALUES (1, 1)")

    def kept(*columns: object) -> Models:
        return lambda metadata: orders(metadata, CheckConstraint("id < 1000000"), *columns, key=False)

    evolution.write(models(kept()))
    evolution.migrate()
    evolution.execute("UPDATE orders SET customer_id = -1")
    with pytest.raises(IntegrityError):
        evolution.execute("UPDATE orders SET id = 1000000")
    assert evolution.write(models(kept())) is None
    evolution.execute("UPDATE orders SET customer_id = 1")
    evolution.migrate("-1")
    with pytest.raises(IntegrityError):
        evolution.execute("UPDATE orders SET customer_id = -1")
    with pytest.raises(IntegrityError):
        evolution.execute("UPDATE orders SET id = 1000000")
