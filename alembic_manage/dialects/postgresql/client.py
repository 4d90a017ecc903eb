"""How PostgreSQL is reached: why not, and the client's command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects.client import ConnectionFailure, ShellCall
from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy import URL


# Source: PostgreSQL 18 manual, appendix A, "PostgreSQL Error Codes".
_SQLSTATES = {
    "28000": ConnectionFailure.PASSWORD,
    "28P01": ConnectionFailure.PASSWORD,
    "3D000": ConnectionFailure.MISSING,
}


# libpq gives no SQLSTATE for a failed connection, only the server's text; role and database names are quoted in it.
_TEXTS = (
    ("password authentication failed", ConnectionFailure.PASSWORD),
    ("no password supplied", ConnectionFailure.PASSWORD),
    ("no pg_hba.conf entry", ConnectionFailure.PASSWORD),
    ("the database system is", ConnectionFailure.DOWN),  # starting up, shutting down, in recovery
    ('role "', ConnectionFailure.PASSWORD),
    ('database "', ConnectionFailure.MISSING),
    ("connection refused", ConnectionFailure.DOWN),
    ("could not translate host name", ConnectionFailure.DOWN),
    ("failed to resolve host", ConnectionFailure.DOWN),
    ("timeout", ConnectionFailure.DOWN),
    ("no such file or directory", ConnectionFailure.DOWN),
)


class PostgreSQLClient(Dialect):
    """Reaches the database of PostgreSQL."""

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why there is no connection; psycopg, psycopg2 and asyncpg are understood."""
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        if state in _SQLSTATES:
            return _SQLSTATES[state]
        # psycopg's first line repeats the address; what the server said follows "FATAL:".
        text = str(error).rpartition("FATAL:")[2].strip().lower()
        for start, failure in _TEXTS:
            if start in text:
                return failure
        return super().connection_failure(error)

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """`pg_isready` for a silent server, `createdb` for a missing database."""
        place = f"-h {url.host or 'localhost'} -p {url.port or 5432}"
        if failure is ConnectionFailure.DOWN:
            return f"pg_isready {place}"
        if failure is ConnectionFailure.MISSING:
            return f"createdb {place}{f' -U {url.username}' if url.username else ''} {url.database}"
        return None

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall:
        """psql; the password in PGPASSWORD. Source: PostgreSQL 18 manual, psql, and 34.15 "Environment Variables"."""
        query = {name: _text(value) for name, value in url.query.items()}
        host, port = _place(url)
        argv = ["psql"]
        for option, value in (("-U", query.get("user") or url.username), ("-h", host), ("-p", port)):
            if value:
                argv += [option, value]
        database = query.get("dbname") or query.get("database") or url.database
        if database:
            argv += ["-d", _conninfo(database)]
        env = {variable: query[name] for name, variable in _VARIABLES.items() if query.get(name)}
        if query.get("ssl") in _SSL_MODES:
            env["PGSSLMODE"] = query["ssl"]
        password = query.get("password") or url.password
        if password:
            env["PGPASSWORD"] = str(password)
        return ShellCall(tuple(argv + list(parameters)), env, install="apt install postgresql-client")


# What libpq reads from the environment, by the name that it has in a connection string.
_VARIABLES = {
    "application_name": "PGAPPNAME",
    "channel_binding": "PGCHANNELBINDING",
    "client_encoding": "PGCLIENTENCODING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "gssencmode": "PGGSSENCMODE",
    "hostaddr": "PGHOSTADDR",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslcert": "PGSSLCERT",
    "sslcrl": "PGSSLCRL",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}


# asyncpg's `ssl` argument takes libpq's words.
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def _place(url: URL) -> tuple[str, str]:
    """Host and port as psql takes them: with commas between where the query names several.

    Source: SQLAlchemy 2.1, PostgreSQL dialect, "Specifying multiple fallback hosts".
    """
    port = _text(url.query.get("port")) or str(url.port or "")
    hosts = url.query.get("host")
    if not hosts:
        return url.host or "", port
    words = hosts.split(",") if isinstance(hosts, str) else hosts
    # Each may have its port: ?host=one:5432&host=two:5433; an IPv6 address has more than one colon.
    pairs = [word.split(":") if word.count(":") == 1 else [word, ""] for word in words]
    ports = ",".join(own for _, own in pairs)
    return ",".join(host for host, _ in pairs), ports if ports.strip(",") else port


def _conninfo(database: str) -> str:
    """The database's name, quoted where psql would take it for a connection string."""
    if "=" not in database and not database.startswith(("postgresql://", "postgres://")):
        return database
    escaped = database.replace("\\", r"\\").replace("'", r"\'")
    return f"dbname='{escaped}'"


def _text(value: str | tuple[str, ...] | None) -> str:
    return value if isinstance(value, str) else ",".join(value or ())
