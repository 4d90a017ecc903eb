"""Several heads, as a user meets them: merged, put behind one another, and the last migration written anew."""

from __future__ import annotations

import json
import subprocess

import pytest
from support.contents import tables_of
from support.failures import assert_fails, nothing_written
from support.projects import MakeProject, ProjectFolder
from support.terminal import CTRL_C, CTRL_D, on_terminal

VERSIONS = "alembic_database/versions"
REBASED = """\
Rebasing myproject
  Branch 0002_books stays
    + Create table books
  Branch 0002_prizes goes behind 0002_books (you said so)
    + Create table prizes
The branches commute: either order gives the same schema.
Behind 0002_books it gives the same schema as a merge would.
Renamed:
  alembic_database/versions/0003_prizes.py, after 0002_books; was alembic_database/versions/0002_prizes.py
"""
CONFLICT = """\
Merging myproject
  Branch 0002_longer_names
    ~ Alter column name on authors (type)
  Branch 0002_names_as_text
    ~ Alter column name on authors (type)
Touched by more than one branch:
  column authors.name (0002_longer_names: changed; 0002_names_as_text: changed)
They do not commute: 1 object(s) depend on the order.
  column authors.name: TEXT NOT NULL when 0002_names_as_text is last; \
VARCHAR(200) NOT NULL when 0002_longer_names is last
"""


@pytest.fixture
def two_heads(make_project: MakeProject) -> ProjectFolder:
    """Two branches that have nothing to do with one another."""
    return make_project("two_heads")


@pytest.fixture
def conflict(make_project: MakeProject) -> ProjectFolder:
    """Two branches that change the type of one column."""
    return make_project("conflicting_heads")


def names(project: ProjectFolder) -> list[str]:
    return sorted(path.name for path in project.versions.glob("*.py"))


def git(project: ProjectFolder, *args: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *identity, *args], cwd=project.path, check=True, capture_output=True)


# --- merge


def test_a_merge_of_what_does_not_commute_is_refused(conflict: ProjectFolder) -> None:
    with nothing_written(conflict):
        result = conflict.run("makemigrations", "--merge", "--no-input")
    assert (result.returncode, result.stdout) == (4, CONFLICT)
    assert result.stderr.splitlines() == [
        "CommandError: They do not commute: 1 object(s) depend on the order.",
        "Hint: python manage.py makemigrations --rebase 0002_names_as_text, or all the same: "
        "python manage.py makemigrations --merge --allow-conflicts",
    ]


def test_a_merge_that_would_not_run_is_refused_before_anybody_is_asked(conflict: ProjectFolder) -> None:
    text = f"{VERSIONS}/0002_names_as_text.py"
    conflict.write(text, conflict.read(text).split("def upgrade")[0] + "def upgrade():\n    op.drop_table('authors')\n")
    longer = f"{VERSIONS}/0002_longer_names.py"
    conflict.write(longer, conflict.read(longer).replace("0002_longer_names", "0002_zero"))
    result = on_terminal(conflict, "makemigrations", "--merge", "--allow-conflicts")
    assert result.returncode == 4, result
    assert "CommandError: A merge would not run: migrations run in the order of their names, and then 0002_zero" in (
        result.stdout
    )
    assert "Hint: python manage.py makemigrations --rebase 0002_names_as_text" in result.stdout
    conflict.ok("makemigrations", "--rebase", "0002_names_as_text", "-v0")
    conflict.ok("migrate", "-v0")


@pytest.mark.parametrize("flag", ["--dry-run", "--check"])
def test_what_would_be_refused_is_refused_without_writing_too(conflict: ProjectFolder, flag: str) -> None:
    with nothing_written(conflict):
        assert conflict.run("makemigrations", "--merge", flag).returncode == 4


def test_a_conflict_may_be_merged_by_an_option(conflict: ProjectFolder) -> None:
    conflict.ok("makemigrations", "--merge", "--no-input", "--allow-conflicts", "-n", "merge")
    conflict.ok("migrate", "-v0")
    assert conflict.ok("makemigrations", "--check") == "No changes detected\n"


