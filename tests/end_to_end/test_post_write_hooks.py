"""post_write_hooks of alembic.ini that fail: the file is there, and what it holds is told all the same."""

import json
import sys

import pytest

PHONE = "    phone: Mapped[str | None] = mapped_column(String(20))\n"
HINT = "the file is complete: python manage.py migrate; mend [post_write_hooks] before the next one"


@pytest.fixture
def library(make_project, sqlite_url):
    return with_a_phone(make_project("library", sqlite_url))


def with_a_phone(project):
    project.write(
        "myproject/models.py", project.read("myproject/models.py").replace("class Book(", f"{PHONE}\n\nclass Book(")
    )
    return project


def assert_told(result):
    assert result.returncode == 1
    error, last = result.stderr.splitlines()[-2:]
    assert error.startswith("CommandError: alembic_database/versions/0004_")
    assert ".py is written, but a post_write_hook failed: " in error
    assert last == f"Hint: {HINT}"


def hook(project, *lines):
    options = "\n".join(["hooks = one", *lines])
    project.write("alembic.ini", f"{project.read('alembic.ini')}\n[post_write_hooks]\n{options}\n")


MISSING = [
    ("one.type = exec", "one.executable = /nowhere/black"),
    ("one.type = console_scripts", "one.entrypoint = nowhere"),
    ("one.type = module", "one.module = nowhere"),
]


@pytest.mark.parametrize("lines", MISSING)
def test_the_changes_are_listed_and_the_failure_is_one_line(library, lines):
    hook(library, *lines)
    result = library.run("makemigrations")
    assert "0004_authors_phone.py\n    + Add column phone to authors\n" in result.stdout
    assert "Running post write hook" not in result.stdout
    assert_told(result)
    assert (library.versions / "0004_authors_phone.py").exists()
    library.ok("migrate")


def test_the_document_is_whole_and_says_that_the_file_is_written(library):
    hook(library, *MISSING[0])
    result = library.run("makemigrations", "--json")
    assert (result.returncode, json.loads(result.stdout)["written"]) == (1, True)


@pytest.mark.parametrize("flags", [["--empty"], ["--update"]])
def test_every_way_to_write_lists_what_it_wrote(library, flags):
    if "--update" in flags:
        library.ok("makemigrations", "-n", "one")
    hook(library, *MISSING[0])
    result = library.run("makemigrations", *flags)
    assert "Migrations for 'myproject':\n" in result.stdout
    assert_told(result)


def test_all_files_of_a_change_in_phases_are_written(make_project, postgresql_url):
    library = with_a_phone(make_project("library", postgresql_url))
    hook(library, *MISSING[0])
    library.replace("myproject/models.py", "country: Mapped[str] =", "land: Mapped[str] =")
    result = library.run("makemigrations", "--zero-downtime", "--rename", "authors.country:land")
    assert_told(result)
    written = [line.split()[0] for line in result.stdout.splitlines() if ".py (" in line]
    assert len(written) > 1, result
    assert all((library.path / name).exists() for name in written)


def test_what_a_hook_prints_is_no_part_of_the_output(library):
    library.write("hook.py", "print('formatted')\n")
    hook(
        library,
        "one.type = exec",
        f"one.executable = {sys.executable}",
        "one.options = %(here)s/hook.py REVISION_SCRIPT_FILENAME",
    )
    result = library.run("makemigrations", "--scriptable")
    assert result.stdout.splitlines() == ["alembic_database/versions/0004_authors_phone.py"]
    assert "formatted" in result.stderr
