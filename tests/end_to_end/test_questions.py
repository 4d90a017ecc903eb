"""makemigrations where nobody is there to answer: exit codes, options, and nothing written."""

from __future__ import annotations

import json
import re
import shlex
import socket

import pytest
from support.failures import assert_fails, nothing_written
from support.projects import MakeProject, ProjectFolder, Result

MODELS = "myproject/models.py"
TITLE = "    title: Mapped[str]"
RENAMED = "    book_title: Mapped[str]"
RENAME = """\
Was the column books.title renamed to books.book_title?
  --rename books.title:books.book_title   yes, renamed
  --no-rename books.title                 no, dropped with its data
"""
IS_OPEN = """\
CommandError: 1 question is open, and a guess could lose data; nothing was written.
Hint: python manage.py makemigrations with an option for each question; or answer on a terminal
"""
BORN = "    born: Mapped[int]\n"
NOT_NULL = """\
The new column authors.born (INTEGER) is NOT NULL. What do rows get that are there already?
  --default authors.born=0   a value
  --later authors.born       leave it nullable for now; the next makemigrations asks again
"""


@pytest.fixture
def library(make_project: MakeProject) -> ProjectFolder:
    """Three migrations for a PostgreSQL server that does not run: questions need none."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return make_project("library", f"postgresql+psycopg://shop@127.0.0.1:{port}/shop")


@pytest.fixture
def renamed(library: ProjectFolder) -> ProjectFolder:
    """A column has another name in the models."""
    library.replace(MODELS, TITLE, RENAMED)
    return library


@pytest.fixture
def born(library: ProjectFolder) -> ProjectFolder:
    """A NOT NULL column is new in the models."""
    library.replace(MODELS, "    country:", f"{BORN}    country:")
    return library


def refused(project: ProjectFolder, *args: str) -> Result:
    """What the command says, which writes nothing."""
    with nothing_written(project, database=False):
        return project.run("makemigrations", *args)


def written(project: ProjectFolder, *args: str) -> str:
    """The migration that the command writes."""
    before = set(project.versions.glob("*.py"))
    project.ok("makemigrations", *args)
    (new,) = set(project.versions.glob("*.py")) - before
    return new.read_text(encoding="utf-8")


@pytest.mark.parametrize("args", [(), ("--no-input",), ("--scriptable",), ("-v0",)])
def test_open_question_ends_with_3_and_the_options_that_answer_it(
    renamed: ProjectFolder, args: tuple[str, ...]
) -> None:
    assert refused(renamed, *args) == Result(3, "", RENAME + IS_OPEN)


def test_answer_in_a_pipe_is_no_answer(renamed: ProjectFolder) -> None:
    with nothing_written(renamed, database=False):
        assert renamed.run("makemigrations", stdin="y\n") == Result(3, "", RENAME + IS_OPEN)


def test_all_open_questions_are_listed_at_once(renamed: ProjectFolder) -> None:
    renamed.replace(MODELS, "    country:", f"{BORN}    country:")
    result = refused(renamed)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.startswith(RENAME + NOT_NULL + "CommandError: 2 questions are open, ")


def options_in(text: str) -> list[list[str]]:
    """The options that a text shows, as a shell reads them."""
    return [shlex.split(line.split("   ")[0]) for line in re.findall(r"^  (--.*)$", text, flags=re.MULTILINE)]


def test_every_option_that_is_shown_answers_the_question(born: ProjectFolder) -> None:
    for options in options_in(refused(born).stderr):
        with nothing_written(born, database=False):
            result = born.run("makemigrations", "--dry-run", *options)
        assert (result.returncode, result.stderr) == (0, "")


def test_rename_is_written_as_a_rename(renamed: ProjectFolder) -> None:
    text = written(renamed, "--rename", "books.title:book_title")
    assert 'new_column_name="book_title"' in text
    assert renamed.ok("makemigrations") == "No changes detected\n"


def test_rename_in_the_model_is_not_asked(library: ProjectFolder) -> None:
    library.replace(
        MODELS,
        "title: Mapped[str] = mapped_column(",
        'book_title: Mapped[str] = mapped_column(info={"renamed_from": "title"}, type_=',
    )
    assert 'new_column_name="book_title"' in written(library)
    assert library.ok("makemigrations") == "No changes detected\n"


def test_column_that_is_not_renamed_is_asked_about_as_a_new_one(renamed: ProjectFolder) -> None:
    result = refused(renamed, "--no-rename", "books.title")
    assert (result.returncode, "books.book_title (VARCHAR(200)) is NOT NULL" in result.stderr) == (3, True)
    text = written(renamed, "--no-rename", "books.title", "--default", "books.book_title=it's new")
    assert "drop_column" in text
    assert "it''s new" in text


def test_what_is_left_for_later_is_asked_again(born: ProjectFolder) -> None:
    assert "nullable=True" in written(born, "--later", "authors.born")
    result = refused(born, "--check")
    assert result.returncode == 1
    assert "  --default authors.born=0   a value\n" in result.stderr


CHANGES = """\
Migrations for 'myproject':
  alembic_database/versions/0004_rename_books_title_to_book.py
    ~ Rename column title on books to book_title
