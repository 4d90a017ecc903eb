"""Every flag of the core commands, as a user types them: what is printed, the exit code, what changes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL
from support.clients import run_script
from support.contents import contents_of, execute, recorded_in, rows_of, schema_of, tables_of
from support.failures import assert_fails, nothing_written
from support.projects import MakeProject, ProjectFolder
from support.terminal import CTRL_C, CTRL_D, on_terminal

VERSIONS = "alembic_database/versions"
COLOUR = "\x1b["
CORE = ["check", "makemigrations", "migrate", "rollback", "showmigrations", "sqlmigrate"]
LIBRARY = ["0001_initial", "0002_books", "0003_authors_country"]


@pytest.fixture(scope="module")
def migrated_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite file of the case library with all migrations applied; the first test makes it, the others copy it."""
    return tmp_path_factory.mktemp("library") / "db.sqlite3"


@pytest.fixture
def library(make_project: MakeProject, migrated_library: Path) -> ProjectFolder:
    """Three migrations, all applied to a SQLite file."""
    project = make_project("library")
    file = project.path / "db.sqlite3"
    if migrated_library.exists():
        shutil.copy2(migrated_library, file)
    else:
        project.ok("migrate", "-v0")
        shutil.copy2(file, migrated_library)
    return project


@pytest.fixture
def changed(library: ProjectFolder) -> ProjectFolder:
    """As `library`, with a column and an index more in the models."""
    library.write(
        "myproject/models.py",
        library.read("myproject/models.py") + "    isbn: Mapped[str | None] = mapped_column(String(13), index=True)\n",
    )
    return library


@pytest.fixture
def two_heads(make_project: MakeProject) -> ProjectFolder:
    """One migration, and two that follow it."""
    return make_project("two_heads")


# --- help, --version, a typo


def test_no_arguments_list_the_commands_by_app(project_dir: ProjectFolder) -> None:
    listing = project_dir.ok()
    assert listing.startswith("\nType 'manage.py help <subcommand>' for help on a specific subcommand.\n")
    suite, app = listing.split("[alembic_manage]\n")[1].split("\n[myproject]\n")
    assert set(CORE) <= {line.split()[0] for line in suite.splitlines()}
    assert [line.split()[0] for line in app.splitlines()] == ["seed"]
    assert project_dir.ok("help") == listing


def test_help_lists_the_names_alone(project_dir: ProjectFolder) -> None:
    names = project_dir.ok("help", "--commands").splitlines()
    assert names == sorted(names)
    assert {*CORE, "seed"} <= set(names)


@pytest.mark.parametrize("command", CORE[1:])
def test_help_of_a_command(project_dir: ProjectFolder, command: str) -> None:
    text = project_dir.ok("help", command)
    assert text.startswith(f"usage: manage.py {command} ")
    for flag in ("-v {0,1,2,3}", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color"):
        assert flag in text


def test_help_after_the_command(project_dir: ProjectFolder) -> None:
    assert project_dir.ok("migrate", "--help") == project_dir.ok("help", "migrate")


@pytest.mark.parametrize("arguments", ["--version", "version", "migrate --version"])
def test_version(project_dir: ProjectFolder, arguments: str) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", project_dir.ok(*arguments.split()))


def test_typo_in_a_command(project_dir: ProjectFolder) -> None:
    result = project_dir.run("migrat")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "Unknown command: 'migrat'. Did you mean migrate?",
        "Hint: python manage.py help",
    ]


# --- Options of every command


@pytest.mark.parametrize("arguments", ["migrate --nope", "migrate -v 4", "migrate --databas x", "migrate a b c"])
def test_wrong_usage(library: ProjectFolder, arguments: str) -> None:
    assert_fails(library.run(*arguments.split()), 2, says="migrate", hint="python manage.py migrate --help")


def test_colours_on_a_terminal_only(library: ProjectFolder) -> None:
    assert COLOUR in on_terminal(library, "showmigrations", env={}).stdout
    assert COLOUR not in library.ok("showmigrations")


@pytest.mark.parametrize(("flags", "env"), [(["--no-color"], {}), ([], {"NO_COLOR": "1"})])
def test_no_colours_where_nobody_wants_them(library: ProjectFolder, flags: list[str], env: dict[str, str]) -> None:
    assert COLOUR not in on_terminal(library, "showmigrations", *flags, env=env).stdout


def test_forced_colours_in_a_pipe(library: ProjectFolder) -> None:
    assert COLOUR in library.ok("showmigrations", "--force-color")
    both = library.run("showmigrations", "--force-color", "--no-color")
    assert both.returncode == 1
    assert "can't be used together" in both.stderr


