"""Changes of constraints and indexes: found on the history state, written, run up, down and up with rows, and gone.

After each the models are compared with the real database too, as plain `alembic check` would: nothing may be left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from alembic.operations import ops
from sqlalchemy import (
    CheckConstraint,
    Column,
    Enum,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    column,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from support.autodetection import Evolution
from support.comparison import operations_between
from support.databases import where

from alembic_manage.alembic_plugin import ensure_registered

Made = Callable[[], MetaData]
Case = tuple[Made, Made]
ROWS = "INSERT INTO orders (id, amount, state) VALUES (1, 5, 'open'), (2, 7, 'done')"


def orders(*elements: object) -> MetaData:
    """A table of orders with these columns, constraints and indexes."""
    models = MetaData()
    Table(
        "orders",
        models,
        Column("id", Integer, primary_key=True),
        Column("amount", Integer, nullable=False),
        Column("state", String(20)),
        *elements,
    )
    return models


def found_on_the_database(evolution: Evolution, models: MetaData) -> list[ops.MigrateOperation]:
    """What plain `alembic revision --autogenerate` would write."""
    ensure_registered()
    return evolution.project.project.database().run(lambda connection: operations_between(connection, models))


def assert_change(evolution: Evolution, case: Case, *, rows: str = ROWS) -> None:
    """From the first models to the second there is one revision, and nothing is left afterwards; back again too."""
    before, after = case
    evolution.become(before())
    assert not found_on_the_database(evolution, before()), "something is left before"
    evolution.execute(rows)
    assert evolution.write(after()), "nothing was found on the state"
    assert found_on_the_database(evolution, after()), "nothing was found on the database"
    evolution.assert_up_down_up()
    assert not found_on_the_database(evolution, after()), "something is left"
    evolution.migrate("-1")
    assert not found_on_the_database(evolution, before()), "something is left after downgrade()"


def on(name: str, cases: Mapping[str, Case]) -> pytest.MarkDecorator:
    """Run a test on one kind of database, for each of these cases."""
    parameters = [pytest.param(name, case, id=f"{name}-{id}") for id, case in cases.items()]
    return pytest.mark.parametrize(("database_url", "case"), parameters, indirect=["database_url"])


def check(text: str, name: str | None = None) -> Made:
    return lambda: orders(CheckConstraint(text, name=name))


CHECKS: Mapping[str, Case] = {
    "added": (orders, check("amount > 0", "positive")),
    "added_unnamed": (orders, check("amount > 0")),
    "removed": (check("amount > 0", "positive"), orders),
    "removed_unnamed": (check("amount > 0"), orders),
    "changed": (check("amount > 0", "positive"), check("amount > 0 AND amount < 100", "positive")),
    "changed_unnamed": (check("amount > 0"), check("amount > 1")),
    "with_a_percent_sign_and_a_colon": (orders, check("state LIKE '%e%' AND state <> '\\:x'", "words")),
    "of_a_list": (check("state IN ('open', 'done')", "k"), check("state IN ('open', 'done', 'lost')", "k")),
}


@pytest.mark.parametrize("case", CHECKS.values(), ids=CHECKS)
def test_a_check(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


def index(*parts: object, **options: object) -> Made:
    """The table with an index; parts are names of columns, or functions of the table's columns."""

    def made() -> MetaData:
        models = orders()
        table = models.tables["orders"]
        elements = [part(table.c) if callable(part) else part for part in parts]
        given = {name: text(value) if name.endswith("_where") else value for name, value in options.items()}
        Index("ix", *elements, _table=table, **given)  # type: ignore[arg-type]
        return models

    return made


