"""What Alembic is given: a configuration, and a history whose files are imported when they run."""

from types import SimpleNamespace

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from alembic_manage import alembic_api
from alembic_manage.alembic_api import LazyRevision, comma, inspected_checks, make_config, use_history


@pytest.fixture
def project(make_tiny_project):
    return make_tiny_project("postgresql+psycopg://user:p%25ss%40@127.0.0.1/db")


def test_the_url_of_the_database_is_there_for_an_env_py_that_reads_it(project):
    config = make_config(project.project, "default")
    url = "postgresql+psycopg://user:p%25ss%40@127.0.0.1/db"
    assert config.get_main_option("sqlalchemy.url") == url
    assert config.get_section("alembic")["sqlalchemy.url"] == url


def test_env_py_finds_the_project_and_the_alias(project):
    config = make_config(project.project, "default")
    assert config.attributes["project"] is project.project
    assert config.cmd_opts.x == []


def test_the_folder_of_the_settings_wins_over_that_of_alembic_ini(project):
    (project.root / "alembic.ini").write_text("[alembic]\nscript_location = elsewhere\n", encoding="utf-8")
    config = make_config(project.project, "default")
    assert config.get_main_option("script_location") == str(project.folder)


def test_other_options_of_alembic_ini_count(project):
    (project.root / "alembic.ini").write_text("[alembic]\ntruncate_slug_length = 7\n", encoding="utf-8")
    assert make_config(project.project, "default").get_main_option("truncate_slug_length") == "7"


def test_options_of_pyproject_toml_count(project):
    (project.root / "pyproject.toml").write_text("[tool.alembic]\ntimezone = 'UTC'\n", encoding="utf-8")
    assert make_config(project.project, "default").get_alembic_option("timezone") == "UTC"


def test_a_percent_sign_in_the_folder_is_no_interpolation(tmp_path, make_tiny_project, monkeypatch):
    project = make_tiny_project("sqlite://")
    settings = SimpleNamespace(migrations_dir_is_set=True)
    fake = SimpleNamespace(
        root=tmp_path,
        alembic_ini=tmp_path / "alembic.ini",
        settings=settings,
        migrations_dir=tmp_path / "100%s",
        database=project.project.database,
    )
    assert make_config(fake, "default").get_main_option("script_location") == str(tmp_path / "100%s")


def test_a_revision_is_imported_when_its_module_is_asked_for(project):
    path = project.revision("a", labels=["shop"])
    path.write_text(path.read_text(encoding="utf-8") + "\nIMPORTED = 1\n", encoding="utf-8")
    (revision,) = project.environment.history
    lazy = LazyRevision(revision)
    assert "module" not in vars(lazy)
    assert lazy.module.IMPORTED == 1
    assert (lazy.revision, lazy.doc, lazy.path) == ("a", "a", str(path))


def test_alembic_answers_from_the_history(project):
    project.revision("a", labels=["shop"])
    project.revision("b", down="a")
    project.revision("x", depends_on="a")
    script = ScriptDirectory(str(project.folder))
    use_history(script, project.environment.history)
    assert set(script.get_heads()) == {"b", "x"}
    assert [revision.revision for revision in script.walk_revisions("base", "b")] == ["b", "a"]
    assert script.get_revision("shop@head").revision == "b"


@pytest.mark.parametrize(("value", "text"), [(("a", "b"), "a, b"), ("a", "a"), (None, "")])
def test_ids_are_written_in_a_row(value, text):
    assert comma(value) == text


def test_checks_are_told_by_an_alembic_that_does_not_ask_for_them_too(monkeypatch):
    with create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a INTEGER, CONSTRAINT positive CHECK (a > 0), CHECK (a < 9))")
        context = SimpleNamespace(inspector=inspect(connection))
        newer = inspected_checks(context, "t", None)
        monkeypatch.setattr(alembic_api, "inspected", lambda context: object())
        older = inspected_checks(context, "t", None)
    assert [check["name"] for check in newer] == ["positive", None]
    assert [(check, type(check["name"])) for check in older] == [(check, type(check["name"])) for check in newer]
