"""baseline.py: the tables that were there before the first migration."""

from dataclasses import replace

import pytest

from alembic_manage import CommandError, Project
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


MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
state = sa.Enum("new", "paid", name="state", schema="shop")
sa.Table("orders", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", state), schema="shop")
sa.Table("states", metadata, sa.Column("all", sa.ARRAY(sa.Enum("a", name="letter"))), sa.Column("state", state))
"""


def test_what_the_tables_of_models_are_made_of_comes_before_them(make_tiny_project, postgresql_url, monkeypatch):
    project = make_tiny_project(postgresql_url)
    models = f"models_of_{project.settings.module}"
    project.root.joinpath(f"{models}.py").write_text(MODELS, encoding="utf-8")
    monkeypatch.syspath_prepend(project.root)
    project.project = Project(replace(project.settings, metadata=(f"{models}:metadata",)))
    path, count = write_baseline(project.environment, "models")
    text = path.read_text(encoding="utf-8")
    assert count == 2
    assert text.index("CREATE SCHEMA shop") < text.index("CREATE TYPE shop.state") < text.index("op.create_table(")
    replay = Replay(project.environment)
    replay.run(upgrade_plan(project.environment, []))
    assert replay.is_exact
    assert {str(key) for key in replay.schema.enums} == {"shop.state", "letter"}
