"""A statement that takes until the test lets it go on: the database waits for a lock of the test's, or for a file."""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa

from support.tiny_projects import TinyProject, synchronous

DEADLINE_S = 60
# They insert into a table `ticks` of one number.
HELD = {
    "sqlite": 'op.execute("INSERT INTO ticks SELECT held(1)")',
    "postgresql": 'op.execute("INSERT INTO ticks SELECT 1 FROM pg_advisory_lock(20071)")',
    "mysql": "op.execute(\"INSERT INTO ticks SELECT GET_LOCK('held', 120)\")",
}
WAITS_FOR_FILE = """
import time
from pathlib import Path

def held(number):
    Path({reached!r}).touch()
    deadline = time.monotonic() + 120
    while not Path({path!r}).exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    return number

op.get_bind().connection.dbapi_connection.create_function("held", 1, held)
"""
TAKE = {
    "postgresql": ("SELECT pg_advisory_lock(20071)", "SELECT pg_advisory_unlock(20071)"),
    "mysql": ("SELECT GET_LOCK('held', 0)", "SELECT RELEASE_LOCK('held')"),
}
IS_WAITING = {
    "postgresql": "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 20071 AND NOT granted",
    "mysql": "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND state = 'User lock'",
}


class Gate:
    """What a statement of a revision waits for.

    Args:
        project: whose database it is.
        path: a file that is not there yet.
    """

    def __init__(self, project: TinyProject, path: Path) -> None:
        self.path = path
        self._reached = path.with_name(f"{path.name} reached")
        url = synchronous(project.project.database().url)
        self.backend = url.get_backend_name()
        self._connection = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT").connect()
        self._take(0)

    @property
    def body(self) -> str:
        """The source of a statement that waits."""
        files = {"path": str(self.path), "reached": str(self._reached)}
        prelude = WAITS_FOR_FILE.format(**files) if self.backend == "sqlite" else ""
        return f"{prelude}\n{HELD[self.backend]}"

    def wait(self) -> None:
        """Wait until that statement does."""
        deadline = time.monotonic() + DEADLINE_S
        while not self._is_waiting():
            assert time.monotonic() < deadline, "nothing came to the gate"
            time.sleep(0.02)

    def open(self) -> None:
        """Let it go on."""
        self.path.touch()
        self._take(1)

    def close(self) -> None:
        """End the connection that holds the lock."""
        self._connection.close()

    def _take(self, which: int) -> None:
        if self.backend in TAKE:
            self._connection.exec_driver_sql(TAKE[self.backend][which])

    def _is_waiting(self) -> bool:
        if self.backend == "sqlite":
            return self._reached.exists()
        return bool(self._connection.exec_driver_sql(IS_WAITING[self.backend]).scalar())
