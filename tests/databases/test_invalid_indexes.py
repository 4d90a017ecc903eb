"""What a failed CREATE INDEX CONCURRENTLY leaves is named, and removed before the next try."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from support.projects import MakeProject, ProjectFolder
from support.tiny_projects import Events, TinyProject

from alembic_manage.errors import CommandError, ExitCode, RevisionFailedError, RevisionStoppedError
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.policy import RunPolicy
from alembic_manage.plan import make_plan

DRIVERS = ("postgresql+psycopg", "postgresql+asyncpg")
DEADLINE_S = 60
TABLE = """
op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(20)))
op.execute("INSERT INTO orders VALUES (1, 'a'), (2, 'a')")
"""
UNIQUE = "CREATE UNIQUE INDEX CONCURRENTLY {} ON orders (code)"
PLAIN = "CREATE INDEX CONCURRENTLY orders_code ON orders (code)"
BUILDING = "CREATE INDEX CONCURRENTLY%"
IS_BUSY = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE :like"
)


@pytest.fixture(params=DRIVERS)
def tiny(request: pytest.FixtureRequest, postgresql_url: str, make_tiny_project: Callable[[str], TinyProject]):
    """A project on PostgreSQL with the table orders, and two rows with the same code."""
    url = sa.make_url(postgresql_url).set(drivername=request.param)
    tiny = make_tiny_project(url.render_as_string(hide_password=False))
    tiny.revision("0001_orders", TABLE, 'op.drop_table("orders")')
    tiny.migrate()
    return tiny


def concurrently(statement: str) -> str:
    """The body of a revision that sends one statement outside of a transaction."""
    return f"with op.get_context().autocommit_block():\n    op.execute({statement!r})"


def run(tiny: TinyProject, target: str = "heads", *, events: Events | None = None, **policy: Any) -> Events:
    """Migrate with rules of one's own."""
    events, environment = events or Events(), tiny.environment
    history = environment.history.require_sound()
    executor = Executor(environment, policy=RunPolicy(**policy))
    executor.run(lambda recorded: make_plan(history, recorded, target), events)
    return events


def validity(tiny: TinyProject) -> dict[str, bool]:
    """The indexes of orders without its key, and whether each is valid."""
    return dict(
        tiny.rows(
            "SELECT c.relname::text, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = to_regclass('orders') AND NOT i.indisprimary"
        )
    )


def lines_about_removal(events: Events) -> list[str]:
    return [line for line in events.waits if line.startswith("Removing")]


def engine_of(tiny: TinyProject, database: str | None = None, **options: Any) -> sa.Engine:
    """Another way to the same database, or to another one beside it."""
    url = sa.make_url(tiny.settings.databases["default"].url).set(drivername="postgresql+psycopg")
    return sa.create_engine(url.set(database=database or url.database), poolclass=sa.NullPool, **options)


@contextmanager
def open_transaction(tiny: TinyProject) -> Iterator[sa.Connection]:
    """A transaction that has changed a row, so that everything that is done CONCURRENTLY waits for it."""
    with engine_of(tiny).connect() as connection:
        connection.exec_driver_sql("UPDATE orders SET code = 'b' WHERE id = 2")
        yield connection
        connection.rollback()


@contextmanager
def meanwhile(tiny: TinyProject, work: Callable[[], None]) -> Iterator[None]:
    """Work beside, in a thread; its error is the test's, which then waits for nothing more."""
    errors: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
            tiny.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    thread = threading.Thread(target=guarded)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    assert not errors, errors


