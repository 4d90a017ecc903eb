"""How SQLite is reached: why not, and the client's command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from alembic_manage.dialects.client import ConnectionFailure, ShellCall
from alembic_manage.dialects.dialect import Dialect

if TYPE_CHECKING:
    from sqlalchemy import URL

    from alembic_manage.dialects.plain_database import PlainDatabase


_TEXTS = (
    ("unable to open database file", ConnectionFailure.FILE),
    ("file is not a database", ConnectionFailure.FILE),
    ("readonly database", ConnectionFailure.FILE),
)


# Source: SQLAlchemy 2.1, SQLite dialect, "URI Connections".
_DRIVER_ARGUMENTS = ("uri", "timeout", "isolation_level", "detect_types", "check_same_thread", "cached_statements")


class SQLiteClient(Dialect):
    """Reaches the database of SQLite."""

    def resolve(self, url: URL, root: Path) -> URL:
        """The file of a relative path lies below `root`, wherever the command is started."""
        if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
            return url
        return url.set(database=str(root / url.database))

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why the file cannot be used."""
        text = str(error).lower()
        for part, failure in _TEXTS:
            if part in text:
                return failure
        return super().connection_failure(error)

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """`mkdir` where the folder is missing, else a look at the file."""
        if failure is not ConnectionFailure.FILE or not url.database:
            return None
        path = Path(url.database)
        return f"ls -l {path}" if path.parent.is_dir() else f"mkdir -p {path.parent}"

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall | None:
        """sqlite3 on the file; None for a database in memory. Source: "Command Line Shell For SQLite"."""
        path = url.database or ":memory:"
        is_uri = _text(url.query.get("uri")).lower() in ("1", "true", "yes", "on")
        if path == ":memory:" or (is_uri and (":memory:" in path or url.query.get("mode") == "memory")):
            return None
        if is_uri:
            # What the driver does not take for itself belongs to the file's URI.
            rest = {name: _text(value) for name, value in sorted(url.query.items()) if name not in _DRIVER_ARGUMENTS}
            path += "?" * bool(rest) + urlencode(rest, safe="/:")
        return ShellCall(("sqlite3", path, *parameters), install="apt install sqlite3")

    def plain_database(self, driver: str, url: str, options: Mapping[str, Any], root: Path) -> PlainDatabase | None:
        """The file, which Python's own module opens."""
        from alembic_manage.dialects.sqlite.plain_file import SQLiteFile

        return SQLiteFile(str(root / url.partition("///")[2]))


def _text(value: str | tuple[str, ...] | None) -> str:
    return value if isinstance(value, str) else ",".join(value or ())
