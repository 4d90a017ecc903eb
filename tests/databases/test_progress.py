"""Long work is told while it goes on, on every database."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.gate import Gate
from support.terminal import on_terminal
from support.tiny_projects import Events, TinyProject

from alembic_manage.errors import CommandError
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.observer import Observers
from alembic_manage.execution.progress import LogLines, Progress
from alembic_manage.plan import make_plan

CREATE = 'op.create_table("ticks", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))'
SLOW = {
    "sqlite": "INSERT INTO slow SELECT count(*) FROM (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
    "SELECT x FROM c LIMIT 30000000)",
    "postgresql": "INSERT INTO slow SELECT 1 FROM pg_sleep(2)",
    "mysql": "INSERT INTO slow SELECT 1 + SLEEP(2)",
}


@pytest.fixture
def gate(tiny_project: TinyProject, tmp_path: Path) -> Iterator[Gate]:
    gate = Gate(tiny_project, tmp_path / "go on")
    yield gate
    gate.close()


def run(project: TinyProject, lines: LogLines) -> None:
    """Migrate, and tell `lines` often."""
    lines.interval_s = 0.02
    history = project.environment.history
    with Progress(lines) as progress:
        Executor(project.environment).run(
            lambda recorded: make_plan(history, recorded, "heads"), Observers(Events(), progress)
        )


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "migration-progress"]


def test_a_statement_that_takes_long_is_told_while_it_does(tiny_project, gate):
    tiny_project.revision("0001_ticks", f"{CREATE}\n{gate.body}\nop.execute('DELETE FROM ticks')")
    told: list[str] = []

    def write(line: str) -> None:
        told.append(line)
        if "statement 2" in line:  # on a slow machine the first one may take long, too
            gate.open()

    run(tiny_project, LogLines(write, statement_s=0.05))
    assert told[-1].startswith("0001_ticks: statement 2, INSERT INTO ticks, ")
    assert told[-1].endswith(" s so far")
    assert tiny_project.recorded == {"0001_ticks"}
    assert threads() == []


def test_the_thread_ends_with_a_run_that_fails(tiny_project):
    tiny_project.revision("0001_ticks", f"{CREATE}\nop.execute('SELEC 1')")
    with pytest.raises(CommandError, match="0001_ticks failed"):
        run(tiny_project, LogLines(lambda line: None))
    assert threads() == []


def test_python_after_a_statement_that_failed_is_not_taken_for_the_statement(tiny_project, tmp_path):
    tiny_project.revision(
        "0001_ticks",
        f"""
        import time
        from pathlib import Path
        {CREATE}
        try:
            with op.get_bind().begin_nested():
                op.execute("INSERT INTO nowhere VALUES (1)")
        except sa.exc.DBAPIError:
            pass
        deadline = time.monotonic() + 30
        while not Path({str(tmp_path / "told")!r}).exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        """,
    )
    told: list[str] = []

    def write(line: str) -> None:
        told.append(line)
        if "Python after statement 2" in line:  # on a slow machine there may be a line before it
            (tmp_path / "told").touch()

    run(tiny_project, LogLines(write, revision_s=0.01))
    assert any(line.startswith("0001_ticks: Python after statement 2, ") for line in told)


def test_a_display_that_cannot_be_written_to_stops_no_run(tiny_project, gate):
    tiny_project.revision("0001_ticks", f"{CREATE}\n{gate.body}")

    def write(line: str) -> None:
        gate.open()
        raise OSError("the disk is full")

    run(tiny_project, LogLines(write, statement_s=0.05))
    assert tiny_project.recorded == {"0001_ticks"}


def test_a_terminal_shows_it_in_the_line_of_the_revision(make_project, database_url):
    project = make_project("slow_revision", database_url)
    slow = SLOW[sa.make_url(database_url).get_backend_name()]
    screen = on_terminal(project, "migrate", env={"NO_COLOR": "1", "WAIT_IN_SQL": slow})
    assert screen.returncode == 0
    # On a slow machine the first line of it may come later than after a second.
    assert re.search(r"  Applying 0002_slow\.\.\. [1-9]\d* s in statement 2, INSERT INTO slow", screen.stdout)
    assert "\x1b[2K  Applying 0002_slow... OK\n" in screen.stdout


def test_a_pipe_gets_no_line_that_changes(make_project, sqlite_url):
    result = make_project("slow_revision", sqlite_url).run("migrate", env={"WAIT_IN_SQL": SLOW["sqlite"]})
    assert "Applying 0002_slow... OK\n" in result.stdout
    assert "\x1b" not in result.stdout + result.stderr
