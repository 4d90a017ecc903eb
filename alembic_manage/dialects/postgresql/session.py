"""A session of PostgreSQL: locks, time-outs, what guards a revision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def _session_line(pid: int, user: str | None, state: str | None, start: datetime | None, query: str | None) -> str:
    """A session for a person. Of somebody else's an account without pg_read_all_stats sees the number alone."""
    told = [
        f"process {pid}",
        f" of {user}" if user else "",
        f" ({state})" if state else "",
        f", query since {start:%Y-%m-%d %H:%M:%S %Z}" if start else "",
        f": {' '.join(query.split())}" if start and query else "",
    ]
    return "".join(told)


class PostgreSQLSession(Dialect):
    """Guards a session of PostgreSQL."""

    def is_behind_pooler(self, connection: Connection) -> bool:
        """Whether the driver was told another number of the session than the server tells. Poolers make one up.

        psycopg, psycopg2 and asyncpg tell it. Source: PostgreSQL 16 manual, 55.7 "Message Formats", BackendKeyData.
        """
        driver: Any = connection.connection.driver_connection
        if hasattr(driver, "info") and hasattr(driver.info, "backend_pid"):
            told = driver.info.backend_pid
        elif hasattr(driver, "get_server_pid"):
            told = driver.get_server_pid()
        else:
            return False
        return bool(told != connection.exec_driver_sql(str(self.session_id)).scalar())

    def without_prepared(self, connection: Connection) -> None:
        """psycopg prepares what it has sent five times. Source: psycopg 3 documentation, "Prepared statements"."""
        driver: Any = connection.connection.driver_connection
        if hasattr(driver, "prepare_threshold"):
            driver.prepare_threshold = None

    def is_lock_failure(self, error: BaseException) -> bool:
        """lock_not_available, deadlock_detected. Source: PostgreSQL 16 manual, appendix A."""
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        return state in ("55P03", "40P01")

    def is_statement_timeout(self, error: BaseException) -> bool:
        """query_canceled, by the time-out and not by a person. Source: PostgreSQL 16 manual, appendix A."""
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        return state == "57014" and "timeout" in str(error)

    def blockers(self, connection: Connection, statement: str) -> Sequence[str]:
        """Who holds locks on tables that the statement names. Source: PostgreSQL 16 manual, 54.12 "pg_locks"."""
        from sqlalchemy import text

        words = set(re.findall(r"\w+", statement))
        query = text(
            "SELECT DISTINCT a.pid, a.usename, a.state, a.query_start, left(a.query, 80) FROM pg_locks l "
            "JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid "
            "WHERE l.granted AND l.pid <> pg_backend_pid() AND c.relname = ANY(CAST(:names AS text[])) "
            "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "ORDER BY a.query_start"
        )
        rows = connection.execute(query, {"names": sorted(words | {word.lower() for word in words})})
        return [_session_line(*row) for row in rows.all()]
