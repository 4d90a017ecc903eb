"""The examples of Alembic's documentation, run on the state and on a real database, lead to the same schema.

Each example is a function that runs as upgrade() would; its name is the test's id. Source: Alembic's documentation,
"Operation Reference", "Running "Batch" Migrations for SQLite and Other Databases", "Cookbook", "Tutorial".
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.migration import MigrationContext
from alembic.operations import MigrateOperation, Operations
from alembic.operations.ops import AddColumnOp
from sqlalchemy import Engine, NullPool, create_engine
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.orm import Session, declarative_base
from support.databases import NAMES

from alembic_manage.alembic_api import revision_transaction
from alembic_manage.dialects import Dialect, dialect_named
from alembic_manage.drift.description import describe
from alembic_manage.drift.verification import built, differences
from alembic_manage.state.engine import state_engine
from alembic_manage.state.schema import Schema

Can = Callable[[Dialect], bool]
CASES: list[Any] = []
# SQLAlchemy 2.0 takes them for what follows them on the line, on SQLite.
REFLECTS_COLUMN_CHECKS = sa.__version__ >= "2.1"


def example(can: Can = lambda dialect: True, *, needs: str = "") -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register an example.

    Args:
        can: tells whether a database can run it.
        needs: an argument of op.add_column that older versions of Alembic have not.
    """

    def register(run: Callable[[], None]) -> Callable[[], None]:
        missing = needs and needs not in inspect.signature(AddColumnOp.add_column).parameters
        marks = [pytest.mark.skip(reason=f"this Alembic has no {needs}")] if missing else []
        for name in NAMES:
            if can(dialect_named(name)):
                CASES.append(pytest.param(run, name, id=f"{run.__name__}-{name}", marks=marks))
        return run

    return register


def alters(dialect: Dialect) -> bool:
    """Whether ALTER TABLE changes columns and constraints."""
    return not dialect.needs_batch


def has_schemas(dialect: Dialect) -> bool:
    """Whether a database has schemas, types and exclusion constraints of the user's: PostgreSQL."""
    return not dialect.schemas_are_databases


def has_inline_comments(dialect: Dialect) -> bool:
    """Whether a column's comment stands in its definition: MariaDB."""
    return dialect.indexes_foreign_keys


@pytest.mark.parametrize(("run", "name"), CASES)
def test_example_leads_to_the_same_schema(
    run: Callable[[], None], name: str, new_database: Callable[[str], sa.URL]
) -> None:
    real = create_engine(new_database(name), poolclass=NullPool)
    state = Schema(dialect_named(name), dialect_named(name).schema_of(real.url))
    on_state = state_engine(state, real.dialect.name)

    with revision(real):
        run()
    with revision(on_state):
        run()

    assert not on_state.interpreter.obstacles  # type: ignore[attr-defined]
    with real.connect() as connection:
        found = describe(connection)
    assert found
    with create_engine(new_database(name), poolclass=NullPool).connect() as connection:
        expected = built(connection, state)
    assert [each.line for each in differences(expected, found)] == []


