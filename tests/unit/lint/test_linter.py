"""A run over several migrations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
import sqlalchemy as sa
from support.lint_corpus import URLS
from support.tiny_projects import TinyProject

from alembic_manage.environment import Environment
from alembic_manage.errors import SettingsError
from alembic_manage.lint import linter
from alembic_manage.lint.run import run_lint
from alembic_manage.project import Project
from alembic_manage.settings.lint_settings import LintSettings

Make = Callable[[str], TinyProject]


@pytest.fixture
def project(make_tiny_project: Make) -> TinyProject:
    made = make_tiny_project(URLS["postgresql"])
    made.revision(
        "a", 'op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))', 'op.drop_table("orders")'
    )
    made.revision("b", 'op.create_index("ix", "orders", ["id"])', 'op.drop_index("ix", "orders")', down="a")
    made.revision("c", 'op.drop_table("orders")', "pass", down="b")
    return made


def found(project: TinyProject, *names: str) -> list[tuple[str, str]]:
    run = run_lint(project.environment, names, asks_squawk=False)
    return [(finding.revision, finding.rule) for finding in run.result.findings]


def with_settings(project: TinyProject, ignore: Mapping[str, str]) -> None:
    project.project = Project(replace(project.settings, lint=LintSettings(ignore=ignore)))


def test_each_migration_is_judged_on_the_tables_before_it(project: TinyProject) -> None:
    assert found(project, "b:c") == [("c", "dropping-table"), ("c", "downgrade-does-not-restore")]
    assert found(project, "b") == [("b", "adding-index")]


def test_a_table_that_an_earlier_migration_makes_is_there(project: TinyProject) -> None:
    assert ("b", "adding-index") in found(project, "zero:head")


def test_the_second_run_finds_the_same_from_the_cache(project: TinyProject) -> None:
    assert found(project, "c") == found(project, "c")
    assert (project.root / ".alembic_manage_cache").is_dir()


def test_a_rule_of_the_settings_is_ignored(project: TinyProject) -> None:
    with_settings(project, {"adding-index": "small tables"})
    run = run_lint(project.environment, ["b"], asks_squawk=False)
    assert (run.result.findings, run.result.silenced) == ((), 1)


def test_a_rule_of_the_settings_that_is_not_there_is_refused(project: TinyProject) -> None:
    with_settings(project, {"adding-indexes": "small tables"})
    with pytest.raises(SettingsError, match="adding-indexes"):
        run_lint(project.environment, ["b"])


def test_a_loop_says_it_once_a_table(project: TinyProject) -> None:
    project.revision("d", 'for _ in range(3):\n    op.execute("DELETE FROM orders")', down="b")
    assert found(project, "d").count(("d", "deleting-rows")) == 1


def test_a_file_in_another_encoding_is_read_as_python_reads_it(project: TinyProject) -> None:
    path = project.revision("d", 'op.execute("DELETE FROM orders")  # für alle', down="b")
    path.write_bytes(b"# -*- coding: latin-1 -*-\n" + path.read_text(encoding="utf-8").encode("latin-1"))
    assert ("d", "deleting-rows") in found(project, "d")


def test_the_database_is_not_asked_about_a_migration_that_is_named(project: TinyProject, monkeypatch) -> None:
    monkeypatch.setattr(Environment, "recorded", lambda _: pytest.fail("asked"))
    assert found(project, "b") == [("b", "adding-index")]


def test_without_squawk_the_rules_work_and_it_is_said(project: TinyProject, monkeypatch) -> None:
    monkeypatch.setattr(linter, "squawk_program", lambda: None)
    run = run_lint(project.environment, ["b"])
    assert [finding.rule for finding in run.result.findings] == ["adding-index"]
    assert run.result.notes == ("squawk was not asked about the SQL: pip install 'alembic-manage[lint]'",)


@pytest.mark.parametrize(("labels", "count"), [(("calm", "glad", "sad"), 0), (("sad", "calm", "glad"), 1), ((), 1)])
def test_a_new_value_at_the_end_is_right_where_the_models_have_it_there(
    project: TinyProject, labels: tuple[str, ...], count: int
) -> None:
    project.revision("d", """op.execute("CREATE TYPE mood AS ENUM ('calm', 'glad')")""", down="c")
    project.revision("e", """op.execute("ALTER TYPE mood ADD VALUE 'sad'")""", down="d")
    metadata = sa.MetaData()
    if labels:
        sa.Table("people", metadata, sa.Column("mood", sa.Enum(*labels, name="mood")))
    vars(project.project)["metadata"] = [metadata]
    assert found(project, "e").count(("e", "enum-value-order")) == count
