"""From a database to models, to a first migration, to a database that is accepted: nothing is lost on the way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url
from support.commands import run_command
from support.databases import where
from support.projects import MakeProject, ProjectFolder
from support.tiny_projects import synchronous

from alembic_manage.commands import graph_models, inspectdb
from alembic_manage.errors import CommandError, ConnectionFailedError, UsageError

LEGACY = Path(__file__).with_name("legacy")
STORY = """
import sys
from alembic_manage import cli
for argv in (["makemigrations", "--no-input"], ["migrate", "--fake-initial"], ["makemigrations", "--check"]):
    code = cli.run(["manage.py", *argv])
    if code:
        sys.exit(code)
"""
UNSAID = "# What the models above do not say"


def make_legacy(url: str) -> None:
    """Make the tables of a database that nobody made with migrations."""
    engine = create_engine(synchronous(make_url(url)), poolclass=NullPool)
    lines = (LEGACY / f"{engine.dialect.name}.sql").read_text(encoding="utf-8").splitlines()
    with engine.begin() as connection:
        for statement in (line for line in lines if not line.startswith("--")):
            doubled = statement if connection.dialect.paramstyle == "qmark" else statement.replace("%", "%%")
            connection.exec_driver_sql(doubled)


def unsaid(models: str) -> list[str]:
    """What the comment at the end says, but for what no model can say."""
    lines = models.partition(UNSAID)[2].splitlines()[1:]
    return [line for line in lines if "numbered by a sequence of its own" not in line]


@pytest.fixture
def legacy(tiny_project):
    """A tiny project on such a database."""
    make_legacy(tiny_project.project.database().url.render_as_string(hide_password=False))
    return tiny_project


@pytest.fixture
def empty_project(make_project: MakeProject, database_url: str) -> ProjectFolder:
    """A project without models, and a database that was there before it."""
    make_legacy(database_url)
    return make_project("no_models", database_url)


def test_the_way_from_a_database_to_a_project(empty_project: ProjectFolder) -> None:
    empty_project.ok("inspectdb", "--include-views", "--output", "myproject/models.py", "--overwrite")
    models = empty_project.read("myproject/models.py")
    assert unsaid(models) == []
    assert "(JSON" in models
    story = empty_project.python("-c", STORY)
    assert "  Applying 0001_initial... FAKED\n" in story
    assert story.endswith("No changes detected\n")
    (revision,) = empty_project.versions.glob("*.py")
    assert "active_customers" not in revision.read_text(encoding="utf-8")


def test_every_kind_of_models_says_all(legacy):
    words = {"dataclasses": "MappedAsDataclass", "sqlmodel": "SQLModel, table=True", "tables": "t_customers = Table("}
    for kind, word in words.items():
        models = run_command(inspectdb, legacy, "--generator", kind, "--include-views")
        assert unsaid(models) == []
        assert word in models
        assert "alembic_version" not in models


@where(lambda dialect: dialect.is_file)
def test_sqlmodel_again_where_the_project_has_these_models_already(legacy):
    first = run_command(inspectdb, legacy, "--generator", "sqlmodel")
    assert run_command(inspectdb, legacy, "--generator", "sqlmodel") == first


@where(lambda dialect: dialect.is_file)
def test_tables_by_name_bring_what_they_refer_to(legacy):
    models = run_command(inspectdb, legacy, "profiles")
    assert "class Profiles(Base)" in models
    assert "class Customers(Base)" in models
    assert "class Tags(Base)" not in models


def test_views_come_where_they_are_asked_for(legacy):
    assert "active_customers" not in run_command(inspectdb, legacy)
    view = run_command(inspectdb, legacy, "active_customers")
    assert "'active_customers'" in view
    assert "info={'managed': False}" in view


@where(lambda dialect: dialect.has_enum_types)
def test_partitions_come_where_they_are_asked_for(legacy):
    assert "Events2024" not in run_command(inspectdb, legacy)
    assert "class Events2024(Base)" in run_command(inspectdb, legacy, "--include-partitions")


@where(lambda dialect: dialect.has_enum_types)
def test_a_schema_of_its_own(legacy):
    legacy.execute("CREATE SCHEMA other", "CREATE TABLE other.things (id INTEGER PRIMARY KEY)")
    models = run_command(inspectdb, legacy, "--schema", "other")
    assert "{'schema': 'other'}" in models
    assert "Customers" not in models


@where(lambda dialect: dialect.is_file)
def test_what_is_not_there_is_a_usage_error(legacy):
    with pytest.raises(UsageError, match="no table 'custmers'") as caught:
        run_command(inspectdb, legacy, "custmers")
    assert caught.value.hint == "did you mean 'customers'?"
    with pytest.raises(UsageError, match="no schema 'nowhere'"):
        run_command(inspectdb, legacy, "--schema", "nowhere")


@where(lambda dialect: dialect.is_file)
def test_a_file_that_is_not_there_is_not_made(tiny_project):
    path = Path(tiny_project.project.database().url.database)
    for module, *argv in ((inspectdb,), (graph_models, "--from-database")):
        with pytest.raises(ConnectionFailedError, match="There is no file"):
            run_command(module, tiny_project, *argv)
    assert not path.exists()


@where(lambda dialect: dialect.is_file)
def test_an_empty_database_has_no_models(tiny_project):
    tiny_project.execute("CREATE TABLE gone (id INTEGER)", "DROP TABLE gone")
    with pytest.raises(CommandError, match="no tables"):
        run_command(inspectdb, tiny_project)


@where(lambda dialect: dialect.is_file)
def test_a_file_is_not_overwritten_unless_asked(tiny_project, tmp_path):
    tiny_project.execute("CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY)")
    path = tmp_path / "models.py"
    path.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        run_command(inspectdb, tiny_project, "--output", str(path))
    assert path.read_text() == "mine"
    run_command(inspectdb, tiny_project, "--output", str(path), "--overwrite")
    assert "class Shop(Base)" in path.read_text()
    with pytest.raises(CommandError, match="cannot be written"):
        run_command(inspectdb, tiny_project, "--output", str(tmp_path / "nowhere" / "models.py"))


@where(lambda dialect: dialect.is_file)
def test_without_sqlacodegen_the_hint_installs_it(tiny_project, monkeypatch):
    tiny_project.execute("CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY)")
    monkeypatch.setitem(sys.modules, "sqlacodegen", None)
    with pytest.raises(CommandError, match="sqlacodegen, which is not installed") as caught:
        run_command(inspectdb, tiny_project)
    assert caught.value.hint == "pip install 'alembic-manage[inspectdb]'"


def test_an_asyncio_driver_does_too(make_tiny_project, async_database_url):
    project = make_tiny_project(async_database_url)
    project.execute("CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50) DEFAULT 'a:b %')")
    models = run_command(inspectdb, project)
    assert "class Shop(Base)" in models
    assert unsaid(models) == []


@where(lambda dialect: dialect.has_enum_types)
def test_what_no_model_says_stands_in_a_comment(tiny_project):
    tiny_project.execute("CREATE TABLE booking (during TSRANGE, number SERIAL, EXCLUDE USING gist (during WITH &&))")
    comment = run_command(inspectdb, tiny_project).partition(UNSAID)[2]
    assert "booking.number: numbered by a sequence of its own" in comment
    assert "Remove constraint booking_during_excl from booking" in comment