def test_settings_from_another_folder(library: ProjectFolder) -> None:
    library.write("deploy/production.py", 'from settings import *\n\nMIGRATIONS_DIR = "../elsewhere"\n')
    result = library.run("showmigrations", "--pythonpath", "deploy", "--settings", "production")
    assert_fails(result, says="There is no folder", hint="alembic init")
    assert "elsewhere (MIGRATIONS_DIR in production)" in result.stderr


def test_traceback_is_shown_when_asked_for(library: ProjectFolder) -> None:
    library.replace(f"{VERSIONS}/0002_books.py", '    op.drop_table("books")\n', '    op.drop_table("boooks")\n')
    result = library.run("migrate", "0001", "--traceback")
    assert result.returncode == 1
    assert "\nTraceback (most recent call last):\n" in f"\n{result.stderr}"
    assert "0002_books.py" in result.stderr


# --- makemigrations


def test_makemigrations_against_the_database_says_that_it_is_behind(make_project: MakeProject) -> None:
    project = make_project("library")
    project.ok("migrate", "0001", "-v0")
    with nothing_written(project):
        assert project.ok("makemigrations") == "No changes detected\n"
        result = project.run("makemigrations", "--against", "database")
    assert_fails(
        result,
        says="The database 'default' is behind: 2 migrations not applied (0002_books, 0003_authors_country)",
        hint="python manage.py migrate",
    )


def test_no_change_no_file(library: ProjectFolder) -> None:
    with nothing_written(library):
        assert library.ok("makemigrations") == "No changes detected\n"
        assert library.ok("makemigrations", "myproject") == "No changes detected in app 'myproject'\n"
        assert library.ok("makemigrations", "--check") == "No changes detected\n"
        assert library.ok("makemigrations", "-v0") == ""
        assert json.loads(library.ok("makemigrations", "--dry-run", "--json")) == {
            "database": "default",
            "revision": None,
            "path": None,
            "written": False,
            "changes": [],
            "questions": [],
        }


REPORT = f"""\
Migrations for 'myproject':
  {VERSIONS}/0004_books_isbn.py
    + Add column isbn to books
    + Create index ix_books_isbn on books
"""


def test_makemigrations_writes_what_changed(changed: ProjectFolder) -> None:
    assert changed.ok("makemigrations") == REPORT
    text = changed.read(f"{VERSIONS}/0004_books_isbn.py")
    assert text.startswith('"""books isbn\n\nRevision ID: 0004_books_isbn\nRevises: 0003_authors_country\n')
    assert "drop_column" in text.partition("def downgrade")[2]
    changed.ok("migrate", "-v0")
    assert changed.ok("makemigrations") == "No changes detected\n"


def test_makemigrations_check_writes_nothing(changed: ProjectFolder) -> None:
    with nothing_written(changed):
        result = changed.run("makemigrations", "--check")
    assert (result.returncode, result.stdout) == (1, REPORT)
    assert result.stderr.splitlines() == [
        "CommandError: The models have changes that are not in a migration.",
        "Hint: python manage.py makemigrations",
    ]


def test_makemigrations_dry_run_writes_nothing(changed: ProjectFolder) -> None:
    with nothing_written(changed):
        assert changed.ok("makemigrations", "--dry-run") == REPORT
        assert changed.ok("makemigrations", "--dry-run", "-v0") == ""
        full = changed.ok("makemigrations", "--dry-run", "-v3")
    assert full.startswith(f"{REPORT}Full migrations file '0004_books_isbn.py':\n")
    changed.ok("makemigrations")
    text = changed.read(f"{VERSIONS}/0004_books_isbn.py")
    assert _without_date(full).endswith(_without_date(text))


def test_makemigrations_json(changed: ProjectFolder) -> None:
    document = json.loads(changed.ok("makemigrations", "--dry-run", "--json"))
    assert document == {
        "database": "default",
        "revision": "0004_books_isbn",
        "path": f"{VERSIONS}/0004_books_isbn.py",
        "written": False,
        "changes": [
            {
                "symbol": "+",
                "operation": "add_column",
                "table": "books",
                "name": "isbn",
                "description": "Add column isbn to books",
            },
            {
                "symbol": "+",
                "operation": "create_index",
                "table": "books",
                "name": "ix_books_isbn",
                "description": "Create index ix_books_isbn on books",
            },
        ],
        "questions": [],
    }


