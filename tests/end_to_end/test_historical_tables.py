"""Data migrations get their tables as they were, with both tools, with and without a connection."""

from __future__ import annotations

import pytest
from support.projects import MakeProject, ProjectFolder

REVISION = '''\
"""fill"""

import sqlalchemy as sa
from alembic import op

from alembic_manage import historical_tables

revision = "9001_fill"
down_revision = "0003_cover"


def upgrade():
    authors = historical_tables()["authors"]
    op.add_column("authors", sa.Column("rank", sa.Integer(), nullable=True))
    op.execute(authors.insert().values(id=1, name="Ada"))
    assert "rank" not in historical_tables()["authors"].c


def downgrade():
    authors = historical_tables()["authors"]
    op.execute(authors.update().values(name="Grace", rank=7))
    op.drop_column("authors", "rank")
'''


@pytest.fixture
def fill(make_project: MakeProject, database_url: str) -> ProjectFolder:
    """Migrations, of which the last one fills a table."""
    project = make_project("library", database_url)
    last = sorted(path.stem for path in project.versions.glob("*.py"))[-1]
    (project.versions / "9001_fill.py").write_text(REVISION.replace("0003_cover", last))
    return project


def test_upgrade_and_downgrade_see_the_tables_before_them(fill: ProjectFolder) -> None:
    fill.ok("migrate")
    assert "authors" in fill.ok("historystate", "--against", "history")
    fill.ok("rollback", "--no-input")


def test_plain_alembic_too(fill: ProjectFolder) -> None:
    fill.alembic_ok("upgrade", "head")
    fill.alembic_ok("downgrade", "-1")
    assert "[ ] 9001_fill" in fill.ok("showmigrations")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_sql_is_written_without_a_connection(fill: ProjectFolder, make_project: MakeProject) -> None:
    fill.url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    assert "INSERT INTO authors (id, name) VALUES (1, 'Ada')" in fill.ok("sqlmigrate", "9001_fill")
    assert "INSERT INTO authors (id, name) VALUES (1, 'Ada')" in fill.alembic_ok("upgrade", "head", "--sql")


def test_a_guard_inside_another_one_in_another_thread_does_not_wait(
    make_project: MakeProject, async_database_url: str
) -> None:
    """On an asyncio URL the scratch run is in a thread of its own, and replays the history inside of it."""
    project = make_project("library", async_database_url)
    last = sorted(path.stem for path in project.versions.glob("*.py"))[-1]
    (project.versions / "9001_fill.py").write_text(REVISION.replace("0003_cover", last))
    assert "The scratch database holds what the history state says." in project.ok("historystate", "--verify")


def test_it_is_refused_outside_of_a_migration(fill: ProjectFolder) -> None:
    result = fill.run("shell", "-c", "from alembic_manage import historical_tables; historical_tables()")
    assert result.returncode == 1
    assert "outside of a migration" in result.stderr
