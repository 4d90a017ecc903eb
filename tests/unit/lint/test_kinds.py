"""A project whose databases are of several kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.lint_corpus import URLS
from support.tiny_projects import TinyProject

from alembic_manage.checks.lint import check
from alembic_manage.lint.kinds import kinds_of, lint_kinds
from alembic_manage.project import Project
from alembic_manage.settings.database_settings import DatabaseSettings

Make = Callable[[str], TinyProject]


@pytest.fixture
def project(make_tiny_project: Make) -> TinyProject:
    made = make_tiny_project(URLS["postgresql"])
    made.revision("a", 'op.execute("CREATE TABLE orders (id integer PRIMARY KEY, note varchar(20))")')
    databases = {
        "default": DatabaseSettings(URLS["postgresql"]),
        "copy": DatabaseSettings(URLS["postgresql"]),
        "reports": DatabaseSettings(URLS["mariadb"]),
    }
    made.project = Project(replace(made.settings, databases=databases))
    return made


def found(project: TinyProject) -> list[tuple[str, tuple[str, ...]]]:
    run = lint_kinds(project.project, ["b"], asks_squawk=False)
    return [(finding.rule, finding.databases) for finding in run.result.findings]


def test_each_kind_is_looked_at_once(project: TinyProject) -> None:
    assert kinds_of(project.project) == ("default", "reports")


def test_two_versions_of_a_server_are_two_kinds(project: TinyProject) -> None:
    old = DatabaseSettings(URLS["postgresql"], server_version="11.0")
    settings = project.project.settings
    several = Project(replace(settings, databases={**settings.databases, "old": old}))
    assert set(kinds_of(several)) == {"default", "reports", "old"}


def test_what_only_one_kind_says_has_its_name(project: TinyProject) -> None:
    project.revision("b", 'op.create_index("ix", "orders", ["note"])', 'op.drop_index("ix", "orders")', down="a")
    assert found(project) == [("adding-index", ("PostgreSQL",)), ("missing-algorithm", ("MariaDB",))]


def test_what_all_kinds_say_is_told_once(project: TinyProject) -> None:
    project.revision("b", 'op.drop_column("orders", "note")', "raise RuntimeError", down="a")
    assert ("dropping-column", ()) in found(project)


def test_a_comment_that_silences_something_for_one_kind_has_its_use(project: TinyProject) -> None:
    silenced = 'op.create_index("ix", "orders", ["note"])  # lint: ignore adding-index -- 200 rows'
    project.revision("b", silenced, 'op.drop_index("ix", "orders")', down="a")
    assert found(project) == [("missing-algorithm", ("MariaDB",))]


def test_a_comment_that_silences_nothing_for_any_kind_is_told(project: TinyProject) -> None:
    project.revision("b", 'op.execute("SELECT 1")  # lint: ignore adding-index -- 200 rows', down="a")
    assert found(project) == [("unused-silence", ())]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mssql+pyodbc://nobody@localhost:1/shop", "nothing is known about this kind of database."),
        ("sqlite+nothing://", "sqlalchemy knows no dialect or driver"),
    ],
)
def test_a_kind_that_cannot_be_judged_keeps_nobody_from_the_others(project: TinyProject, url: str, why: str) -> None:
    databases = {"default": DatabaseSettings(URLS["postgresql"]), "other": DatabaseSettings(url)}
    project.project = Project(replace(project.settings, databases=databases))
    project.revision("b", 'op.create_index("ix", "orders", ["note"])', 'op.drop_index("ix", "orders")', down="a")
    run = lint_kinds(project.project, ["b"], asks_squawk=False)
    assert [finding.rule for finding in run.result.findings] == ["adding-index"]
    (note,) = run.result.notes
    assert note.startswith("not judged for database 'other': ")
    assert why in note.lower()


def test_what_one_kind_cannot_run_is_told_with_its_name(project: TinyProject) -> None:
    databases = {**project.project.settings.databases, "lite": DatabaseSettings("sqlite://")}
    project.project = Project(replace(project.settings, databases=databases))
    project.revision("b", 'op.create_unique_constraint("uq", "orders", ["note"])', down="a")
    run = lint_kinds(project.project, ["b"], asks_squawk=False)
    assert [each.reason.startswith("on SQLite: NotImplementedError") for each in run.result.unseen] == [True]


def test_check_deploy_tells_of_each_kind(project: TinyProject) -> None:
    project.revision("b", 'op.create_index("ix", "orders", ["note"])', 'op.drop_index("ix", "orders")', down="a")
    messages = [problem.message for problem in check(project.project, ())]
    assert any("[adding-index, PostgreSQL]" in each for each in messages)
    assert any("[missing-algorithm, MariaDB]" in each for each in messages)


def test_the_database_that_is_asked_stands_for_its_kind(project: TinyProject) -> None:
    assert kinds_of(project.project, "copy") == ("copy", "reports")