def test_makemigrations_scriptable_prints_paths_alone(changed: ProjectFolder) -> None:
    result = changed.run("makemigrations", "--scriptable")
    assert result.returncode == 0
    assert result.stdout == f"{VERSIONS}/0004_books_isbn.py\n"
    assert result.stderr == REPORT


def test_makemigrations_name_and_no_header(changed: ProjectFolder) -> None:
    assert f"  {VERSIONS}/0004_number_of_a_book.py\n" in changed.ok(
        "makemigrations", "--name", "number_of_a_book", "--no-header"
    )
    text = changed.read(f"{VERSIONS}/0004_number_of_a_book.py")
    assert text.startswith('"""number of a book"""\n')
    assert "Create Date" not in text


def test_makemigrations_empty(library: ProjectFolder) -> None:
    assert f"  {VERSIONS}/0004_custom.py\n" in library.ok("makemigrations", "--empty")
    assert f"  {VERSIONS}/0005_fill_in.py\n" in library.ok("makemigrations", "--empty", "-n", "fill_in")
    assert "0005_fill_in... OK" in library.ok("migrate")


def test_makemigrations_update_rewrites_the_last_one(changed: ProjectFolder) -> None:
    changed.ok("makemigrations", "-v0")
    changed.replace("myproject/models.py", "    isbn: Mapped[str | None]", "    code: Mapped[str | None]")
    assert "    + Add column code to books\n" in changed.ok("makemigrations", "--update")
    names = sorted(path.name for path in changed.versions.glob("0004*"))
    assert names == ["0004_books_code.py"]
    assert changed.ok("migrate").endswith("  Applying 0004_books_code... OK\n")
    with nothing_written(changed):
        applied = changed.run("makemigrations", "--update")
    assert_fails(
        applied, says="Cannot update the migration 0004_books_code: it is applied", hint="python manage.py rollback"
    )


def test_makemigrations_update_keeps_code_of_ones_own(changed: ProjectFolder) -> None:
    changed.ok("makemigrations", "-v0")
    path = f"{VERSIONS}/0004_books_isbn.py"
    changed.replace(
        path, "def upgrade() -> None:\n", 'def upgrade() -> None:\n    op.execute("UPDATE books SET id=id")\n'
    )
    with nothing_written(changed):
        result = changed.run("makemigrations", "--update")
    assert_fails(result, 4, says="0004_books_isbn holds something of your own", hint="python manage.py makemigrations")


def test_makemigrations_of_one_app(make_project: MakeProject) -> None:
    project = make_project("two_apps")
    assert "Create table posts" in project.ok("makemigrations", "blog")
    assert "customers" not in project.read(f"{VERSIONS}/0001_initial.py")
    project.ok("migrate", "-v0")
    assert project.ok("makemigrations", "blog") == "No changes detected in app 'blog'\n"
    assert "Create table customers" in project.ok("makemigrations", "shop", "--dry-run")
    unknown = project.run("makemigrations", "blog", "forum")
    assert_fails(unknown, 2, says="No installed app with label 'forum' (installed: shop, blog).", hint="INSTALLED_APPS")


MERGING = """\
Merging myproject
  Branch 0002_books
    + Create table books
  Branch 0002_prizes
    + Create table prizes
The branches commute: either order gives the same schema.
"""
MERGE_FILE = f"""\
Migrations for 'myproject':
  {VERSIONS}/0003_merge_books_prizes.py
"""


def test_merge_without_input(two_heads: ProjectFolder) -> None:
    with nothing_written(two_heads):
        assert two_heads.ok("makemigrations", "--merge", "--dry-run") == MERGING + MERGE_FILE
    assert two_heads.ok("makemigrations", "--merge", "--no-input") == MERGING + MERGE_FILE
    assert two_heads.ok("migrate").endswith("  Applying 0003_merge_books_prizes... OK\n")
    assert tables_of(two_heads.url) == {"authors", "books", "prizes"}
    assert two_heads.ok("makemigrations", "--merge") == "No conflicts detected to merge.\n"


def test_merge_that_nobody_can_confirm(two_heads: ProjectFolder) -> None:
    with nothing_written(two_heads):
        result = two_heads.run("makemigrations", "--merge")
    assert result.returncode == 3
    assert result.stdout.startswith(MERGING)
    assert result.stderr.splitlines() == [
        "CommandError: Nobody is there to answer: Should these migration branches be merged? [y/n]",
        "Hint: python manage.py makemigrations --merge --no-input",
    ]