"""
LISTED = f"Open questions; the changes are what one of the answers gives:\n{RENAME}"


def test_dry_run_lists_the_open_questions_and_ends_with_0(renamed: ProjectFolder) -> None:
    assert refused(renamed, "--dry-run") == Result(0, CHANGES, LISTED)
    assert refused(renamed, "--dry-run", "-v0") == Result(0, "", "")


def test_check_lists_the_open_questions_and_ends_with_1(renamed: ProjectFolder) -> None:
    result = refused(renamed, "--check")
    assert (result.returncode, result.stdout) == (1, CHANGES)
    assert result.stderr.startswith(f"{LISTED}CommandError: The models have changes that are not in a migration.\n")


@pytest.mark.parametrize(
    ("args", "code", "answered"),
    [
        ((), 3, False),
        (("--dry-run",), 0, False),
        (("--check",), 1, False),
        (("--dry-run", "--no-rename", "books.title", "--later", "books.book_title"), 0, True),
    ],
)
def test_json_has_the_questions(renamed: ProjectFolder, args: tuple[str, ...], code: int, answered: bool) -> None:
    result = refused(renamed, "--json", *args)
    document = json.loads(result.stdout)
    assert (result.returncode, document["written"]) == (code, False)
    questions = {question["path"]: question["answered"] for question in document["questions"]}
    assert set(questions.values()) == {answered}
    assert "--rename" not in result.stderr


def test_json_of_an_open_question_is_what_text_shows(renamed: ProjectFolder) -> None:
    (question,) = json.loads(refused(renamed, "--json").stdout)["questions"]
    assert question == {
        "path": "books.title",
        "kind": "rename",
        "text": "Was the column books.title renamed to books.book_title?",
        "choices": [
            {"flag": "--rename books.title:books.book_title", "text": "yes, renamed"},
            {"flag": "--no-rename books.title", "text": "no, dropped with its data"},
        ],
        "answered": False,
    }


@pytest.mark.parametrize(
    ("args", "says", "hint"),
    [
        (("--rename", "books.title"), "--rename books.title is not of the form --rename OLD:NEW", "--rename orders."),
        (("--default", "books.title"), "is not of the form --default PATH=VALUE", "--default orders.total=0"),
        (("--later", "."), "is not of the form --later PATH", "--later orders.total"),
        (
            ("--rename", "books.title:book_title", "--no-rename", "books.title"),
            "--rename books.title:books.book_title and --no-rename books.title contradict one another",
            "leave out one of them",
        ),
        (
            ("--rename", "books.titel:book_title"),
            "nothing called books.titel is gone or asked about; nearest: books.title",
            "python manage.py makemigrations --dry-run",
        ),
        (
            ("--rename", "books.title:book_title", "--proceed", "books.title"),
            "--proceed books.title answers nothing",
            "python manage.py makemigrations --dry-run",
        ),
        (("--empty", "--later", "books.title"), "--empty asks nothing", "python manage.py makemigrations --empty"),
    ],
)
def test_answer_that_cannot_be_meant_is_wrong_usage(
    renamed: ProjectFolder, args: tuple[str, ...], says: str, hint: str
) -> None:
    assert_fails(refused(renamed, *args), 2, says=says, hint=hint)


def test_answer_is_wrong_usage_where_nothing_changed(library: ProjectFolder) -> None:
    result = refused(library, "--rename", "books.title:book_title")
    assert_fails(result, 2, says="--rename books.title:books.book_title answers nothing", hint="--dry-run")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("abc", "--default authors.born=abc: abc is no INTEGER."),
        ("99999999999", "--default authors.born=99999999999: 99999999999 is outside of"),
        ("null", "NULL is what the column cannot be"),
        ("now()", "now() gives a timestamp, which is no INTEGER"),
        ("__import__('os').getpid()", "__import__() is not known as a function of PostgreSQL"),
        ("(SELECT 1)", "is no INTEGER"),
        ("0; DROP TABLE books", "is no INTEGER"),
    ],
)
def test_value_that_does_not_fit_is_wrong_usage(born: ProjectFolder, value: str, says: str) -> None:
    result = refused(born, "--default", f"authors.born={value}")
    assert_fails(result, 2, says=says, hint="python manage.py makemigrations --default authors.born=0")


# Safe answers


@pytest.fixture
def unique(library: ProjectFolder) -> ProjectFolder:
    """A column is UNIQUE in the models."""
    library.replace(MODELS, "mapped_column(String(100))", "mapped_column(String(100), unique=True)")
    return library


def test_safe_answer_is_taken_and_said(unique: ProjectFolder) -> None:
    result = unique.run("makemigrations")
    assert result.returncode == 0
    assert result.stderr.startswith(
        "authors.uq_authors_name makes (name) unique. Rows that are equal there stop the migration. Taken: go on: "
        "there are none, or I take care of them before. Otherwise: --later authors.uq_authors_name\n"
    )


def test_findings_about_the_new_file_are_said_and_where_to_read_on(unique: ProjectFolder) -> None:
    lines = unique.run("makemigrations").stderr.splitlines()
    assert any("warning: " in line and line.endswith("[adding-unique-constraint]") for line in lines)
    assert lines[-1] == "How it is written better: python manage.py lint 0004_uq_authors_name"


def test_safe_answer_is_not_said_where_nothing_is_to_be_said(unique: ProjectFolder) -> None:
    assert unique.run("makemigrations", "-v0") == Result(0, "", "")


def test_other_answer_is_given_by_the_option_that_was_said(unique: ProjectFolder) -> None:
    said = unique.run("makemigrations", "--dry-run").stderr
    option = shlex.split(said.rpartition("Otherwise: ")[2])
    assert unique.run("makemigrations", *option) == Result(0, "No changes detected\n", "")


# The guard

TABLES = """\
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData()


