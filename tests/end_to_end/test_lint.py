"""lint, and what other commands say with it, as a user meets them."""

from __future__ import annotations

import json
import sqlite3
import subprocess

import pytest
from sqlalchemy import make_url
from support.projects import MakeProject, ProjectFolder

HEADER = (
    '"""x"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nrevision = {id!r}\ndown_revision = {down!r}\n\n\n'
)
BODY = "def upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"
DROP = 'op.drop_table("notes")'
MAKE = 'op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True))'


@pytest.fixture
def project(make_project: MakeProject) -> ProjectFolder:
    """A project whose main branch makes a table, and whose feature branch drops it."""
    made = make_project("one_table")
    for path in made.versions.glob("*.py"):
        path.unlink()
    write(made, "0001_notes", None, MAKE, DROP)
    for command in ("init -b main", "add -A", "commit -m x", "checkout -b feature"):
        git(made, *command.split())
    write(made, "0002_none", "0001_notes", DROP, MAKE)
    return made


def write(project: ProjectFolder, id: str, down: str | None, up: str, back: str) -> None:
    body = BODY.format(up=up, down=back)
    project.write(f"alembic_database/versions/{id}.py", HEADER.format(id=id, down=down) + body)


def git(project: ProjectFolder, *args: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *identity, *args], cwd=project.path, check=True, capture_output=True)


def test_what_the_branch_adds_is_judged_and_an_error_ends_with_1(project: ProjectFolder) -> None:
    result = project.run("lint")
    assert result.returncode == 1
    assert result.stdout.splitlines()[0] == (
        "alembic_database/versions/0002_none.py:11: error: Table notes and its rows go for good. [dropping-table]"
    )
    assert result.stdout.splitlines()[-1] == "1 migration (not in main): 1 error, 0 warnings, 0 notices."
    assert result.stderr.splitlines() == [
        "CommandError: 1 finding of severity error.",
        "Hint: python manage.py lint --explain dropping-table",
    ]


def test_a_baseline_is_what_the_project_lives_with(project: ProjectFolder) -> None:
    assert project.ok("lint", "--write-baseline") == "1 finding in alembic_database/lint_baseline.txt\n"
    assert project.ok("lint") == "1 migration (not in main): no findings; 1 in the baseline.\n"
    result = project.run("lint", "--baseline", "other.txt")
    assert result.returncode == 2
    assert "There is no baseline other.txt." in result.stderr


def test_the_size_of_the_table_in_the_target_database_counts(project: ProjectFolder) -> None:
    project.ok("migrate", "0001")
    document = json.loads(project.ok("lint", "--database", "default", "--format", "json"))
    (finding,) = document["findings"]
    assert (finding["severity"], finding["rows"]) == ("notice", 0)


def test_migrate_refuses_what_is_an_error_where_lint_says_so(project: ProjectFolder) -> None:
    project.write("settings.py", f'{(project.path / "settings.py").read_text()}\nLINT = {{"ON_MIGRATE": "refuse"}}\n')
    project.ok("migrate", "0001")
    with sqlite3.connect(make_url(project.url).database) as connection:
        connection.executemany("INSERT INTO notes (id) VALUES (?)", [(number,) for number in range(10_000)])
    result = project.run("migrate")
    assert (result.returncode, "Nothing was run." in result.stderr) == (4, True)
    write(project, "0002_none", "0001_notes", f"{DROP}  # lint: ignore dropping-table -- a test", MAKE)
    assert project.run("migrate").returncode == 0


def test_check_for_deployment_has_the_findings(project: ProjectFolder) -> None:
    result = project.run("check", "--deploy", "--tag", "lint")
    assert result.returncode == 1
    assert "(lint.E001) alembic_database/versions/0002_none.py:11: Table notes" in result.stdout


def test_a_page_is_shown_and_a_misspelt_rule_is_wrong_usage(project: ProjectFolder) -> None:
    assert project.ok("lint", "--explain", "dropping-table").startswith("# dropping-table\n\nEvery database. Severity:")
    result = project.run("lint", "--explain", "droping-table")
    assert (result.returncode, "Did you mean 'dropping-table'?" in result.stderr) == (2, True)