@pytest.mark.parametrize(
    ("answer", "code", "written"), [("y", 0, True), ("n", 0, False), (CTRL_C, 130, False), (CTRL_D, 3, False)]
)
def test_merge_on_a_terminal(two_heads: ProjectFolder, answer: str, code: int, written: bool) -> None:
    result = on_terminal(
        two_heads, "makemigrations", "--merge", answers={"Should these migration branches be merged? [y/n] ": answer}
    )
    assert result.returncode == code, result
    assert "Traceback" not in result.stdout
    assert (two_heads.versions / "0003_merge_books_prizes.py").exists() == written


# --- migrate


def test_migrate_prints_what_it_does(make_project: MakeProject) -> None:
    project = make_project("library")
    assert project.ok("migrate").splitlines() == [
        "Operations to perform:",
        "  Apply all migrations: myproject",
        "Running migrations:",
        *(f"  Applying {id}... OK" for id in LIBRARY),
    ]
    assert project.ok("migrate").splitlines()[-1] == "  No migrations to apply."
    assert project.ok("migrate", "myproject", "0002").splitlines() == [
        "Operations to perform:",
        "  Target specific migration: 0002_books",
        "  Unapply: 0003_authors_country",
        "    - Remove index ix_authors_country from authors",
        "    - Remove column country from authors",
        "Running migrations:",
        "  Unapplying 0003_authors_country... OK",
    ]
    assert project.ok("migrate", "zero").splitlines() == [
        "Operations to perform:",
        "  Unapply all migrations: myproject",
        "  Unapply: 0002_books",
        "    - Drop table books",
        "  Unapply: 0001_initial",
        "    - Drop table authors",
        "Running migrations:",
        "  Unapplying 0002_books... OK",
        "  Unapplying 0001_initial... OK",
    ]


def test_verbosity_of_migrate(library: ProjectFolder) -> None:
    assert library.ok("migrate", "zero", "-v0") == ""
    lines = library.ok("migrate", "-v2").splitlines()
    assert [bool(re.fullmatch(r"  Applying \w+\.\.\. OK \(\d+\.\d{3}s\)", line)) for line in lines[-3:]] == [True] * 3
    assert library.ok("migrate", "-v3").splitlines()[-1] == "  No migrations to apply."


@pytest.mark.parametrize(
    ("target", "recorded"),
    [("-1", "0002_books"), ("-2", "0001_initial"), ("0002_b", "0002_books"), ("head", LIBRARY[-1])],
)
def test_targets_of_migrate(library: ProjectFolder, target: str, recorded: str) -> None:
    library.ok("migrate", target, "-v0")
    assert recorded_in(library.url) == ([recorded] if recorded else [])


def test_migrate_goes_up_step_by_step(library: ProjectFolder) -> None:
    library.ok("migrate", "zero", "-v0")
    assert library.ok("migrate", "+1").splitlines()[-1] == "  Applying 0001_initial... OK"
    assert library.ok("migrate", "+2").splitlines()[-1] == "  Applying 0003_authors_country... OK"


def test_migrate_mentions_changes_of_the_models(changed: ProjectFolder) -> None:
    said = changed.ok("migrate")
    assert "  No migrations to apply.\n  Your models have changes that are not yet reflected in a migration" in said
    assert "Run 'python manage.py makemigrations' to make new migrations" in said


PLAN = """\
Planned operations:
0003_authors_country
    - Remove index ix_authors_country from authors
    - Remove column country from authors
0002_books
    - Drop table books
"""


def test_migrate_plan(library: ProjectFolder) -> None:
    with nothing_written(library):
        assert library.ok("migrate", "0001", "--plan") == PLAN
        assert library.ok("migrate", "--plan").splitlines() == [
            "Planned operations:",
            "  No planned migration operations.",
        ]
        document = json.loads(library.ok("migrate", "0002", "--plan", "--json"))
    assert document["steps"][0]["changes"][0].keys() == {"symbol", "operation", "table", "name", "description"}
    for step in document["steps"]:
        step["changes"] = [change["description"] for change in step["changes"]]
    assert document == {
        "database": "default",
        "target": "0002",
        "direction": "downgrade",
        "steps": [
            {
                "revision": "0003_authors_country",
                "changes": ["Remove index ix_authors_country from authors", "Remove column country from authors"],
            }
        ],
    }


def test_migrate_check(library: ProjectFolder) -> None:
    assert library.ok("migrate", "--check") == ""
    library.ok("migrate", "0002", "-v0")
    with nothing_written(library):
        pending = library.run("migrate", "--check")
        planned = library.run("migrate", "0001", "--plan", "--check")
    assert_fails(
        pending,
        says="1 migration not applied to database 'default': 0003_authors_country.",
        hint="python manage.py migrate",
    )
    assert (planned.returncode, planned.stdout) == (1, "Planned operations:\n0002_books\n    - Drop table books\n")


