"""makemigrations and historystate read the migrations: no server is asked, unless only a database can tell."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from support.contents import tables_of
from support.failures import assert_fails, nothing_written
from support.projects import MakeProject, ProjectFolder

from alembic_manage.dialects import dialect_named

VERSIONS = "alembic_database/versions"
DEADLINE_S = 60
ISBN = "    isbn: Mapped[str | None] = mapped_column(String(13), index=True)\n"
PAGES = "    pages: Mapped[int | None]\n"
DRIVERS = ("postgresql+psycopg", "mysql+pymysql", "postgresql+asyncpg", "mysql+aiomysql")
has_server = pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)
REVISION = '''\
"""{id}"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "{id}"
down_revision = "{down}"


def upgrade():
{body}


def downgrade():
    pass
'''


def stopped(driver: str) -> str:
    """The URL of a server that does not run: nobody listens at a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"{driver}://shop:secret@127.0.0.1:{port}/shop"


@pytest.fixture
def offline(make_project: MakeProject) -> ProjectFolder:
    """Three migrations for a PostgreSQL server that does not run."""
    return make_project("library", stopped("postgresql+psycopg"))


def add(project: ProjectFolder, line: str) -> None:
    """Add a line to the last model."""
    project.write("myproject/models.py", project.read("myproject/models.py") + line)


def add_revision(project: ProjectFolder, id: str, body: str, down: str = "0003_authors_country") -> None:
    """Add a revision behind the last one."""
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    project.write(f"{VERSIONS}/{id}.py", REVISION.format(id=id, down=down, body=indented.rstrip()))


# --- A stopped server


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_changed_is_found_while_the_server_is_stopped(make_project: MakeProject, driver: str) -> None:
    project = make_project("library", stopped(driver))
    assert project.ok("makemigrations", "--check") == "No changes detected\n"
    add(project, ISBN)
    with nothing_written(project, database=False):
        assert project.run("makemigrations", "--check").returncode == 1
    shown = project.ok("makemigrations")
    assert "    + Add column isbn to books\n    + Create index ix_books_isbn on books\n" in shown


def test_the_next_one_continues_from_the_files_without_migrating_in_between(offline: ProjectFolder) -> None:
    add(offline, ISBN)
    with nothing_written(offline, database=False):
        shown = offline.ok("makemigrations", "--dry-run")
    assert offline.ok("makemigrations") == shown
    assert offline.ok("makemigrations") == "No changes detected\n"
    add(offline, PAGES)
    assert f"{VERSIONS}/0005_books_pages.py\n    + Add column pages to books\n" in offline.ok("makemigrations")
    assert "Revises: 0004_books_isbn\n" in offline.read(f"{VERSIONS}/0005_books_pages.py")


@pytest.mark.parametrize("driver", DRIVERS[:2])
def test_the_state_is_shown_while_the_server_is_stopped(make_project: MakeProject, driver: str) -> None:
    project = make_project("library", stopped(driver))
    assert "index ix_books_author_id (author_id)" in project.ok("historystate")
    assert "books" not in project.ok("historystate", "0001")
    assert "CREATE TABLE authors (" in project.ok("historystate", "--sql")
    document = json.loads(project.ok("historystate", "--json"))
    assert (document["revision"], document["exact"]) == (["0003_authors_country"], True)
    assert [table["name"] for table in document["tables"]] == ["authors", "books"]


def test_verifying_says_that_nothing_could_be_asked(offline: ProjectFolder) -> None:
    result = offline.run("historystate", "--verify")
    assert result.returncode == 1
    assert "could not be compared with any database" in result.stderr
    assert "Not compared with the" in result.stdout
    assert "secret" not in result.stdout + result.stderr


def test_the_other_places_need_the_server(offline: ProjectFolder) -> None:
    for place in ("scratch", "database"):
        with nothing_written(offline, database=False):
            result = offline.run("makemigrations", "--against", place)
        assert_fails(result, says="the server does not answer", hint="pg_isready")


def test_updating_says_that_the_database_could_not_be_asked(offline: ProjectFolder) -> None:
    add(offline, ISBN)
    offline.ok("makemigrations", "-v0")
    add(offline, PAGES)
    result = offline.run("makemigrations", "--update")
    assert result.returncode == 0
    assert "    + Add column pages to books\n" in result.stdout
    assert "Whether 0004_books_isbn is applied to 'default' is not known" in result.stderr


# --- env.py files of others


@pytest.mark.parametrize("template", ["generic", "async"])
def test_env_py_as_alembic_init_writes_it(make_project: MakeProject, template: str) -> None:
    drivers = {"generic": "postgresql+psycopg", "async": "postgresql+asyncpg"}
    project = make_project("library", stopped(drivers[template]))
    versions = project.path / "kept"
    shutil.move(project.versions, versions)
    shutil.rmtree(project.path / "alembic_database")
    (project.path / "alembic.ini").unlink()
    project.alembic_ok("init", "-t", template, "alembic_database")
    shutil.rmtree(project.versions)
    shutil.move(versions, project.versions)
    project.replace(
        "alembic_database/env.py",
        "target_metadata = None",
        "from myproject.models import Base\n\ntarget_metadata = Base.metadata",
    )
    assert project.ok("makemigrations", "--check") == "No changes detected\n"
    add(project, ISBN)
    assert "    + Add column isbn to books\n" in project.ok("makemigrations")


def test_env_py_with_the_engine_of_the_application(offline: ProjectFolder) -> None:
    offline.write(
        "myproject/database.py",
        f'from sqlalchemy import create_engine\n\nengine = create_engine("{offline.url}", pool_pre_ping=True)\n',
    )
    offline.write(
        "alembic_database/env.py",
        "from alembic import context\n"
        "from myproject.database import engine\n"
        "from myproject.models import Base\n\n"
        "with engine.begin() as connection:\n"
        "    context.configure(connection=connection, target_metadata=Base.metadata)\n"
        "    context.run_migrations()\n",
    )
    add(offline, ISBN)
    assert "    + Add column isbn to books\n" in offline.ok("makemigrations")


def test_listeners_for_new_connections_of_the_application(make_project: MakeProject) -> None:
    project = make_project("library", stopped("mysql+pymysql"))
    project.write(
        "myproject/__init__.py",
        "from sqlalchemy import Engine, event\n\n\n"
        '@event.listens_for(Engine, "connect")\n'
        "def connected(connection, record):\n"
        "    connection.set_charset_collation('utf8mb4')\n"
        "    with connection.cursor() as cursor:\n"
        "        cursor.execute(\"SET SESSION sql_mode = 'STRICT_ALL_TABLES'\")\n",
    )
    assert project.ok("makemigrations", "--check") == "No changes detected\n"


# --- Revisions that cannot be replayed


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('op.get_bind().execute(sa.text("SELECT name FROM authors")).one()', "rows"),
        ('op.execute("ALTER TABLE authors FROBNICATE name")', "read"),
        ('raise RuntimeError("not today")', "not today"),
    ],
    ids=["rows", "ddl", "raises"],
)
def test_an_opaque_revision_is_named_where_no_database_can_tell(offline: ProjectFolder, body: str, reason: str) -> None:
    add_revision(offline, "0004_opaque", body)
    with nothing_written(offline, database=False):
        result = offline.run("makemigrations")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert f"{VERSIONS}/0004_opaque.py:13: 0004_opaque cannot be replayed" in result.stderr
    assert reason in result.stderr
    shown = offline.run("historystate", "--json")
    assert shown.returncode == 1
    assert "0004_opaque" in shown.stderr


def test_an_opaque_revision_runs_on_a_scratch_database(make_project: MakeProject, database_url: str) -> None:
    project = make_project("library", database_url)
    insert = "INSERT INTO authors (id, name) VALUES (1, 'Ada')"
    body = f'op.execute("{insert}")\nop.get_bind().execute(sa.text("SELECT name FROM authors")).one()'
    add_revision(project, "0004_opaque", body)
    add(project, ISBN)
    result = project.run("makemigrations")
    assert result.returncode == 0, result
    assert "    + Add column isbn to books\n" in result.stdout
    why, instead, *_ = result.stderr.splitlines()
    assert why.startswith(f"{VERSIONS}/0004_opaque.py:14: 0004_opaque cannot be replayed: it needs rows")
    assert instead == "The schema was therefore read from a scratch database."
    assert not tables_of(database_url)
    assert project.run("makemigrations", "-v0").stderr == ""


def test_state_upgrade_says_what_cannot_be_read(offline: ProjectFolder) -> None:
    body = 'op.get_bind().execute(sa.text("SELECT name FROM authors")).one()\n'
    add_revision(offline, "0004_opaque", body + 'op.add_column("books", sa.Column("isbn", sa.String(13)))')
    path = f"{VERSIONS}/0004_opaque.py"
    offline.write(
        path,
        offline.read(path) + '\n\ndef state_upgrade():\n    op.add_column("books", sa.Column("isbn", sa.String(13)))\n',
    )
    add(offline, ISBN)
    result = offline.run("makemigrations")
    assert "replayed" not in result.stderr
    assert "    + Create index ix_books_isbn on books\n" in result.stdout
    assert "Add column" not in result.stdout


# --- Tables that were there before the first revision


def test_baseline_comes_before_the_first_revision(offline: ProjectFolder) -> None:
    (offline.versions / "0001_initial.py").unlink()
    offline.replace(f"{VERSIONS}/0002_books.py", 'down_revision = "0001_initial"', "down_revision = None")
    missing = offline.run("historystate")
    assert missing.returncode == 1
    assert "0003_authors_country" in missing.stderr
    for path in offline.versions.glob("*.py"):
        shutil.move(path, offline.path / path.name)
    all_models = offline.read("myproject/models.py")
    offline.write(
        "myproject/models.py", all_models.partition("class Book(")[0].replace("    country:", "    # country:")
    )
    written = offline.ok("historystate", "--write-baseline", "models")
    assert written == "alembic_database/baseline.py: 1 table from before the first migration.\n"
    offline.write("myproject/models.py", all_models)
    for name in ("0002_books.py", "0003_authors_country.py"):
        shutil.move(offline.path / name, offline.versions / name)
    assert offline.ok("makemigrations", "--check") == "No changes detected\n"
    again = offline.run("historystate", "--write-baseline", "models")
    assert_fails(again, says="alembic_database/baseline.py exists already.", hint="git rm")


def test_baseline_is_written_from_a_database(make_project: MakeProject, sqlite_url: str) -> None:
    project = make_project("no_models", sqlite_url)
    engine = create_engine(sqlite_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE old (id INTEGER PRIMARY KEY, name VARCHAR(10) NOT NULL)"))
    assert "1 table from" in project.ok("historystate", "--write-baseline", "database")
    assert "old" in project.ok("historystate")


# --- Differences that a project lives with


def test_accepted_differences_are_left_out_and_new_ones_reported(offline: ProjectFolder) -> None:
    add(offline, ISBN)
    accepted = offline.ok("makemigrations", "--accept-current")
    assert "2 known difference(s) in alembic_database/known_differences.txt" in accepted
    assert offline.ok("makemigrations", "--check") == "No changes detected\n"
    add(offline, PAGES)
    checked = offline.run("makemigrations", "--check")
    assert checked.returncode == 1
    assert "    + Add column pages to books\n" in checked.stdout
    assert "isbn" not in checked.stdout
    offline.ok("makemigrations", "-v0")
    assert offline.ok("makemigrations", "--check") == "No changes detected\n"


def test_nothing_to_accept_leaves_no_file(offline: ProjectFolder) -> None:
    assert offline.ok("makemigrations", "--accept-current") == "No differences to accept.\n"
    assert not (offline.path / "alembic_database" / "known_differences.txt").exists()


# --- The cache


def test_a_changed_module_that_a_revision_imports_counts(offline: ProjectFolder) -> None:
    offline.write("myproject/columns.py", "WIDTH = 13\n")
    add_revision(
        offline,
        "0004_isbn",
        "from myproject.columns import WIDTH\nop.add_column('books', sa.Column('isbn', sa.String(WIDTH)))",
    )
    assert "VARCHAR(13)" in offline.ok("historystate")
    assert "VARCHAR(13)" in offline.ok("historystate")
    assert list((offline.path / ".alembic_manage_cache").glob("*.state"))
    offline.write("myproject/columns.py", "WIDTH = 17\n")
    assert "VARCHAR(17)" in offline.ok("historystate")


def test_the_cache_may_be_damaged_or_impossible(offline: ProjectFolder) -> None:
    shown = offline.ok("historystate")
    folder = offline.path / ".alembic_manage_cache"
    for path in folder.glob("*.state"):
        path.write_bytes(path.read_bytes()[:40])
    assert offline.ok("historystate") == shown
    shutil.rmtree(folder)
    folder.write_text("in the way", encoding="utf-8")
    assert offline.ok("historystate") == shown


# --- A scratch database in use


SLOW = """\
place = Path("started")
place.write_text(op.get_bind().engine.url.database)
import time
while Path("wait").exists():
    time.sleep(0.01)
"""


@pytest.fixture
def slow(make_project: MakeProject, database_url: str) -> ProjectFolder:
    """A project whose last revision writes the name of its database into a file, and waits."""
    project = make_project("library", database_url)
    add_revision(project, "0004_slow", SLOW)
    (project.path / "wait").touch()
    return project


def started(project: ProjectFolder, stop: int) -> tuple[str, int]:
    """Run on a scratch database, and send a signal in the middle; the database's name, and the exit code."""
    process = project.start("makemigrations", "--against", "scratch")
    file, deadline = project.path / "started", time.monotonic() + DEADLINE_S
    while not (file.exists() and file.read_text()) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert process.poll() is None, process.communicate()
    process.send_signal(stop)
    _, err = process.communicate(timeout=DEADLINE_S)
    assert "Traceback" not in err
    return file.read_text(), process.returncode


def exists(url: str, name: str) -> bool:
    """Whether the server has a database of this name."""
    engine = create_engine(url, poolclass=NullPool)
    sql = dialect_named(engine.dialect.name).scratch_sql
    assert sql is not None
    with engine.connect() as connection:
        return bool(connection.exec_driver_sql(sql.find.format(name=name).replace("%", "%%")).all())


@has_server
def test_an_interrupted_run_leaves_no_scratch_database(slow: ProjectFolder, database_url: str) -> None:
    name, code = started(slow, signal.SIGINT)
    assert name.startswith("alembic_manage_scratch_")
    assert code == 130
    assert not exists(database_url, name)


@has_server
def test_the_scratch_database_of_a_killed_run_is_dropped_by_the_next(slow: ProjectFolder, database_url: str) -> None:
    name, _ = started(slow, signal.SIGKILL)
    Path(slow.path, "wait").unlink()
    deadline = time.monotonic() + DEADLINE_S
    while True:
        # The server may take a moment to notice that the process is gone.
        assert slow.ok("makemigrations", "--check", "--against", "scratch") == "No changes detected\n"
        if not exists(database_url, name):
            break
        assert time.monotonic() < deadline


@has_server
def test_a_scratch_database_in_use_is_left_alone(
    make_project: MakeProject, slow: ProjectFolder, database_url: str, request: pytest.FixtureRequest
) -> None:
    """Also by a process whose configured database is another one of the same server."""
    process = slow.start("makemigrations", "--check", "--against", "scratch")
    file, deadline = slow.path / "started", time.monotonic() + DEADLINE_S
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    new_database = request.getfixturevalue("new_database")
    name = "postgresql" if make_url(database_url).get_backend_name() == "postgresql" else "mariadb"
    other = make_project("library", new_database(name).render_as_string(hide_password=False))
    assert other.ok("makemigrations", "--check", "--against", "scratch") == "No changes detected\n"
    assert exists(database_url, file.read_text())
    (slow.path / "wait").unlink()
    out, err = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, out) == (0, "No changes detected\n"), err
    assert not exists(database_url, file.read_text())
