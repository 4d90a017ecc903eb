"""New projects: names, folders, and files that are the repository's own."""

import ast
import tomllib
from pathlib import Path

import pytest
from sqlalchemy import make_url
from support.projects import ROOT, SKELETON

from alembic_manage import CommandError
from alembic_manage.scaffold import project as scaffold
from alembic_manage.scaffold.project import SHARED, NewProject, plan_project, project_files, write_project
from alembic_manage.scaffold.project_database import database_names, project_database
from alembic_manage.version import VERSION
from myproject.models import NAMES

TREE = [
    ".env.example",
    ".gitignore",
    "README.md",
    "alembic.ini",
    "alembic_database/env.py",
    "alembic_database/script.py.mako",
    "alembic_database/versions/.gitkeep",
    "manage.py",
    "requirements.txt",
    "settings.py",
    "shop/__init__.py",
    "shop/models.py",
    "tests/__init__.py",
    "tests/test_migrations.py",
    "tests/test_models.py",
]
KINDS = [(kind, asyncio) for kind in database_names() for asyncio in (False, True)]


def new_project(name="shop", kind=None, asyncio=False, root=Path("/nowhere")):
    return NewProject(name, root, project_database(name, kind, asyncio))


def texts_of(project):
    return {file.path: file.content.decode() for file in project_files(project)}


# One source


def test_what_is_shared_is_byte_for_byte_the_repositorys_own():
    files = {file.path: file.content for file in project_files(new_project("myproject"))}
    assert {name: files[name] for name in SHARED} == {name: (ROOT / name).read_bytes() for name in SHARED}


def test_what_is_shared_is_what_the_wheel_carries_and_what_tests_copy():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    carried = metadata["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    template = "alembic_manage/templates/project/"
    assert {name: place for name, place in carried.items() if place.startswith(template)} == {
        name: f"{template}{name}" for name in SHARED
    }
    assert set(SKELETON) == set(SHARED)


def test_the_wheels_copies_are_taken_where_there_are_some(tmp_path, monkeypatch):
    for name in SHARED:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} of myproject", encoding="utf-8")
    monkeypatch.setattr(scaffold, "TEMPLATE", tmp_path)
    assert texts_of(new_project()) == {name: f"{name} of shop" for name in SHARED}


def test_the_tree_is_complete():
    assert sorted(texts_of(new_project())) == TREE


def test_no_place_and_no_name_of_the_example_is_left():
    for path, text in texts_of(new_project()).items():
        assert "{{" not in text, path
        assert "myproject" not in text, path


def test_the_ignored_files_are_those_of_the_repository():
    ignored = set(texts_of(new_project())[".gitignore"].splitlines())
    assert ignored < set((ROOT / ".gitignore").read_text(encoding="utf-8").splitlines())


def test_the_models_name_their_constraints_as_the_repositorys_do():
    tree = ast.parse(texts_of(new_project())["shop/models.py"])
    names = next(node.value for node in tree.body if isinstance(node, ast.Assign))
    assert ast.literal_eval(names) == NAMES


# Databases


def url_in_settings(project):
    """What DATABASES says in the settings file where nothing is set outside."""
    tree = ast.parse(texts_of(project)["settings.py"])
    value = next(node for node in ast.walk(tree) if isinstance(node, ast.BoolOp)).values[1]
    return eval(ast.unparse(value), {"BASE_DIR": Path("/project")})


@pytest.mark.parametrize(("kind", "asyncio"), KINDS)
def test_settings_and_example_of_the_environment_name_the_same_database(kind, asyncio):
    project = new_project(kind=kind, asyncio=asyncio)
    (example,) = [
        line.removeprefix("DATABASE_URL=")
        for line in texts_of(project)[".env.example"].splitlines()
        if line.startswith("DATABASE_URL=")
    ]
    assert example == project.database.url
    assert url_in_settings(project).replace("/project/", "") == example
    assert make_url(example).get_dialect().is_async == asyncio
    assert example in texts_of(project)["README.md"]


@pytest.mark.parametrize(("kind", "asyncio"), KINDS)
def test_the_requirements_bring_the_driver(kind, asyncio):
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = new_project(kind=kind, asyncio=asyncio)
    requirement = texts_of(project)["requirements.txt"].splitlines()[0]
    name, _, extras = requirement.removesuffix(f">={VERSION}").removesuffix("]").partition("[")
    assert name == "alembic-manage"
    known = metadata["project"]["optional-dependencies"]
    brought = " ".join(each for extra in extras.split(",") if extra for each in known[extra])
    # The tests' db_session is synchronous.
    for url in (project.database.url, new_project(kind=kind).database.url):
        driver = make_url(url).get_driver_name()
        assert driver in brought or driver == "pysqlite"