def test_fake_records_and_does_nothing_else(library: ProjectFolder) -> None:
    library.ok("migrate", "zero", "-v0")
    assert library.ok("migrate", "--fake", "0002").splitlines()[-2:] == [
        "  Applying 0001_initial... FAKED",
        "  Applying 0002_books... FAKED",
    ]
    assert recorded_in(library.url) == ["0002_books"]
    assert tables_of(library.url) == set()
    assert library.ok("migrate", "zero", "--fake").splitlines()[-1] == "  Unapplying 0001_initial... FAKED"


def test_fake_initial_where_the_tables_exist(make_project: MakeProject, database_url: str) -> None:
    project = make_project("library", database_url)
    execute(database_url, "CREATE TABLE authors (id INTEGER PRIMARY KEY, name VARCHAR(100) NOT NULL)")
    execute(database_url, "INSERT INTO authors VALUES (1, 'Ursula')")
    assert project.ok("migrate", "--fake-initial").splitlines()[-3:] == [
        "  Applying 0001_initial... FAKED",
        "  Applying 0002_books... OK",
        "  Applying 0003_authors_country... OK",
    ]
    assert rows_of(database_url, "SELECT name, country FROM authors") == [("Ursula", "--")]


def test_fake_initial_where_no_table_exists(make_project: MakeProject) -> None:
    project = make_project("library")
    assert "  Applying 0001_initial... OK\n" in project.ok("migrate", "--fake-initial")
    assert tables_of(project.url) == {"authors", "books"}


def test_prune_forgets_what_has_no_file(library: ProjectFolder) -> None:
    assert library.ok("migrate", "--prune").splitlines() == ["Pruning migrations:", "  No migrations to prune."]
    execute(library.url, "INSERT INTO alembic_version VALUES ('0002_elsewhere')")
    assert " [!] 0002_elsewhere" in library.ok("showmigrations")
    assert library.ok("migrate", "--prune").splitlines() == ["Pruning migrations:", "  Pruning 0002_elsewhere OK"]
    assert recorded_in(library.url) == ["0003_authors_country"]


def test_database_alias(make_project: MakeProject) -> None:
    project = make_project("two_apps")
    assert_fails(
        project.run("makemigrations", "--database", "archive", "--check", "-v0"),
        says="The models have changes that are not in a migration.",
        hint="python manage.py makemigrations --database archive",
    )
    project.ok("makemigrations")
    pending = project.run("migrate", "--database", "archive", "--check")
    assert_fails(
        pending,
        says="1 migration not applied to database 'archive': 0001_initial.",
        hint="python manage.py migrate --database archive",
    )
    project.ok("migrate", "--database", "archive")
    assert " [X] 0001_initial" in project.ok("showmigrations", "--database", "archive")
    assert " [ ] 0001_initial" in project.ok("showmigrations")
    assert tables_of(f"sqlite:///{project.path / 'archive.sqlite3'}") == {"customers", "posts"}
    assert tables_of(project.url) == set()


def test_migrate_tells_of_files_that_were_changed_after_they_ran(library: ProjectFolder) -> None:
    library.ok("rollback", "-v0")
    path = library.versions / "0002_books.py"
    path.write_text(path.read_text().replace("String(200)", "String(300)").replace("length=200", "length=300"))
    with nothing_written(library):
        refused = library.run("migrate", "--strict")
    assert refused.returncode == 4
    assert "1 applied migration was changed, the first is 0002_books. Nothing was run." in refused.stderr
    told = library.run("migrate", "-v0")
    assert told.returncode == 0
    assert "0002_books.py does something else now than when it was applied." in told.stderr


# --- rollback

QUESTION = "Take these back? [y/n] "
TAKES_BACK_ONE = """\
Operations to perform:
  Unapply: 0003_authors_country
    - Remove index ix_authors_country from authors
    - Remove column country from authors
Running migrations:
  Unapplying 0003_authors_country... OK
"""


def test_rollback_lists_what_it_takes_back(library: ProjectFolder) -> None:
    assert library.ok("rollback") == TAKES_BACK_ONE
    assert recorded_in(library.url) == ["0002_books"]
    assert library.ok("rollback", "2", "-v0") == ""
    assert recorded_in(library.url) == []
    assert library.ok("rollback").splitlines() == ["Running migrations:", "  No migrations to unapply."]


