"""The databases: how each is made empty, read back, and fed with SQL by its own client."""

from __future__ import annotations

import os
import sqlite3
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from process import ROOT, Run, run
from sqlalchemy import URL

sys.path.append(str(ROOT / "tests"))

from support.own_servers import open_folder
from support.servers import MARIADB, POSTGRESQL, Server, is_reachable

OWN_TABLES = ("alembic_version", "django_migrations", "sqlite_sequence")
"""Tables that begin like this are the tools' own."""


class Database(ABC):
    """One database, for one tool.

    Args:
        name: of it.
        place: the folder of a file, or the URL of a server.
    """

    title = ""
    begin = "BEGIN;"
    django_table = ""
    """The statement that makes Django's table."""

    def __init__(self, name: str, place: Any) -> None:
        self.name = name
        self.place = place

    @property
    @abstractmethod
    def url(self) -> str:
        """For SQLAlchemy."""

    @property
    @abstractmethod
    def django(self) -> Mapping[str, Any]:
        """For Django."""

    @abstractmethod
    def empty(self) -> None:
        """Make it anew."""

    @abstractmethod
    def drop(self) -> None:
        """Take it away."""

    @abstractmethod
    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows."""

    @abstractmethod
    def read(self, file: Path) -> Run:
        """Have the database's own client read a file of SQL."""

    @abstractmethod
    def columns(self) -> list[tuple[str, str]]:
        """Table and column."""

    @abstractmethod
    def indexes(self) -> list[tuple[str, str, str]]:
        """Table, index and column, of those that are no key's."""

    @property
    def holdings(self) -> frozenset[str]:
        """What is in it, a line a thing, without what the tools keep for themselves."""
        columns = [f"{table}.{column}" for table, column in self.columns() if not table.startswith(OWN_TABLES)]
        indexes = [(table, name, column) for table, name, column in self.indexes() if not table.startswith(OWN_TABLES)]
        return frozenset([*columns, *(f"{table} index {name} on {column}" for table, name, column in indexes)])


class SQLite(Database):
    """A file."""

    title = "SQLite"
    django_table = (
        "CREATE TABLE django_migrations (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, app varchar(255) NOT NULL, "
        "name varchar(255) NOT NULL, applied datetime NOT NULL)"
    )

    @property
    def path(self) -> Path:
        """The file."""
        found: Path = self.place / f"{self.name}.sqlite3"
        return found

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return f"sqlite:///{self.path}"

    @property
    def django(self) -> Mapping[str, Any]:
        """For Django."""
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(self.path)}

    def empty(self) -> None:
        """Without the file."""
        self.drop()

    def drop(self) -> None:
        """Without the file."""
        self.path.unlink(missing_ok=True)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql).fetchall()

    def read(self, file: Path) -> Run:
        """sqlite3."""
        return run(["sqlite3", "-bail", str(self.path)], self.place, stdin=file)

    def columns(self) -> list[tuple[str, str]]:
        """From the PRAGMA."""
        return self.query(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
        )

    def indexes(self) -> list[tuple[str, str, str]]:
        """From the PRAGMA."""
        return self.query(
            "SELECT m.tbl_name, m.name, c.name FROM sqlite_master m, pragma_index_info(m.name) c "
            "WHERE m.type = 'index' AND m.sql IS NOT NULL"
        )


class OnServer(Database):
    """A database on a server."""

    client = ""

    @property
    def server(self) -> URL:
        """The place."""
        found: URL = self.place
        return found

    @property
    def url(self) -> str:
        """For SQLAlchemy."""
        return self.server.set(database=self.name).render_as_string(hide_password=False)

    def _django(self, engine: str) -> Mapping[str, Any]:
        server = self.server
        return {
            "ENGINE": f"django.db.backends.{engine}",
            "NAME": self.name,
            "USER": server.username,
            "PASSWORD": server.password or "",
            "HOST": server.host or "",
            "PORT": str(server.port or ""),
        }

    def empty(self) -> None:
        """Drop and create."""
        self.drop()
        self._on_server(f"CREATE DATABASE {self.name}")

    @abstractmethod
    def _on_server(self, sql: str) -> None:
        """Run a statement outside of this database."""