def until_busy(tiny: TinyProject, like: str) -> int:
    """The session that runs a statement like this one, once it does."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if found := tiny.rows(IS_BUSY.replace(":like", f"'{like}'")):
            return int(found[0][0])
        time.sleep(0.02)
    raise AssertionError(f"nobody ran {like}")


def end_with(tiny: TinyProject, function: str, like: str) -> Callable[[], None]:
    """Work that cancels, or terminates, the session that runs a statement like this one."""
    return lambda: tiny.execute(f"SELECT {function}({until_busy(tiny, like)})")


@pytest.mark.parametrize("name", ["orders_code", "IF NOT EXISTS orders_code", 'IF NOT EXISTS "Orders Code"', ""])
def test_a_violated_unique_index_is_named_and_removed_by_the_next_run(tiny: TinyProject, name: str):
    tiny.revision("0002_code", concurrently(UNIQUE.format(name)), down="0001_orders")
    with pytest.raises(CommandError) as caught:
        tiny.migrate()
    (left,) = validity(tiny)
    assert f"It left the index {left} of orders behind, invalid; it is removed before" in str(caught.value)
    assert "It was rolled back and left nothing else" in str(caught.value)
    assert validity(tiny) == {left: False}
    tiny.execute("UPDATE orders SET code = 'b' WHERE id = 2")
    events = tiny.migrate()
    assert validity(tiny) == {left: True}
    assert lines_about_removal(events) == [
        f"Removing the invalid index {left} of orders, which an attempt before this one has left."
    ]


def test_where_the_first_try_succeeds_nothing_is_said(tiny: TinyProject):
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    events = tiny.migrate()
    assert validity(tiny) == {"orders_code": True}
    assert not events.waits


@pytest.mark.parametrize("function", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_build_that_was_broken_off(tiny: TinyProject, function: str):
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    with (
        open_transaction(tiny),
        meanwhile(tiny, end_with(tiny, function, BUILDING)),
        pytest.raises(RevisionFailedError, match="It left the index orders_code of orders behind"),
    ):
        tiny.migrate()
    assert validity(tiny) == {"orders_code": False}
    assert len(lines_about_removal(tiny.migrate())) == 1
    assert validity(tiny) == {"orders_code": True}


def test_a_build_that_took_too_long(tiny: TinyProject):
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    with (
        open_transaction(tiny),
        pytest.raises(RevisionFailedError, match=r"statement timeout\s+It left the index orders_code of orders"),
    ):
        run(tiny, statement_timeout_s=0.5)
    assert len(lines_about_removal(tiny.migrate())) == 1
    assert validity(tiny) == {"orders_code": True}


def test_the_retry_within_a_run_removes_it_too(postgresql_url: str, make_tiny_project: Callable[[str], TinyProject]):
    # Whose deadlock_timeout ends first is the victim.
    tiny = make_tiny_project(f"{postgresql_url}?options=-cdeadlock_timeout%3D3s")
    tiny.revision("0001_orders", TABLE)
    tiny.migrate()
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    with open_transaction(tiny) as other:

        def wait_for_one_another() -> None:
            other.exec_driver_sql("SET LOCAL deadlock_timeout = '60s'")
            until_busy(tiny, BUILDING)
            other.exec_driver_sql("LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE")
            other.rollback()

        with meanwhile(tiny, wait_for_one_another):
            events = tiny.migrate()
    assert [id for id, _ in events.delays] == ["0002_code"]
    assert len(lines_about_removal(events)) == 1
    assert validity(tiny) == {"orders_code": True}


def test_the_removal_waits_as_long_as_it_must(tiny: TinyProject):
    tiny.revision("0002_code", concurrently(UNIQUE.format("orders_code")), down="0001_orders")
    with pytest.raises(CommandError):
        tiny.migrate()
    tiny.execute("DELETE FROM orders WHERE id = 2", "INSERT INTO orders VALUES (2, 'c')")
    events = Events()
    with open_transaction(tiny) as holder:

        def let_it_go_on() -> None:
            until_busy(tiny, "DROP INDEX CONCURRENTLY%")
            time.sleep(1)  # five times as long as a statement may wait for a lock
            holder.rollback()

        with meanwhile(tiny, let_it_go_on):
            run(tiny, events=events, table_lock_timeout_s=0.2, lock_retries=0)
    assert len(lines_about_removal(events)) == 1
    assert validity(tiny) == {"orders_code": True}


def test_what_another_session_is_building_is_waited_for(tiny: TinyProject):
    tiny.revision(
        "0002_code", concurrently(PLAIN.replace("orders_code", "IF NOT EXISTS orders_code")), down="0001_orders"
    )
    events = Events()

    def build() -> None:
        with other.connect() as connection:
            connection.exec_driver_sql(PLAIN)

    def let_both_go_on() -> None:
        try:
            deadline = time.monotonic() + DEADLINE_S
            while not events.waits and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            holder.rollback()

    other = engine_of(tiny, isolation_level="AUTOCOMMIT")
    with open_transaction(tiny) as holder, meanwhile(tiny, build):
        until_busy(tiny, BUILDING)
        while not validity(tiny):
            time.sleep(0.02)
        with meanwhile(tiny, let_both_go_on):
            tiny.migrate(events=events)
    assert [line.partition(" of the server")[2] for line in events.waits] == [
        ", which works on the index orders_code of orders."
    ]
    assert validity(tiny) == {"orders_code": True}


@pytest.fixture
def killed(postgresql_url: str, make_project: MakeProject, make_tiny_project: Callable[[str], TinyProject]):
    """A project whose process was killed while it built orders_code; the server has not noticed yet."""
    tiny, project = make_tiny_project(postgresql_url), make_project("one_table", postgresql_url)
    for path in project.versions.iterdir():
        path.unlink()
    tiny.revision("0001_orders", TABLE)
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    for path in tiny.versions.iterdir():
        project.write(f"alembic_database/versions/{path.name}", path.read_text(encoding="utf-8"))
    project.ok("migrate", "0001_orders")
    with open_transaction(tiny) as holder:
        process = project.start("migrate")
        while not validity(tiny):
            until_busy(tiny, BUILDING)
        process.kill()
        process.communicate()
        yield tiny, project, holder


def test_a_killed_process(killed: tuple[TinyProject, ProjectFolder, sa.Connection]):
    tiny, project, holder = killed
    tiny.execute(f"SELECT pg_terminate_backend({until_busy(tiny, BUILDING)})")
    holder.rollback()
    assert validity(tiny) == {"orders_code": False}
    assert "Removing the invalid index orders_code of orders" in project.ok("migrate")
    assert validity(tiny) == {"orders_code": True}
    assert tiny.rows("SELECT version_num FROM alembic_version") == [("0002_code",)]


def test_a_killed_process_whose_session_goes_on(killed: tuple[TinyProject, ProjectFolder, sa.Connection]):
    tiny, project, holder = killed
    process = project.start("migrate")
    while len(tiny.rows("SELECT FROM pg_locks WHERE locktype = 'advisory'")) < 1:
        time.sleep(0.02)
    time.sleep(1)  # it waits for that session; it must not remove the index under it
    assert validity(tiny) == {"orders_code": False}
    holder.rollback()
    out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, err) == (0, ""), out
    assert validity(tiny) == {"orders_code": True}
    assert tiny.rows("SELECT version_num FROM alembic_version") == [("0002_code",)]


def test_where_the_database_cannot_be_asked_the_index_is_named_all_the_same(tiny: TinyProject):
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    url = sa.make_url(tiny.settings.databases["default"].url)
    with open_transaction(tiny), engine_of(tiny, "postgres", isolation_level="AUTOCOMMIT").connect() as other:

        def cut() -> None:
            pid = until_busy(tiny, BUILDING)
            other.exec_driver_sql(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false')
            other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")

        with (
            meanwhile(tiny, cut),
            pytest.raises(RevisionFailedError, match="The index orders_code may be left invalid"),
        ):
            tiny.migrate()
        other.exec_driver_sql(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true')
    tiny.migrate()
    assert validity(tiny) == {"orders_code": True}


def test_rebuilding_leaves_nothing_behind(tiny: TinyProject):
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    tiny.revision("0003_again", concurrently("REINDEX INDEX CONCURRENTLY orders_code"), down="0002_code")
    tiny.migrate("0002_code")
    with (
        open_transaction(tiny),
        meanwhile(tiny, end_with(tiny, "pg_cancel_backend", "REINDEX%")),
        pytest.raises(RevisionFailedError, match="It left the index orders_code_ccnew of orders behind"),
    ):
        tiny.migrate()
    assert validity(tiny) == {"orders_code": True, "orders_code_ccnew": False}
    tiny.migrate()
    assert validity(tiny) == {"orders_code": True}


def test_dropping_that_was_broken_off(tiny: TinyProject):
    drop = concurrently("DROP INDEX CONCURRENTLY orders_code")
    tiny.revision("0002_code", concurrently(PLAIN), drop, down="0001_orders")
    tiny.migrate()
    with (
        open_transaction(tiny),
        meanwhile(tiny, end_with(tiny, "pg_terminate_backend", "DROP INDEX CONCURRENTLY%")),
        pytest.raises(RevisionFailedError, match="The index orders_code of orders is invalid: no query uses it"),
    ):
        tiny.migrate("0001_orders")
    assert validity(tiny) == {"orders_code": False}
    tiny.migrate("0001_orders")
    assert validity(tiny) == {}


def test_an_index_of_the_same_name_in_another_schema_is_left_alone(tiny: TinyProject):
    tiny.execute(
        'CREATE SCHEMA "Old"', 'CREATE TABLE "Old".orders (code int)', 'INSERT INTO "Old".orders VALUES (1), (1)'
    )
    broken = 'CREATE UNIQUE INDEX CONCURRENTLY orders_code ON "Old"."orders" (code)'
    tiny.revision("0002_code", concurrently(broken), down="0001_orders")
    with pytest.raises(CommandError, match="It left the index orders_code of orders behind"):
        tiny.migrate()
    tiny.revision("0002_code", concurrently(PLAIN), down="0001_orders")
    tiny.migrate()
    query = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
    assert tiny.rows(query) == [(1,)]


def test_what_stays_of_a_revision_is_told_with_it(tiny: TinyProject):
    tiny.revision(
        "0002_code",
        f'op.add_column("orders", sa.Column("note", sa.String(5)))\n{concurrently(UNIQUE.format("orders_code"))}',
        down="0001_orders",
    )
    with pytest.raises(RevisionStoppedError, match="It left the index orders_code of orders") as caught:
        tiny.migrate()
    assert caught.value.returncode == ExitCode.STOPPED_PARTWAY
    tiny.execute("UPDATE orders SET code = 'b' WHERE id = 2")
    tiny.migrate()
    assert validity(tiny) == {"orders_code": True}


def test_in_a_transaction_the_database_says_why_not(tiny: TinyProject):
    tiny.revision("0002_code", f"op.execute({PLAIN!r})", down="0001_orders")
    with pytest.raises(RevisionFailedError, match="cannot run inside a transaction block") as caught:
        tiny.migrate()
    assert isinstance(caught.value.__cause__, DBAPIError)
