"""Servers of the tests' own, in a folder of their own: they may be stopped, killed, and run out of disk.

They never wait for a disk: what is on it after a power failure is of no use to a test. What was committed is written
all the same, because tests kill them. On the loopback address and a free port; as an account without rights where the
tests run as root. Gone with the `with` block, or with the process that runs the tests.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

START_TIMEOUT_S = 60.0
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/sbin", "/usr/local/bin")
# The server goes when the tests go, however they end: the other end of its standard input is then closed.
# So does its folder, which may be in memory; one that was ended by `end` is started again on what it had.
_WATCHED = """
exec 3<&0
(cat <&3 >/dev/null; kill -QUIT $$ && { sleep 5; kill -KILL $$; cd / && rm -rf "$OLDPWD"; }) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null
"""


@contextmanager
def open_folder(parent: Path | None = None) -> Iterator[Path]:
    """A folder that the account of a server may enter: those of pytest are closed to others.

    Args:
        parent: what it is in; None for where temporary files are.
    """
    folder = Path(tempfile.mkdtemp(prefix="alembic-manage-server-", dir=parent))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


class OwnServer:
    """A server whose data is in a folder.

    Args:
        folder: an empty one.
        is_small: with small files, so that a small disk holds them.
    """

    programs: Sequence[str] = ()
    """What must be there: the server first."""
    stop_signal = signal.SIGTERM
    """Ends it in order, without waiting for its clients."""

    def __init__(self, folder: Path, *, is_small: bool = False) -> None:
        self.folder = folder
        self.is_small = is_small
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    @classmethod
    def missing(cls) -> str:
        """The program that is not installed; empty where all are."""
        return next((name for name in cls.programs if not _program(name)), "")

    @property
    def url(self) -> URL:
        """Of a database that is there."""
        raise NotImplementedError

    def init(self) -> None:
        """Make its data."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """What runs it."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        if self._account is not None:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        self.init()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGKILL)

    def start(self) -> None:
        """Start it, and wait until it answers.

        Again, where it gives up: of a server that was killed, processes may be there for a moment still.
        """
        self._process = self._begin()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._answers():
            if time.monotonic() > deadline:
                raise RuntimeError((self.folder / "log").read_text(encoding="utf-8", errors="replace")[-3000:])
            if self._process.poll() is not None:
                self._process = self._begin()
            time.sleep(0.05)

    def _begin(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                ["sh", "-c", _WATCHED, "sh", *self.command()],
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._identity,
            )

    def end(self, number: signal.Signals) -> None:
        """End it with a signal, and wait until it is gone."""
        if self._process is None:
            return
        self._process.send_signal(number)
        self._process.wait(START_TIMEOUT_S)
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process = None

    def _answers(self) -> bool:
        engine = create_engine(self.url, poolclass=NullPool, connect_args={"connect_timeout": 2})
        try:
            engine.connect().close()
        except DBAPIError:
            return False
        return True

    @property
    def _identity(self) -> dict[str, Any]:
        """Arguments of subprocess: whom it runs as."""
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _call(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [_program(name), *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._identity,
        )
        assert done.returncode == 0, done.stdout.decode(errors="replace")


class OwnPostgreSQL(OwnServer):
    """PostgreSQL."""

    programs = ("postgres", "initdb")
    stop_signal = signal.SIGINT

    @property
    def url(self) -> URL:
        """The database "postgres"."""
        return URL.create("postgresql+psycopg", "postgres", None, "127.0.0.1", self.port, "postgres")

    def init(self) -> None:
        """initdb."""
        size = ["--wal-segsize=1"] if self.is_small else []
        who = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self._call("initdb", "-D", str(self.folder / "data"), *size, *who)

    def command(self) -> list[str]:
        """The server in the foreground."""
        options = {"unix_socket_directories": "", "max_connections": "200", "fsync": "off", "max_wal_size": "128MB"}
        options["dynamic_shared_memory_type"] = "mmap"  # in its folder: one that is killed leaves the others behind
        if self.is_small:
            options |= {"min_wal_size": "2MB", "max_wal_size": "4MB", "shared_buffers": "16MB"}
        place = ["-D", str(self.folder / "data"), "-h", "127.0.0.1", "-p", str(self.port)]
        return [_program("postgres"), *place, *(part for item in options.items() for part in ("-c", "=".join(item)))]


class OwnMariaDB(OwnServer):
    """MariaDB, with the character set of Debian's package."""

    programs = ("mariadbd", "mariadb-install-db")

    @property
    def url(self) -> URL:
        """The database "test"."""
        return URL.create("mysql+pymysql", "root", None, "127.0.0.1", self.port, "test")

    def init(self) -> None:
        """mariadb-install-db, and a database."""
        options = ["--auth-root-authentication-method=normal", "--skip-log-bin", *self._size]
        places = [f"--datadir={self.folder / 'data'}", f"--tmpdir={self.folder}"]
        self._call("mariadb-install-db", "--no-defaults", *places, *options)
        database = self.folder / "data" / "test"
        if not database.exists():
            database.mkdir()
        if self._account is not None:
            os.chown(database, self._account.pw_uid, self._account.pw_gid)

    def command(self) -> list[str]:
        """The server in the foreground."""
        options = {
            "datadir": self.folder / "data",
            "tmpdir": self.folder,  # a server that starts removes the temporary tables of all others in its own
            "port": self.port,
            "bind-address": "127.0.0.1",
            "socket": self.folder / "socket",
            "pid-file": self.folder / "pid",
            "innodb-flush-method": "nosync",
            "character-set-server": "utf8mb4",
            "collation-server": "utf8mb4_general_ci",
        }
        given = [f"--{name}={value}" for name, value in options.items()]
        return [_program("mariadbd"), "--no-defaults", "--debug-no-sync", *self._size, *given]

    @property
    def _size(self) -> list[str]:
        return ["--innodb-log-file-size=8M", "--innodb-buffer-pool-size=16M"] if self.is_small else []


def _program(name: str) -> str:
    """The path of a program; empty where it is not installed. The newest PostgreSQL counts."""
    found = [str(path) for place in _PLACES for path in sorted(Path("/").glob(f"{place[1:]}/{name}"), reverse=True)]
    return next(iter(found), shutil.which(name) or "")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
