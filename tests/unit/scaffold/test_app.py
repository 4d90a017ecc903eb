"""New apps: names, folders and files."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from alembic_manage import CommandError, Project
from alembic_manage.models import declarative_bases
from alembic_manage.scaffold.app import plan_app, write_app
from alembic_manage.settings.settings import load_settings
from myproject.models import NAMES

BASE = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n"
FILES = ["__init__.py", "management/__init__.py", "management/commands/__init__.py", "models.py"]


@pytest.fixture
def project(module_folder, write_module):
    """A project whose settings, and installed apps, are written before it is loaded."""

    def load(*apps):
        write_module(
            "app_settings.py", f'DATABASES = {{"default": {{"URL": "sqlite://"}}}}\nINSTALLED_APPS = {list(apps)}'
        )
        return Project(load_settings("app_settings"))

    return load


def files_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def fails(project, *args):
    """The error, after which the project's folder is as it was."""
    before = sorted(project.root.rglob("*"))
    with pytest.raises(CommandError) as caught:
        write_app(project, plan_app(project, *args))
    assert sorted(project.root.rglob("*")) == before
    assert str(caught.value).count("\n") == 0
    return caught.value


def test_an_app_is_a_package_with_models_and_a_folder_for_commands(project):
    app = plan_app(project(), "shop")
    write_app(project(), app)
    assert files_of(app.path) == FILES
    assert app.name == app.label == "shop"


def test_the_models_use_the_only_base_of_the_project(project, write_module):
    write_module("first/models.py", BASE)
    loaded = project("first")
    write_app(loaded, plan_app(loaded, "shop"))
    importlib.invalidate_caches()
    assert importlib.import_module("shop.models").Base is importlib.import_module("first.models").Base


def test_the_base_is_imported_from_where_it_is_defined(project, write_module):
    write_module("first/orm.py", BASE)
    write_module("first/models.py", "from first.orm import Base as Model")
    loaded = project("first")
    write_app(loaded, plan_app(loaded, "shop"))
    assert "from first.orm import Base\n" in (loaded.root / "shop" / "models.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("apps", [[], ["first", "second"]])
def test_with_no_base_or_several_the_app_has_its_own(project, write_module, apps):
    for app in apps:
        write_module(f"{app}/models.py", BASE)
    loaded = project(*apps)
    write_app(loaded, plan_app(loaded, "shop"))
    importlib.invalidate_caches()
    models = importlib.import_module("shop.models")
    assert [base.__module__ for base in declarative_bases([models])] == ["shop.models"]
    assert models.Base.metadata.naming_convention == NAMES


@pytest.mark.parametrize("apps", [[], ["first"]])
def test_the_files_are_clean_python_once_the_example_is_used(project, write_module, apps):
    for app in apps:
        write_module(f"{app}/models.py", BASE)
    loaded = project(*apps)
    app = plan_app(loaded, "shop")
    write_app(loaded, app)
    models = app.path / "models.py"
    text = models.read_text(encoding="utf-8")
    example = "".join(
        line[2:] or "\n" for line in text.splitlines(keepends=True) if line.startswith("#\n") or line[:2] == "# "
    )
    ast.parse(example.partition("\n\n")[2])
    for path in app.path.rglob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--check", str(app.path)]
    assert subprocess.run(ruff, capture_output=True, check=False).returncode == 0


def test_a_directory_gives_a_dotted_name(project):
    loaded = project()
    app = plan_app(loaded, "shop", loaded.root / "apps" / "shop")
    write_app(loaded, app)
    assert app.name == "apps.shop"
    assert files_of(loaded.root / "apps" / "shop") == FILES


def test_a_relative_directory_counts_from_the_current_folder(project, monkeypatch):
    loaded = project()
    (loaded.root / "apps").mkdir()
    monkeypatch.chdir(loaded.root / "apps")
    assert plan_app(loaded, "shop", Path("shop")).name == "apps.shop"


def test_an_empty_folder_may_be_there(project):
    loaded = project()
    (loaded.root / "shop").mkdir()
    write_app(loaded, plan_app(loaded, "shop"))
    assert files_of(loaded.root / "shop") == FILES


def test_an_app_that_is_in_the_settings_already_can_be_written(project):
    loaded = project("shop")
    write_app(loaded, plan_app(loaded, "shop"))
    assert files_of(loaded.root / "shop") == FILES


@pytest.mark.parametrize(
    ("label", "better"),
    [
        ("my-app", "my_app"),
        ("3d", "_3d"),
        ("a b", "a_b"),
        ("class", "class_app"),
        ("None", "None_app"),
        ("json", "json_app"),
        ("apps.shop", "shop apps/shop"),
    ],
)
def test_a_name_that_python_cannot_import_is_refused_with_one_that_it_can(project, label, better):
    assert fails(project(), label).hint == f"python manage.py startapp {better}"


def test_a_folder_with_files_is_never_touched(project, write_module):
    write_module("shop/notes.py", "mine = 1")
    assert str(fails(project(), "shop")) == "shop exists already."


def test_a_file_of_that_name_is_never_touched(project, module_folder):
    (module_folder / "shop").write_text("mine", encoding="utf-8")
    assert str(fails(project(), "shop")) == "shop exists already."


def test_a_module_of_the_project_with_that_name_is_a_conflict(project, write_module):
    write_module("shop.py", "")
    assert "conflicts with the name of an existing Python module" in str(fails(project(), "shop"))


def test_a_label_that_another_app_has_is_a_conflict(project, write_module):
    write_module("apps/shop/models.py", "")
    assert "conflicts with the label of the installed app 'apps.shop'" in str(fails(project("apps.shop"), "shop"))


def test_the_folder_must_be_called_like_the_app(project):
    loaded = project()
    error = fails(loaded, "shop", loaded.root / "apps")
    assert error.hint == "python manage.py startapp shop apps/shop"


def test_a_folder_outside_of_the_project_is_refused(project, tmp_path):
    assert "outside of the project" in str(fails(project(), "shop", tmp_path / "shop"))


def test_a_folder_that_cannot_be_imported_is_refused(project):
    loaded = project()
    assert "cannot be imported" in str(fails(loaded, "shop", loaded.root / "my-apps" / "shop"))


def test_a_failure_in_the_middle_leaves_nothing(project, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    loaded = project()
    with monkeypatch.context() as patch:
        patch.setattr("os.fdopen", full)
        assert "No space left on device" in str(fails(loaded, "shop"))
