"""Projects of a few tables with rows, for dumpdata, loaddata and flush."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alembic_manage import Project
from alembic_manage.commands import dumpdata, flush, loaddata
from support.commands import run_command
from support.tiny_projects import TinyProject, synchronous

Rows = list[tuple[Any, ...]]


class RowsProject:
    """A project whose database has the tables of a MetaData.

    Args:
        tiny: its folder and database.
        metadata: its tables.
        settings: what its settings say besides.
    """

    def __init__(self, tiny: TinyProject, metadata: sa.MetaData, **settings: Any) -> None:
        self.tiny = tiny
        tiny.project = Project(replace(tiny.settings, **settings))
        vars(tiny.project)["metadata"] = [metadata]
        self.metadata = metadata
        with self.connected() as connection:
            metadata.create_all(connection)

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        """A connection of the test's own, committed at the end."""
        engine = sa.create_engine(synchronous(self.tiny.project.database().url), poolclass=sa.NullPool)
        with engine.begin() as connection:
            yield connection

    def insert(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Rows, one by one."""
        with self.connected() as connection:
            for row in rows:
                connection.execute(sa.insert(self.metadata.tables[table]).values(row))

    def rows(self, table: str) -> Rows:
        """All rows of a table, by their first column."""
        found = self.metadata.tables[table]
        with self.connected() as connection:
            query = sa.select(found).order_by(*list(found.columns)[:1])
            return [tuple(row) for row in connection.execute(query)]

    def dump(self, *argv: str) -> str:
        """What dumpdata writes to standard output."""
        return run_command(dumpdata, self.tiny, *argv)

    def records(self, *argv: str) -> Any:
        """What dumpdata writes, as values."""
        return json.loads(self.dump(*argv))

    def load(self, *argv: str) -> str:
        """What loaddata says."""
        return run_command(loaddata, self.tiny, *argv)

    def load_text(self, text: str, *argv: str, end: str = "json") -> str:
        """What loaddata says of a file with this text."""
        path = self.folder / f"fixture.{end}"
        path.write_text(text, encoding="utf-8")
        return self.load(str(path), *argv)

    def load_records(self, *records: Sequence[Any], argv: Sequence[str] = ()) -> str:
        """What loaddata says of records, a line each: model, key and fields."""
        lines = [json.dumps({"model": model, "pk": key, "fields": fields}) for model, key, fields in records]
        return self.load_text("\n".join(lines), *argv, end="jsonl")

    def flush(self) -> str:
        """What flush says."""
        return run_command(flush, self.tiny, "--no-input")

    @property
    def folder(self) -> Path:
        """The project's."""
        return self.tiny.root


@pytest.fixture
def rows_project(make_tiny_project: Callable[[str], TinyProject], database_url: str) -> Callable[..., RowsProject]:
    """Makes projects of tables; each test runs once for each kind of database."""
    return lambda metadata, **settings: RowsProject(make_tiny_project(database_url), metadata, **settings)
