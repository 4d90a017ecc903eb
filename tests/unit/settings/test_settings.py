"""Settings: the user's module as one checked value."""

import pytest

from alembic_manage import SettingsError, UnknownDatabaseError, hooks
from alembic_manage.settings.settings import HOOKS, load_settings
from alembic_manage.settings.settings_module import settings_module_name

MINIMAL = 'DATABASES = {"default": {"URL": "sqlite://"}}\n'


@pytest.fixture
def load(write_module):
    """The settings of a source text."""

    def load(source: str, name: str = "tried_settings"):
        write_module(f"{name}.py", source)
        return load_settings(name)

    return load


def test_the_environment_names_the_settings_module(monkeypatch):
    monkeypatch.setenv("SETTINGS_MODULE", "config.production")
    assert settings_module_name() == "config.production"


@pytest.mark.parametrize("value", [None, ""])
def test_the_settings_module_is_settings_unless_named(monkeypatch, value):
    monkeypatch.delenv("SETTINGS_MODULE", raising=False)
    if value is not None:
        monkeypatch.setenv("SETTINGS_MODULE", value)
    assert settings_module_name() == "settings"


def test_what_is_left_out_has_a_default(load, module_folder):
    settings = load(MINIMAL)
    assert settings.root == module_folder
    assert settings.migrations_dir == module_folder / "alembic_database"
    assert not settings.migrations_dir_is_set
    assert settings.installed_apps == ()
    assert settings.metadata == ()
    assert settings.databases["default"].options == {}


def test_every_setting_is_read(load, module_folder):
    settings = load(
        """
        DATABASES = {
            "default": {"URL": "sqlite:///a.sqlite3", "OPTIONS": {"echo": True}},
            "other": {"URL": "sqlite:///b.sqlite3"},
        }
        INSTALLED_APPS = ["shop", "blog"]
        MIGRATIONS_DIR = "db/migrations"
        METADATA = "shop.models:Base"
        DEBUG = True
        lower_case = "not a setting"
        """
    )
    assert settings.database("default").options == {"echo": True}
    assert settings.database("other").url == "sqlite:///b.sqlite3"
    assert settings.installed_apps == ("shop", "blog")
    assert settings.migrations_dir == module_folder / "db" / "migrations"
    assert settings.migrations_dir_is_set
    assert settings.metadata == ("shop.models:Base",)
    assert settings.values["DEBUG"] is True
    assert "lower_case" not in settings.values


def test_metadata_may_be_a_list(load):
    assert load(MINIMAL + 'METADATA = ["a:Base", "b:db"]').metadata == ("a:Base", "b:db")


def test_hooks_are_read(load):
    assert load(MINIMAL).hooks == {}
    hooks = load(MINIMAL + 'HOOKS = {"pre_migrate": ["shop.hooks.warn"]}', "other_settings").hooks
    assert hooks == {"pre_migrate": ("shop.hooks.warn",)}


@pytest.mark.parametrize(
    ("hooks", "message"),
    [
        ('["shop.hooks.warn"]', "HOOKS in tried_settings must be a dict of lists."),
        ('{"pre_migrat": []}', "HOOKS in tried_settings: there is no hook 'pre_migrat'."),
        ('{"pre_migrate": "a.b"}', "HOOKS['pre_migrate'] in tried_settings must be a list of dotted paths."),
        ('{"pre_migrate": [1]}', "HOOKS['pre_migrate'] in tried_settings must be a list of dotted paths."),
    ],
)
def test_hooks_of_another_shape_are_refused(load, hooks, message):
    with pytest.raises(SettingsError) as caught:
        load(f"{MINIMAL}HOOKS = {hooks}")
    assert str(caught.value) == message


def test_fixture_dirs_and_natural_keys_are_read(load, module_folder):
    settings = load(MINIMAL + 'FIXTURE_DIRS = ["rows"]\nNATURAL_KEYS = {"customers": ["email"]}')
    assert settings.fixture_dirs == (module_folder / "rows",)
    assert settings.natural_keys == {"customers": ("email",)}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('NATURAL_KEYS = ["email"]', "NATURAL_KEYS in tried_settings must be a dict of lists."),
        ('NATURAL_KEYS = {"a": "b"}', "NATURAL_KEYS['a'] in tried_settings must be a list of strings."),
        ('FIXTURE_DIRS = "rows"', "FIXTURE_DIRS in tried_settings must be a list of strings."),
    ],
)
def test_fixture_settings_of_another_shape_are_refused(load, line, message):
    with pytest.raises(SettingsError) as caught:
        load(MINIMAL + line)
    assert str(caught.value) == message


def test_the_settings_know_every_hook():
    assert {hook.name for hook in vars(hooks).values() if isinstance(hook, hooks.Hook)} == set(HOOKS)


def test_migrations_dir_may_be_an_absolute_path(load, tmp_path):
    source = f"{MINIMAL}from pathlib import Path\nMIGRATIONS_DIR = Path({str(tmp_path / 'elsewhere')!r})"
    assert load(source).migrations_dir == tmp_path / "elsewhere"


def test_the_root_is_the_folder_from_which_the_module_is_imported(write_module, module_folder):
    write_module("config/settings/local.py", MINIMAL)
    assert load_settings("config.settings.local").root == module_folder


def test_the_root_of_a_settings_package_is_the_folder_that_holds_it(write_module, module_folder):
    write_module("tried_package/__init__.py", MINIMAL)
    assert load_settings("tried_package").root == module_folder


