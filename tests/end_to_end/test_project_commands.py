"""`diffsettings`, `test` and `startapp`, run as a user runs them."""

import json
import re

import pytest


def test_diffsettings_shows_what_differs(project_dir):
    assert project_dir.ok("diffsettings").splitlines() == [
        f"BASE_DIR = PosixPath({str(project_dir.path)!r})  ###",
        f"DATABASES = {{'default': {{'URL': {project_dir.url!r}, 'OPTIONS': {{'echo': False}}}}}}",
        "INSTALLED_APPS = ['myproject']",
    ]


def test_diffsettings_all_and_unified(project_dir):
    lines = project_dir.ok("diffsettings", "--all", "--output", "unified").splitlines()
    assert lines.index("+ INSTALLED_APPS = ['myproject']") + 2 == lines.index("  METADATA = []")
    assert "  MIGRATIONS_DIR = 'alembic_database'" in lines
    assert "### METADATA = []" in project_dir.ok("diffsettings", "--all").splitlines()


def test_diffsettings_compares_with_another_module(project_dir):
    project_dir.write("older.py", 'INSTALLED_APPS = ["myproject"]\nBASE_DIR = 1\n')
    assert "INSTALLED_APPS" not in project_dir.ok("diffsettings", "--default", "older")
    missing = project_dir.run("diffsettings", "--default", "nowhere")
    assert missing.returncode == 1
    assert missing.stderr.startswith("CommandError: There is no settings module 'nowhere'")


@pytest.mark.parametrize(
    "url", ["postgresql://u:hunter2@h/d", "postgresql://u:hunter2@h:port/d", "postgresql://u:hunter2"]
)
@pytest.mark.parametrize("flags", [(), ("--json",), ("--output", "unified")])
def test_diffsettings_shows_no_password_even_of_a_malformed_url(make_project, url, flags):
    shown = make_project(url=url).run("diffsettings", *flags)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "u:***" in shown.stdout
    assert "hunter2" not in shown.stdout


def test_diffsettings_json(make_project):
    project = make_project(url="sqlite:///db.sqlite3")
    document = json.loads(project.ok("diffsettings", "--json"))
    assert document["settings_module"] == "settings"
    assert document["default_module"] is None
    assert document["settings"][1:] == [
        {
            "name": "DATABASES",
            "state": "changed",
            "value": {"default": {"URL": "sqlite:///db.sqlite3", "OPTIONS": {"echo": False}}},
            "default": {},
        },
        {"name": "INSTALLED_APPS", "state": "changed", "value": ["myproject"], "default": []},
    ]


TESTS = """
import os
from pathlib import Path

def test_good():
    assert os.environ["SETTINGS_MODULE"] == "settings"
    assert Path.cwd() == Path(__file__).parents[1]

def test_bad():
    assert False
"""


@pytest.fixture
def tested(project_dir):
    """A project with one good test and one bad one."""
    project_dir.write("tests/test_it.py", TESTS)
    return project_dir


def outcome(output):
    return re.findall(r"(\d+ (?:passed|failed|deselected))", output.splitlines()[-1])


def test_tests_run_in_the_projects_folder_and_their_exit_code_is_ours(tested):
    done = tested.run("test")
    assert done.returncode == 1
    assert outcome(done.stdout) == ["1 failed", "1 passed"]
    assert done.stderr == ""


def test_what_pytest_knows_is_handed_to_it(tested):
    done = tested.run("test", "tests", "-v", "-k", "good", "--settings", "settings", "--no-color")
    assert done.returncode == 0
    assert "test_good PASSED" in done.stdout
    assert outcome(done.stdout) == ["1 passed", "1 deselected"]


def test_no_test_at_all_is_pytests_own_exit_code(tested):
    assert tested.run("test", "-k", "nothing", "--traceback").returncode == 5


def test_help_is_ours_and_behind_the_dashes_pytests(tested):
    assert "test -- --help" in tested.ok("test", "--help")
    assert tested.ok("test", "--", "--version", "-p", "no:cacheprovider").startswith("pytest ")


def test_a_new_app_can_be_used_at_once(project_dir):
    assert project_dir.ok("startapp", "shop", "--install").splitlines() == [
        "Created app 'shop' in shop/",
        'Added "shop" to INSTALLED_APPS in settings.py.',
    ]
    project_dir.ok("migrate", "-v0")
    assert project_dir.ok("makemigrations") == "No changes detected\n"
    models = project_dir.read("shop/models.py")
    project_dir.write(
        "shop/models.py", re.sub(r"^# ?", "", models.replace("# Create your models here:", ""), flags=re.M)
    )
    assert "+ Create table shop_things" in project_dir.ok("makemigrations", "shop")
    assert project_dir.ok("shell", "-c", "print(Thing.__module__)") == "shop.models\n"


def test_without_install_the_settings_stay_as_they_are(project_dir):
    before = project_dir.read("settings.py")
    output = project_dir.ok("startapp", "shop", "apps/shop")
    assert output.splitlines()[1] == 'Add "apps.shop" to INSTALLED_APPS in settings.py.'
    assert project_dir.read("settings.py") == before


def test_an_app_that_the_settings_name_already_is_what_startapp_makes(project_dir):
    project_dir.replace("settings.py", '["myproject"]', '["myproject", "shop"]')
    missing = project_dir.run("migrate")
    assert missing.stderr.splitlines()[-1] == "Hint: python manage.py startapp shop"
    assert project_dir.ok("startapp", "shop").splitlines() == ["Created app 'shop' in shop/"]
    project_dir.ok("migrate", "-v0")


@pytest.mark.parametrize("name", ["my-app", "class", "json", "myproject"])
def test_a_name_that_cannot_be_is_one_line_and_a_hint(project_dir, name):
    done = project_dir.run("startapp", name)
    assert done.returncode == 1
    message, hint = done.stderr.splitlines()
    assert message.startswith("CommandError: ")
    assert hint.startswith("Hint: python manage.py startapp ")
