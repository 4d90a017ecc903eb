"""What a run sends, and when SQLite waits for the disk."""

import os
import signal
import sqlite3
import warnings
from typing import Any

import pytest
from sqlalchemy import event
from support.databases import where
from support.tiny_projects import TinyProject

from alembic_manage import RevisionStoppedError

CREATE = 'op.create_table("{0}", sa.Column("id", sa.Integer, primary_key=True))'


@pytest.fixture
def sent(tiny_project: TinyProject) -> list[str]:
    """The statements of a run of two revisions, but those of the session."""
    found: list[str] = []
    tiny_project.revision("a", CREATE.format("one"))
    tiny_project.revision("b", CREATE.format("two"), down="a")
    engine: Any = tiny_project.project.database().engine
    event.listen(engine, "before_cursor_execute", lambda _, __, text, *___: found.append(" ".join(text.split())))
    tiny_project.migrate("head")
    return found


def test_the_second_revision_moves_the_record_once_and_has_one_row_of_the_ledger(sent: list[str]) -> None:
    after = sent[next(place for place, text in enumerate(sent) if text.startswith("CREATE TABLE two")) :]
    assert len([text for text in after if "UPDATE alembic_version SET" in text]) == 1
    ledger = [text for text in after if "alembic_version_ledger" in text]
    assert len(ledger) == 1


def test_record_and_ledger_are_one_statement_where_the_database_has_one(
    sent: list[str], tiny_project: TinyProject
) -> None:
    together = [text for text in sent if "UPDATE alembic_version SET" in text and "alembic_version_ledger" in text]
    assert bool(together) is tiny_project.dialect.updates_in_with


def test_a_record_that_was_moved_meanwhile_is_not_moved(tiny_project: TinyProject) -> None:
    tiny_project.revision("a", CREATE.format("one"))
    tiny_project.revision("b", "op.execute(\"UPDATE alembic_version SET version_num = 'other'\")", down="a")
    tiny_project.migrate("a")
    with pytest.raises(Exception, match="expected to match one row"):
        tiny_project.migrate("b")
    assert tiny_project.rows("SELECT count(*) FROM alembic_version_ledger WHERE outcome = 'applied'") == [(1,)]


@pytest.fixture
def on_file(make_tiny_project: Any, new_database: Any) -> TinyProject:
    project: TinyProject = make_tiny_project(new_database("sqlite").render_as_string())
    project.revision("a", CREATE.format("one"))
    project.revision("b", CREATE.format("two"), down="a")
    return project


def levels_at_commit(project: TinyProject) -> list[int]:
    """The synchronous level of each commit of a run that changed something."""
    found: list[int] = []
    engine: Any = project.project.database().engine

    def note(connection: Any) -> None:
        driver = connection.connection.dbapi_connection
        if driver.in_transaction:
            found.append(driver.execute("PRAGMA synchronous").fetchone()[0])

    event.listen(engine, "commit", note)
    project.migrate("head")
    return found


def test_an_empty_file_waits_for_the_disk_at_the_end_only(on_file: TinyProject) -> None:
    levels = levels_at_commit(on_file)
    assert len(levels) >= 3  # the tables of the suite, and a transaction each
    assert set(levels) == {0}
    with on_file.project.database().engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_file_that_holds_something_waits_at_each_commit(on_file: TinyProject) -> None:
    with sqlite3.connect(on_file.project.database().url.database or "") as connection:
        connection.execute("CREATE TABLE something (id INTEGER)")
    assert set(levels_at_commit(on_file)) == {2}


def test_a_level_that_the_project_sets_is_there_again(on_file: TinyProject) -> None:
    engine: Any = on_file.project.database().engine
    event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=NORMAL"))
    on_file.migrate("head")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1


def test_a_run_that_is_killed_on_an_empty_file_leaves_what_it_committed(on_file: TinyProject) -> None:
    on_file.revision("c", "__import__('os').kill(__import__('os').getpid(), 9)", down="b")
    on_file.project.database().dispose()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads beside it, which the child does not need
        child = os.fork()
    if child == 0:
        try:
            on_file.migrate("head")
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    with sqlite3.connect(on_file.project.database().url.database or "") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("b",)]


HALF = """
with op.get_context().autocommit_block():
    op.create_table("half", sa.Column("id", sa.Integer))
    op.execute("SELECT missing FROM nowhere")
"""


@where(lambda dialect: dialect.session_id is not None and not dialect.transactional_ddl)
def test_the_number_of_the_session_is_asked_once_a_connection(sent: list[str], tiny_project: TinyProject) -> None:
    assert sent.count(f"{tiny_project.dialect.session_id}") == 1


@where(lambda dialect: dialect.session_id is not None)
def test_another_connection_has_another_number(tiny_project: TinyProject) -> None:
    tiny_project.revision("a", HALF)
    numbers = set()
    for _ in range(2):
        with pytest.raises(RevisionStoppedError):
            tiny_project.migrate("head")
        numbers |= set(tiny_project.rows("SELECT session FROM alembic_version_journal WHERE kind = 'opening'"))
        tiny_project.project.database().dispose()
    assert len(numbers) == 2