def test_an_unknown_alias_is_refused_with_the_known_ones(load):
    settings = load('DATABASES = {"default": {"URL": "sqlite://"}, "archive": {"URL": "sqlite://"}}')
    with pytest.raises(UnknownDatabaseError, match=r"'replica' \(it has: archive, default\)") as caught:
        settings.database("replica")
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "DATABASES"),
        ("DATABASES = []", "DATABASES"),
        ("DATABASES = {}", "'default'"),
        ('DATABASES = {"other": {"URL": "sqlite://"}}', "'default'"),
        ('DATABASES = {"default": "sqlite://"}', "'URL'"),
        ('DATABASES = {"default": {}}', "'URL'"),
        ('DATABASES = {"default": {"URL": ""}}', "'URL'"),
        ('DATABASES = {"default": {"URL": None}}', "'URL'"),
        ('DATABASES = {"default": {"URL": "sqlite://", "OPTIONS": []}}', "'OPTIONS'"),
        (MINIMAL + 'INSTALLED_APPS = "shop"', "INSTALLED_APPS"),
        (MINIMAL + "INSTALLED_APPS = [1]", "INSTALLED_APPS"),
        (MINIMAL + "METADATA = [object]", "METADATA"),
        (MINIMAL + "METADATA = object()", "METADATA"),
        (MINIMAL + "MIGRATIONS_DIR = 7", "MIGRATIONS_DIR"),
        (MINIMAL + "MIGRATIONS_DIR = None", "MIGRATIONS_DIR"),
        (MINIMAL + 'MIGRATION_TYPES = "guess"', "MIGRATION_TYPES"),
        (MINIMAL + "MIGRATION_TYPES = None", "MIGRATION_TYPES"),
    ],
)
def test_a_setting_of_the_wrong_shape_is_refused_with_an_example(load, source, message):
    with pytest.raises(SettingsError, match=message) as caught:
        load(source)
    assert caught.value.hint


def test_a_missing_module_is_named_with_the_folder_that_was_searched(module_folder, monkeypatch):
    monkeypatch.chdir(module_folder)
    with pytest.raises(SettingsError, match=f"'nowhere' in {module_folder}"):
        load_settings("nowhere")
    with pytest.raises(SettingsError, match=r"'nowhere\.at\.all'"):
        load_settings("nowhere.at.all")


def test_settings_that_raise_are_named_with_file_and_line(load):
    with pytest.raises(SettingsError, match=r"tried_settings\.py:2: ZeroDivisionError"):
        load("import os\n1 / 0\n")


def test_settings_with_a_syntax_error_are_named_with_file_and_line(load):
    with pytest.raises(SettingsError, match=r"tried_settings\.py:1: SyntaxError"):
        load("DATABASES = {")


def test_settings_that_import_what_is_missing_say_so(load):
    with pytest.raises(SettingsError, match=r"tried_settings\.py:1: .*no_such_package"):
        load("import no_such_package")


def test_a_package_around_the_settings_that_imports_what_is_missing_says_so(write_module):
    write_module("config/settings.py", MINIMAL)
    write_module("config/__init__.py", "import no_such_package")
    with pytest.raises(SettingsError, match="no_such_package"):
        load_settings("config.settings")


@pytest.mark.parametrize("name", ["", ".settings", "settings-local", "a..b"])
def test_a_name_that_is_no_module_is_refused(name, module_folder):
    with pytest.raises(SettingsError):
        load_settings(name)


# .env


def test_a_malformed_env_file_is_named_with_its_line_and_without_its_content(load, module_folder):
    (module_folder / ".env").write_text("GOOD=1\n\nsecret word without equals sign =\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\.env:3 ") as caught:
        load(MINIMAL)
    assert "secret" not in str(caught.value) + str(caught.value.hint)


@pytest.mark.parametrize(
    "text", ["", "# comment\n", "A=1\n", "export A=1\n", "A='b c'\n", 'A="b\nc"\n', "A\n", "A=\n", "A = 1\n"]
)
def test_an_env_file_that_dotenv_understands_is_accepted(load, module_folder, text):
    (module_folder / ".env").write_text(text, encoding="utf-8")
    load(MINIMAL)


def test_an_env_file_that_is_no_text_is_refused(load, module_folder):
    (module_folder / ".env").write_bytes(b"A=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        load(MINIMAL)


def test_names_of_revisions_alembic_ini_and_the_context_of_env_py(load, module_folder):
    settings = load(
        MINIMAL
        + 'MIGRATION_IDS = "hash"\nALEMBIC_INI = "migrations/alembic.ini"\nENV_CONTEXT = "settings.app_context"\n'
    )
    assert settings.migration_ids == "hash"
    assert settings.alembic_ini == module_folder / "migrations/alembic.ini"
    assert settings.env_context == "settings.app_context"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("MIGRATION_IDS = 'uuid'", "MIGRATION_IDS in tried_settings must be 'number' or 'hash'."),
        ("ALEMBIC_INI = ''", "ALEMBIC_INI in tried_settings must be the name of a file."),
        ("ENV_CONTEXT = print", "ENV_CONTEXT in tried_settings must be a text."),
    ],
)
def test_their_wrong_values_are_told(load, line, says):
    with pytest.raises(SettingsError, match=says):
        load(MINIMAL + line)
