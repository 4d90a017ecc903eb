"""Locks as servers tell them, and what the manuals say beside that."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from support.tiny_projects import TinyProject

from alembic_manage.dialects import dialect_named
from alembic_manage.errors import RevisionFailedError
from alembic_manage.lock_trace.lock_modes import CONFLICTS, MODES
from alembic_manage.lock_trace.probe import probe_for
from alembic_manage.lock_trace.statement import Statement
from alembic_manage.lock_trace.trace import Effect, LockTrace
from alembic_manage.lock_trace.tracer import measured
from alembic_manage.plan import Direction, Step

TABLES = """
    op.create_table("customers", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(50)))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("note", sa.String(20)),
        sa.Column("number", sa.Integer),
        sa.Column("customer_id", sa.Integer),
    )
"""
CONCURRENTLY = """
    with op.get_context().autocommit_block():
        op.create_index("ix_note", "orders", ["note"], postgresql_concurrently=True)
        op.execute("ALTER TABLE orders ADD CHECK (number > 0) NOT VALID")
    op.create_index("ix_number", "orders", ["number"])
    op.drop_column("customers", "name")
"""


def step_of(project: TinyProject, upgrade: str) -> Step:
    project.revision("before", TABLES)
    project.revision("it", upgrade, down="before")
    return Step(project.environment.history.find("it"), Direction.UPGRADE)


def traced(project: TinyProject, upgrade: str) -> LockTrace:
    return measured(project.environment, step_of(project, upgrade))


def modes(trace: LockTrace) -> list[list[tuple[str, str]]]:
    return [[(lock.table, lock.mode) for lock in each.taken] for each in trace.statements]


@pytest.fixture
def postgresql(make_tiny_project: Callable[[str], TinyProject], postgresql_url: str) -> TinyProject:
    return make_tiny_project(postgresql_url)


def test_postgresql_tells_locks_of_statements_inside_and_outside_of_a_transaction(postgresql):
    trace = traced(postgresql, CONCURRENTLY)
    assert trace.error is None
    assert modes(trace) == [
        [("orders", "SHARE UPDATE EXCLUSIVE")],
        [("orders", "ACCESS EXCLUSIVE")],
        [("orders", "SHARE")],
        [("customers", "ACCESS EXCLUSIVE")],
    ]
    assert [each.in_transaction for each in trace.statements] == [False, False, True, True]
    assert [[(lock.table, lock.since) for lock in each.held] for each in trace.statements][-1] == [("orders", 3)]
    assert [each.found.scans for each in trace.statements] == [("orders",), (), ("orders",), ()]
    assert postgresql.tables == set()


def test_a_driver_of_asyncio_has_the_manual_quoted_for_what_no_transaction_holds(make_tiny_project, postgresql_url):
    url = make_url(postgresql_url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
    trace = traced(make_tiny_project(url), CONCURRENTLY)
    assert trace.error is None
    assert modes(trace)[:2] == [[("orders", "SHARE UPDATE EXCLUSIVE")], [("orders", "ACCESS EXCLUSIVE")]]
    assert "could not be watched" in trace.statements[0].found.notes[-1]


def test_postgresql_tells_a_rewrite_from_a_change_of_the_definition(postgresql):
    trace = traced(
        postgresql,
        """
        op.alter_column("orders", "number", type_=sa.BigInteger)
        op.alter_column("orders", "note", type_=sa.String(90))
        op.alter_column("orders", "note", nullable=False)
        op.add_column("orders", sa.Column("fresh", sa.Integer, server_default="1", nullable=False))
        """,
    )
    assert [each.found.rewrites for each in trace.statements] == [("orders",), (), (), ()]
    assert [each.found.scans for each in trace.statements] == [(), (), ("orders",), ()]


STATEMENTS = (
    "ALTER TABLE orders ADD COLUMN a int",
    "ALTER TABLE orders DROP COLUMN note",
    "ALTER TABLE orders RENAME COLUMN note TO remark",
    "ALTER TABLE orders ADD CONSTRAINT ck CHECK (number > 0)",
    "ALTER TABLE orders ADD CONSTRAINT ck CHECK (number > 0) NOT VALID",
    "ALTER TABLE orders ALTER COLUMN note SET NOT NULL",
    "ALTER TABLE orders ALTER COLUMN note SET DEFAULT 'x'",
    "ALTER TABLE orders ALTER COLUMN note SET STATISTICS 10",
    "ALTER TABLE orders SET (fillfactor = 90)",
    "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES customers (id)",
    "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID",
    "ALTER TABLE orders ADD CONSTRAINT uq UNIQUE (note)",
    "CREATE INDEX ix ON orders (note)",
    "CREATE INDEX CONCURRENTLY ix ON orders (note)",
    "CREATE TABLE lines (order_id int REFERENCES orders (id))",
    "COMMENT ON COLUMN orders.note IS 'x'",
    "CREATE TRIGGER tr BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "DROP TRIGGER tr_old ON orders",
    "TRUNCATE orders",
    "UPDATE orders SET note = 'x'",
    "INSERT INTO orders (id) VALUES (1)",
    "DELETE FROM orders",
    "DROP TABLE orders",
)


def test_postgresql_does_what_its_manual_says(postgresql_url):
    """Each statement in a transaction of its own: held locks of others would hide the weaker ones."""
    probe = probe_for(dialect_named("postgresql"))
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for sql in STATEMENTS:
            connection.execute(text(ANEW))
            probe.begin(connection)
            with contextlib.closing(connection.connection.cursor()) as cursor:
                probe.before(connection, cursor, sql)
                cursor.execute(sql)
                found = probe.after(connection, cursor, sql, 1)
            said = probe.expected(Statement(sql, probe.rules))
            real = {(lock.table, lock.mode) for lock in found.locks if not lock.is_new}
            assert real == {(lock.table, lock.mode) for lock in said.locks}, sql
            assert set(found.rewrites) == ({"orders"} if sql == "TRUNCATE orders" else set()), sql
            assert set(found.scans) == set(said.scans), sql
    engine.dispose()


ANEW = """
DROP TABLE IF EXISTS lines, orders, customers;
CREATE TABLE customers (id int PRIMARY KEY);
CREATE TABLE orders (id int PRIMARY KEY, note text, number int, customer_id int);
CREATE TRIGGER tr_old BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
"""


def test_the_conflicts_of_lock_modes_are_those_of_the_server(postgresql_url):
    engine = create_engine(postgresql_url)
    with engine.connect() as one, engine.connect() as other:
        one.execute(text("CREATE TABLE t (a int)"))
        one.commit()
        for (_, first), (place, second) in itertools.product(enumerate(MODES), repeat=2):
            one.execute(text(f"LOCK TABLE t IN {first} MODE"))
            try:
                other.execute(text(f"LOCK TABLE t IN {second} MODE NOWAIT"))
                waits = False
            except DBAPIError:
                waits = True
            assert waits == (place in CONFLICTS[first]), (first, second)
            one.rollback()
            other.rollback()
    engine.dispose()


def test_a_type_of_an_extension_is_there_when_the_migrations_before_have_run(postgresql):
    postgresql.revision("before", "op.execute('CREATE EXTENSION citext; CREATE TABLE t (id int, name citext)')")
    postgresql.revision("it", "op.execute('CREATE INDEX ix ON t (name)')", down="before")
    trace = measured(postgresql.environment, Step(postgresql.environment.history.find("it"), Direction.UPGRADE))
    assert trace.error is None
    assert modes(trace) == [[("t", "SHARE")]]


def test_a_history_of_another_database_fails_as_that_database_says(make_tiny_project, sqlite_url):
    project = make_tiny_project(sqlite_url)
    project.revision("before", "op.execute(\"CREATE TYPE mood AS ENUM ('glad')\")")
    project.revision("it", "op.execute('CREATE TABLE t (id integer)')", down="before")
    step = Step(project.environment.history.find("it"), Direction.UPGRADE)
    with pytest.raises(RevisionFailedError, match="syntax error"):
        measured(project.environment, step)


def test_mariadb_takes_the_cheapest_way_that_it_has(make_tiny_project, new_database):
    project = make_tiny_project(new_database("mariadb").render_as_string(hide_password=False))
    trace = traced(
        project,
        """
        op.add_column("orders", sa.Column("a", sa.Integer))
        op.alter_column("orders", "number", type_=sa.BigInteger, existing_type=sa.Integer)
        op.create_index("ix_note", "orders", ["note"])
        op.drop_index("ix_note", "orders")
        op.create_table("lines", sa.Column("id", sa.Integer, primary_key=True))
        op.add_column("lines", sa.Column("a", sa.Integer))
        """,
    )
    assert trace.error is None
    found = modes(trace)
    assert found[0] == [("orders", "INSTANT")]
    assert found[1][0][1].startswith("COPY")
    assert found[2] == [("orders", "NOCOPY, LOCK=NONE")]
    assert trace.statements[1].found.rewrites == ("orders",)
    assert trace.statements[-1].effect is Effect.NONE
    assert trace.statements[-1].taken[0].is_new


def test_mariadb_does_less_than_a_statement_lets_it_do(make_tiny_project, new_database):
    project = make_tiny_project(new_database("mariadb").render_as_string(hide_password=False))
    trace = traced(
        project,
        """
        op.execute("ALTER TABLE orders DROP COLUMN customer_id, ALGORITHM=INPLACE, LOCK=NONE")
        op.execute("ALTER TABLE orders ALGORITHM = INPLACE, ADD COLUMN lock_ int")
        op.execute("CREATE INDEX ix ON orders (note) ALGORITHM=INPLACE LOCK=NONE")
        op.execute("ALTER TABLE orders MODIFY note varchar(20) NOT NULL, LOCK=NONE, ALGORITHM=INPLACE")
        op.execute("ALTER TABLE orders ADD COLUMN a int, ALGORITHM=COPY")
        op.execute("ALTER TABLE orders ADD COLUMN b int, LOCK=SHARED")
        """,
    )
    assert trace.error is None
    assert modes(trace)[:4] == [
        [("orders", "INSTANT")],
        [("orders", "INSTANT")],
        [("orders", "NOCOPY, LOCK=NONE")],
        [("orders", "INPLACE, LOCK=NONE")],
    ]
    assert [each.found.rewrites for each in trace.statements[:4]] == [(), (), (), ("orders",)]
    assert all("known only when it runs" in each.found.notes[0] for each in trace.statements[4:])


def test_sqlite_tells_which_tables_are_rebuilt(make_tiny_project, sqlite_url):
    trace = traced(
        make_tiny_project(sqlite_url),
        """
        op.add_column("orders", sa.Column("a", sa.Integer))
        with op.batch_alter_table("orders") as batch_op:
            batch_op.alter_column("note", existing_type=sa.String(20), nullable=False)
        """,
    )
    assert trace.statements[0].found.rewrites == ()
    assert trace.statements[-1].found.rewrites == ("orders",)
    assert {lock.table for each in trace.statements for lock in each.taken} == {"(the whole file)"}


def test_a_revision_that_fails_says_how_far_it_came(tiny_project):
    trace = traced(
        tiny_project,
        """
        op.add_column("orders", sa.Column("a", sa.Integer))
        op.get_bind().execute(sa.text("SELECT id FROM orders")).one()
        """,
    )
    assert len(trace.statements) == 1
    assert "No row was found" in (trace.error or "")


def test_a_statement_that_fails_says_why(tiny_project):
    trace = traced(tiny_project, "op.execute('ALTER TABLE nothing ADD COLUMN a int')")
    assert "nothing" in (trace.error or "")


def test_locks_of_a_downgrade(tiny_project):
    tiny_project.revision("before", TABLES)
    tiny_project.revision("it", "pass", "op.create_index('ix', 'orders', ['note'])", down="before")
    revision = tiny_project.environment.history.find("it")
    trace = measured(tiny_project.environment, Step(revision, Direction.DOWNGRADE))
    assert trace.error is None
    assert (trace.direction, len(trace.statements)) == ("downgrade", 1)


TRIGGER = {
    "postgresql": "CREATE TRIGGER tr BEFORE UPDATE ON orders FOR EACH ROW "
    "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "mariadb": "CREATE TRIGGER tr BEFORE UPDATE ON orders FOR EACH ROW SET NEW.note = 'x'",
    "sqlite": "CREATE TRIGGER tr AFTER UPDATE ON orders BEGIN DELETE FROM customers; END",
}


def test_what_the_state_does_not_hold_is_made_by_the_migrations_before(tiny_project):
    name = tiny_project.environment.database.dialect.names[0]
    tiny_project.revision("before", f"{TABLES}    op.execute({TRIGGER[name]!r})")
    drop = "DROP TRIGGER tr" + (" ON orders" if name == "postgresql" else "")
    tiny_project.revision("it", f"op.execute({drop!r})", down="before")
    trace = measured(tiny_project.environment, Step(tiny_project.environment.history.find("it"), Direction.UPGRADE))
    assert trace.error is None
    assert [each.sql for each in trace.statements] == [drop]