@pytest.mark.parametrize(
    ("target", "recorded"),
    [("2", "0001_initial"), ("0002", "0002_books"), ("0001_initial", "0001_initial"), ("zero", "")],
)
def test_targets_of_rollback(library: ProjectFolder, target: str, recorded: str) -> None:
    library.ok("rollback", target, "-v0")
    assert recorded_in(library.url) == ([recorded] if recorded else [])


def test_rollback_plan(library: ProjectFolder) -> None:
    with nothing_written(library):
        assert library.ok("rollback", "2", "--plan") == PLAN
        document = json.loads(library.ok("rollback", "--plan", "--json"))
    assert document["direction"] == "downgrade"
    assert [step["revision"] for step in document["steps"]] == ["0003_authors_country"]


def test_rollback_of_what_the_last_run_applied(library: ProjectFolder) -> None:
    library.ok("rollback", "-v0")
    library.ok("migrate", "-v0")
    assert "0003_authors_country" in library.ok("rollback", "--batch", "--plan")
    assert "0002_books" not in library.ok("rollback", "--batch", "--plan")
    assert "No planned" in library.ok("rollback", "--to-time", "2100-01-01", "--plan")
    with nothing_written(library):
        result = library.run("rollback", "0001", "--batch")
    assert_fails(
        result,
        2,
        says="A target, --batch and --to-time do not go together.",
        hint="python manage.py rollback --batch --plan",
    )


def test_rollback_of_more_than_there_is(library: ProjectFolder) -> None:
    with nothing_written(library):
        result = library.run("rollback", "4")
    assert_fails(result, 2, says="Cannot go 4 steps: 3 migrations are applied.", hint="python manage.py migrate zero")


def test_rollback_to_what_is_not_applied(library: ProjectFolder) -> None:
    library.ok("rollback", "-v0")
    with nothing_written(library):
        result = library.run("rollback", "0003")
    assert_fails(result, 2, says="0003_authors_country is not applied", hint="python manage.py migrate 0003")


def test_rollback_of_a_merge(two_heads: ProjectFolder) -> None:
    two_heads.ok("makemigrations", "--merge", "--no-input", "-v0")
    two_heads.ok("migrate", "-v0")
    two_heads.ok("rollback", "-v0")
    assert recorded_in(two_heads.url) == ["0002_books", "0002_prizes"]
    with nothing_written(two_heads):
        result = two_heads.run("rollback")
    assert_fails(
        result,
        2,
        says="1 step down could mean several branches: 0002_books, 0002_prizes are applied",
        hint="python manage.py rollback 0002_books@-1, or: python manage.py rollback 0002_prizes@-1, or, for all of "
        "them: python manage.py rollback 0001_initial",
    )
    two_heads.ok("rollback", "0002_books@-1", "-v0")
    assert recorded_in(two_heads.url) == ["0002_prizes"]


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("n", 1), (CTRL_C, 130), (CTRL_D, 3)])
def test_rollback_asks_on_a_terminal(library: ProjectFolder, answer: str, code: int) -> None:
    before = contents_of(library.url)
    result = on_terminal(library, "rollback", answers={QUESTION: answer})
    assert result.returncode == code, result
    assert "Traceback" not in result.stdout
    assert "  Unapply: 0003_authors_country\n" in result.stdout
    if code == 0:
        assert recorded_in(library.url) == ["0002_books"]
    else:
        assert contents_of(library.url) == before


def test_rollback_takes_enter_for_no_answer(library: ProjectFolder) -> None:
    result = on_terminal(library, "rollback", answers={QUESTION: "", "Please answer yes or no: ": "no"})
    assert result.returncode == 1
    assert "Rollback cancelled; nothing was changed." in result.stdout


def test_rollback_asks_nothing_with_no_input(library: ProjectFolder) -> None:
    assert on_terminal(library, "rollback", "--no-input").stdout == TAKES_BACK_ONE


# --- showmigrations


