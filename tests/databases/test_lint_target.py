"""What the linter learns from a database: sizes, version, what is applied, what ran otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.tiny_projects import TinyProject

from alembic_manage.lint.finding import Severity
from alembic_manage.lint.run import read_target, run_lint
from alembic_manage.state.objects import Key

ORDERS = Key(None, "orders")
# What makes a server count: the statement, by the title of its kind.
ANALYZE = {"PostgreSQL": "ANALYZE orders", "MariaDB": "ANALYZE TABLE orders", "SQLite": "SELECT 1"}


@pytest.fixture
def project(database_url: str, make_tiny_project: Callable[[str], TinyProject]) -> TinyProject:
    made = make_tiny_project(database_url)
    made.revision("a", 'op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))')
    made.revision("b", 'op.execute("SELECT 1")', down="a")
    made.revision("c", 'op.drop_table("orders")', 'op.create_table("orders", sa.Column("id", sa.Integer()))', down="b")
    made.migrate("b")
    return made


def filled(project: TinyProject, rows: int) -> TinyProject:
    project.execute(
        "INSERT INTO orders (id) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        f"{rows}) SELECT i FROM n"
    )
    project.execute(ANALYZE[project.dialect.title])
    return project


def test_sizes_are_about_as_large_as_the_tables(project: TinyProject) -> None:
    size = read_target(filled(project, 900).environment).sizes[ORDERS]
    assert 600 <= size.rows <= 1200


def test_an_empty_table_has_no_rows(project: TinyProject) -> None:
    project.execute(ANALYZE[project.dialect.title])
    assert read_target(project.environment).sizes[ORDERS].rows == 0


def test_only_what_is_not_applied_is_looked_at_by_its_size(project: TinyProject) -> None:
    run = run_lint(filled(project, 900).environment, connects=True, asks_squawk=False)
    assert [revision.id for revision in run.selection.revisions] == ["c"]
    dropped = next(each for each in run.result.findings if each.rule == "dropping-table")
    assert (dropped.severity, dropped.size is not None) == (Severity.WARNING, True)


def test_the_version_is_the_servers_own(project: TinyProject) -> None:
    version = read_target(project.environment).server_version
    assert version
    assert all(isinstance(part, int) for part in version)


def test_a_file_that_was_changed_after_it_ran_is_told(project: TinyProject) -> None:
    project.revision("b", 'op.execute("SELECT 2")', down="a")
    run = run_lint(project.environment, connects=True, asks_squawk=False)
    assert [each.revision for each in run.result.findings if each.rule == "edited-after-release"] == ["b"]


REBUILT = """
with op.batch_alter_table("orders") as batch_op:
    batch_op.alter_column("note", nullable=False, server_default="")
"""


def test_triggers_of_the_target_database_count_and_those_that_it_lost_do_not(
    make_tiny_project: Callable[[str], TinyProject], tmp_path: Path
) -> None:
    project = make_tiny_project(f"sqlite:///{tmp_path / 'shop.db'}")
    trigger = "CREATE TRIGGER {} AFTER INSERT ON orders BEGIN SELECT 1; END"
    project.revision(
        "a",
        'op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("note", sa.Text()))\n'
        f"op.execute({trigger.format('of_history')!r})",
    )
    project.revision("b", REBUILT, down="a")
    project.migrate("a")
    project.execute("DROP TRIGGER of_history", trigger.format("by_hand"))

    def lost(*, connects: bool) -> list[str]:
        result = run_lint(project.environment, ["b"], connects=connects, asks_squawk=False).result
        return [each.subject for each in result.findings if each.rule == "losing-trigger"]

    assert lost(connects=True) == ["orders.by_hand"]
    assert lost(connects=False) == ["orders.of_history"]
