"""Each kind of bad input, in the order of the issue's list: one line, a hint, the exit code, and nothing written."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import uuid
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url
from support.contents import execute, recorded_in, rows_of, tables_of
from support.databases import where
from support.embedded_postgresql import EmbeddedPostgreSQL
from support.failures import assert_check_finds, assert_fails, assert_not_shown, nothing_written
from support.projects import ROOT, MakeProject, ProjectFolder, Result

CONNECTING = ("migrate", "makemigrations", "showmigrations")
# A password that no other text holds, with all that has a meaning of its own in a URL.
SECRET = "s3cret:p@ss/w%rd"
DEADLINE_S = 60

connecting_command = pytest.mark.parametrize("command", CONNECTING)
each_server = pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)


@pytest.fixture
def project(make_project: MakeProject) -> ProjectFolder:
    """One table, on a SQLite file that does not exist yet."""
    return make_project("one_table")


# --- No settings module


@connecting_command
def test_no_settings_module(project: ProjectFolder, command: str) -> None:
    with nothing_written(project):
        result = project.run(*command.split(), env={"SETTINGS_MODULE": "mysite.settings"})
    assert_fails(result, says="There is no settings module 'mysite.settings'", hint="--settings")


def test_no_settings_module_beside_manage_py(project: ProjectFolder) -> None:
    (project.path / "settings.py").unlink()
    with nothing_written(project):
        result = _run_uninstalled(project, "migrate")
    assert_fails(result, says=f"There is no settings module 'settings' in {project.path}", hint="folder of manage.py")


def test_no_settings_module_leaves_the_help(project: ProjectFolder) -> None:
    result = project.run("help", "--settings", "mysite.settings")
    assert result.returncode == 0
    assert "    migrate  " in result.stdout
    assert "There is no settings module 'mysite.settings'" in result.stderr
    assert "Traceback" not in result.stderr


# --- Settings that raise


@connecting_command
def test_settings_that_raise(project: ProjectFolder, command: str) -> None:
    line = _append(project, "settings.py", 'LEVEL = int("high")')
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(result, says=f"settings.py:{line}: ValueError: invalid literal", hint="python -c 'import settings'")


def test_settings_with_a_syntax_error(project: ProjectFolder) -> None:
    line = _append(project, "settings.py", "LEVEL = (1,")
    with nothing_written(project):
        result = project.run("migrate")
    assert_fails(result, says=f"settings.py:{line}: SyntaxError: '(' was never closed", hint="import settings")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("DATABASES = {", "DATABASE = {", "DATABASES in settings must be a dict with a 'default' entry."),
        ('"URL":', '"NAME":', "DATABASES['default'] in settings must be a dict with a non-empty 'URL'."),
        ('["myproject"]', '["shop"]', "INSTALLED_APPS names 'shop', but there is no such package."),
    ],
)
def test_settings_of_another_shape(project: ProjectFolder, old: str, new: str, says: str) -> None:
    project.replace("settings.py", old, new)
    with nothing_written(project):
        result = project.run("migrate")
    assert_fails(result, says=says, hint="")


# --- Malformed .env


@connecting_command
def test_malformed_env_file(project: ProjectFolder, command: str) -> None:
    project.write(".env", f"SQL_ECHO=0\nexport DATABASE URL={SECRET}\n")
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(result, says=".env:2 is not of the form NAME=value.", hint="diff .env .env.example")
    assert_not_shown(result, SECRET)


def test_env_file_that_is_no_text(project: ProjectFolder) -> None:
    (project.path / ".env").write_bytes(b"SQL_ECHO=\xff\xfe\n")
    with nothing_written(project):
        result = project.run("migrate")
    assert_fails(result, says=".env cannot be read", hint="UTF-8")


# --- Unknown database alias


@pytest.mark.parametrize("command", [*CONNECTING, "migrate --plan", "rollback", "sqlmigrate 0001", "check"])
def test_unknown_database_alias(project: ProjectFolder, command: str) -> None:
    with nothing_written(project):
        result = project.run(*command.split(), "--database", "replica")
    assert_fails(
        result, 2, says="DATABASES in settings has no database 'replica' (it has: default).", hint="--database default"
    )


# --- Malformed URL


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres//user:s3cret@localhost/shop", "postgres//user:***@localhost/shop"),
        ("postgresql://user:s3cret@localhost:port/shop", "postgresql://user:***@localhost:port/shop"),
        ("postgresql://user:s3cret", "postgresql://user:***"),
        ("user:s3cret@localhost/shop", "user:***@localhost/shop"),
        ("shop.sqlite3", "shop.sqlite3"),
    ],
)
def test_malformed_url(project: ProjectFolder, url: str, shown: str) -> None:
    malformed = ProjectFolder(project.path, url)
    says = f"The URL of database 'default' cannot be parsed: {shown}"
    with nothing_written(malformed, database=False):
        result = malformed.run("migrate")
        check = malformed.run("check")
    assert_fails(result, says=says, hint="DATABASE_URL=")
    assert check.returncode == 1
    assert says in check.stdout
    for each in (result, check):
        assert_not_shown(each, "s3cret")


def test_url_with_a_password_that_is_not_escaped(project: ProjectFolder) -> None:
    other = ProjectFolder(project.path, f"postgresql://user:{SECRET}@localhost/shop")
    result = other.run("showmigrations")
    assert_fails(result, says="postgresql://user:***@localhost/shop", hint="write @ as %40")
    assert_not_shown(result, "s3cret", "ss/w")


@pytest.mark.parametrize("command", ["migrate", "sqlmigrate 0001"])
def test_url_of_an_unknown_dialect(project: ProjectFolder, command: str) -> None:
    unknown = ProjectFolder(project.path, "postgress://user:s3cret@localhost/shop")
    with nothing_written(unknown, database=False):
        result = unknown.run(*command.split())
    assert_fails(result, says="SQLAlchemy knows no dialect or driver 'postgress'", hint="DATABASE_URL=")
    assert_not_shown(result, "s3cret")


# --- Driver not installed


@pytest.mark.parametrize(
    ("drivername", "module", "distribution"),
    [
        ("postgresql+pg8000", "pg8000", "pg8000"),
        ("postgresql+psycopg2", "psycopg2", "psycopg2-binary"),
        ("mysql", "MySQLdb", "mysqlclient"),
        ("oracle", "oracledb", "oracledb"),
    ],
)
def test_driver_not_installed(project: ProjectFolder, drivername: str, module: str, distribution: str) -> None:
    assert find_spec(module) is None, f"this test needs a driver that is not installed, and {module} is"
    other = ProjectFolder(project.path, f"{drivername}://user:s3cret@localhost/shop")
    with nothing_written(other, database=False):
        result = other.run("migrate")
    assert_fails(
        result,
        says=f"The driver of database 'default' ({drivername}) is not installed: No module named '{module}'.",
        hint=f"pip install '{distribution}'",
    )
    assert_not_shown(result, "s3cret")


def test_driver_not_installed_is_found_by_check(project: ProjectFolder) -> None:
    other = ProjectFolder(project.path, "postgresql+pg8000://user:s3cret@localhost/shop")
    assert_check_finds(other, "drivers.E001", says="pip install 'pg8000'")


def test_sql_needs_no_driver(project: ProjectFolder) -> None:
    other = ProjectFolder(project.path, "postgresql+pg8000://user:s3cret@localhost/shop")
    assert "CREATE TABLE authors" in other.ok("sqlmigrate", "0001")


# --- Server down

SERVERS = {
    "postgresql+psycopg": "pg_isready -h 127.0.0.1 -p 1",
    "postgresql+asyncpg": "pg_isready -h 127.0.0.1 -p 1",
    "mysql+pymysql": "mariadb-admin -h 127.0.0.1 -P 1 ping",
    "mysql+aiomysql": "mariadb-admin -h 127.0.0.1 -P 1 ping",
}


@pytest.mark.parametrize("drivername", SERVERS)
def test_server_down(project: ProjectFolder, drivername: str) -> None:
    # Nobody listens on port 1.
    url = URL.create(drivername, "user", SECRET, "127.0.0.1", 1, "shop").render_as_string(hide_password=False)
    down = ProjectFolder(project.path, url)
    with nothing_written(down, database=False):
        results = [down.run(command) for command in ("migrate", "showmigrations")]
    for result in results:
        assert_fails(result, says="Cannot connect to database 'default'", hint=SERVERS[drivername])
        assert "the server does not answer" in result.stderr
        assert_not_shown(result, SECRET, make_url(url).render_as_string(hide_password=False))


def test_server_down_is_found_by_check(project: ProjectFolder) -> None:
    down = ProjectFolder(project.path, "postgresql+psycopg://user@127.0.0.1:1/shop")
    assert_check_finds(down, "record.E001", "--database", "default", says="the server does not answer")


# --- Wrong password


@pytest.fixture
def guarded_url(request: pytest.FixtureRequest) -> Iterator[URL]:
    """The URL of an account with a password, on a real server that asks for it."""
    if request.param == "postgresql":
        yield request.getfixturevalue("guarded_postgresql")
        return
    server: URL = request.getfixturevalue("mariadb_server")
    name, address = f"am_{uuid.uuid4().hex[:12]}", server.render_as_string(hide_password=False)
    execute(address, f"CREATE USER '{name}'@'%' IDENTIFIED BY 'right-{name}'")
    try:
        yield server.set(username=name, password=f"right-{name}")
    finally:
        execute(address, f"DROP USER '{name}'@'%'")


@pytest.fixture(scope="module")
def guarded_postgresql() -> Iterator[URL]:
    """A PostgreSQL server that asks for a password; the one of the other tests may trust everybody."""
    with EmbeddedPostgreSQL() as server:
        yield server.url


@pytest.mark.parametrize(
    ("guarded_url", "drivername"),
    [
        ("postgresql", "postgresql+psycopg"),
        ("postgresql", "postgresql+asyncpg"),
        ("mariadb", "mysql+pymysql"),
        ("mariadb", "mysql+aiomysql"),
    ],
    indirect=["guarded_url"],
)
def test_wrong_password(project: ProjectFolder, guarded_url: URL, drivername: str) -> None:
    right = guarded_url.set(drivername=drivername)
    wrong = right.set(password=SECRET)
    locked = ProjectFolder(project.path, wrong.render_as_string(hide_password=False))
    with nothing_written(locked, database=False):
        result = locked.run("migrate")
        with_traceback = locked.run("migrate", "--traceback")
    assert_fails(result, says="the user name or the password is wrong", hint="python manage.py diffsettings")
    for each in (result, with_traceback):
        assert_not_shown(each, SECRET, locked.url, str(guarded_url.password))


# --- Database missing


@each_server
def test_database_missing(project: ProjectFolder, database_url: str) -> None:
    url = make_url(database_url).set(database="am_never_created")
    other = ProjectFolder(project.path, url.render_as_string(hide_password=False))
    create = "createdb " if url.get_backend_name() == "postgresql" else "CREATE DATABASE "
    with nothing_written(other, database=False):
        results = [
            other.run(*each.split()) for each in ("migrate", "makemigrations --against database", "showmigrations")
        ]
    for result in results:
        assert_fails(result, says="there is no such database", hint="am_never_created")
        assert create in result.stderr


def test_folder_of_the_database_file_missing(project: ProjectFolder) -> None:
    other = ProjectFolder(project.path, f"sqlite:///{project.path / 'data' / 'shop.sqlite3'}")
    with nothing_written(other):
        result = other.run("migrate")
    assert_fails(result, says="the file cannot be opened", hint=f"mkdir -p {project.path / 'data'}")


def test_database_file_that_is_no_database(project: ProjectFolder) -> None:
    other = ProjectFolder(project.path, f"sqlite:///{project.path / 'manage.py'}")
    with nothing_written(other, database=False):
        result = other.run("migrate")
    assert_fails(result, says="the file cannot be opened. file is not a database", hint="manage.py")


# --- Models module that raises


@connecting_command
def test_models_module_that_raises(make_project: MakeProject, command: str) -> None:
    project = make_project("raising_models")
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(
        result,
        says="The models cannot be imported: myproject/prices.py:5: KeyError: 'boook'",
        hint="python -c 'import myproject.models'",
    )


def test_models_module_that_raises_is_found_by_check(make_project: MakeProject) -> None:
    assert_check_finds(make_project("raising_models"), "models.E001", says="myproject/prices.py:5: KeyError")


def test_models_module_with_a_syntax_error(project: ProjectFolder) -> None:
    line = _append(project, "myproject/models.py", "class Book(Base:")
    with nothing_written(project):
        result = project.run("makemigrations")
    assert_fails(result, says=f"myproject/models.py:{line}: SyntaxError", hint="import myproject.models")


# --- No models found


def test_no_models_found(make_project: MakeProject) -> None:
    project = make_project("no_models")
    project.ok("migrate", "-v0")
    with nothing_written(project):
        result = project.run("makemigrations")
    assert_fails(result, says="No models found (looked in myproject.models).", hint="METADATA = ")
    assert "(models.W001) No models found." in project.ok("check")


# --- Unknown, ambiguous, malformed revision


@pytest.mark.parametrize(
    "command",
    ["migrate 0007", "migrate myproject 0007 --fake", "rollback 0007", "sqlmigrate 0007", "sqlmigrate 0001:0007"],
)
def test_unknown_revision(make_project: MakeProject, command: str) -> None:
    project = make_project("two_heads")
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(result, says="Cannot find a migration matching '0007'.", hint="python manage.py showmigrations")


@pytest.mark.parametrize("command", ["migrate 0002", "rollback 0002", "sqlmigrate 0002"])
def test_ambiguous_revision(make_project: MakeProject, command: str) -> None:
    project = make_project("two_heads")
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(
        result,
        says="'0002' is ambiguous: 2 begin with it (0002_books, 0002_prizes).",
        hint="python manage.py showmigrations",
    )


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("migrate", ""),
        ("migrate", "+1x"),
        ("migrate", "0001@head"),
        ("migrate", "0001_initial.py"),
        ("rollback", "head~1"),
        ("sqlmigrate", "%s .."),
    ],
)
def test_malformed_revision(project: ProjectFolder, command: str, name: str) -> None:
    with nothing_written(project):
        result = project.run(command, name)
    assert_fails(result, says=f"Cannot find a migration matching '{name}'.", hint="python manage.py showmigrations")


@pytest.mark.parametrize(("target", "hint"), [("+2", "migrate head"), ("-1", "migrate zero")])
def test_more_steps_than_there_are(project: ProjectFolder, target: str, hint: str) -> None:
    result = project.run("migrate", target)
    assert_fails(result, 2, says=f"Cannot go {target[1:]} step", hint=f"python manage.py {hint}")
    assert tables_of(project.url) == set()


# --- Two heads


@pytest.mark.parametrize("command", ["migrate", "migrate --plan", "migrate +1", "makemigrations", "sqlmigrate head"])
def test_two_heads(make_project: MakeProject, command: str) -> None:
    project = make_project("two_heads")
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(
        result,
        says="Conflicting migrations detected; multiple heads in the history: (0002_books, 0002_prizes).",
        hint="python manage.py makemigrations --merge",
    )


def test_two_heads_are_a_warning_of_check(make_project: MakeProject) -> None:
    found = make_project("two_heads").ok("check")
    assert "(history.W001) Conflicting migrations detected" in found
    assert "python manage.py makemigrations --merge" in found


# --- Revision file with a syntax error, without revision id, with a duplicate id, with a missing parent

VERSIONS = "alembic_database/versions"
BROKEN = {
    "syntax_error": (
        "history.E001",
        f"{VERSIONS}/0002_author_born_on.py:11: the migration cannot be read: SyntaxError: '(' was never closed",
        f"python -m py_compile {VERSIONS}/0002_author_born_on.py",
    ),
    "no_revision_id": (
        "history.E001",
        f"{VERSIONS}/0002_author_born_on.py has no revision id.",
        'revision = "0002_author_born_on"',
    ),
    "duplicate_id": (
        "history.E002",
        f"{VERSIONS}/0001_initial.py and {VERSIONS}/0002_author_born_on.py have the same revision id '0001_initial'.",
        f"{VERSIONS}/0002_author_born_on.py",
    ),
    "missing_parent": (
        "history.E003",
        f"{VERSIONS}/0003_author_born_on.py follows migration '0002_gone', which has no file.",
        "git log --all -- '*0002_gone*'",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
@connecting_command
def test_broken_revision_file(make_project: MakeProject, case: str, command: str) -> None:
    project = make_project(case)
    _, says, hint = BROKEN[case]
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(result, says=says, hint=hint)


@pytest.mark.parametrize("case", BROKEN)
def test_broken_revision_file_is_found_by_check(make_project: MakeProject, case: str) -> None:
    id, says, _ = BROKEN[case]
    assert_check_finds(make_project(case), id, says=says)


# --- A database at a revision that has no file


def test_database_at_a_revision_without_a_file(make_project: MakeProject, database_url: str) -> None:
    project = make_project("one_table", database_url)
    project.ok("migrate", "-v0")
    execute(database_url, "UPDATE alembic_version SET version_num = '0009_elsewhere'")
    with nothing_written(project):
        commands = ("migrate", "rollback", "makemigrations --against database")
        results = [project.run(*command.split()) for command in commands]
        pruned = project.run("migrate", "--prune")
        shown = project.ok("showmigrations")
    for result in results:
        assert_fails(
            result,
            says="The database is at migration '0009_elsewhere', which has no file here",
            hint="python manage.py migrate REVISION --fake --prune",
            lines=2,
        )
    assert_fails(pruned, 4, says="Without 0009_elsewhere nothing would be recorded", hint="REVISION --fake --prune")
    assert " [!] 0009_elsewhere" in shown
    # What the hint says helps.
    assert project.ok("migrate", "0001", "--fake", "--prune").splitlines() == [
        "Pruning migrations:",
        "  Pruning 0009_elsewhere OK",
        "  Recorded 0001 FAKED",
    ]
    assert recorded_in(database_url) == ["0001_initial"]


def test_database_at_a_revision_without_a_file_is_found_by_check(project: ProjectFolder) -> None:
    project.ok("migrate", "-v0")
    execute(project.url, "UPDATE alembic_version SET version_num = '0009_elsewhere'")
    assert_check_finds(project, "record.E002", "--database", "default", says="'0009_elsewhere', which has no file")


# --- Versions folder missing or read-only


@connecting_command
def test_versions_folder_missing(make_project: MakeProject, command: str) -> None:
    project = make_project("no_models")
    project.versions.rmdir()
    with nothing_written(project):
        result = project.run(*command.split())
    assert_fails(result, says=f"There is no folder {VERSIONS}.", hint=f"mkdir -p {VERSIONS}")


def test_versions_folder_missing_is_found_by_check(make_project: MakeProject) -> None:
    project = make_project("no_models")
    project.versions.rmdir()
    assert_check_finds(project, "history.E005", says=f"There is no folder {VERSIONS}.")


def test_migrations_folder_missing(project: ProjectFolder) -> None:
    shutil.rmtree(project.path / "alembic_database")
    with nothing_written(project):
        result = project.run("migrate")
    assert_fails(result, says="There is no folder alembic_database (MIGRATIONS_DIR in settings).", hint="alembic init")


@pytest.mark.parametrize("command", ["makemigrations", "makemigrations --empty", "makemigrations --update"])
def test_versions_folder_read_only(project: ProjectFolder, command: str) -> None:
    project.ok("migrate", "zero" if "--update" in command else "head", "-v0")
    _append(project, "myproject/models.py", "    country: Mapped[str | None] = mapped_column(String(2))")
    project.versions.chmod(0o555)
    try:
        with nothing_written(project):
            result = _run_without_privileges(project, *command.split())
    finally:
        project.versions.chmod(0o755)
    assert_fails(result, says="cannot be written: Permission denied.", hint=f"ls -ld {VERSIONS}")


# --- A name that is no slug


@pytest.mark.parametrize(
    ("name", "proposal"),
    [("add-country", "add_country"), ("Add country!", "add_country"), ("../evil", "evil"), ("größe", "gr_e"), ("", "")],
)
def test_name_that_is_no_slug(project: ProjectFolder, name: str, proposal: str) -> None:
    with nothing_written(project):
        result = project.run("makemigrations", "--name", name)
    assert_fails(
        result, says=f"The name '{name}' is no slug", hint=f"python manage.py makemigrations --name {proposal}"
    )


def test_name_that_is_too_long(project: ProjectFolder) -> None:
    name = "country_of_the_author_at_the_time"
    with nothing_written(project):
        result = project.run("makemigrations", "--empty", "--name", name)
    assert_fails(result, says="is too long: an id has at most 32 characters", hint="--name country_of_the_author_at_th")


# --- Output piped into head


@pytest.mark.parametrize(
    "command",
    ["help", "showmigrations", "sqlmigrate zero:head", "makemigrations --empty --dry-run -v3", "nonsense 2>&1"],
)
def test_reader_that_leaves_at_once(project: ProjectFolder, command: str) -> None:
    # The reader is gone before Python has started.
    result = _shell(project, f"{_manage_py()} {command} | true; exit ${{PIPESTATUS[0]}}")
    assert result.returncode == (2 if "nonsense" in command else 0)
    assert result.stderr == ""


def test_output_piped_into_head(make_project: MakeProject) -> None:
    project = make_project()
    result = _shell(project, f"set -o pipefail; {_manage_py()} sqlmigrate zero:head | head -1")
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) == 1


def test_migrate_completes_though_its_reader_leaves(make_project: MakeProject, database_url: str) -> None:
    project = make_project("slow_revision", database_url)
    result = _shell(
        project,
        f"set -o pipefail; {_manage_py()} migrate -v2 | (head -1; touch reader-left)",
        # The second revision waits until nobody reads any more.
        {"WAIT_FOR": "reader-left"},
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "Operations to perform:\n"
    assert recorded_in(database_url) == ["0003_last"]
    assert tables_of(database_url) == {"authors", "slow", "last"}


def test_rollback_completes_though_its_reader_leaves(make_project: MakeProject) -> None:
    project = make_project("slow_revision")
    project.ok("migrate", "-v0")
    result = _shell(project, f"{_manage_py()} rollback zero --no-input | true; exit ${{PIPESTATUS[0]}}")
    assert (result.returncode, result.stderr) == (0, "")
    assert tables_of(project.url) == set()


def test_output_that_nobody_wants(make_project: MakeProject) -> None:
    project = make_project("one_table")
    assert _shell(project, f"{_manage_py()} migrate >&-") == Result(0, "", "")
    assert recorded_in(project.url) == ["0001_initial"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_onto_a_full_disk_is_no_success(project: ProjectFolder) -> None:
    result = _shell(project, f"{_manage_py()} sqlmigrate 0001 > /dev/full")
    assert_fails(result, says="The output cannot be written: No space left on device.", hint="df -h")


# --- Ctrl-C in the middle


@where(lambda dialect: dialect.transactional_ddl)
def test_interrupted_revision_leaves_no_trace(make_project: MakeProject, database_url: str) -> None:
    project = make_project("slow_revision", database_url)
    result = _interrupted(project, {"WAIT_FOR": "nothing"})
    assert result.returncode == 130
    assert result.stdout.splitlines()[-1].startswith("  Applying 0002_slow...")
    assert "OK" not in result.stdout.splitlines()[-1]
    assert result.stderr.strip().splitlines() == [
        "Interrupted; what was not committed is rolled back.",
        "Hint: python manage.py showmigrations",
    ]
    assert tables_of(database_url) == {"authors"}
    assert recorded_in(database_url) == ["0001_initial"]
    project.ok("migrate", "-v0")
    assert recorded_in(database_url) == ["0003_last"]


def test_interrupted_in_the_middle_of_a_statement(make_project: MakeProject, postgresql_url: str) -> None:
    project = make_project("slow_revision", postgresql_url)
    result = _interrupted(project, {"WAIT_IN_SQL": "SELECT pg_sleep(60)"})
    assert result.returncode == 130
    assert "Traceback" not in result.stderr
    assert tables_of(postgresql_url) == {"authors"}
    assert (
        rows_of(
            postgresql_url,
            "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()",
        )
        == []
    )


@where(lambda dialect: not dialect.transactional_ddl)
def test_interrupted_revision_says_what_stays(make_project: MakeProject, database_url: str) -> None:
    project = make_project("slow_revision", database_url)
    result = _interrupted(project, {"WAIT_FOR": "nothing"})
    assert_fails(
        result,
        130,
        says="Migration 0002_slow was interrupted.\nIt is not recorded, but its first statement stays in effect",
        hint="it goes on where it stopped with: python manage.py migrate",
        lines=2,
    )
    assert recorded_in(database_url) == ["0001_initial"]
    assert tables_of(database_url) == {"authors", "slow"}


# --- Tools


def _append(project: ProjectFolder, name: str, line: str) -> int:
    """Add a line to a file; its number."""
    text = project.read(name).rstrip("\n")
    project.write(name, f"{text}\n{line}\n")
    return text.count("\n") + 2


def _manage_py() -> str:
    return f"{shlex.quote(sys.executable)} manage.py"


def _shell(project: ProjectFolder, script: str, more: dict[str, str] | None = None) -> Result:
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project.path,
        env=project.environment(more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def _run_uninstalled(project: ProjectFolder, *arguments: str) -> Result:
    """As `project.run`, where of the repository nothing but the package can be imported, installed editable or not."""
    folder = project.path.parent / "package"
    folder.mkdir()
    (folder / "alembic_manage").symlink_to(ROOT / "alembic_manage")
    path = os.pathsep.join([str(folder), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    command = shlex.join([sys.executable, "-S", "manage.py", *arguments])
    return _shell(project, command, {"PYTHONPATH": path})


def _run_without_privileges(project: ProjectFolder, *arguments: str) -> Result:
    """As `project.run`; root too is bound by the modes of files."""
    command = [sys.executable, "manage.py", *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--", *command]
    return _shell(project, shlex.join(command))


def _interrupted(project: ProjectFolder, env: dict[str, str]) -> Result:
    """`migrate`, stopped with Ctrl-C in the middle of the second revision."""
    process = project.start("migrate", env=env)
    _wait(lambda: (project.path / "started").exists() or process.poll() is not None)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=DEADLINE_S)
    return Result(process.returncode, stdout, stderr)


def _wait(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)
