"""A column with another name, there and back, beside an application that reads and writes all the time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, select
from sqlalchemy.exc import SQLAlchemyError
from support.autodetection import Evolution
from support.databases import where
from support.faults_busy import wait_until
from support.rollouts import Code, roll_out

from alembic_manage.drift.verification import differences
from alembic_manage.operations.backfill import PORTION
from alembic_manage.questions import Given

ROWS = 2 * PORTION + 7
SESSIONS = 3
AT_LEAST = 20
"""So many rows are written before and after each way back: it has had company."""


def models(column: str) -> MetaData:
    metadata = MetaData()
    note = Column(column, String(20), nullable=False, server_default="x")
    table = Table("orders", metadata, Column("id", Integer, primary_key=True, autoincrement=False), note)
    Index("ix_it", table.c[column])
    return metadata


class Application:
    """Sessions of one code: each inserts a row, changes it, reads it, and deletes every other one.

    Args:
        code: knows the table.
        column: what it writes.
        first: the id of its first row.
    """

    def __init__(self, code: Code, column: str, first: int) -> None:
        self.code, self.column, self.next = code, column, first
        self.written: dict[int, str] = {}
        """What the column of each row must hold that is left."""
        self.failures: list[str] = []
        self._lock = threading.Lock()

    @contextmanager
    def running(self) -> Iterator[None]:
        """While entered, the sessions go on; they have begun, and go on for a while at the end."""
        stop = threading.Event()
        threads = [threading.Thread(target=self._session, args=(stop,)) for _ in range(SESSIONS)]
        for thread in threads:
            thread.start()
        try:
            self._wait_for(AT_LEAST)
            yield
            self._wait_for(len(self.written) + AT_LEAST)
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.written) >= count or bool(self.failures), "nothing is written")

    def _session(self, stop: threading.Event) -> None:
        while not stop.is_set() and not self.failures:
            with self._lock:
                self.next += 2
                id = self.next
            try:
                self._use(id)
            except (SQLAlchemyError, AssertionError) as error:
                self.failures.append(str(error))

    def _use(self, id: int) -> None:
        table, own = self.code.table, self.code.table.c[self.column]
        self.code.insert(id, {self.column: "begun"})
        self.code.use(id + 1, {self.column: "short-lived"})
        with self.code.engine.begin() as connection:
            connection.execute(table.update().where(table.c.id == id).values({self.column: f"row {id}"}))
        with self.code.engine.connect() as connection:
            assert connection.execute(select(own).where(table.c.id == id)).scalar() == f"row {id}"
        self.written[id] = f"row {id}"


def application(evolution: Evolution, column: str, first: int) -> Application:
    """The application that knows the column by this name."""
    return Application(Code(evolution, models(column).tables["orders"]), column, first)


def held(evolution: Evolution, column: str) -> dict[int, str]:
    """What the column of each row holds, by id."""
    return dict(evolution.rows(f"SELECT id, {column} FROM orders"))


@where(lambda dialect: not dialect.is_file)
def test_a_renamed_column_comes_beside_the_old_code_and_goes_back_beside_the_new_one(evolution: Evolution) -> None:
    evolution.become(models("note"))
    before = evolution.description()
    untouched = {id: f"row {id}" for id in range(1, ROWS + 1)}
    first, new, last = (
        application(evolution, *each) for each in (("note", 10_000), ("remark", 100_000), ("note", 1_000_000))
    )
    with first.code.engine.begin() as connection:
        connection.execute(first.code.table.insert(), [{"id": id, "note": text} for id, text in untouched.items()])
    written = roll_out(evolution, models("remark"), given=Given(renames={"orders.note": "orders.remark"}))
    assert not written.notes
    assert written.last_expand is not None
    with first.running():
        evolution.migrate(written.last_expand)
    assert (first.failures, held(evolution, "remark")) == ([], {**untouched, **first.written})
    with new.running():
        evolution.migrate()
        evolution.migrate(written.last_expand)
    everything = {**untouched, **first.written, **new.written}
    assert (new.failures, held(evolution, "note"), held(evolution, "remark")) == ([], everything, everything)
    with last.running():
        evolution.migrate("0001_initial")
    assert (last.failures, held(evolution, "note")) == ([], {**everything, **last.written})
    assert not differences(before, evolution.description())
