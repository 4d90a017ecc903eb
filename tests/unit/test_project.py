"""The project: what is handed to commands."""

import pytest
from sqlalchemy import MetaData

from alembic_manage import ModelsError, Project, SettingsError, UnknownDatabaseError

SETTINGS = """
    DATABASES = {
        "replica": {"URL": "postgresql+psycopg://host/db"},
        "default": {"URL": "sqlite:///db.sqlite3"},
        "archive": {"URL": "mysql+pymysql://host/db"},
    }
    INSTALLED_APPS = ["shop", "blog"]
    """
TABLE = (
    'from sqlalchemy import Column, Integer, MetaData, Table\n{0} = Table("{0}", MetaData(), Column("id", Integer))\n'
)


@pytest.fixture
def load(write_module):
    """A project with these settings and two apps."""

    def load(settings: str = SETTINGS, **models: str) -> Project:
        write_module("project_settings.py", settings)
        for app in ("shop", "blog"):
            write_module(f"{app}/models.py", models.get(app, ""))
        return Project.load("project_settings")

    return load


def test_one_settings_module_is_one_project(load):
    assert load() is Project.load("project_settings")


def test_the_environment_names_the_project(load, monkeypatch):
    project = load()
    monkeypatch.setenv("SETTINGS_MODULE", "project_settings")
    assert Project.load() is project


def test_the_default_database_comes_first(load):
    assert load().aliases == ("default", "archive", "replica")


def test_a_database_is_made_once(load):
    project = load()
    assert project.database() is project.database("default")
    assert project.database("replica").dialect.title == "PostgreSQL"


def test_an_unknown_alias_is_refused(load):
    with pytest.raises(UnknownDatabaseError, match="'nope'"):
        load().database("nope")


def test_the_file_of_the_database_lies_in_the_project(load, module_folder):
    assert load().database().url.database == str(module_folder / "db.sqlite3")


def test_batch_mode_is_needed_where_one_database_needs_it(load, write_module):
    assert load().needs_batch
    write_module("without_batch.py", 'DATABASES = {"default": {"URL": "postgresql+psycopg://host/db"}}')
    assert not Project.load("without_batch").needs_batch


def test_the_title_is_the_row_of_the_apps(load, write_module, module_folder):
    assert load().title == "shop, blog"
    write_module("without_apps.py", 'DATABASES = {"default": {"URL": "sqlite://"}}')
    assert Project.load("without_apps").title == module_folder.name


def test_one_metadata_is_handed_over_as_it_is(load):
    assert isinstance(load(shop=TABLE.format("orders")).target_metadata, MetaData)


def test_several_metadata_are_handed_over_as_a_list(load):
    target = load(shop=TABLE.format("orders"), blog=TABLE.format("posts")).target_metadata
    assert [set(metadata.tables) for metadata in target] == [{"orders"}, {"posts"}]


def test_the_metadata_setting_wins_over_what_is_found(load):
    project = load(
        SETTINGS + 'METADATA = "blog.models:posts"\n', shop=TABLE.format("orders"), blog=TABLE.format("posts")
    )
    assert [set(metadata.tables) for metadata in project.metadata] == [{"posts"}]


def test_no_models_at_all_are_refused_with_the_places_that_were_searched(load):
    with pytest.raises(ModelsError, match=r"shop\.models, blog\.models") as caught:
        load().require_metadata()
    assert "METADATA" in caught.value.hint


def test_models_that_are_there_are_given(load):
    project = load(shop=TABLE.format("orders"))
    assert project.require_metadata() is project.metadata


def test_an_app_that_does_not_exist_is_told_when_the_apps_are_asked_for(load):
    project = load('DATABASES = {"default": {"URL": "sqlite://"}}\nINSTALLED_APPS = ["nowhere"]\n')
    with pytest.raises(SettingsError, match="nowhere"):
        _ = project.apps


def test_a_table_belongs_to_its_app(load):
    project = load(shop=TABLE.format("orders"), blog=TABLE.format("posts"))
    shop, blog = project.apps
    assert project.tables_of(shop) == {"orders"}
    assert project.tables_of(blog) == {"posts"}
