"""A file of SQLite without SQLAlchemy: its state is another after every transaction, or none."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from alembic_manage.dialects import dialect_named
from alembic_manage.dialects.plain_database import FileState, PlainDatabase
from alembic_manage.standing.asking import plain_stands_at


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A database at the revision "head"."""
    path = str(tmp_path / "db.sqlite3")
    run(path, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    run(path, "INSERT INTO alembic_version VALUES ('head')")
    return path


def opened(path: object) -> PlainDatabase:
    """The file as the dialect knows it."""
    file = dialect_named("sqlite").plain_database("pysqlite", f"sqlite:///{path}", {}, Path("/"))
    assert file is not None
    return file


def state_of(path: object) -> FileState | None:
    """Of a file."""
    return opened(path).state()


def run(file: str, *statements: str) -> None:
    """Each statement in a transaction of its own."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_reading_leaves_it_and_every_transaction_changes_it(file: str) -> None:
    state = state_of(file)
    assert state is not None
    run(file, "SELECT * FROM alembic_version", "PRAGMA integrity_check")
    assert state_of(file) == state
    seen = {state}
    for statement in (
        "UPDATE alembic_version SET version_num = 'heaD'",
        "UPDATE alembic_version SET version_num = 'head'",
        "PRAGMA user_version = 1",
        "VACUUM",
    ):
        run(file, statement)
        state = state_of(file)
        assert state is not None
        seen.add(state)
    assert len(seen) == 5


def test_a_copy_in_its_place_is_another(file: str, tmp_path: Path) -> None:
    state = state_of(file)
    shutil.copy2(file, tmp_path / "copy")
    shutil.copy2(tmp_path / "copy", file)
    assert state_of(file) not in (state, None)


def test_a_transaction_that_is_open_leaves_it_in_doubt(file: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE alembic_version SET version_num = 'other'")
        assert state_of(file) is None
        connection.execute("ROLLBACK")
    assert state_of(file) is not None


def test_a_write_ahead_log_holds_what_the_file_does_not(file: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE alembic_version SET version_num = 'other'")
        assert state_of(file) is None
        assert plain_stands_at(opened(file), "other")
    assert state_of(file) is None  # the log is gone, and the counter does not count in this mode


def test_there_is_none_of_what_is_no_database(tmp_path: Path) -> None:
    assert state_of(tmp_path / "missing") is None
    (tmp_path / "text").write_text("SQLite format 3" * 20, encoding="utf-8")
    assert state_of(tmp_path / "text") is None


def test_a_plain_stands_at_a_head_that_is_alone_and_whole(file: str, tmp_path: Path) -> None:
    assert plain_stands_at(opened(file), "head")
    assert not plain_stands_at(opened(file), "other")
    run(file, "CREATE TABLE alembic_version_journal (statement INTEGER)")
    assert plain_stands_at(opened(file), "head")
    run(file, "INSERT INTO alembic_version_journal VALUES (1)")
    assert not plain_stands_at(opened(file), "head")
    run(file, "DELETE FROM alembic_version_journal", "INSERT INTO alembic_version VALUES ('another')")
    assert not plain_stands_at(opened(file), "head")
    (tmp_path / "text").write_text("no database" * 100, encoding="utf-8")
    assert not plain_stands_at(opened(tmp_path / "text"), "head")


@pytest.mark.parametrize(
    ("url", "options", "is_same"),
    [
        ("sqlite:///shop.db", {}, True),
        ("sqlite:////srv/shop.db", {}, True),
        ("sqlite+pysqlite:////srv/shop.db", {"echo": False}, True),
        ("sqlite:////srv/shop.db?mode=ro&uri=true", {}, False),
        ("sqlite:////srv/shop.db", {"connect_args": {"timeout": 3}}, False),
        ("sqlite+aiosqlite:////srv/shop.db", {}, False),
        ("sqlite://", {}, False),
        ("sqlite:///:memory:", {}, False),
        ("sqlite:///file:shop.db", {}, False),
    ],
)
def test_a_file_is_plain_where_nothing_is_said_about_the_connection(
    url: str, options: dict[str, object], is_same: bool
) -> None:
    parsed, dialect, root = make_url(url), dialect_named("sqlite"), Path("/project")
    file = dialect.plain_database("pysqlite", url, options, root)
    assert file is not None
    assert file.is_what_opens(dialect.resolve(parsed, root), options) is is_same
