"""Commands that run and list revisions without importing the models, where that is known to make no difference."""

from pathlib import Path

import pytest
from support.projects import MakeProject, ProjectFolder, Result

# Files that were made just now count as old, as they would two seconds later.
CODE = """
import sys
sys.path.insert(0, ".")
sys.argv[0] = "manage.py"
from alembic_manage.standing import inputs
inputs._OLD_ENOUGH_NS = -10**12
from alembic_manage import cli
code = cli.run(sys.argv)
print("imported" if "myproject.models" in sys.modules else "waits", file=sys.stderr)
sys.exit(code)
"""
SECOND = '''"""second"""

import sqlalchemy as sa
from alembic import op

revision = "0002_books"
down_revision = "0001_initial"


def upgrade():
    op.create_table("books", sa.Column("id", sa.Integer()), sa.PrimaryKeyConstraint("id"))
    op.create_index(None, "books", ["id"])


def downgrade():
    op.drop_table("books")
'''


def run(project: ProjectFolder, *args: str) -> tuple[str, Result]:
    """Whether the models were imported, and how it ended."""
    result = project.forked("-c", CODE, *args)
    assert result.returncode == 0, result.stderr
    return result.stderr.splitlines()[-1], result


@pytest.fixture
def project(make_project: MakeProject) -> ProjectFolder:
    """Two revisions, the second of which leaves the names to the convention; the database's file is there."""
    project = make_project("one_table")
    project.write("alembic_database/versions/0002_books.py", SECOND)
    (project.path / "db.sqlite3").touch()
    return project


def test_they_wait_from_the_second_command_on_and_the_convention_counts_all_the_same(project: ProjectFolder) -> None:
    way, before = run(project, "sqlmigrate", "0002")
    assert way == "imported"
    assert "CONSTRAINT pk_books PRIMARY KEY" in before.stdout
    assert "ix_books_id" in before.stdout
    assert run(project, "sqlmigrate", "0002")[0] == "waits"
    assert run(project, "sqlmigrate", "0002")[1].stdout == before.stdout
    assert run(project, "migrate", "--plan")[0] == "waits"
    assert run(project, "migrate")[0] == "waits"
    assert run(project, "showmigrations")[0] == "waits"
    way, back = run(project, "rollback", "--no-input", "--accept-data-loss")
    assert way == "waits"
    assert "0002_books" in back.stdout


def test_a_revision_that_looks_at_the_tables_of_the_models_finds_them(project: ProjectFolder) -> None:
    looks = 'op.get_context().opts["target_metadata"].tables["authors"].name'
    project.replace("alembic_database/versions/0002_books.py", "    op.drop", f"    print({looks})\n    op.drop")
    run(project, "migrate")
    way, back = run(project, "rollback", "--no-input", "--accept-data-loss")
    assert way == "imported"
    assert "Unapplying 0002_books...authors" in back.stdout


@pytest.mark.parametrize(
    "line",
    [
        "import os; os.environ['LEFT'] = '1'",
        "from sqlalchemy import Table, event; event.listen(Table, 'after_create', print)",
        "from sqlalchemy import Engine, event; event.listen(Engine, 'connect', print)",
        "from sqlite3 import register_adapter",
        "other = MetaData(); from sqlalchemy import Table; Table('other', other)",
        "import socket; socket.socket().close()",
    ],
    ids=["environment", "tables", "connections", "driver", "two", "socket"],
)
def test_models_that_do_more_than_define_are_imported_each_time(project: ProjectFolder, line: str) -> None:
    project.write("myproject/models.py", f"{project.read('myproject/models.py')}\n\n{line}\n")
    assert [run(project, "showmigrations")[0] for _ in range(2)] == ["imported", "imported"]


def test_what_changes_has_them_imported(project: ProjectFolder) -> None:
    run(project, "showmigrations")
    assert run(project, "showmigrations")[0] == "waits"
    project.replace("myproject/models.py", "ix_%(table_name)s", "index_%(table_name)s")
    way, result = run(project, "sqlmigrate", "0002")
    assert way == "imported"
    assert "index_books_id" in result.stdout
    assert run(project, "sqlmigrate", "0002")[0] == "waits"
    project.replace("alembic_database/env.py", "import sys\n", "import sys\nimport myproject.models\n")
    assert run(project, "showmigrations")[0] == "imported"


def test_a_record_that_is_damaged_or_cannot_be_written_is_none(project: ProjectFolder) -> None:
    run(project, "showmigrations")
    (kept,) = (project.path / ".alembic_manage_cache").glob("*.models")
    data = bytearray(Path(kept).read_bytes())
    data[len(data) // 2] ^= 1
    kept.write_bytes(data)
    assert run(project, "showmigrations")[0] == "imported"
    kept.unlink()
    kept.mkdir()
    assert run(project, "showmigrations")[0] == "imported"
