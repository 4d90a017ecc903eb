"""PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects.dialect import ConnectionFailure, Dialect, ShellCall

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
    ("role ", ConnectionFailure.PASSWORD),
    ("database ", ConnectionFailure.MISSING),
    ("connection refused", ConnectionFailure.DOWN),
    ("could not translate host name", ConnectionFailure.DOWN),
    ("failed to resolve host", ConnectionFailure.DOWN),
    ("timeout", ConnectionFailure.DOWN),
    ("no such file or directory", ConnectionFailure.DOWN),
)


class PostgreSQL(Dialect):
    """PostgreSQL: everything but a few statements can be rolled back."""

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
        """psql; the password in PGPASSWORD. Source: PostgreSQL 18 manual, psql, and libpq's environment variables."""
        argv = ["psql"]
        if url.username:
            argv += ["-U", url.username]
        host = url.host or _text(url.query.get("host"))
        if host:
            argv += ["-h", host]
        if url.port:
            argv += ["-p", str(url.port)]
        argv += list(parameters)
        if url.database:
            # After the user's parameters, as psql takes the first free word for the database.
            argv += ["-d", url.database]
        env = {"PGPASSWORD": str(url.password)} if url.password else {}
        for option in ("sslmode", "sslrootcert", "sslcert", "sslkey", "options", "service", "passfile"):
            value = _text(url.query.get(option))
            if value:
                env[f"PG{option.upper()}"] = value
        return ShellCall(tuple(argv), env)


def _text(value: str | tuple[str, ...] | None) -> str:
    return value if isinstance(value, str) else ",".join(value or ())


DIALECT = PostgreSQL(
    names=("postgresql",),
    title="PostgreSQL",
    transactional_ddl=True,
    drivers={
        "psycopg": "alembic-manage[postgresql]",
        "psycopg_async": "alembic-manage[postgresql]",
        "psycopg2": "psycopg2-binary",
        "asyncpg": "asyncpg",
        "pg8000": "pg8000",
    },
)
