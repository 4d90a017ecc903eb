"""A PgBouncer of the test's own, in front of the test PostgreSQL."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.exc import OperationalError

from support.servers import is_ci

ABSENCE = "PgBouncer: not installed; apt-get install pgbouncer"
DEADLINE_S = 60
_UNPRIVILEGED = "nobody"
_CONFIG = """\
[databases]
* = host={host} port={port} user={user}{password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
"""


class PgBouncer:
    """A pooler while it runs.

    Args:
        server: the PostgreSQL behind it.
        folder: an empty folder for its files.
        mode: its pool_mode.
        size: how many sessions of the server it has for each database.
    """

    def __init__(self, server: URL, folder: Path, mode: str, size: int) -> None:
        self.server = server
        self.folder = folder
        self.mode = mode
        self.size = size
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, direct: URL) -> URL:
        """The way to a database of the server that leads through the pooler."""
        return direct.set(host="127.0.0.1", port=self._port)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        config, log = self.folder / "pgbouncer.ini", self.folder / "pgbouncer.log"
        password = f" password={self.server.password}" if self.server.password else ""
        config.write_text(
            _CONFIG.format(
                host=self.server.host,
                port=self.server.port or 5432,
                user=self.server.username,
                password=password,
                listen=self._port,
                mode=self.mode,
                size=self.size,
            )
        )
        with log.open("wb") as out, config.open("rb") as text:
            # Its configuration comes over standard input: the folders above may be closed to another user.
            self._process = subprocess.Popen(
                [_program(), "/dev/stdin"], stdin=text, stdout=out, stderr=out, **_as_nobody()
            )
        self._wait(log)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _wait(self, log: Path) -> None:
        engine = create_engine(self.url(self.server), poolclass=NullPool)
        deadline = time.monotonic() + DEADLINE_S
        while True:
            try:
                engine.connect().close()
                return
            except OperationalError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"PgBouncer does not answer:\n{log.read_text()}") from None
            time.sleep(0.05)


def _program() -> str:
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        if is_ci():
            pytest.fail(ABSENCE, pytrace=False)
        pytest.skip(ABSENCE)
    return found


def _as_nobody() -> dict[str, Any]:
    """Another user where this one is root: PgBouncer refuses to run as root."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(_UNPRIVILEGED)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": (), "cwd": "/"}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def start_pgbouncer(postgresql_server: URL, tmp_path: Path) -> Iterator[Callable[..., PgBouncer]]:
    """Starts poolers: `start_pgbouncer("transaction", size=3)`."""
    started: list[PgBouncer] = []

    def start(mode: str = "transaction", size: int = 5) -> PgBouncer:
        folder = tmp_path / f"pgbouncer{len(started)}"
        folder.mkdir()
        started.append(PgBouncer(postgresql_server, folder, mode, size))
        started[-1].start()
        return started[-1]

    yield start
    for pooler in started:
        pooler.stop()
