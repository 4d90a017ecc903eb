"""The pytest plugin, as a project uses it."""

from __future__ import annotations

import pytest
from support.projects import MakeProject, ProjectFolder

FIXTURES = """
import pytest
from myproject.models import Tag
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from alembic_manage import Project, call_command


def count(session):
    return session.scalar(select(func.count()).select_from(Tag))


@pytest.mark.parametrize("turn", range(2))
def test_session(db_session, turn):
    assert count(db_session) == 0
    db_session.add(Tag(name="new"))
    db_session.commit()
    assert count(db_session) == 1


@pytest.mark.parametrize("turn", range(2))
def test_engine(db, turn):
    with Session(db) as session:
        assert count(session) == 0
        session.add(Tag(name="new"))
        session.commit()


def test_commands_use_the_test_database(db):
    assert Project.load().database().engine is db
    call_command("seed", customers=1, verbosity=0)
    with Session(db) as session:
        assert count(session) > 0


def test_by_alias(migrated_databases):
    assert "test_" in migrated_databases["default"].url.database
"""
READY = "from alembic_manage.testing.ready import *\n"
UNUSED = """
import sys


def test_nothing_is_loaded():
    assert not {"sqlalchemy", "alembic", "settings"} & set(sys.modules)
"""


@pytest.fixture
def project(project_dir: ProjectFolder) -> ProjectFolder:
    project_dir.write("pytest.ini", "[pytest]\nfilterwarnings = error\n")
    return project_dir


def test_fixtures_and_ready_tests_with_several_workers_and_a_kept_database(project: ProjectFolder):
    project.write("tests/test_shop.py", FIXTURES)
    project.write("tests/test_migrations.py", READY)
    assert "10 passed" in project.ok("test", "--parallel", "2", "--keepdb")
    assert [path.name for path in project.path.glob("*.sqlite3")] == ["test_db.sqlite3"]
    assert "10 passed" in project.ok("test")
    assert not list(project.path.glob("*.sqlite3"))


def test_where_no_fixture_is_used_nothing_is_loaded(project: ProjectFolder):
    project.write("tests/test_nothing.py", UNUSED)
    assert "1 passed" in project.ok("test")


def test_ready_tests_say_what_is_wrong_and_what_to_type(project: ProjectFolder):
    project.write("tests/test_migrations.py", READY)
    project.replace("myproject/models.py", '__tablename__ = "tags"', '__tablename__ = "labels"')
    project.replace("myproject/models.py", "tags.id", "labels.id")
    for id in ("0002_left", "0002_right"):
        project.write(f"alembic_database/versions/{id}.py", HEAD.format(id=id))
    done = project.run("test", "--color=no")
    assert done.returncode == 1
    assert "The models have changes that no migration makes:" in done.stdout
    assert "op.create_table('labels'" in done.stdout
    assert "multiple heads in the history: (0002_left, 0002_right)" in done.stdout
    assert "Hint: python manage.py makemigrations --merge" in done.stdout
    assert "column customers.of_0002_right is left: INTEGER NULL" in done.stdout
    assert "Traceback" not in done.stdout


HEAD = """\
import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = "0001_initial"


def upgrade():
    op.add_column("customers", sa.Column("of_{id}", sa.Integer))


def downgrade():
    pass
"""


def test_a_fixture_that_cannot_be_had_says_so_in_one_line(make_project: MakeProject):
    project = make_project(url="postgresql+psycopg://nobody@127.0.0.1:1/shop")
    project.write("tests/test_shop.py", "def test_it(db):\n    pass\n")
    done = project.run("test", "--color=no")
    assert "the server does not answer" in done.stdout
    assert "Hint: pg_isready -h 127.0.0.1 -p 1" in done.stdout
    assert "Traceback" not in done.stdout


def test_plain_pytest_finds_the_project_by_an_ini_option(project: ProjectFolder):
    project.write("pytest.ini", "[pytest]\nalembic_manage_settings = config.testing\n")
    project.write("config/testing.py", "from settings import *\n")
    project.write("tests/test_shop.py", "def test_it(db):\n    assert 'test_' in db.url.database\n")
    # The entry of the console script: the current folder is not on the path.
    pytest_itself = "import sys, pytest; sys.path.remove(''); sys.exit(pytest.main(['-q']))"
    done = project.anew(["-c", pytest_itself], env={"PYTHONPATH": ""})
    assert "1 passed" in done.stdout, done.stdout