@pytest.mark.parametrize("kind", database_names())
def test_the_database_is_made_before_it_is_migrated_and_has_the_projects_name(kind):
    commands = new_project(kind=kind).first_commands()
    create = [command for command in commands[:-3] if "create" in command.lower()]
    assert len(create) == (kind != database_names()[0])
    assert all(" shop" in command for command in create)


def test_the_first_kind_is_the_repositorys():
    assert project_database("myproject") == project_database("myproject", database_names()[0])
    assert project_database("myproject").expression in (ROOT / "settings.py").read_text(encoding="utf-8")


# Names and folders


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_folder_has_the_projects_name_unless_another_is_given(here):
    assert plan_project("zebra").root == here / "zebra"
    assert plan_project("zebra", Path()).root == here
    assert plan_project("zebra", Path("a/b")).root == here / "a" / "b"


@pytest.mark.parametrize("name", ["json", "sys", "settings", "manage", "tests", "alembic_database"])
def test_a_name_of_a_module_is_refused(here, name):
    with pytest.raises(CommandError, match="conflicts with the name of an existing Python module") as caught:
        plan_project(name)
    assert caught.value.hint == f"python manage.py startproject {name}_project"


def test_the_hint_for_what_is_in_the_way_works(here, monkeypatch):
    monkeypatch.syspath_prepend(here)
    written(plan_project("zebra"))
    with pytest.raises(CommandError) as caught:
        written(plan_project("zebra"))
    assert caught.value.hint == "python manage.py startproject zebra another_folder"
    assert written(plan_project("zebra", Path("another_folder")))


@pytest.mark.parametrize("name", ["my-site", "class"])
def test_a_name_that_cannot_be_imported_is_refused(here, name):
    with pytest.raises(CommandError, match="is not a valid project name"):
        plan_project(name)


def written(project):
    write_project(project, project_files(project))
    return sorted(path.relative_to(project.root).as_posix() for path in project.root.rglob("*") if path.is_file())


def test_a_package_is_not_filled(here):
    (here / "shop").mkdir()
    (here / "shop" / "__init__.py").touch()
    with pytest.raises(CommandError, match="shop is a Python package already"):
        plan_project("shop")


def test_files_that_are_in_no_ones_way_may_be_there(here):
    (here / "LICENSE").touch()
    assert written(plan_project("zebra", Path())) == sorted(
        ["LICENSE", *(name.replace("shop", "zebra") for name in TREE)]
    )


def test_what_is_there_is_listed_and_nothing_is_written(here):
    (here / "tests").mkdir()
    for name in ("settings.py", "tests/test_models.py"):
        (here / name).write_text("mine", encoding="utf-8")
    before = sorted(here.rglob("*"))
    with pytest.raises(CommandError) as caught:
        written(plan_project("zebra", Path()))
    assert str(caught.value) == (
        "Already there, and not to be overwritten: settings.py, tests/test_models.py. Nothing was written."
    )
    assert sorted(here.rglob("*")) == before


def test_a_second_time_everything_is_in_the_way(here):
    written(plan_project("zebra", Path()))
    with pytest.raises(CommandError, match="and 7 more"):
        written(plan_project("zebra", Path()))


def test_a_folder_that_cannot_be_written_is_one_line(here, monkeypatch):
    def refuse(*args):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.mkdir", refuse)
    with pytest.raises(CommandError) as caught:
        written(plan_project("zebra"))
    assert str(caught.value) == "zebra cannot be written: Permission denied. Nothing was written."


# A template of the user's


def test_a_template_knows_the_name_the_database_and_what_to_install(tmp_path):
    template = tmp_path / "template"
    (template / "project_name").mkdir(parents=True)
    (template / "project_name" / "x.py-tpl").write_text(
        "{{ project_name }}|{{ camel_case_project_name }}|{{ database_url }}|{{ requirement }}|{{ project_directory }}",
        encoding="utf-8",
    )
    (file,) = project_files(new_project("my_shop", database_names()[-1]), template)
    database = project_database("my_shop", database_names()[-1])
    assert file.path == "my_shop/x.py"
    assert file.content.decode() == f"my_shop|MyShop|{database.url}|{database.requirement}|/nowhere"
