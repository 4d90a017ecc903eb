"""Which words can come next."""

from __future__ import annotations

import pytest
from support.tiny_projects import TinyProject

from alembic_manage import Project
from alembic_manage.apps import App
from alembic_manage.commands.completion import Command
from alembic_manage.completion.candidates import candidates, settings_named
from alembic_manage.completion.surroundings import Surroundings
from alembic_manage.history import GraphCache, read_history
from alembic_manage.settings.database_settings import DatabaseSettings


@pytest.fixture
def project(make_tiny_project, sqlite_url, tmp_path) -> Project:
    made: TinyProject = make_tiny_project(sqlite_url)
    made.revision("0001_initial")
    made.revision("0002_totals", down="0001_initial")
    made.settings.databases["reports"] = DatabaseSettings(sqlite_url)
    vars(made.project)["apps"] = (App("shop", "shop", tmp_path / "shop"),)
    return made.project


def around(project: Project | None) -> Surroundings:
    found = Surroundings()
    vars(found).update(project=project, apps=project.apps if project else ())
    return found


def words(project: Project | None, *typed: str) -> list[str]:
    return [candidate.word for candidate in candidates(typed, around(project))]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("migr",), ["migrate", "migrationlog"]),
        (("help", "rollb"), ["rollback"]),
        (("nonsense", ""), []),
        (("migrate", ""), ["shop", "0001_initial", "0002_totals", "zero"]),
        (("migrate", "00"), ["0001_initial", "0002_totals"]),
        (("migrate", "shop", "0002"), ["0002_totals"]),
        (("rollback", "0001"), ["0001_initial"]),
        (("migrate", "--datab"), ["--database"]),
        (("migrate", "--database", ""), ["default", "reports"]),
        (("migrate", "--database", "r"), ["reports"]),
        (("migrate", "--database=r"), ["--database=reports"]),
        (("migrate", "--database", "=", "r"), ["reports"]),
        (("migrate", "--database", "="), ["default", "reports"]),
        (("migrate", "--database", "reports", "0002"), ["0002_totals"]),
        (("check", "--fail-level", "CR"), ["CRITICAL"]),
        (("sqlmigrate", "0001:00"), ["0001:0001_initial", "0001:0002_totals"]),
        (("sqlmigrate", "0001", ":", "0002"), ["0002_totals"]),
        (("lint", "0001:00"), ["0001:0001_initial", "0001:0002_totals"]),
        (("lint", "--explain", "dropping-t"), ["dropping-table"]),
        (("showmigrations", "s"), ["shop"]),
        (("check", "-"), ["-h", "--help", "-t", "--tag"]),
        (("test", "--", "-"), []),
        (("startapp", "--directory", ""), []),
    ],
)
def test_words(project: Project, typed: tuple[str, ...], found: list[str]):
    assert words(project, *typed)[: len(found) or None] == found


def test_an_option_that_was_typed_is_not_offered_again(project: Project):
    assert "--plan" in words(project, "migrate", "--pl")
    assert words(project, "migrate", "--plan", "--pl") == []


def test_outside_of_a_project_the_suites_own_commands_are_known():
    assert words(None, "startpr") == ["startproject"]
    assert words(None, "migrate", "0") == []


def test_a_broken_migration_does_not_hide_the_others(project: Project):
    folder = project.migrations_dir / "versions"
    (folder / "0003_broken.py").write_text("def (", encoding="utf-8")
    (folder / "0004_bytes.py").write_bytes(b"\xff")
    (folder / "0005_annotated.py").write_text('revision: str = "5"\n', encoding="utf-8")
    assert words(project, "migrate", "")[1:] == ["0001_initial", "0002_totals", "5", "zero"]


def test_what_a_word_is_stands_behind_a_tab(project: Project):
    lines = [candidate.line for candidate in candidates(["migrate", "0001"], around(project))]
    assert lines == ["0001_initial\t0001_initial"]


@pytest.mark.parametrize(
    ("typed", "module"),
    [
        (["migrate", "--settings", "config.test", ""], "config.test"),
        (["migrate", "--settings=config.test", ""], "config.test"),
        (["migrate", "--settings"], None),
        (["migrate"], None),
    ],
)
def test_the_settings_that_the_line_names_count(typed: list[str], module: str | None):
    assert settings_named(typed) == module


def test_two_dashes_are_a_word_that_options_begin_with():
    command = Command()
    parsed = command.parse(command.create_parser("manage.py", "completion"), ["bash", "--words", "migrate", "--"])
    assert (parsed.shell, parsed.words) == ("bash", ["migrate", "--"])
    assert "--plan" in words(None, *parsed.words)


def test_migrations_come_from_what_the_last_command_kept_while_it_is_true(project: Project, monkeypatch):
    monkeypatch.setattr("alembic_manage.history.cache._OLD_ENOUGH_NS", -(10**12))
    folder = project.migrations_dir / "versions"
    read_history([folder], cache=GraphCache(project.root, [folder], recursive=False))
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.read_text", None)
        assert words(project, "migrate", "00") == ["0001_initial", "0002_totals"]
    next(folder.glob("0002*")).unlink()
    assert words(project, "migrate", "00") == ["0001_initial"]