@contextmanager
def revision(engine: Engine) -> Iterator[None]:
    """While entered, `op` works on `engine`, as in a revision."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
        with Operations.context(context), revision_transaction(context):
            yield
        connection.commit()


def accounts() -> sa.Table:
    """A table that most of the examples change."""
    return op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("description", sa.Unicode(200)),
        sa.Column("balance", sa.Integer, server_default="0"),
    )


def users_and_addresses() -> None:
    """A parent and its child, without a foreign key."""
    op.create_table("user", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)))
    op.create_table("address", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_id", sa.Integer))


# add_column


@example()
def add_column() -> None:
    accounts()
    op.add_column("account", sa.Column("note", sa.String(20)))


@example()
def add_column_with_a_server_default() -> None:
    accounts()
    op.add_column("account", sa.Column("kind", sa.String(10), nullable=False, server_default="plain"))


@example(alters)
def add_column_with_the_time_as_default() -> None:
    accounts()
    op.add_column("account", sa.Column("timestamp", sa.TIMESTAMP, server_default=sa.func.now()))


@example(alters)
def add_column_with_a_foreign_key() -> None:
    accounts()
    op.create_table("organization", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("organization", sa.Column("account_id", sa.INTEGER, sa.ForeignKey("account.id")))


@example(alters, needs="inline_references")
def add_column_with_an_inline_foreign_key() -> None:
    accounts()
    op.create_table("organization", sa.Column("id", sa.Integer, primary_key=True))
    column = sa.Column("account_id", sa.INTEGER, sa.ForeignKey("account.id"))
    op.add_column("organization", column, inline_references=True)


@example(alters, needs="inline_primary_key")
def add_column_with_an_inline_primary_key() -> None:
    op.create_table("organization", sa.Column("name", sa.String(20)))
    op.add_column("organization", sa.Column("id", sa.INTEGER, primary_key=True), inline_primary_key=True)


@example(alters)
def add_column_if_it_is_not_there() -> None:
    accounts()
    op.add_column("account", sa.Column("name", sa.Text), if_not_exists=True)
    op.add_column("account", sa.Column("note", sa.Text), if_not_exists=True)


@example(has_schemas)
def add_column_in_a_schema() -> None:
    op.execute("CREATE SCHEMA books")
    op.create_table("ledger", sa.Column("id", sa.Integer, primary_key=True), schema="books")
    op.add_column("ledger", sa.Column("note", sa.Text), schema="books")


@example(lambda dialect: dialect.names != ("sqlite",))
def add_computed_column() -> None:
    accounts()
    op.add_column("account", sa.Column("doubled", sa.Integer, sa.Computed("balance * 2", persisted=True)))


@example(has_schemas)
def add_identity_column() -> None:
    accounts()
    op.add_column("account", sa.Column("number", sa.Integer, sa.Identity(always=True, start=10), nullable=False))


# alter_column


@example(alters)
def alter_column_to_not_null() -> None:
    accounts()
    op.alter_column("account", "description", nullable=False, existing_type=sa.Unicode(200))


@example(alters)
def alter_column_of_type() -> None:
    accounts()
    op.alter_column("account", "name", type_=sa.String(80), existing_type=sa.String(50), existing_nullable=False)


@example(alters)
def alter_column_with_another_name() -> None:
    accounts()
    op.create_index("ix_account_name", "account", ["name"])
    op.alter_column("account", "name", new_column_name="title", existing_type=sa.String(50), existing_nullable=False)


@example(alters)
def alter_column_sets_the_default() -> None:
    accounts()
    op.alter_column("account", "name", server_default="somebody", existing_type=sa.String(50), existing_nullable=False)


@example(alters)
def alter_column_takes_the_default_away() -> None:
    accounts()
    op.alter_column("account", "balance", server_default=None, existing_type=sa.Integer)


@example(alters)
def alter_column_sets_a_default_of_text() -> None:
    accounts()
    op.alter_column("account", "balance", server_default=sa.text("7"), existing_type=sa.Integer)


@example(alters)
def alter_column_keeps_an_existing_default() -> None:
    accounts()
    op.alter_column(
        "account", "balance", nullable=False, existing_type=sa.Integer, existing_server_default=sa.text("0")
    )


@example(alters)
def alter_column_changes_everything() -> None:
    accounts()
    op.alter_column(
        "account",
        "balance",
        new_column_name="amount",
        type_=sa.BigInteger,
        nullable=False,
        server_default="1",
        existing_type=sa.Integer,
        existing_nullable=True,
    )


@example(alters)
def alter_column_comment() -> None:
    accounts()
    op.alter_column("account", "name", comment="as it's printed", existing_type=sa.String(50), existing_nullable=False)


@example(alters)
def alter_column_takes_the_comment_away() -> None:
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer, comment="x"))
    op.alter_column("account", "x", comment=None, existing_comment="x", existing_type=sa.Integer)


@example(has_schemas)
def alter_column_with_using() -> None:
    accounts()
    op.alter_column("account", "name", type_=sa.Integer, postgresql_using="name::integer")


@example(has_schemas)
def alter_column_becomes_an_identity() -> None:
    accounts()
    op.alter_column("account", "balance", server_default=None, nullable=False)
    op.alter_column("account", "balance", server_default=sa.Identity(always=True), existing_server_default=None)


@example(has_schemas)
def alter_column_changes_and_drops_an_identity() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("n", sa.Integer, sa.Identity()),
    )
    op.alter_column("account", "id", server_default=sa.Identity(always=True), existing_server_default=sa.Identity())
    op.alter_column("account", "n", server_default=None, existing_server_default=sa.Identity())


@example(has_inline_comments)
def alter_column_to_autoincrement() -> None:
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))
    op.alter_column("account", "id", existing_type=sa.Integer, autoincrement=True, existing_nullable=False)


@example(has_inline_comments)
def alter_column_of_type_timestamp() -> None:
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True), sa.Column("at", sa.DateTime))
    op.alter_column(
        "account",
        "at",
        existing_type=sa.DateTime,
        type_=mysql.TIMESTAMP,
        nullable=False,
        server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
    )


@example(alters)
def alter_column_of_boolean_with_a_check() -> None:
    flag = sa.Boolean(create_constraint=True, name="ck_flag")
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True), sa.Column("flag", sa.SmallInteger))
    op.add_column("account", sa.Column("other", flag))


# Batch mode


@example()
def batch_adds_and_drops() -> None:
    accounts()
    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("foo", sa.Integer))
        batch.drop_column("description")


@example()
def batch_alters_columns() -> None:
    accounts()
    with op.batch_alter_table("account") as batch:
        batch.alter_column("name", type_=sa.String(80), existing_type=sa.String(50), existing_nullable=False)
        batch.alter_column("balance", nullable=False, existing_type=sa.Integer, existing_server_default="0")
        batch.alter_column("description", new_column_name="details", existing_type=sa.Unicode(200))


@example()
def batch_always_recreates() -> None:
    accounts()
    op.create_index("ix_account_name", "account", ["name"])
    with op.batch_alter_table("account", recreate="always") as batch:
        batch.add_column(sa.Column("foo", sa.Integer))


@example()
def batch_never_recreates() -> None:
    accounts()
    with op.batch_alter_table("account", recreate="never") as batch:
        batch.add_column(sa.Column("foo", sa.Integer))


@example()
def batch_with_table_args() -> None:
    accounts()
    with op.batch_alter_table(
        "account", recreate="always", table_args=(sa.CheckConstraint("balance > 0", name="ck_balance"),)
    ) as batch:
        batch.add_column(sa.Column("foo", sa.Integer))


@example(lambda dialect: dialect.needs_batch)
def batch_with_table_kwargs() -> None:
    accounts()
    with op.batch_alter_table("account", recreate="always", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("name", type_=sa.Text, existing_type=sa.String(50))


@example(lambda dialect: dialect.needs_batch)
def batch_with_reflect_args() -> None:
    op.create_table("bar", sa.Column("id", sa.Integer, primary_key=True), sa.Column("flag", sa.Boolean))
    with op.batch_alter_table("bar", reflect_args=[sa.Column("flag", sa.Boolean(create_constraint=False))]) as batch:
        batch.alter_column("flag", new_column_name="bflag", existing_type=sa.Boolean)


@example(lambda dialect: dialect.needs_batch)
def batch_with_reflect_kwargs() -> None:
    op.create_table("bar", sa.Column("id", sa.Integer, primary_key=True), sa.Column("flag", sa.Integer))

    def listen(inspector: Any, table: Any, column_info: dict[str, Any]) -> None:
        if column_info["name"] == "flag":
            column_info["type"] = sa.Boolean()

    with op.batch_alter_table("bar", reflect_kwargs={"listeners": [("column_reflect", listen)]}) as batch:
        batch.alter_column("id", new_column_name="number", existing_type=sa.Integer)


@example()
def batch_with_copy_from() -> None:
    table = accounts()
    with op.batch_alter_table("account", copy_from=table) as batch:
        batch.alter_column("name", nullable=True, existing_type=sa.String(50))
        batch.drop_column("description")


@example(lambda dialect: dialect.needs_batch)
def batch_drops_a_foreign_key_by_naming_convention() -> None:
    op.create_table("foo", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "bar",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("foo_id", sa.Integer, sa.ForeignKey("foo.id")),
        sa.Column("other_id", sa.Integer, sa.ForeignKey("foo.id")),
    )
    convention = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
    with op.batch_alter_table("bar", naming_convention=convention) as batch:
        batch.drop_constraint("fk_bar_foo_id_foo", type_="foreignkey")


@example(lambda dialect: dialect.needs_batch)
def batch_drops_a_unique_constraint_by_naming_convention() -> None:
    op.create_table(
        "bar",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("foo", sa.Integer, unique=True),
        sa.Column("name", sa.String(5), unique=True),
    )
    convention = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
    with op.batch_alter_table("bar", naming_convention=convention) as batch:
        batch.drop_constraint("uq_bar_foo", type_="unique")


@example()
def batch_places_columns() -> None:
    accounts()
    with op.batch_alter_table("account", recreate="always") as batch:
        batch.add_column(sa.Column("first", sa.Integer), insert_before="name")
        batch.add_column(sa.Column("second", sa.Integer), insert_after="name")


@example()
def batch_orders_columns() -> None:
    accounts()
    with op.batch_alter_table("account", recreate="always", partial_reordering=[("description", "name")]) as batch:
        batch.add_column(sa.Column("foo", sa.Integer))


@example()
def batch_on_a_table_that_refers_to_itself() -> None:
    op.create_table(
        "node",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("node.id", name="fk_parent")),
        sa.Column("data", sa.String(5)),
    )
    with op.batch_alter_table("node") as batch:
        batch.alter_column("data", type_=sa.String(10), existing_type=sa.String(5))


@example()
def batch_on_a_table_that_is_referred_to() -> None:
    accounts()
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id", ondelete="CASCADE", name="fk_account")),
    )
    with op.batch_alter_table("account") as batch:
        batch.alter_column("name", type_=sa.String(80), existing_type=sa.String(50), existing_nullable=False)


@example()
def batch_makes_constraints() -> None:
    users_and_addresses()
    with op.batch_alter_table("user") as batch:
        batch.create_unique_constraint("uq_user_name", ["name"])
        batch.create_check_constraint("ck_user_name", sa.column("name") != "x")
    with op.batch_alter_table("address") as batch:
        batch.create_foreign_key("fk_user_address", "user", ["user_id"], ["id"], ondelete="CASCADE")
        batch.create_index("ix_address_user_id", ["user_id"])


@example()
def batch_drops_constraints() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("email", sa.String(50)),
        sa.UniqueConstraint("name", name="uq_user_name"),
        sa.CheckConstraint("name > 'a'", name="ck_user"),
    )
    op.create_index("ix_email", "user", ["email"])
    with op.batch_alter_table("user") as batch:
        batch.drop_constraint("uq_user_name", type_="unique")
        batch.drop_index("ix_email")


@example()
def batch_makes_a_primary_key() -> None:
    op.create_table("word", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.Integer, nullable=False))
    with op.batch_alter_table("word") as batch:
        batch.create_primary_key("pk_word", ["a", "b"])


@example()
def batch_drops_a_checked_type() -> None:
    kind = sa.Enum("a", "b", name="ck_kind", native_enum=False, create_constraint=True, length=10)
    op.create_table("bar", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", kind))
    with op.batch_alter_table("bar", table_args=()) as batch:
        batch.drop_constraint("ck_kind", type_="check")
        batch.alter_column("kind", type_=sa.String(20), existing_type=sa.String(10))


@example(alters)
def batch_comments_a_table() -> None:
    accounts()
    with op.batch_alter_table("account") as batch:
        batch.create_table_comment("money")
    with op.batch_alter_table("account") as batch:
        batch.drop_table_comment(existing_comment="money")
        batch.add_column(sa.Column("note", sa.Text, comment="free"))


@example(has_schemas)
def batch_makes_an_exclusion_constraint() -> None:
    op.create_table("booking", sa.Column("id", sa.Integer, primary_key=True), sa.Column("during", postgresql.TSRANGE))
    with op.batch_alter_table("booking") as batch:
        batch.create_exclude_constraint("no_overlap", ("during", "&&"))


# bulk_insert and execute


@example()
def bulk_insert() -> None:
    table = sa.table(
        "account", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("create_date", sa.Date)
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50)),
        sa.Column("create_date", sa.Date),
    )
    op.bulk_insert(
        table, [{"id": 1, "name": "John", "create_date": None}, {"id": 2, "name": "Ed", "create_date": None}]
    )


@example()
def bulk_insert_into_the_created_table() -> None:
    table = accounts()
    op.bulk_insert(table, [{"name": "A1", "description": "one"}, {"name": "A2", "description": "two"}])


@example()
def bulk_insert_of_literals() -> None:
    table = accounts()
    op.bulk_insert(table, [{"id": 1, "name": op.inline_literal("A")}], multiinsert=False)


@example()
def execute_text() -> None:
    accounts()
    op.execute("INSERT INTO account (name) VALUES ('table')")
    op.execute("UPDATE account SET name = 'a:b'")


@example()
def execute_update_with_literals() -> None:
    accounts()
    account = sa.table("account", sa.column("name", sa.String))
    op.execute(
        account.update()
        .where(account.c.name == op.inline_literal("account 1"))
        .values({"name": op.inline_literal("account 2")})
    )


@example()
def execute_insert_and_delete() -> None:
    account = accounts()
    op.execute(account.insert().values(name="x"))
    op.execute(account.delete().where(account.c.name == "x"))


@example()
def execute_text_with_parameters() -> None:
    accounts()
    op.execute(sa.text("INSERT INTO account (name) VALUES (:name)").bindparams(name="x"))
    op.get_bind().execute(sa.text("UPDATE account SET name = :name"), {"name": "y"})


@example(alters)
def execute_with_execution_options() -> None:
    accounts()
    op.execute("CREATE INDEX ix_name ON account (name)", execution_options={"x": 1})


# Constraints


@example(alters)
def create_check_constraint() -> None:
    accounts()
    op.create_check_constraint("ck_name_length", "account", sa.func.length(sa.column("name")) > 5)


@example(has_schemas)
def create_exclude_constraint() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("period", postgresql.TSRANGE),
        sa.Column("group", sa.String(20)),
    )
    op.create_exclude_constraint(
        "user_excl", "user", ("period", "&&"), where=sa.text("\"group\" != 'some group'"), using="gist"
    )


@example(alters)
def create_foreign_key() -> None:
    users_and_addresses()
    op.create_foreign_key("fk_user_address", "address", "user", ["user_id"], ["id"], ondelete="SET NULL")


@example(has_schemas)
def create_deferrable_foreign_key_across_schemas() -> None:
    op.execute("CREATE SCHEMA other")
    op.create_table("user", sa.Column("id", sa.Integer, primary_key=True), schema="other")
    op.create_table("address", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_id", sa.Integer))
    op.create_foreign_key(
        "fk_x", "address", "user", ["user_id"], ["id"], referent_schema="other", deferrable=True, initially="DEFERRED"
    )


@example(alters)
def create_primary_key() -> None:
    op.create_table(
        "my_table", sa.Column("id", sa.Integer, nullable=False), sa.Column("version", sa.Integer, nullable=False)
    )
    op.create_primary_key("pk_my_table", "my_table", ["id", "version"])


@example(alters)
def create_unique_constraint() -> None:
    accounts()
    op.create_unique_constraint("uq_user_name", "account", ["name", "balance"])


@example(has_schemas)
def create_deferrable_unique_constraint() -> None:
    accounts()
    op.create_unique_constraint("uq", "account", ["name"], deferrable=True, initially="DEFERRED")


@example(alters)
def drop_constraints() -> None:
    users_and_addresses()
    op.create_foreign_key("fk_x", "address", "user", ["user_id"], ["id"])
    op.create_unique_constraint("uq_x", "user", ["name"])
    op.create_check_constraint("ck_x", "user", "name > 'a'")
    op.drop_constraint("fk_x", "address", type_="foreignkey")
    op.drop_constraint("uq_x", "user", type_="unique")
    op.drop_constraint("ck_x", "user", type_="check")


@example(alters)
def drop_primary_key() -> None:
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_t"),
        mysql_engine="InnoDB",
    )
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("pk_t", "t", type_="primary")
    else:
        op.alter_column("t", "id", existing_type=sa.Integer, existing_nullable=False, autoincrement=False)
        op.drop_constraint(None, "t", type_="primary")


# Indexes


@example()
def create_index() -> None:
    accounts()
    op.create_index("ik_test", "account", ["name", "balance"])


@example()
def create_unique_index_with_a_conventional_name() -> None:
    accounts()
    op.create_index(op.f("ix_account_name"), "account", ["name"], unique=True)


@example(lambda dialect: not has_inline_comments(dialect))
def create_index_of_an_expression() -> None:
    accounts()
    op.create_index("ik_lower", "account", [sa.text("lower(name)")])


@example(lambda dialect: not has_inline_comments(dialect))
def create_index_of_a_function() -> None:
    accounts()
    op.create_index("ik_func", "account", [sa.func.lower(sa.column("name")), "balance"])


@example(lambda dialect: not has_inline_comments(dialect))
def create_partial_index() -> None:
    accounts()
    op.create_index(
        "ik_some",
        "account",
        ["name"],
        postgresql_where=sa.text("balance > 0"),
        sqlite_where=sa.text("balance > 0"),
    )


@example(has_schemas)
def create_index_with_options() -> None:
    accounts()
    op.create_index(
        "ik_ops",
        "account",
        ["name", sa.text("balance DESC")],
        postgresql_using="btree",
        postgresql_include=["description"],
        postgresql_ops={"name": "text_pattern_ops"},
        postgresql_with={"fillfactor": 50},
    )


@example(has_inline_comments)
def create_index_with_a_length() -> None:
    accounts()
    op.create_index("ik_length", "account", ["name", "description"], mysql_length={"description": 10})


@example()
def create_index_if_it_is_not_there() -> None:
    accounts()
    op.create_index("ik", "account", ["name"], if_not_exists=True)
    op.create_index("ik", "account", ["balance"], if_not_exists=True)


@example()
def drop_index() -> None:
    accounts()
    op.create_index("accounts", "account", ["name"])
    op.create_index("other", "account", ["balance"])
    op.drop_index("accounts", table_name="account")
    op.drop_index("absent", table_name="account", if_exists=True)


@example(has_schemas)
def create_index_concurrently() -> None:
    accounts()
    with op.get_context().autocommit_block():
        op.create_index("ik_test", "account", ["name"], postgresql_concurrently=True)


# Tables


@example()
def create_table() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.INTEGER, primary_key=True),
        sa.Column("name", sa.VARCHAR(50), nullable=False),
        sa.Column("description", sa.Unicode(200)),
        sa.Column("timestamp", sa.TIMESTAMP, server_default=sa.func.now()),
    )


@example()
def create_table_if_it_is_not_there() -> None:
    accounts()
    op.create_table("account", sa.Column("other", sa.Integer), if_not_exists=True)


@example()
def create_table_with_constraints_and_indexes() -> None:
    accounts()
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id")),
        sa.Column("code", sa.String(10), unique=True),
        sa.Column("tag", sa.String(10), index=True),
        sa.Column("amount", sa.Numeric(10, 2), nullable=False),
        sa.CheckConstraint("amount > 0", name="ck_amount"),
        sa.UniqueConstraint("account_id", "code", name="uq_payment"),
        comment="what was paid",
    )


@example(lambda dialect: alters(dialect) or REFLECTS_COLUMN_CHECKS)
def checks_written_at_columns() -> None:
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("amount", sa.Integer, sa.CheckConstraint("amount > 0"), nullable=False),
    )
    op.add_column("payment", sa.Column("tax", sa.Integer, sa.CheckConstraint("tax > 0")))


@example(has_inline_comments)
def create_table_with_options() -> None:
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        mysql_engine="InnoDB",
        mysql_charset="latin1",
        mysql_row_format="DYNAMIC",
    )


@example(alters)
def table_comments() -> None:
    accounts()
    op.create_table("other", sa.Column("id", sa.Integer, primary_key=True), comment="old")
    op.create_table_comment("account", "the money")
    op.drop_table_comment("other", existing_comment="old")


@example(alters)
def drop_column() -> None:
    accounts()
    op.create_index("ix_both", "account", ["name"])
    op.drop_column("account", "name")
    op.drop_column("account", "absent", if_exists=True)


@example()
def drop_table() -> None:
    accounts()
    users_and_addresses()
    op.drop_table("address")
    op.drop_table("absent", if_exists=True)


@example()
def rename_table() -> None:
    users_and_addresses()
    op.create_table(
        "child", sa.Column("id", sa.Integer, primary_key=True), sa.Column("u", sa.Integer, sa.ForeignKey("user.id"))
    )
    op.rename_table("user", "person")


@example(has_schemas)
def rename_table_in_a_schema() -> None:
    op.execute("CREATE SCHEMA other")
    op.create_table("a", sa.Column("id", sa.Integer, primary_key=True), schema="other")
    op.rename_table("a", "b", schema="other")


# Connections, inspectors, data


@example()
def get_bind() -> None:
    table = accounts()
    bind = op.get_bind()
    bind.execute(table.insert(), [{"name": "a"}, {"name": "b"}])
    for id, name in bind.execute(sa.select(table.c.id, table.c.name)).all():
        bind.execute(table.update().where(table.c.id == id).values(name=name.upper()))


@example()
def conditional_operations_with_an_inspector() -> None:
    accounts()
    inspector = sa.inspect(op.get_bind())
    if "payment" not in inspector.get_table_names():
        op.create_table("payment", sa.Column("id", sa.Integer, primary_key=True))
    if not any(column["name"] == "name" for column in inspector.get_columns("account")):
        op.add_column("account", sa.Column("name", sa.Text))
    if not inspector.has_table("account"):
        op.create_table("wrong", sa.Column("id", sa.Integer, primary_key=True))


@example()
def conditional_operations_by_dialect() -> None:
    accounts()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX ix_hash ON account USING hash (name)")


@example()
def data_migration_with_an_orm_session() -> None:
    accounts()
    base = declarative_base()

    class Account(base):  # type: ignore[valid-type, misc]
        __tablename__ = "account"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(50))

    session = Session(bind=op.get_bind())
    session.add(Account(name="x"))
    session.flush()
    for account in session.query(Account).filter(Account.name == "y"):
        account.name = "z"
    session.commit()


@example(alters)
def data_migration_fills_a_column() -> None:
    accounts()
    op.bulk_insert(sa.table("account", sa.column("name")), [{"name": "a b"}])
    op.add_column("account", sa.Column("first", sa.String(20)))
    op.execute("UPDATE account SET first = substring(name, 1, 1)")
    op.alter_column("account", "first", nullable=False, existing_type=sa.String(20))
    op.drop_column("account", "name")


@example()
def reflecting_a_table_of_the_history() -> None:
    accounts()
    table = sa.Table("account", sa.MetaData(), autoload_with=op.get_bind())
    op.get_bind().execute(table.insert().values(name="a"))


# Types


@example(has_schemas)
def enum_gets_a_value_in_an_autocommit_block() -> None:
    op.create_table(
        "t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("m", sa.Enum("sad", "ok", name="mood"))
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mood ADD VALUE 'soso' AFTER 'sad'")


@example(has_schemas)
def enum_is_made_before_the_column() -> None:
    accounts()
    mood = postgresql.ENUM("sad", "ok", name="mood", create_type=False)
    mood.create(op.get_bind(), checkfirst=True)
    mood.create(op.get_bind(), checkfirst=True)
    op.add_column("account", sa.Column("mood", mood))


@example(has_schemas)
def enum_is_swapped() -> None:
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("m", sa.Enum("sad", "ok", name="mood"), server_default="ok"),
    )
    op.execute("ALTER TYPE mood RENAME TO mood_old")
    sa.Enum("sad", "ok", "happy", name="mood").create(op.get_bind())
    op.execute("ALTER TABLE t ALTER COLUMN m DROP DEFAULT")
    op.execute("ALTER TABLE t ALTER COLUMN m TYPE mood USING m::text::mood")
    op.execute("DROP TYPE mood_old")


@example(has_schemas)
def primary_key_and_its_sequence_are_renamed() -> None:
    accounts()
    op.rename_table("account", "person")
    op.execute("ALTER SEQUENCE account_id_seq RENAME TO person_id_seq")
    op.execute("ALTER INDEX account_pkey RENAME TO person_pkey")


# Operations of one's own


@Operations.register_operation("create_sequence")
class CreateSequenceOp(MigrateOperation):
    """CREATE SEQUENCE."""

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name = name
        self.schema = schema

    @classmethod
    def create_sequence(cls, operations: Operations, name: str, **options: Any) -> Any:
        """As op.create_sequence."""
        return operations.invoke(cls(name, **options))

    def reverse(self) -> DropSequenceOp:
        """DROP SEQUENCE."""
        return DropSequenceOp(self.name, self.schema)


@Operations.register_operation("drop_sequence")
class DropSequenceOp(MigrateOperation):
    """DROP SEQUENCE."""

    def __init__(self, name: str, schema: str | None = None) -> None:
        self.name = name
        self.schema = schema

    @classmethod
    def drop_sequence(cls, operations: Operations, name: str, **options: Any) -> Any:
        """As op.drop_sequence."""
        return operations.invoke(cls(name, **options))


@Operations.register_operation("create_view")
class CreateViewOp(MigrateOperation):
    """CREATE VIEW."""

    def __init__(self, name: str, query: str) -> None:
        self.name = name
        self.query = query

    @classmethod
    def create_view(cls, operations: Operations, name: str, query: str) -> Any:
        """As op.create_view."""
        return operations.invoke(cls(name, query))


@Operations.implementation_for(CreateSequenceOp)
def _create_sequence(operations: Operations, operation: CreateSequenceOp) -> None:
    name = f"{operation.schema}.{operation.name}" if operation.schema is not None else operation.name
    operations.execute(f"CREATE SEQUENCE {name}")


@Operations.implementation_for(DropSequenceOp)
def _drop_sequence(operations: Operations, operation: DropSequenceOp) -> None:
    operations.execute(f"DROP SEQUENCE {operation.name}")


@Operations.implementation_for(CreateViewOp)
def _create_view(operations: Operations, operation: CreateViewOp) -> None:
    operations.execute(f"CREATE VIEW {operation.name} AS {operation.query}")


@example(has_schemas)
def sequences_by_an_operation_of_ones_own() -> None:
    accounts()
    op.create_sequence("one_seq")  # type: ignore[attr-defined]
    op.create_sequence("two_seq")  # type: ignore[attr-defined]
    op.drop_sequence("one_seq")  # type: ignore[attr-defined]


@example()
def views_by_an_operation_of_ones_own() -> None:
    accounts()
    op.create_view("named", "SELECT id, name FROM account")  # type: ignore[attr-defined]


@example(has_schemas)
def stored_procedures_as_text() -> None:
    accounts()
    op.execute(
        "CREATE FUNCTION add_account(p_name varchar) RETURNS integer AS $$ "
        "BEGIN INSERT INTO account (name) VALUES (p_name); RETURN 1; END; $$ LANGUAGE plpgsql;"
    )
    op.execute("DROP FUNCTION add_account(varchar)")
