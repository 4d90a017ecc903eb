"""How MariaDB is reached: why not, and the client's command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects.client import ConnectionFailure, ShellCall
from alembic_manage.dialects.dialect import Dialect

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


class MariaDBClient(Dialect):
    """Reaches the database of MariaDB."""

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
        """mariadb or mysql; the password in MYSQL_PWD. Source: MariaDB documentation, "mariadb command-line client"."""
        query = {name: value for name, value in url.query.items() if isinstance(value, str)}
        argv = ["mariadb"]
        if "read_default_file" in query:
            # Must be the first option.
            argv += [f"--defaults-file={query['read_default_file']}"]
        argv += _place(url, query)
        options = {
            "--user": query.get("user") or url.username,
            "--database": query.get("db") or query.get("database") or url.database,
            "--default-character-set": query.get("charset"),
            **{f"--{name.replace('_', '-')}": query.get(name) for name in _SSL_ARGUMENTS},
        }
        argv += [f"{option}={value}" for option, value in options.items() if value]
        password = query.get("password") or query.get("passwd") or url.password
        return ShellCall(
            tuple(argv + list(parameters)),
            {"MYSQL_PWD": str(password)} if password else {},
            other_programs=("mysql",),
            install="apt install mariadb-client",
        )


_SSL_ARGUMENTS = ("ssl_ca", "ssl_capath", "ssl_cert", "ssl_cipher", "ssl_key")


# These are made of the same C library as the client: for them too "localhost" is the socket.
_C_DRIVERS = ("mysqldb", "mariadbconnector")


def _place(url: URL, query: Mapping[str, str]) -> list[str]:
    """Where the server is, as the driver would look for it."""
    if "unix_socket" in query:
        return [f"--socket={query['unix_socket']}"]
    host, port = query.get("host") or url.host, query.get("port") or url.port
    if url.get_driver_name() not in _C_DRIVERS and "read_default_file" not in query:
        # The drivers in Python speak TCP, where the client would take "localhost" for the socket.
        host = host or "localhost"
    place = [f"--host={host}"] if host else []
    if host == "localhost" and url.get_driver_name() not in _C_DRIVERS:
        place = ["--protocol=TCP", *place]
    return [*place, f"--port={port}"] if port else place