def test_plain_alembic_runs_a_merged_conflict_in_the_same_order(conflict: ProjectFolder) -> None:
    conflict.ok("makemigrations", "--merge", "--no-input", "--allow-conflicts", "-n", "merge")
    conflict.alembic_ok("upgrade", "head")
    assert conflict.ok("makemigrations", "--check", "--against", "database") == "No changes detected\n"


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 0), (CTRL_C, 130), (CTRL_D, 3)])
def test_a_conflict_is_a_question_on_a_terminal(conflict: ProjectFolder, answer: str, code: int) -> None:
    question = "Should these migration branches be merged all the same? [y/n] "
    before = names(conflict)
    result = on_terminal(conflict, "makemigrations", "--merge", "-n", "merge", answers={question: answer})
    assert result.returncode == code, result
    assert "They do not commute" in result.stdout
    assert names(conflict) == ([*before, "0003_merge.py"] if answer == "y" else before)


def test_json_of_a_refused_merge_says_what_differs(conflict: ProjectFolder) -> None:
    result = conflict.run("makemigrations", "--merge", "--no-input", "--json")
    assert result.returncode == 4
    document = json.loads(result.stdout)
    assert (document["revision"], document["written"], document["verdict"]) == (None, False, "conflict")
    assert [each["object"] for each in document["differences"]] == ["column authors.name"]
    assert document["touched"] == [
        {"object": "column authors.name", "branches": ["0002_longer_names", "0002_names_as_text"]}
    ]


def test_rows_of_a_shared_table_are_a_question_without_an_answer(two_heads: ProjectFolder) -> None:
    two_heads.replace(
        f"{VERSIONS}/0002_prizes.py",
        "def upgrade():\n",
        "def upgrade():\n"
        "    op.execute(\"UPDATE authors SET name = 'x'\")\n"
        "    with op.batch_alter_table('authors') as batch_op:\n"
        "        batch_op.add_column(sa.Column('born', sa.Date))\n",
    )
    two_heads.replace(
        f"{VERSIONS}/0002_books.py", "def upgrade():\n", "def upgrade():\n    op.execute('DELETE FROM authors')\n"
    )
    with nothing_written(two_heads):
        result = two_heads.run("makemigrations", "--merge", "--no-input")
    assert result.returncode == 3
    assert "Rows: not proven: 0002_books runs DELETE FROM authors; 0002_prizes touches authors too.\n" in result.stdout
    assert "Hint: python manage.py makemigrations --rebase 0002_prizes, or all the same: " in result.stderr
    two_heads.ok("makemigrations", "--merge", "--no-input", "--allow-conflicts", "-v0")


def test_three_heads_are_merged_at_once(two_heads: ProjectFolder) -> None:
    source = two_heads.read(f"{VERSIONS}/0002_prizes.py")
    two_heads.write(f"{VERSIONS}/0002_medals.py", source.replace("prizes", "medals"))
    two_heads.ok("makemigrations", "--merge", "--no-input", "-n", "merge")
    two_heads.ok("migrate", "-v0")
    assert tables_of(two_heads.url) == {"authors", "books", "prizes", "medals"}


# --- rebase


def test_rebase_renames_the_file_and_changes_its_ids(two_heads: ProjectFolder) -> None:
    source = two_heads.read(f"{VERSIONS}/0002_prizes.py")
    assert two_heads.ok("makemigrations", "--rebase", "0002_prizes") == REBASED
    assert names(two_heads) == ["0001_initial.py", "0002_books.py", "0003_prizes.py"]
    expected = source.replace("0002_prizes", "0003_prizes").replace("0001_initial", "0002_books")
    assert two_heads.read(f"{VERSIONS}/0003_prizes.py") == expected
    two_heads.ok("migrate", "-v0")
    assert tables_of(two_heads.url) == {"authors", "books", "prizes"}
    assert two_heads.ok("makemigrations", "--check") == "No changes detected\n"
    assert two_heads.ok("makemigrations", "--rebase") == "No conflicts detected to rebase.\n"


