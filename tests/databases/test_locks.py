"""Every lock, on every database, keeps the same promises."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from support.databases import where

from alembic_manage.errors import ExitCode, LockedError
from alembic_manage.execution.locks import Holder, MigrationLock, held, lock_for

KINDS = ("session", "row")
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
        deadline = time.monotonic() + 10
        while not lock.try_acquire(me()):
            assert time.monotonic() < deadline, "the lock outlived its process"
            time.sleep(0.05)


def test_a_row_of_a_dead_owner_expires(make_lock: MakeLock, monkeypatch: pytest.MonkeyPatch):
    assert make_lock("row").try_acquire(me())
    other = make_lock("row")
    assert not other.try_acquire(me())
    monkeypatch.setattr("alembic_manage.execution.locks.row_lock.EXPIRES_S", -1)
    assert other.try_acquire(me())


def test_an_owner_whose_row_was_taken_knows_it(make_lock: MakeLock, monkeypatch: pytest.MonkeyPatch):
    one, other = make_lock("row"), make_lock("row")
    assert one.try_acquire(me())
    monkeypatch.setattr("alembic_manage.execution.locks.row_lock.EXPIRES_S", -1)
    assert other.try_acquire(me())
    assert not one.is_held()
    one.release()
    assert other.is_held()


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
