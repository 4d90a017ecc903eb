"""Names of new apps and projects."""

import sys

import pytest

from alembic_manage import CommandError
from alembic_manage.scaffold.name import is_taken, refuse_name


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("my-site", "my_site"),
        ("3d", "_3d"),
        ("my.site", "my_site"),
        ("class", "class_project"),
        ("None", "None_project"),
        ("", "myproject"),
    ],
)
def test_a_name_that_python_cannot_import_is_refused_with_one_that_it_can(name, better):
    with pytest.raises(CommandError) as caught:
        refuse_name(name, "project")
    assert caught.value.hint == f"python manage.py startproject {better}"
    refuse_name(better, "project")


@pytest.mark.parametrize("name", ["shop", "größe", "_a1", "match"])
def test_a_name_that_python_can_import_is_accepted(name):
    refuse_name(name, "project")


@pytest.mark.parametrize("name", ["json", "sys", "sqlalchemy", "__main__"])
def test_names_of_modules_are_taken(name):
    assert is_taken(name)


def test_a_module_of_the_current_project_is_taken(write_module):
    write_module("shop.py")
    assert is_taken("shop")


def test_the_folder_that_is_to_be_filled_is_no_conflict(module_folder):
    (module_folder / "shop").mkdir()
    assert not is_taken("shop", module_folder / "shop")
    assert is_taken("shop", module_folder / "other")


def test_looking_imports_nothing(write_module):
    write_module("shop/__init__.py", "raise RuntimeError")
    assert is_taken("shop")
    assert "shop" not in sys.modules