def test_a_dry_run_and_a_check_of_a_rebase_write_nothing(two_heads: ProjectFolder) -> None:
    with nothing_written(two_heads):
        shown = two_heads.ok("makemigrations", "--rebase", "0002_prizes", "--dry-run")
        assert shown == REBASED.replace("Renamed:", "Would be renamed:")
        checked = two_heads.run("makemigrations", "--rebase", "0002_prizes", "--check", "-v0")
    assert_fails(checked, says="several heads", hint="python manage.py makemigrations --rebase 0002_prizes")


def test_json_of_a_rebase(two_heads: ProjectFolder) -> None:
    document = json.loads(two_heads.ok("makemigrations", "--rebase", "0002_prizes", "--json"))
    assert (document["branch"], document["onto"], document["written"]) == ("0002_prizes", "0002_books", True)
    assert document["migrations"] == [
        {
            "old": "0002_prizes",
            "new": "0003_prizes",
            "old_path": f"{VERSIONS}/0002_prizes.py",
            "path": f"{VERSIONS}/0003_prizes.py",
            "down_revision": "0002_books",
        }
    ]


def test_scriptable_rebase_prints_paths_only(two_heads: ProjectFolder) -> None:
    result = two_heads.run("makemigrations", "--rebase", "0002_prizes", "--scriptable")
    assert (result.stdout, result.stderr) == (f"{VERSIONS}/0003_prizes.py\n", REBASED)


def test_a_branch_that_is_in_no_commit_moves(two_heads: ProjectFolder) -> None:
    git(two_heads, "init", "-b", "main")
    git(two_heads, "add", VERSIONS)
    git(two_heads, "rm", "--cached", f"{VERSIONS}/0002_books.py")
    git(two_heads, "commit", "-m", "x")
    assert "  Branch 0002_books goes behind 0002_prizes (it is not in main)\n" in two_heads.ok(
        "makemigrations", "--rebase"
    )
    assert names(two_heads) == ["0001_initial.py", "0002_prizes.py", "0003_books.py"]


def test_a_branch_that_no_database_has_moves(two_heads: ProjectFolder) -> None:
    two_heads.ok("migrate", "0002_prizes", "-v0")
    assert "(no database records it)" in two_heads.ok("makemigrations", "--rebase")
    assert two_heads.ok("migrate").endswith("  Applying 0003_books... OK\n")


def test_a_branch_that_a_database_has_does_not_move(two_heads: ProjectFolder) -> None:
    two_heads.ok("migrate", "0002_prizes", "-v0")
    with nothing_written(two_heads):
        result = two_heads.run("makemigrations", "--rebase", "0002_prizes")
    assert_fails(
        result,
        4,
        says="0002_prizes cannot get another place: applied to 'default'.",
        hint="python manage.py rollback 0001_initial, or: python manage.py makemigrations --merge",
    )


def test_nobody_tells_which_branch_is_ones_own(two_heads: ProjectFolder) -> None:
    with nothing_written(two_heads):
        result = two_heads.run("makemigrations", "--rebase")
    assert_fails(
        result,
        3,
        says="Neither git nor the databases tell which branch is yours: 0002_books or 0002_prizes.",
        hint="makemigrations --rebase 0002_books, or: python manage.py makemigrations --rebase 0002_prizes",
    )


@pytest.mark.parametrize(("answer", "code"), [("1", 0), ("0002_books", 0), (CTRL_C, 130), (CTRL_D, 3)])
def test_a_person_tells_which_branch_is_ones_own(two_heads: ProjectFolder, answer: str, code: int) -> None:
    before = names(two_heads)
    question = "Which branch is yours, and goes behind the other? "
    result = on_terminal(two_heads, "makemigrations", "--rebase", answers={question: answer})
    assert result.returncode == code, result
    assert names(two_heads) == (["0001_initial.py", "0002_prizes.py", "0003_books.py"] if code == 0 else before)