def test_showmigrations(library: ProjectFolder) -> None:
    library.ok("rollback", "-v0")
    at = r" \(applied at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\)"

    def ledger(outcome: str) -> list[str]:
        return [
            rf"      {outcome}: began .* UTC, [\d.]+ s, \d+ statements?",
            r"      Run [0-9a-f]{16} by .*, process \d+",
            r"      checksum [0-9a-f]{64}",
        ]

    _assert_lines(
        library.ok("showmigrations", "myproject"),
        ["myproject", rf" \[X\] 0001_initial{at}", rf" \[X\] 0002_books{at}", r" \[ \] 0003_authors_country"],
    )
    _assert_lines(
        library.ok("showmigrations", "-v2"),
        [
            "myproject",
            rf" \[X\] 0001_initial{at}",
            *ledger("applied"),
            rf" \[X\] 0002_books{at} \.\.\. \(0001_initial\)",
            *ledger("applied"),
            r" \[ \] 0003_authors_country \.\.\. \(0002_books\)",
            *ledger("taken back"),
        ],
    )
    _assert_lines(
        library.ok("showmigrations", "--plan"),
        [rf"\[X\]  0001_initial{at}", rf"\[X\]  0002_books{at}", r"\[ \]  0003_authors_country"],
    )
    assert "\n[ ]  0003_authors_country ... (0002_books)\n" in library.ok("showmigrations", "-p", "-v2")


