"""baseline.py: the tables that were there before the first migration."""

import pytest

from alembic_manage import CommandError
from alembic_manage.errors import ModelsError, RecordError
from alembic_manage.sources.baseline import write_baseline
from alembic_manage.sources.source import upgrade_plan
from alembic_manage.state.replay import Replay


@pytest.fixture
def project(make_tiny_project, sqlite_url):
    return make_tiny_project(sqlite_url)


def test_it_is_written_from_a_database_and_read_by_the_replay(project):
    project.execute(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR(10) DEFAULT 'x')",
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id))",
        "CREATE INDEX ix ON child (parent_id)",
    )
    path, count = write_baseline(project.environment, "database")
    assert (path.name, count) == ("baseline.py", 2)
    replay = Replay(project.environment)
    replay.run(upgrade_plan(project.environment, []))
    assert replay.is_exact
    assert {str(key) for key in replay.schema.shown_tables} == {"parent", "child"}


def test_it_is_never_overwritten(project):
    project.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    write_baseline(project.environment, "database")
    with pytest.raises(CommandError, match=r"baseline\.py exists already"):
        write_baseline(project.environment, "database")


def test_a_database_with_applied_migrations_is_refused(project):
    project.revision("a")
    project.migrate()
    with pytest.raises(RecordError, match="has migrations"):
        write_baseline(project.environment, "database")


def test_nothing_to_write_is_an_error(project):
    with pytest.raises(ModelsError, match="no tables"):
        write_baseline(project.environment, "database")