def test_another_order_than_that_of_a_merge_needs_a_word(conflict: ProjectFolder) -> None:
    with nothing_written(conflict):
        result = conflict.run("makemigrations", "--rebase", "0002_longer_names", "--no-input")
    assert result.returncode == 4
    assert "CommandError: Behind 0002_names_as_text it gives another schema than a merge would." in result.stderr
    conflict.ok("makemigrations", "--rebase", "0002_longer_names", "--allow-conflicts", "-v0")
    assert names(conflict)[-1] == "0003_longer_names.py"
    assert "Revises: 0002_names_as_text\n" in conflict.read(f"{VERSIONS}/0003_longer_names.py")


@pytest.mark.parametrize("answer", ["y", "n"])
def test_another_order_is_a_question_on_a_terminal(conflict: ProjectFolder, answer: str) -> None:
    question = "Should the branch be rebased all the same? [y/n] "
    before = names(conflict)
    result = on_terminal(conflict, "makemigrations", "--rebase", "0002_longer_names", answers={question: answer})
    assert result.returncode == 0, result
    assert ("0003_longer_names.py" in names(conflict)) == (answer == "y")
    assert (names(conflict) == before) == (answer == "n")


def test_json_of_a_refused_rebase_says_what_would_move(conflict: ProjectFolder) -> None:
    with nothing_written(conflict):
        result = conflict.run("makemigrations", "--rebase", "0002_longer_names", "--json")
    assert result.returncode == 4
    document = json.loads(result.stdout)
    assert (document["written"], document["verdict"]) == (False, "conflict")
    assert [each["new"] for each in document["migrations"]] == ["0003_longer_names"]


def test_the_order_of_a_merge_needs_none(conflict: ProjectFolder) -> None:
    conflict.ok("makemigrations", "--rebase", "0002_names_as_text", "--no-input")
    conflict.ok("migrate", "-v0")
    assert conflict.ok("makemigrations", "--check") == "No changes detected\n"


def test_a_database_that_cannot_be_asked_is_said(two_heads: ProjectFolder) -> None:
    two_heads.url = "postgresql+psycopg://nobody:secret@127.0.0.1:1/nothing"
    result = two_heads.run("makemigrations", "--rebase", "0002_prizes", "-v1")
    assert result.returncode == 0
    assert result.stderr.startswith("Whether the branch is applied to 'default' is not known: ")
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--onto", "0002_books"], "--onto does not go with new changes."),
        (["--merge", "--onto", "0002_books"], "--onto does not go with --merge."),
        (["--rebase", "0002_books", "--name", "x"], "--name does not go with --rebase."),
        (["--update", "--allow-conflicts"], "--allow-conflicts does not go with --update."),
        (["--merge", "--rebase", "0002_books"], "--merge and --rebase do not go together."),
        (["--rebase", "0001_initial"], "0001_initial is in more than one branch."),
    ],
)
def test_options_that_do_not_fit(two_heads: ProjectFolder, arguments: list[str], says: str) -> None:
    with nothing_written(two_heads):
        assert_fails(two_heads.run("makemigrations", *arguments), 2, says=says, hint="python manage.py makemigrations")


# --- update


@pytest.fixture
def renamed(make_project: MakeProject) -> ProjectFolder:
    """A project whose last migration renames a column, for which a person had to be asked."""
    project = make_project("library")
    project.replace("myproject/models.py", "    country:", "    nation:")
    project.ok("makemigrations", "--rename", "authors.country:authors.nation", "-v0")
    return project


def last(project: ProjectFolder) -> str:
    """The text of the last migration."""
    return project.read(f"{VERSIONS}/{names(project)[-1]}")


RENAME = 'new_column_name="{}"'