POSTGRESQL: Mapping[str, Case] = {
    "where_added": (index("amount"), index("amount", postgresql_where="state = 'open'")),
    "where_changed": (
        index("amount", postgresql_where="state = 'open'"),
        index("amount", postgresql_where="state IN ('open', 'done')"),
    ),
    "where_with_a_colon": (index("amount"), index("amount", postgresql_where="state <> '\\:open%'")),
    "expression_added": (orders, index(lambda c: func.lower(c.state))),
    "expression_changed": (index(lambda c: func.lower(c.state)), index(lambda c: func.upper(c.state))),
    "expression_removed": (index(lambda c: func.lower(c.state)), orders),
    "include": (index("amount", postgresql_include=["state"]), index("amount")),
    "operators": (index("state"), index("state", postgresql_ops={"state": "text_pattern_ops"})),
    "method": (index("amount"), index("amount", postgresql_using="hash")),
    "nulls_not_distinct": (
        index("amount", unique=True),
        index("amount", unique=True, postgresql_nulls_not_distinct=True),
    ),
    "parameters": (index("amount"), index("amount", postgresql_with={"fillfactor": 70})),
    "parameters_changed": (
        index("amount", postgresql_with={"fillfactor": 70}),
        index("amount", postgresql_with={"fillfactor": 80}),
    ),
    "order": (index("amount", "state"), index(lambda c: c.amount.desc(), "state")),
    "order_removed": (index(lambda c: c.amount.desc().nulls_last(), "state"), index("amount", "state")),
    "nulls": (index(lambda c: c.amount.desc()), index(lambda c: c.amount.desc().nulls_last())),
    "all": (
        index(
            lambda c: func.lower(c.state).desc(),
            "amount",
            unique=True,
            postgresql_where="amount > 0",
            postgresql_include=["id"],
            postgresql_with={"fillfactor": 70},
        ),
        index("amount"),
    ),
}
MARIADB: Mapping[str, Case] = {
    "length_added": (index("state"), index("state", mysql_length=10)),
    "length_changed": (index("state", mysql_length={"state": 10}), index("state", mysql_length={"state": 5})),
    "length_removed": (index("amount", "state", mysql_length={"state": 10}), index("amount", "state")),
    "fulltext": (index("state"), index("state", mysql_prefix="FULLTEXT")),
    "no_fulltext": (index("state", mysql_prefix="FULLTEXT"), index("state")),
    "order": (index("amount", "state"), index(lambda c: c.amount.desc(), "state")),
    "order_removed": (index(lambda c: c.amount.desc(), "state"), index("amount", "state")),
}
SQLITE: Mapping[str, Case] = {
    "where_added": (index("amount"), index("amount", sqlite_where="state = 'open'")),
    "where_changed": (
        index("amount", sqlite_where="state = 'open'"),
        index("amount", sqlite_where="state IN ('open', 'done')"),
    ),
    "where_removed": (index("amount", sqlite_where="state = 'open'"), index("amount")),
    "expression_added": (orders, index(lambda c: func.lower(c.state))),
    "expression_changed": (index(lambda c: func.lower(c.state)), index(lambda c: func.upper(c.state))),
    "expression_removed": (index(lambda c: func.lower(c.state)), orders),
    "order": (index("amount", "state"), index(lambda c: c.amount.desc(), "state")),
    "order_removed": (index(lambda c: c.amount.desc(), "state"), index("amount", "state")),
}


