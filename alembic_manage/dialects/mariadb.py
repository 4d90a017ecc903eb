"""MariaDB and MySQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects.dialect import ConnectionFailure, Dialect, ShellCall

if TYPE_CHECKING:
    from sqlalchemy import URL

# Source: MariaDB server documentation, "MariaDB Error Code Reference"; 2002 to 2005 are the client's.
_ERRNOS = {
    1044: ConnectionFailure.PASSWORD,
    1045: ConnectionFailure.PASSWORD,
    1698: ConnectionFailure.PASSWORD,
    1049: ConnectionFailure.MISSING,
    2002: ConnectionFailure.DOWN,
    2003: ConnectionFailure.DOWN,
    2005: ConnectionFailure.DOWN,
    2013: ConnectionFailure.DOWN,
}


class MariaDB(Dialect):
    """MariaDB and MySQL: every DDL statement commits. Source: MariaDB documentation, "SQL statements that cause an
    implicit commit".
    """

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why there is no connection; PyMySQL, aiomysql, asyncmy and mysqlclient put the number first."""
        number = error.args[0] if error.args else None
        if isinstance(number, int) and number in _ERRNOS:
            return _ERRNOS[number]
        return super().connection_failure(error)

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """`mariadb-admin ping` for a silent server, CREATE DATABASE for a missing database."""
        place = f"-h {url.host or 'localhost'} -P {url.port or 3306}"
        user = f" -u {url.username}" if url.username else ""
        if failure is ConnectionFailure.DOWN:
            return f"mariadb-admin {place} ping"
        if failure is ConnectionFailure.MISSING:
            return f'mariadb {place}{user} -p -e "CREATE DATABASE {url.database}"'
        return None

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall:
        """mariadb; the password in MYSQL_PWD. Source: MariaDB documentation, "mariadb command-line client"."""
        argv = ["mariadb"]
        if url.username:
            argv += [f"--user={url.username}"]
        socket = url.query.get("unix_socket")
        if isinstance(socket, str):
            argv += [f"--socket={socket}"]
        elif url.host:
            # A host of "localhost" would mean the socket; the driver speaks TCP.
            argv += ["--protocol=TCP", f"--host={url.host}"]
            if url.port:
                argv += [f"--port={url.port}"]
        charset = url.query.get("charset")
        if isinstance(charset, str):
            argv += [f"--default-character-set={charset}"]
        argv += list(parameters)
        if url.database:
            argv += [url.database]
        return ShellCall(tuple(argv), {"MYSQL_PWD": str(url.password)} if url.password else {})


DIALECT = MariaDB(
    names=("mariadb", "mysql"),
    title="MariaDB",
    drivers={
        "pymysql": "alembic-manage[mariadb]",
        "mysqldb": "mysqlclient",
        "mariadbconnector": "mariadb",
        "aiomysql": "aiomysql",
        "asyncmy": "asyncmy",
        "mysqlconnector": "mysql-connector-python",
    },
)
