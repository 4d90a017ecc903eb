"""migrate with nothing to do: said without SQLAlchemy, Alembic or the models, never where something has changed."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from support.databases import where
from support.projects import MakeProject, ProjectFolder, Result

# Files that were made just now count as old, as they would two seconds later.
CODE = """
import sys
before = set(sys.modules)
sys.path.insert(0, ".")
sys.argv[0] = "manage.py"
from alembic_manage.standing import inputs, standing
inputs._OLD_ENOUGH_NS = -10**12
from alembic_manage.sources import reminder
reminder.MOST = {most}
from alembic_manage import cli
ask, said = standing.stands_at_head, [None]
def stands_at_head(*arguments):
    said.append(ask(*arguments))
    return said[-1]
standing.stands_at_head = stands_at_head
code = cli.run(sys.argv)
print(*sorted({{"sqlalchemy", "alembic", "myproject.models"}} & set(sys.modules) - before), file=sys.stderr)
print("long" if said[-1] is None else "short", file=sys.stderr)
sys.exit(code)
"""
NOTHING = "Running migrations:\n  No migrations to apply.\n"


def migrate(
    project: ProjectFolder,
    *args: str,
    env: dict[str, str] | None = None,
    most: int = 400,
    is_new: bool = False,
) -> tuple[str, Result]:
    """Which way it took, and how it ended; the short one imports nothing of what the long one needs.

    Args:
        project: where it runs.
        args: what follows `migrate`.
        env: more of the environment.
        most: the number of revisions and tables that are compared unasked.
        is_new: in a new process, where this holds for SQLAlchemy and Alembic too; else in a forked one that has them.
    """
    argv = ["-c", CODE.format(most=most), "migrate", *args]
    run = project.anew if is_new else project.forked_with_suite
    result = run(argv, env=env)
    *_, imported, way = result.stderr.splitlines()
    assert way == "long" or imported == ""
    return way, result


@pytest.fixture
def project(make_project: MakeProject) -> ProjectFolder:
    """All is applied, and it is known that nothing changed."""
    project = make_project("one_table")
    project.write("myproject/words.txt", "authors")
    project.ok("migrate")
    project.ok("makemigrations", "--check")
    return project


@pytest.fixture
def project_on_server(make_project: MakeProject, database_url: str) -> ProjectFolder:
    """The same on a server."""
    project = make_project("one_table", database_url)
    project.ok("migrate")
    project.ok("makemigrations", "--check")
    return project


def run(project: ProjectFolder, *statements: str) -> None:
    """Each statement, outside of a transaction."""
    engine = create_engine(project.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def settled(project: ProjectFolder, most: int = 400, *, is_new: bool = False) -> Result:
    """How the short way ends."""
    assert migrate(project, most=most)[0] == "long"
    way, result = migrate(project, most=most, is_new=is_new)
    assert way == "short"
    return result


def test_the_short_way_says_what_the_long_way_says(project: ProjectFolder) -> None:
    long = migrate(project, is_new=True)[1]
    way, short = migrate(project, is_new=True)
    assert way == "short"
    assert long.stdout.endswith(NOTHING)
    assert (short.returncode, short.stdout) == (long.returncode, long.stdout)
    assert migrate(project, "-v", "0")[1].stdout == ""


def test_what_changed_is_seen(project: ProjectFolder) -> None:
    settled(project)
    revision = project.versions / "0001_initial.py"
    before, text = revision.stat(), revision.read_text(encoding="utf-8")
    revision.write_text(text.replace('"0001_initial"', '"0001_initiaL"'), encoding="utf-8")
    os.utime(revision, ns=(before.st_atime_ns, before.st_mtime_ns))
    way, result = migrate(project)
    assert (way, result.returncode) == ("long", 1)
    assert "0001_initial" in result.stderr
    revision.write_text(text, encoding="utf-8")
    settled(project)
    project.replace("myproject/models.py", "String(100)", "String(200)")
    way, result = migrate(project)
    assert way == "long"
    assert "have changes" in result.stdout
    project.replace("myproject/models.py", "String(200)", "String(100)")
    settled(project)
    assert migrate(project, env={"SOMETHING": "else"})[0] == "long"
    assert migrate(project, "0001")[0] == "long"
    project.write("myproject/more.py", "")
    assert migrate(project)[0] == "long"


NOT_COMPARED = "Your models were not compared with the migrations"


def test_the_short_way_says_too_that_nobody_has_looked(make_project: MakeProject) -> None:
    project = make_project("one_table")
    project.ok("migrate")
    (long_way, long), (short_way, short) = migrate(project, most=0), migrate(project, most=0, is_new=True)
    assert (long_way, short_way) == ("long", "short")
    assert NOT_COMPARED in short.stdout
    assert short.stdout == long.stdout
    assert migrate(project, "-v", "0", most=0)[1].stdout == ""
    project.ok("makemigrations", "--check")
    way, result = migrate(project, most=0)
    assert (way, NOT_COMPARED in result.stdout) == ("long", False)
    assert migrate(project, most=0)[0] == "short"


def test_changes_that_nobody_has_looked_at_are_told_once_somebody_has(
    make_project: MakeProject,
) -> None:
    project = make_project("one_table")
    project.ok("migrate")
    settled(project, most=0)
    project.replace("myproject/models.py", "String(100)", "String(200)")
    assert NOT_COMPARED in settled(project, most=0).stdout
    assert project.run("makemigrations", "--check").returncode == 1
    assert "have changes" in migrate(project, most=0)[1].stdout


def test_a_database_that_is_elsewhere_is_seen(project: ProjectFolder) -> None:
    settled(project)
    project.ok("migrate", "zero", "--no-input", "--accept-data-loss")
    way, result = migrate(project)
    assert way == "long"
    assert "Applying 0001_initial" in result.stdout


def test_a_database_that_another_program_changed_is_seen(project: ProjectFolder) -> None:
    settled(project)
    settled_again = migrate(project)[0]  # the file itself is known by now
    with closing(sqlite3.connect(project.path / "db.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM alembic_version")
    assert (settled_again, migrate(project)[0]) == ("short", "long")


@where(lambda dialect: not dialect.is_file)
def test_a_server_is_asked_by_its_driver_alone(project_on_server: ProjectFolder) -> None:
    project = project_on_server
    assert settled(project, is_new=True).stdout.endswith(NOTHING)
    run(project, "UPDATE alembic_version SET version_num = 'other'")
    assert migrate(project)[0] == "long"
    run(project, "UPDATE alembic_version SET version_num = '0001_initial'")
    assert migrate(project)[0] == "short"


@where(lambda dialect: not dialect.is_file)
def test_what_stopped_halfway_on_a_server_is_seen(project_on_server: ProjectFolder) -> None:
    project = project_on_server
    settled(project)
    run(project, "DROP TABLE IF EXISTS alembic_version_journal", "CREATE TABLE alembic_version_journal (part INTEGER)")
    assert migrate(project)[0] == "short"
    run(project, "INSERT INTO alembic_version_journal VALUES (1)")
    assert migrate(project)[0] == "long"


@where(lambda dialect: not dialect.is_file)
def test_a_server_without_the_database_is_said_as_on_the_long_way(project_on_server: ProjectFolder) -> None:
    project = project_on_server
    settled(project)
    url = make_url(project.url)
    name, others = url.database, {"postgresql": "postgres", "mysql": "mysql"}[url.get_backend_name()]
    elsewhere = ProjectFolder(project.path, url.set(database=others).render_as_string(hide_password=False))
    run(elsewhere, f"DROP DATABASE {name}")
    short, long = migrate(project)[1], project.anew(["manage.py", "migrate"], env={"SOMETHING": "else"})
    run(elsewhere, f"CREATE DATABASE {name}")
    assert (short.returncode, short.stderr.splitlines()[:-2]) == (long.returncode, long.stderr.splitlines())
    assert "there is no such database" in long.stderr


def test_warnings_about_the_settings_are_written_each_time(project: ProjectFolder) -> None:
    settled(project)
    project.replace("alembic.ini", "%(here)s/alembic_database", "%(here)s/elsewhere")
    ways = [migrate(project) for _ in range(2)]
    assert [way for way, _ in ways] == ["long", "long"]
    assert all("alembic.ini says" in result.stderr for _, result in ways)


READS = 'from pathlib import Path\n\nWORDS = (Path(__file__).parent / "words.txt").read_text()\n'


def test_a_file_that_the_models_read_counts(project: ProjectFolder) -> None:
    models = project.read("myproject/models.py")
    project.write("myproject/models.py", f"{READS}{models}")
    project.ok("makemigrations", "--check")
    settled(project)
    project.write("myproject/words.txt", "other")
    assert migrate(project)[0] == "long"


LISTENS = "from sqlalchemy import Engine, event\n\nevent.listen(Engine, 'connect', lambda *_: None)\n"


def test_models_that_take_part_in_connections_always_go_the_long_way(project: ProjectFolder) -> None:
    project.write("myproject/models.py", f"{LISTENS}{project.read('myproject/models.py')}")
    project.ok("makemigrations", "--check")
    assert [migrate(project)[0] for _ in range(2)] == ["long", "long"]


def test_an_env_py_that_does_something_of_its_own_always_runs(project: ProjectFolder) -> None:
    project.replace("alembic_database/env.py", "import sys\n", 'import sys\n\nprint("of its own")\n')
    for _ in range(2):
        assert "of its own" in migrate(project)[1].stdout


def test_a_cache_that_is_damaged_or_in_the_way_is_no_hindrance(project: ProjectFolder) -> None:
    settled(project)
    (kept,) = (project.path / ".alembic_manage_cache").glob("*.standing")
    data = bytearray(Path(kept).read_bytes())
    data[len(data) // 2] ^= 1
    kept.write_bytes(data)
    way, result = migrate(project)
    assert (way, result.returncode) == ("long", 0)
    kept.unlink()
    kept.mkdir()
    way, result = migrate(project)
    assert (way, result.returncode) == ("long", 0)