@on("postgresql", POSTGRESQL)
def test_an_index_of_postgresql(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


@on("mariadb", MARIADB)
def test_an_index_of_mariadb(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


@on("sqlite", SQLITE)
def test_an_index_of_sqlite(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


def keyed(*primary: str, numbered: bool = False, name: str | None = None) -> Made:
    """A table whose primary key has these columns."""

    def made() -> MetaData:
        models = MetaData()
        columns = [
            Column("id", Integer, nullable=False, autoincrement=numbered),
            Column("amount", Integer, nullable=False),
        ]
        key = [PrimaryKeyConstraint(*primary, name=name)] if primary else []
        Table("orders", models, *columns, Column("state", String(20)), *key)
        return models

    return made


PRIMARY_KEYS: Mapping[str, Case] = {
    "column_added": (keyed("id"), keyed("id", "amount")),
    "column_added_named": (keyed("id", name="pk"), keyed("id", "amount", name="pk")),
    "column_removed": (keyed("id", "amount"), keyed("id")),
    "other_column": (keyed("id"), keyed("amount")),
    "order": (keyed("id", "amount"), keyed("amount", "id")),
    "added": (keyed(), keyed("id")),
    "removed": (keyed("id"), keyed()),
    "numbered_one_becomes_another": (keyed("id", numbered=True), keyed("amount")),
}


# SQLite numbers no row of a table whose key has several columns.
NUMBERED: Case = (keyed("id", numbered=True), keyed("id", "amount", numbered=True))


@where(lambda dialect: not dialect.numbers_integer_keys)
def test_a_primary_key_that_stays_numbered(evolution: Evolution) -> None:
    assert_change(evolution, NUMBERED)


@pytest.mark.parametrize("case", PRIMARY_KEYS.values(), ids=PRIMARY_KEYS)
def test_a_primary_key(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


def exclude(*elements: tuple[object, str], name: str | None = "ex", **options: object) -> Made:
    """The table with an exclusion constraint."""
    return lambda: orders(ExcludeConstraint(*elements, name=name, **options))


AMOUNT = (text("int4range(amount, amount, '[]')"), "&&")
EXCLUSIONS: Mapping[str, Case] = {
    "added": (orders, exclude(AMOUNT, using="gist")),
    "added_unnamed": (orders, exclude(AMOUNT, using="gist", name=None)),
    "removed": (exclude(AMOUNT, using="gist", where=text("amount > 3")), orders),
    "where": (exclude(AMOUNT, using="gist"), exclude(AMOUNT, using="gist", where=text("state <> '\\:open'"))),
    "operator": (exclude((column("amount"), "="), using="btree"), exclude(AMOUNT, using="gist")),
    "timing": (
        exclude((column("amount"), "="), using="btree"),
        exclude((column("amount"), "="), using="btree", deferrable=True, initially="DEFERRED"),
    ),
    "no_timing": (
        exclude((column("amount"), "="), using="btree", deferrable=True),
        exclude((column("amount"), "="), using="btree"),
    ),
    "operator_class": (
        exclude((column("state"), "="), using="btree"),
        exclude((column("state"), "="), using="btree", ops={"state": "text_pattern_ops"}),
    ),
    "parts": (
        exclude((column("amount"), "="), using="btree"),
        exclude((column("amount"), "="), (column("state"), "="), using="btree"),
    ),
}


@on("postgresql", EXCLUSIONS)
def test_an_exclusion_constraint(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


def unique(*columns: str, name: str | None = "uq", **options: object) -> Made:
    """The table with a UNIQUE constraint."""
    return lambda: orders(UniqueConstraint(*columns, name=name, **options))  # type: ignore[arg-type]


UNIQUES: Mapping[str, Case] = {
    "deferrable": (unique("amount"), unique("amount", deferrable=True, initially="DEFERRED")),
    "deferrable_unnamed": (unique("amount", name=None), unique("amount", name=None, deferrable=True)),
    "not_deferrable": (unique("amount", deferrable=True), unique("amount")),
    "nulls_not_distinct": (unique("state"), unique("state", postgresql_nulls_not_distinct=True)),
    "nulls_not_distinct_unnamed": (
        unique("state", name=None),
        unique("state", name=None, postgresql_nulls_not_distinct=True),
    ),
    "include": (unique("amount"), unique("amount", postgresql_include=["state"])),
    "include_added": (orders, unique("amount", postgresql_include=["state"])),
    "removed": (unique("amount", deferrable=True, postgresql_include=["state"]), orders),
}


@on("postgresql", UNIQUES)
def test_a_unique_constraint(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


def related(**options: object) -> Made:
    """The table with a foreign key to itself."""
    return lambda: orders(ForeignKeyConstraint(["amount"], ["orders.id"], name="fk", **options))  # type: ignore[arg-type]


EVERYWHERE: Mapping[str, Case] = {
    "ondelete": (related(), related(ondelete="CASCADE")),
    "no_ondelete": (related(ondelete="CASCADE"), related()),
    "onupdate": (related(onupdate="CASCADE"), related()),
}
DEFERRED: Mapping[str, Case] = {
    "deferrable": (related(), related(deferrable=True, initially="DEFERRED")),
    "not_deferrable": (related(ondelete="CASCADE", deferrable=True), related(ondelete="CASCADE")),
}
MATCHED: Mapping[str, Case] = {
    "match": (related(), related(match="FULL")),
    "no_match": (related(match="FULL", ondelete="CASCADE"), related(ondelete="CASCADE")),
    "removed": (related(match="FULL"), orders),
}
SELF = "INSERT INTO orders (id, amount, state) VALUES (1, 1, 'open'), (2, 1, 'done')"


@pytest.mark.parametrize("case", EVERYWHERE.values(), ids=EVERYWHERE)
def test_a_foreign_key(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case, rows=SELF)


@pytest.mark.parametrize("case", DEFERRED.values(), ids=DEFERRED)
@where(lambda dialect: dialect.transactional_ddl)
def test_when_a_foreign_key_is_checked(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case, rows=SELF)


@pytest.mark.parametrize("case", MATCHED.values(), ids=MATCHED)
@where(lambda dialect: dialect.heeds_match)
def test_the_match_of_a_foreign_key(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case, rows=SELF)


def kind(*values: str, name: str | None = "kind") -> Made:
    """The table with an enum that is a text and a CHECK."""
    return lambda: orders(Column("kind", Enum(*values, native_enum=False, create_constraint=True, name=name)))


TYPES: Mapping[str, Case] = {
    "column_added": (orders, kind("a", "b")),
    "column_added_without_a_name": (orders, kind("a", "b", name=None)),
    "column_removed": (kind("a", "b"), orders),
    "longer_value_added": (kind("a", "b"), kind("a", "b", "longer")),
    "value_of_the_same_length_added": (kind("a", "b"), kind("a", "b", "c")),
    "column_with_a_check_added": (orders, lambda: orders(Column("more", Integer, CheckConstraint("more > 0")))),
    "column_with_a_check_removed": (lambda: orders(Column("more", Integer, CheckConstraint("more > 0"))), orders),
}


@pytest.mark.parametrize("case", TYPES.values(), ids=TYPES)
def test_the_check_of_a_type_or_a_column(evolution: Evolution, case: Case) -> None:
    assert_change(evolution, case)


CUSTOMERS = '__tablename__ = "customers"\n'
CHECKED = CUSTOMERS + '    __table_args__ = (CheckConstraint("length(name) > 1", name="long_name"),)\n'


def test_plain_alembic_sees_them_too(make_project, database_url) -> None:
    project = make_project(url=database_url)
    project.ok("migrate")
    project.replace("myproject/models.py", CUSTOMERS, CHECKED)
    project.alembic_ok("revision", "--autogenerate", "-m", "long names")
    (path,) = project.versions.glob("*_long_names.py")
    assert "create_check_constraint(" in path.read_text(encoding="utf-8")
    project.alembic_ok("upgrade", "head")
    project.alembic_ok("check")
    project.replace("myproject/models.py", "length(name) > 1", "length(name) > 2")
    refused = project.alembic("check")
    assert refused.returncode != 0
    assert "remove_constraint" in refused.stdout + refused.stderr
    project.replace("myproject/models.py", "length(name) > 2", "(LENGTH(name) >1)")
    project.alembic_ok("check")
    project.alembic_ok("downgrade", "-1")


def referred(*primary: str, unique_id: bool = False, timing: bool = False) -> Made:
    """Customers, whose key changes, and orders that refer to them."""

    def made() -> MetaData:
        models = MetaData()
        columns = [Column(name, Integer, nullable=False, autoincrement=False) for name in ("id", "shop")]
        unique = [UniqueConstraint("id", name="uq_id")] if unique_id else []
        number = UniqueConstraint("number", name="uq_number", postgresql_include=["shop"] if timing else None)
        Table("customers", models, *columns, Column("number", Integer), PrimaryKeyConstraint(*primary), *unique, number)
        keys = [
            ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_customer", ondelete="CASCADE"),
            ForeignKeyConstraint(["number"], ["customers.number"], name="fk_number"),
        ]
        Table("orders", models, *(Column(name, Integer) for name in ("customer_id", "number")), *keys)
        return models

    return made


CUSTOMERS_ROWS = "INSERT INTO customers (id, shop, number) VALUES (1, 1, 1)"


def test_a_key_that_others_refer_to(evolution: Evolution) -> None:
    case = referred("id"), referred("id", "shop", unique_id=True)
    assert_change(evolution, case, rows=CUSTOMERS_ROWS)


@where(lambda dialect: dialect.heeds_match)
def test_a_unique_constraint_that_others_refer_to(evolution: Evolution) -> None:
    assert_change(evolution, (referred("id"), referred("id", timing=True)), rows=CUSTOMERS_ROWS)


@where(lambda dialect: dialect.indexes_foreign_keys)
def test_an_index_that_a_foreign_key_needs(evolution: Evolution) -> None:
    def made(**options: object) -> Made:
        def models() -> MetaData:
            found = orders(ForeignKeyConstraint(["state"], ["states.name"], name="fk"))
            Table("states", found, Column("name", String(20), primary_key=True))
            table = found.tables["orders"]
            Index("ix", *([table.c.state.desc()] if options else [table.c.state]), _table=table)
            return found

        return models

    assert_change(evolution, (made(), made(desc=True)), rows="INSERT INTO states (name) VALUES ('open')")


ADOPTED = """
op.create_table(
    "orders",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("amount", sa.Integer(), nullable=False),
    sa.Column("state", sa.String(20)),
    sa.Column("old", sa.Integer()),
    sa.PrimaryKeyConstraint("id"),
    sa.CheckConstraint("amount > 0 AND state <> '\\\\:x'"),
)
"""


@where(lambda dialect: dialect.needs_batch)
def test_a_rebuilt_table_keeps_its_check_without_a_name(evolution: Evolution) -> None:
    evolution.project.revision("0001", ADOPTED, "op.drop_table('orders')")
    evolution.migrate()
    evolution.execute(ROWS)
    assert "table_args" in evolution.text(evolution.write(check("amount > 0 AND state <> '\\:x'")()))
    evolution.assert_up_down_up()