def test_showmigrations_json(library: ProjectFolder) -> None:
    library.ok("rollback", "-v0")
    document = json.loads(library.ok("showmigrations", "--json"))
    assert document.keys() == {"database", "migrations"}
    first, _, last = document["migrations"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00", first["applied_at"])
    assert last.pop("ledger")["direction"] == "downgrade"
    assert last == {
        "revision": "0003_authors_country",
        "applied": False,
        "stopped": None,
        "missing": False,
        "head": True,
        "down_revisions": ["0002_books"],
        "depends_on": [],
        "phase": None,
        "branch_labels": [],
        "path": f"{VERSIONS}/0003_authors_country.py",
        "message": "authors country",
        "applied_at": None,
        "changed": None,
    }


def test_showmigrations_draws_branches(two_heads: ProjectFolder) -> None:
    assert two_heads.ok("showmigrations", "--graph").splitlines() == [
        "myproject",
        " * [ ] 0002_prizes (head)",
        " | * [ ] 0002_books (head)",
        " |/",
        " * [ ] 0001_initial",
    ]
    two_heads.ok("makemigrations", "--merge", "--no-input", "-v0")
    assert two_heads.ok("showmigrations", "-g").splitlines() == [
        "myproject",
        " * [ ] 0003_merge_books_prizes (head)",
        " |\\",
        " | * [ ] 0002_prizes",
        " * | [ ] 0002_books",
        " |/",
        " * [ ] 0001_initial",
    ]


@pytest.mark.parametrize("flags", ["--list", "--plan", "--graph"])
def test_showmigrations_marks_what_has_no_file(library: ProjectFolder, flags: str) -> None:
    (library.versions / "0003_authors_country.py").unlink()
    last = library.ok("showmigrations", flags).splitlines()[-1]
    assert last.split() == [*["[!]", "0003_authors_country"], *last.split()[2:]]
    assert re.search(r" \(no file here; applied \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC by \S+\)$", last)


def test_showmigrations_without_migrations(make_project: MakeProject) -> None:
    assert make_project("no_models").ok("showmigrations") == "myproject\n (no migrations)\n"


def test_wrong_usage_of_showmigrations(library: ProjectFolder) -> None:
    assert_fails(
        library.run("showmigrations", "--plan", "--graph"), 2, says="not allowed with", hint="showmigrations --help"
    )
    assert_fails(
        library.run("showmigrations", "forum"), 2, says="'forum' (installed: myproject)", hint="INSTALLED_APPS"
    )


# --- sqlmigrate, migrate --sql


def test_sql_gives_the_same_schema_as_migrate(
    make_project: MakeProject, database_url: str, new_database: Callable[[str], URL], request: pytest.FixtureRequest
) -> None:
    kind = request.node.callspec.params["database_url"]
    other = new_database(kind).render_as_string(hide_password=False)
    project = make_project("library", database_url)
    run_script(other, project.ok("sqlmigrate", "zero:head"))
    project.ok("migrate", "-v0")
    assert schema_of(other) == schema_of(database_url)
    assert recorded_in(other) == recorded_in(database_url) == ["0003_authors_country"]

    run_script(other, project.ok("sqlmigrate", "0003", "--backwards"))
    run_script(other, project.ok("sqlmigrate", "0002:0001"))
    project.ok("migrate", "0001", "-v0")
    assert schema_of(other) == schema_of(database_url)
    assert recorded_in(other) == ["0001_initial"]

    run_script(database_url, project.ok("migrate", "--sql"))
    assert recorded_in(database_url) == ["0003_authors_country"]
    assert tables_of(database_url) == {"authors", "books"}
    assert project.ok("migrate", "--check") == ""


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_sql_for_another_dialect(library: ProjectFolder, new_database: Callable[[str], URL], kind: str) -> None:
    by_script, by_migrate = (new_database(kind).render_as_string(hide_password=False) for _ in range(2))
    run_script(by_script, library.ok("sqlmigrate", "zero:head", "--dialect", kind))
    ProjectFolder(library.path, by_migrate).ok("migrate", "-v0")
    assert schema_of(by_script) == schema_of(by_migrate)


def test_sql_of_the_example_project(make_project: MakeProject, database_url: str) -> None:
    project = make_project(None, database_url)
    run_script(database_url, project.ok("sqlmigrate", "myproject", "0001"))
    assert project.ok("migrate", "--check") == ""
    assert project.ok("makemigrations", "--check") == "No changes detected\n"


def test_sqlmigrate_writes_nothing_but_sql(library: ProjectFolder) -> None:
    with nothing_written(library):
        result = library.run("sqlmigrate", "0002")
        nothing = library.run("sqlmigrate", "0002:0002")
    assert result.stderr == ""
    assert result.stdout.startswith("BEGIN;\n\n-- Running upgrade 0001_initial -> 0002_books\n\nCREATE TABLE books (")
    assert result.stdout.endswith("COMMIT;\n")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (0, "", "No operations found.\n")


def test_wrong_usage_of_sqlmigrate(library: ProjectFolder) -> None:
    assert_fails(library.run("sqlmigrate"), 2, says="required", hint="python manage.py sqlmigrate --help")
    assert_fails(library.run("sqlmigrate", "forum", "0001"), 2, says="'forum'", hint="INSTALLED_APPS")
    assert_fails(library.run("sqlmigrate", "0001", "--dialect", "x"), 2, says="no dialect 'x'", hint="--dialect")


# --- check


def test_check(library: ProjectFolder) -> None:
    assert library.ok("check") == "System check identified no issues.\n"
    assert json.loads(library.ok("check", "--json")) == {"problems": []}
    assert library.ok("check", "--list-tags").split() == [
        "apps",
        "deploy",
        "drivers",
        "history",
        "hooks",
        "lint",
        "models",
        "record",
        "settings",
    ]
    deploy = library.ok("check", "--deploy")
    assert "?: (deploy.W001) Database 'default' is a file" in deploy
    assert deploy.endswith("System check identified 1 issue.\n")


def test_check_fails_at_the_level_that_is_asked_for(two_heads: ProjectFolder) -> None:
    assert two_heads.ok("check", "--tag", "models", "--fail-level", "WARNING") == "System check identified no issues.\n"
    assert "Warnings:\n?: (history.W001) Conflicting migrations" in two_heads.ok("check", "-t", "history")
    result = two_heads.run("check", "--fail-level", "WARNING", "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout) == {
        "problems": [
            {
                "id": "history.W001",
                "level": "WARNING",
                "message": "Conflicting migrations detected; multiple heads in the history: (0002_books, 0002_prizes).",
                "hint": "python manage.py makemigrations --merge",
            }
        ]
    }


def test_check_of_a_database(library: ProjectFolder) -> None:
    assert library.ok("check", "--database", "default") == "System check identified no issues.\n"
    library.ok("rollback", "-v0")
    assert "(record.W001) 1 migration is not applied to database 'default'" in library.ok(
        "check", "--database", "default"
    )


def test_wrong_usage_of_check(library: ProjectFolder) -> None:
    assert_fails(library.run("check", "-t", "x"), 2, says="no check with the tag 'x'", hint="--list-tags")
    assert_fails(library.run("check", "forum"), 2, says="No installed app with label 'forum'", hint="INSTALLED_APPS")


# --- Tools


def _without_date(text: str) -> str:
    return re.sub(r"Create Date: .*", "Create Date:", text)


def _assert_lines(text: str, patterns: list[str]) -> None:
    lines = text.splitlines()
    assert len(lines) == len(patterns), text
    for line, pattern in zip(lines, patterns, strict=True):
        assert re.fullmatch(pattern, line), text


def test_an_app_label_does_not_take_back_every_app(make_project, sqlite_url) -> None:
    project = make_project("two_apps", sqlite_url)
    project.ok("makemigrations")
    project.ok("migrate")
    before = contents_of(sqlite_url)
    label = project.ok("shell", "-c", "print(project.apps[0].label)").strip()
    assert_fails(project.run("migrate", label, "zero"), 4, says="All apps share one history", hint="migrate zero")
    assert contents_of(sqlite_url) == before
