"""A session of MariaDB: locks, time-outs, what guards a revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy import Connection


class MariaDBSession(Dialect):
    """Guards a session of MariaDB."""

    def is_lock_failure(self, error: BaseException) -> bool:
        """ER_LOCK_WAIT_TIMEOUT, ER_LOCK_DEADLOCK. Source: MariaDB documentation, "MariaDB Error Code Reference"."""
        return bool(error.args) and error.args[0] in (1205, 1213)

    def is_table_changing(self, error: BaseException) -> bool:
        """ER_TABLE_DEF_CHANGED, WARN_I_S_SKIPPED_TABLE. Source: MariaDB documentation, "Error Code Reference"."""
        return bool(error.args) and error.args[0] in (1412, 1684)

    def is_statement_timeout(self, error: BaseException) -> bool:
        """ER_STATEMENT_TIMEOUT; MySQL's is ER_QUERY_TIMEOUT. Source: MariaDB and MySQL documentation, error codes."""
        return bool(error.args) and error.args[0] in (1969, 3024)

    def blockers(self, connection: Connection, statement: str) -> Sequence[str]:
        """Sessions of this database with a transaction that is open. Source: MariaDB documentation, "INNODB_TRX"."""
        rows = connection.exec_driver_sql(
            "SELECT p.ID, p.USER, p.COMMAND, t.trx_started, COALESCE(LEFT(p.INFO, 80), '') "
            "FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p "
            "ON p.ID = t.trx_mysql_thread_id WHERE p.ID <> CONNECTION_ID() AND p.DB = DATABASE() ORDER BY t.trx_started"
        )
        return [
            f"process {id} of {user} ({command}), transaction since {start:%Y-%m-%d %H:%M:%S}: {query}".rstrip(": ")
            for id, user, command, start, query in rows.all()
        ]
