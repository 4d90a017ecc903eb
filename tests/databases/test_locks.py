"""Every lock, on every database, keeps the same promises."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from support.databases import where
from support.gate import Gate
from support.tiny_projects import Events, TinyProject, synchronous

from alembic_manage.dialects import Dialect
from alembic_manage.errors import ExitCode, LockedError
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.locks import Holder, MigrationLock, held, lock_for, row_lock
from alembic_manage.execution.locks.file_lock import FileLock
from alembic_manage.execution.locks.heartbeat import NAME as HEARTBEAT
from alembic_manage.execution.locks.no_lock import NoLock
from alembic_manage.execution.locks.row_lock import RowLock
from alembic_manage.execution.policy import RunPolicy
from alembic_manage.plan import Step, make_plan

KINDS = ("session", "row")
DEADLINE_S = 60
HOLD = """
import sys, time
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic_manage.execution.locks import Holder, lock_for
with sa.create_engine(sys.argv[1]).connect() as connection:
    assert lock_for(MigrationContext.configure(connection), sys.argv[2]).try_acquire(Holder.this_process())
    print("held", flush=True)
    time.sleep(60)
"""

MakeLock = Callable[..., MigrationLock]


@pytest.fixture
def make_lock(database_url: str) -> Iterator[MakeLock]:
    """Locks of the same database, each as a process of its own would make it."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    connections: list[sa.Connection] = []
    locks: list[MigrationLock] = []

    def make(kind: str, version_table: str = "alembic_version") -> MigrationLock:
        connections.append(engine.connect())
        context = MigrationContext.configure(connections[-1], opts={"version_table": version_table})
        locks.append(lock_for(context, kind))
        return locks[-1]

    yield make
    for lock in locks:
        lock.release()
    for connection in connections:
        connection.close()


def me() -> Holder:
    return Holder.this_process()


@pytest.mark.parametrize("kind", KINDS)
def test_one_at_a_time_has_it(make_lock: MakeLock, kind: str):
    one, other = make_lock(kind), make_lock(kind)
    assert one.try_acquire(me())
    assert not other.try_acquire(me())
    assert one.is_held()
    assert not other.is_held()
    one.release()
    assert not one.is_held()
    assert other.try_acquire(me())
    assert other.is_held()


@pytest.mark.parametrize("kind", KINDS)
def test_two_histories_of_one_database_do_not_wait_for_one_another(make_lock: MakeLock, kind: str):
    assert make_lock(kind).try_acquire(me())
    assert make_lock(kind, "reporting_version").try_acquire(me())


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_holder_does_is_told(make_lock: MakeLock, kind: str, database_url: str):
    one, other = make_lock(kind), make_lock(kind)
    assert one.try_acquire(me())
    one.announce(replace(me(), doing="applying 0007_totals"))
    other.try_acquire(me())
    holder = other.holder()
    assert holder is not None
    if kind == "row" or not database_url.startswith("mysql"):  # MariaDB shows no text beside a session
        assert (holder.pid, holder.host) == (me().pid, me().host)
        assert "applying 0007_totals" in holder.text


@pytest.mark.parametrize("kind", KINDS)
def test_who_waits_too_long_ends_with_5_and_the_holder(make_lock: MakeLock, kind: str):
    one, other = make_lock(kind), make_lock(kind)
    with (
        held(one, 0),
        pytest.raises(LockedError, match="Another migrator has the lock: process") as caught,
        held(other, 0.2),
    ):
        pytest.fail("two have it")
    assert caught.value.returncode == ExitCode.LOCKED
    with held(other, 0):
        assert other.is_held()


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_given_back_when_the_work_fails(make_lock: MakeLock, kind: str):
    with pytest.raises(ZeroDivisionError), held(make_lock(kind), 0):
        _ = 1 / 0
    assert make_lock(kind).try_acquire(me())


