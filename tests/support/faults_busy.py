"""A busy database: a long transaction holds a table, while an application goes on to query it."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import NullPool, create_engine, make_url, text

CLIENTS = 4
PAUSE_S = 0.01
DEADLINE_S = 60.0
_WAITING = {
    "postgresql": "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
    "WHERE NOT granted AND datname = current_database() AND mode = 'AccessExclusiveLock'",
    "mysql": "SELECT count(*) FROM information_schema.processlist "
    "WHERE db = database() AND state = 'Waiting for table metadata lock' AND info LIKE 'ALTER%'",
}


@dataclass(frozen=True)
class Latency:
    """Of queries, in milliseconds."""

    count: int
    p50_ms: float
    p99_ms: float
    max_ms: float


class Application:
    """Clients that query a table, each over a connection of its own, one query after the other.

    Args:
        url: of the database.
        query: what they ask.
    """

    def __init__(self, url: str, query: str) -> None:
        self._url = url
        self._query = query
        self._stop = threading.Event()
        self._taken_ms: list[float] = []
        self.failures: list[BaseException] = []
        self._threads = [threading.Thread(target=self._ask_on) for _ in range(CLIENTS)]

    @property
    def answered(self) -> int:
        """How many queries were answered so far."""
        return len(self._taken_ms)

    @property
    def latency(self) -> Latency:
        """Of all queries so far."""
        parts = statistics.quantiles(self._taken_ms, n=100)
        return Latency(len(self._taken_ms), parts[49], parts[98], max(self._taken_ms))

    def _ask_on(self) -> None:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                while not self._stop.is_set():
                    began = time.perf_counter()
                    connection.execute(text(self._query)).all()
                    self._taken_ms.append((time.perf_counter() - began) * 1000)
                    time.sleep(PAUSE_S)
        except BaseException as error:
            self.failures.append(error)

    def __enter__(self) -> Application:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def long_transaction(url: str, *statements: str) -> Iterator[None]:
    """While entered, a transaction is open that has sent these statements."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
        yield
        connection.rollback()


def is_altering_waiting(url: str) -> bool:
    """Whether some session waits for a table that it wants for itself."""
    query = _WAITING[make_url(url).get_backend_name()]
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return bool(connection.execute(text(query)).scalar())


def wait_until(is_so: Callable[[], bool], what: Sequence[object] | str) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)
