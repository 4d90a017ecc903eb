"""Editing INSTALLED_APPS in a settings file."""

import pytest

from alembic_manage import CommandError, Project
from alembic_manage.scaffold import installed_apps
from alembic_manage.scaffold.app import plan_app
from alembic_manage.scaffold.installed_apps import add_element, write_installed_app
from alembic_manage.settings.settings import load_settings

TYPED = [
    ('INSTALLED_APPS = ["a"]\n', 'INSTALLED_APPS = ["a", "new"]\n'),
    ("INSTALLED_APPS = ['a']", "INSTALLED_APPS = ['a', 'new']"),
    ("INSTALLED_APPS = []\nX = 1\n", 'INSTALLED_APPS = ["new"]\nX = 1\n'),
    ("INSTALLED_APPS = [\n]\n", 'INSTALLED_APPS = [\n"new"]\n'),
    ('INSTALLED_APPS = ["a",]\n', 'INSTALLED_APPS = ["a", "new",]\n'),
    ('INSTALLED_APPS = ["a", # x, y\n]\n', 'INSTALLED_APPS = ["a", # x, y\n    "new",\n]\n'),
    ('INSTALLED_APPS: list[str] = ["a"]\n', 'INSTALLED_APPS: list[str] = ["a", "new"]\n'),
    ('INSTALLED_APPS = [\n    "a",\n    "b",\n]\n', 'INSTALLED_APPS = [\n    "a",\n    "b",\n    "new",\n]\n'),
    ('INSTALLED_APPS = [\n  "a",\n  "b"  # last\n]\n', 'INSTALLED_APPS = [\n  "a",\n  "b",  # last\n  "new",\n]\n'),
    ('INSTALLED_APPS = [\n\t"a",  # x\n\t# more\n]\n', 'INSTALLED_APPS = [\n\t"a",  # x\n\t"new",\n\t# more\n]\n'),
    ('INSTALLED_APPS = [\n    "a", "b",\n]\n', 'INSTALLED_APPS = [\n    "a", "b",\n    "new",\n]\n'),
    ('INSTALLED_APPS = ["a",\n                  "b"]\n', 'INSTALLED_APPS = ["a",\n                  "b", "new"]\n'),
    ('INSTALLED_APPS = [\r\n    "a",\r\n]\r\n', 'INSTALLED_APPS = [\r\n    "a",\r\n    "new",\r\n]\r\n'),
    ('X = "é"\nINSTALLED_APPS = ["é", "a"]  # ü\n', 'X = "é"\nINSTALLED_APPS = ["é", "a", "new"]  # ü\n'),
    ('INSTALLED_APPS = [*COMMON, "a"]\n', 'INSTALLED_APPS = [*COMMON, "a", "new"]\n'),
    ('INSTALLED_APPS = ["new", "a"]\n', 'INSTALLED_APPS = ["new", "a"]\n'),
]


@pytest.mark.parametrize(("before", "after"), TYPED)
def test_the_name_is_added_at_the_end_and_everything_else_stays_as_it_was_typed(before, after):
    assert add_element(before, "new") == after


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("X = 1", "it is not set in that file"),
        ('def f():\n    INSTALLED_APPS = ["a"]', "it is not set in that file"),
        ('INSTALLED_APPS = ["a"] + OTHERS', "it is not a plain list"),
        ('INSTALLED_APPS = ("a",)', "it is not a plain list"),
        ('INSTALLED_APPS = os.environ["APPS"].split()', "it is not a plain list"),
        ('INSTALLED_APPS = ["a"]\nINSTALLED_APPS += ["b"]', "it is set 2 times"),
        ('INSTALLED_APPS = ["a"]\nINSTALLED_APPS = INSTALLED_APPS + ["b"]', "it is set 2 times"),
        ('INSTALLED_APPS = [\n    "a"\n    ,\n]', "it is written in an unusual way"),
    ],
)
def test_what_is_not_a_plain_list_is_refused(source, reason):
    with pytest.raises(ValueError, match=reason):
        add_element(source, "new")


@pytest.fixture
def project(write_module):
    def load(settings):
        write_module("install_settings.py", f'DATABASES = {{"default": {{"URL": "sqlite://"}}}}\n{settings}')
        return Project(load_settings("install_settings"))

    return load


def test_the_app_and_its_entry_are_written_and_the_mode_of_the_file_is_kept(project):
    loaded = project("INSTALLED_APPS = []\n")
    settings = loaded.root / "install_settings.py"
    settings.chmod(0o640)
    write_installed_app(loaded, plan_app(loaded, "shop"))
    assert settings.read_text(encoding="utf-8").endswith('INSTALLED_APPS = ["shop"]\n')
    assert settings.stat().st_mode & 0o777 == 0o640
    assert (loaded.root / "shop" / "models.py").exists()


def test_settings_that_are_a_link_stay_one(project, tmp_path):
    loaded = project("INSTALLED_APPS = []\n")
    settings, real = loaded.root / "install_settings.py", tmp_path / "real.py"
    settings.rename(real)
    settings.symlink_to(real)
    write_installed_app(loaded, plan_app(loaded, "shop"))
    assert settings.is_symlink()
    assert real.read_text(encoding="utf-8").endswith('["shop"]\n')


def test_settings_that_cannot_be_edited_keep_the_app_from_being_written(project):
    loaded = project("INSTALLED_APPS = tuple()\n")
    with pytest.raises(CommandError, match=r"cannot be edited: it is not a plain list\. Nothing was written") as caught:
        write_installed_app(loaded, plan_app(loaded, "shop"))
    assert caught.value.returncode == 1
    assert not (loaded.root / "shop").exists()


def test_settings_that_cannot_be_written_take_the_app_with_them(project, monkeypatch):
    def refuse(path, text):
        raise PermissionError(13, "Permission denied")

    loaded = project("INSTALLED_APPS = []\n")
    monkeypatch.setattr(installed_apps, "write_atomically", refuse)
    with pytest.raises(CommandError, match=r"Permission denied\. Nothing was written"):
        write_installed_app(loaded, plan_app(loaded, "shop"))
    assert not (loaded.root / "shop").exists()