def test_it_dies_with_its_process(make_lock: MakeLock, database_url: str):
    process = subprocess.Popen([sys.executable, "-c", HOLD, database_url, "session"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "held\n"
        lock = make_lock("session")
        assert not lock.try_acquire(me())
        process.kill()
        process.wait()
        deadline = time.monotonic() + DEADLINE_S
        while not lock.try_acquire(me()):
            assert time.monotonic() < deadline, "the lock outlived its process"
            time.sleep(0.05)


def on_a_server(dialect: Dialect) -> bool:
    return not dialect.is_file


@pytest.fixture
def frequent_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """An owner shows ten times a second that it lives; a row counts as long as ever, so a busy machine has time."""
    monkeypatch.setattr(row_lock, "_BEATS", 10 * row_lock.EXPIRES_S)


def let_expire(lock: MigrationLock) -> datetime:
    """Put the row of a lock back, as if it had not been renewed for too long; until when."""
    assert isinstance(lock, RowLock)
    long_ago = _seen(lock) - timedelta(seconds=2 * lock.expires_s)
    with lock._original.begin() as connection:
        connection.execute(lock.table.update().values(seen=long_ago))
    return long_ago


def wait_for_a_beat(lock: MigrationLock, since: datetime) -> None:
    """Wait until the row was renewed."""
    deadline = time.monotonic() + DEADLINE_S
    while _seen(lock) <= since:
        assert time.monotonic() < deadline, "nobody renewed the row"
        time.sleep(0.02)


def _seen(lock: MigrationLock) -> datetime:
    assert isinstance(lock, RowLock)
    with lock._original.connect() as connection:
        found: datetime = connection.execute(sa.select(lock.table.c.seen)).scalar_one()
    return found


@where(on_a_server)
def test_a_row_of_a_dead_owner_expires(make_lock: MakeLock, database_url: str):
    process = subprocess.Popen([sys.executable, "-c", HOLD, database_url, "row"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process:
        assert process.stdout.readline() == "held\n"
        process.kill()
        process.wait()
    lock = make_lock("row")
    assert not lock.try_acquire(me())
    let_expire(lock)
    assert lock.try_acquire(me())
    assert lock.is_held()


@where(on_a_server)
@pytest.mark.usefixtures("frequent_beats")
def test_a_row_is_renewed_while_its_owner_does_something_long(make_lock: MakeLock):
    one, other = make_lock("row"), make_lock("row")
    assert one.try_acquire(me())
    wait_for_a_beat(other, let_expire(other))
    assert not other.try_acquire(me())
    assert one.is_held()


@where(on_a_server)
def test_an_owner_whose_row_was_taken_knows_it(make_lock: MakeLock, monkeypatch: pytest.MonkeyPatch):
    one, other = make_lock("row"), make_lock("row")
    assert one.try_acquire(me())  # its first beat comes in a quarter of a minute
    monkeypatch.setattr(RowLock, "expires_s", 0.0)
    with held(other, 60):
        assert not one.is_held()
        one.release()
        assert other.is_held()


@where(on_a_server)
def test_an_owner_without_a_connection_has_lost_its_row(make_lock: MakeLock, monkeypatch: pytest.MonkeyPatch):
    lock = make_lock("row")
    assert lock.try_acquire(me())
    with monkeypatch.context() as patch:
        patch.setattr(lock, "_engine", sa.create_engine("sqlite:////no/such/folder/file"))
        assert not lock.is_held()
    assert lock.is_held()


@where(on_a_server)
def test_a_row_that_was_given_back_is_renewed_no_more(make_lock: MakeLock):
    def beating() -> list[str]:
        return [thread.name for thread in threading.enumerate() if thread.name == HEARTBEAT]

    lock = make_lock("row")
    with held(lock, 0):
        assert beating()
    assert not beating()


@where(lambda dialect: dialect.is_file)
def test_a_file_has_the_lock_of_a_file_also_where_a_row_is_asked_for(make_lock: MakeLock):
    # One writer at a time: while a migration writes, no other connection could renew a row.
    assert isinstance(make_lock("row"), FileLock)


def test_a_database_in_memory_has_no_other_migrators():
    with sa.create_engine("sqlite://").connect() as connection:
        assert isinstance(lock_for(MigrationContext.configure(connection), "row"), NoLock)


@pytest.mark.usefixtures("frequent_beats")
def test_nobody_gets_the_lock_while_a_long_statement_runs(
    make_tiny_project: Callable[[str], TinyProject], make_lock: MakeLock, database_url: str
):
    _assert_locked_while_it_runs(make_tiny_project(database_url), make_lock("row"))


@pytest.mark.usefixtures("frequent_beats")
def test_nobody_gets_it_with_an_asyncio_driver_either(
    make_tiny_project: Callable[[str], TinyProject], async_database_url: str
):
    project = make_tiny_project(async_database_url)
    engine = sa.create_engine(synchronous(project.project.database().url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        lock = lock_for(MigrationContext.configure(connection), "row")
        connection.rollback()
        _assert_locked_while_it_runs(project, lock)


def _assert_locked_while_it_runs(project: TinyProject, lock: MigrationLock) -> None:
    gate = Gate(project, project.root / "go on")
    project.revision("a", f'op.execute("CREATE TABLE ticks (id INTEGER)")\n{gate.body}')
    attempts: list[bool] = []

    class Second(Events):
        """Another migrator, which asks for the lock while a statement of the first one takes long."""

        def started(self, step: Step) -> None:
            self.thread = threading.Thread(target=self.ask)
            self.thread.start()

        def ask(self) -> None:
            try:
                gate.wait()
                for _ in range(3):
                    if isinstance(lock, RowLock):  # that of a file is a session's
                        wait_for_a_beat(lock, let_expire(lock))
                    attempts.append(lock.try_acquire(me()))
            finally:
                gate.open()

    environment, events = project.environment, Second()
    history = environment.history
    try:
        Executor(environment, policy=RunPolicy(lock="row")).run(
            lambda recorded: make_plan(history, recorded, "heads"), events
        )
    finally:
        events.thread.join()
        gate.close()
    assert events.done == ["a"]
    assert attempts == [False] * 3
    assert lock.try_acquire(me())
    lock.release()


@where(lambda dialect: dialect.session_lock is not None)
def test_a_session_that_was_ended_has_lost_it(make_lock: MakeLock, database_url: str):
    one = make_lock("session")
    assert one.try_acquire(me())
    _end_other_sessions(database_url)
    assert not one.is_held()


def _end_other_sessions(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return
        ids = connection.exec_driver_sql(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()"
        )
        for (number,) in ids.all():
            connection.exec_driver_sql(f"KILL {number}")