class Prize(Base):
    __tablename__ = "prizes"

    id: Mapped[int] = mapped_column(primary_key=True)
"""
REFUSED = """\
This would drop every table: books, authors.
  library/models.py:17 defines authors, but is not imported: add "library" to INSTALLED_APPS in settings.py.
  library/models.py:25 defines books, but is not imported: add "library" to INSTALLED_APPS in settings.py.
"""
ALLOW = "Hint: if they are to go, with their rows: python manage.py makemigrations --allow-drops\n"


@pytest.fixture
def moved(library: ProjectFolder) -> ProjectFolder:
    """The models were moved into an app that is not installed."""
    library.write("library/__init__.py", "")
    library.write("library/models.py", library.read(MODELS))
    library.write(MODELS, TABLES)
    return library


def test_migration_that_drops_every_table_is_refused_with_the_cause(moved: ProjectFolder) -> None:
    assert refused(moved) == Result(4, "", f"CommandError: {REFUSED}{ALLOW}")


def test_line_that_the_refusal_asks_for_helps(moved: ProjectFolder) -> None:
    moved.replace("settings.py", '["myproject"]', '["myproject", "library"]')
    text = written(moved)
    assert "create_table" in text
    assert "drop_table" not in text.split("def downgrade")[0]


def test_drops_can_be_allowed(moved: ProjectFolder) -> None:
    text = written(moved, "--allow-drops")
    assert text.split("def downgrade")[0].count("drop_table") == 2


def test_drops_that_are_said_by_name_need_no_further_leave(moved: ProjectFolder) -> None:
    assert "drop_table" in written(moved, "--no-rename", "authors", "--no-rename", "books")


@pytest.mark.parametrize(("args", "code"), [(("--dry-run",), 0), (("--check",), 1)])
def test_refusal_is_shown_where_nothing_would_be_written(
    moved: ProjectFolder, args: tuple[str, ...], code: int
) -> None:
    result = refused(moved, *args)
    assert result.returncode == code
    assert "    - Drop table authors\n" in result.stdout
    assert result.stderr.startswith(f"This would be refused. {REFUSED}")


def test_refusal_prints_the_document(moved: ProjectFolder) -> None:
    result = refused(moved, "--json")
    assert (result.returncode, json.loads(result.stdout)["written"]) == (4, False)


def test_models_without_any_table_drop_every_table(moved: ProjectFolder) -> None:
    moved.write(MODELS, "")
    assert refused(moved) == Result(4, "", f"CommandError: {REFUSED}{ALLOW}")
    assert written(moved, "--allow-drops").split("def downgrade")[0].count("drop_table") == 2
