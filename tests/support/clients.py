"""The databases' own command-line clients: a script is run as a user would run it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing

from sqlalchemy import URL, make_url


def run_script(url: str, sql: str) -> None:
    """Run a SQL script with the client of its database: `psql -f -`, `mariadb < ...`, `sqlite3 FILE < ...`."""
    parsed = make_url(url)
    program, *arguments = _CLIENTS[parsed.get_backend_name()](parsed)
    if shutil.which(program) is None and parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(parsed.database or "")) as connection:
            connection.executescript(sql)
        return
    password = {"PGPASSWORD": parsed.password, "MYSQL_PWD": parsed.password} if parsed.password else {}
    done = subprocess.run(
        [program, *arguments],
        input=sql,
        env={**os.environ, **{name: str(value) for name, value in password.items()}},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{sql}"
    assert done.stderr == "", f"{done.stderr}\n{sql}"


def _psql(url: URL) -> list[str]:
    address = url.set(drivername="postgresql", password=None).render_as_string()
    return ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", address, "-f", "-"]


def _mariadb(url: URL) -> list[str]:
    place = [f"--host={url.host}", f"--port={url.port or 3306}", f"--user={url.username}", "--protocol=TCP"]
    return ["mariadb", *place, str(url.database)]


def _sqlite3(url: URL) -> list[str]:
    return ["sqlite3", "-bail", str(url.database)]


_CLIENTS = {"postgresql": _psql, "mysql": _mariadb, "sqlite": _sqlite3}