class PostgreSQL(OnServer):
    """On PostgreSQL."""

    title = "PostgreSQL"
    django_table = (
        "CREATE TABLE django_migrations (id bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "
        "app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied timestamp with time zone NOT NULL)"
    )

    @property
    def django(self) -> Mapping[str, Any]:
        """For Django."""
        return self._django("postgresql")

    def drop(self) -> None:
        """Whoever is connected."""
        self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _connect(self, name: str) -> Any:
        import psycopg

        server = self.server.set(drivername="postgresql", database=name)
        return psycopg.connect(server.render_as_string(hide_password=False), autocommit=True)

    def _on_server(self, sql: str) -> None:
        with self._connect(self.server.database or "postgres") as connection:
            connection.execute(sql)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows."""
        with self._connect(self.name) as connection:
            found: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
            return found

    def read(self, file: Path) -> Run:
        """psql."""
        url = self.server.set(drivername="postgresql", database=self.name).render_as_string(hide_password=False)
        return run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", url], file.parent, stdin=file)

    def columns(self) -> list[tuple[str, str]]:
        """From the catalog."""
        return self.query(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        )

    def indexes(self) -> list[tuple[str, str, str]]:
        """From the catalog."""
        return self.query(
            "SELECT c.relname, i.relname, a.attname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
            "JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (x.indkey) "
            "WHERE NOT x.indisunique AND n.nspname = 'public'"
        )


class MariaDB(OnServer):
    """On MariaDB."""

    title = "MariaDB"
    begin = "START TRANSACTION;"
    django_table = (
        "CREATE TABLE django_migrations (id bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, app varchar(255) NOT NULL, "
        "name varchar(255) NOT NULL, applied datetime(6) NOT NULL)"
    )

    @property
    def django(self) -> Mapping[str, Any]:
        """For Django."""
        return self._django("mysql")

    def drop(self) -> None:
        """The database."""
        self._on_server(f"DROP DATABASE IF EXISTS {self.name}")

    def _rows(self, sql: str, name: str | None) -> list[tuple[Any, ...]]:
        import pymysql

        server = self.server
        with closing(
            pymysql.connect(
                host=server.host or "127.0.0.1",
                port=server.port or 3306,
                user=server.username,
                password=server.password or "",
                database=name,
            )
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return list(cursor.fetchall())

    def _on_server(self, sql: str) -> None:
        self._rows(sql, None)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows."""
        return self._rows(sql, self.name)

    def read(self, file: Path) -> Run:
        """The client."""
        server = self.server
        place = [f"--host={server.host}", f"--port={server.port or 3306}", f"--user={server.username}"]
        password = {"MYSQL_PWD": str(server.password)} if server.password else {}
        return run(["mariadb", *place, self.name], file.parent, password, stdin=file)

    def columns(self) -> list[tuple[str, str]]:
        """From the catalog."""
        return self.query(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database()"
        )

    def indexes(self) -> list[tuple[str, str, str]]:
        """From the catalog."""
        return self.query(
            "SELECT table_name, index_name, column_name FROM information_schema.statistics "
            "WHERE table_schema = database() AND non_unique = 1"
        )


KINDS: Mapping[str, type[Database]] = {"sqlite": SQLite, "postgresql": PostgreSQL, "mariadb": MariaDB}
_SERVERS: Mapping[str, Server] = {"postgresql": POSTGRESQL, "mariadb": MARIADB}


@contextmanager
def places(kinds: Sequence[str], folder: Path, *, own: bool) -> Iterator[Mapping[str, Any]]:
    """Where the databases of each kind are: servers that run, else some of this run's own.

    Args:
        kinds: of databases.
        folder: for files.
        own: whether servers that run are left alone.
    """
    with ExitStack() as stack:
        found: dict[str, Any] = {}
        for kind in kinds:
            if kind == "sqlite":
                found[kind] = folder
                continue
            server = _SERVERS[kind]
            if not own and is_reachable(server.url):
                found[kind] = server.url
                continue
            found[kind] = stack.enter_context(server.own(stack.enter_context(open_folder()))).url
        yield found


def name_of(tool: str) -> str:
    """Of a tool's database; runs at the same time do not meet."""
    return f"am_performance_{os.getpid()}_{tool}"