def test_update_keeps_a_rename_and_asks_nothing(renamed: ProjectFolder) -> None:
    renamed.replace("myproject/models.py", "    title:", "    isbn: Mapped[str | None]\n    title:")
    result = renamed.run("makemigrations", "--update", "--no-input")
    assert result.returncode == 0
    assert RENAME.format("nation") in last(renamed)
    assert '"isbn"' in last(renamed)
    assert len(names(renamed)) == 4


def test_update_keeps_what_takes_the_name_of_something_dropped(make_project: MakeProject) -> None:
    project = make_project("library")
    project.replace("myproject/models.py", "    name: Mapped[str] = mapped_column(String(100))\n", "")
    project.replace("myproject/models.py", "    country:", "    name:")
    project.ok("makemigrations", "--rename", "authors.country:authors.name", "--no-rename", "authors.name", "-v0")
    project.replace("myproject/models.py", "    title:", "    isbn: Mapped[str | None]\n    title:")
    assert project.run("makemigrations", "--update", "--no-input").returncode == 0
    assert RENAME.format("name") in last(project)
    assert '"isbn"' in last(project)
    project.ok("migrate", "-v0")
    assert project.ok("makemigrations", "--check") == "No changes detected\n"


def test_update_asks_where_the_new_name_has_gone_again(renamed: ProjectFolder) -> None:
    renamed.replace("myproject/models.py", "    nation:", "    land:")
    with nothing_written(renamed):
        result = renamed.run("makemigrations", "--update", "--no-input")
    assert result.returncode == 3
    assert "--rename authors.country:authors.land" in result.stderr


@pytest.mark.parametrize("old", ["nation", "country"])
def test_update_takes_a_rename_of_a_rename(renamed: ProjectFolder, old: str) -> None:
    renamed.replace("myproject/models.py", "    nation:", "    land:")
    renamed.ok("makemigrations", "--update", "--no-input", "--rename", f"authors.{old}:authors.land")
    assert RENAME.format("land") in last(renamed)


def test_update_keeps_a_name_that_a_person_chose(renamed: ProjectFolder) -> None:
    renamed.ok("makemigrations", "--update", "-n", "by_hand", "-v0")
    renamed.replace("myproject/models.py", "    title:", "    isbn: Mapped[str | None]\n    title:")
    renamed.ok("makemigrations", "--update", "-v0")
    assert names(renamed)[-1] == "0004_by_hand.py"
    renamed.ok("migrate", "-v0")
    assert renamed.ok("makemigrations", "--check") == "No changes detected\n"


def test_update_says_what_is_no_longer_there(renamed: ProjectFolder) -> None:
    path = f"{VERSIONS}/{names(renamed)[-1]}"
    renamed.replace(path, "def upgrade() -> None:\n", "def upgrade() -> None:\n    # Ask Ann before this runs.\n")
    renamed.replace("myproject/models.py", "server_default=", "comment='x', server_default=")
    renamed.replace("myproject/models.py", "    title:", "    isbn: Mapped[str | None]\n    title:")
    result = renamed.run("makemigrations", "--update")
    assert "No longer in the migration: # Ask Ann before this runs.\n" in result.stderr


def test_update_is_refused_where_any_database_has_the_migration(renamed: ProjectFolder) -> None:
    renamed.write(
        "settings.py",
        renamed.read("settings.py")
        + '\nDATABASES["other"] = {"URL": "sqlite:///other.sqlite3"}\n'
        + 'DATABASES["far"] = {"URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing"}\n',
    )
    renamed.ok("migrate", "-v0", "--database", "other")
    with nothing_written(renamed):
        result = renamed.run("makemigrations", "--update")
    assert result.returncode == 1
    said = result.stderr.splitlines()
    assert said[0].startswith("Whether 0004_")
    assert said[0].split(" is not known: ")[0].endswith(" is applied to 'far'")
    assert "it is applied to 'other'." in said[1]
    assert said[2] == "Hint: python manage.py rollback --database other"
