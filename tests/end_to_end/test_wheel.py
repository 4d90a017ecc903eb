"""The wheel: what is in it, and a project on it in a virtual environment of its own, away from the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Callable
from email.parser import Parser
from pathlib import Path

import pytest
from readme_renderer import markdown
from sqlalchemy import URL
from support.contents import tables_of
from support.failures import assert_fails
from support.projects import ROOT, SKELETON, MakeProject, ProjectFolder, Result

from alembic_manage.scaffold.project import plan_project, project_files
from alembic_manage.scaffold.project_database import database_names
from alembic_manage.version import VERSION

# As it is before the tests: pip needs the certificates of authorities, which the tests go without.
ENVIRONMENT = dict(os.environ)


class InstalledSuite:
    """A virtual environment with the wheel in it.

    Args:
        folder: an empty folder.
        wheel: what to install, with what it depends on.
    """

    def __init__(self, folder: Path, wheel: Path) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.bin = folder / "bin"
        _pip("--python", str(self.bin / "python"), "install", str(wheel))

    def run(self, folder: Path, program: str, *arguments: str, env: dict[str, str] | None = None) -> Result:
        """A program of the environment, run in `folder` with nothing of the repository on the path."""
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        done = subprocess.run(
            [self.bin / program, *arguments],
            cwd=folder,
            env=inherited | {"PYTHONDONTWRITEBYTECODE": "1"} | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)


class InstalledProject(ProjectFolder):
    """A project whose commands run on the installed wheel."""

    def __init__(self, path: Path, suite: InstalledSuite) -> None:
        super().__init__(path, f"sqlite:///{path / 'db.sqlite3'}")
        self.suite = suite

    def _call(self, argv: list[str], stdin: str | None, env: object) -> Result:
        return self.suite.run(self.path, "python", *argv, env={"DATABASE_URL": self.url})


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the repository as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> InstalledSuite:
    """The wheel, installed."""
    return InstalledSuite(tmp_path_factory.mktemp("venv"), wheel)


def test_wheel_holds_the_suite_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        information = f"alembic_manage-{VERSION}.dist-info"
        metadata = Parser().parsestr(archive.read(f"{information}/METADATA").decode())
        entry_points = archive.read(f"{information}/entry_points.txt").decode()
    assert {name.partition("/")[0] for name in names} == {"alembic_manage", information}
    assert _modules(ROOT / "alembic_manage") <= names
    assert {f"alembic_manage/templates/project/{name}" for name in SKELETON} <= names
    assert "alembic_manage/py.typed" in names
    assert not [name for name in names if "myproject" in name or "test" in Path(name).parts[1:-1]]
    assert (metadata["Name"], metadata["Version"], metadata["License-Expression"]) == ("alembic-manage", VERSION, "MIT")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["Summary"] == project["description"]
    assert metadata["Requires-Python"] == project["requires-python"]
    assert metadata.get_all("Classifier") == project["classifiers"]
    assert set(metadata.get_all("Provides-Extra") or []) == set(project["optional-dependencies"])
    assert "alembic-manage = alembic_manage.cli:main" in entry_points


def test_wheel_shows_the_readme_where_packages_are_listed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        information = archive.read(f"alembic_manage-{VERSION}.dist-info/METADATA").decode()
    metadata = Parser().parsestr(information)
    assert metadata["Description-Content-Type"] == "text/markdown"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert metadata.get_payload() == readme
    html = markdown.render(readme) or ""
    headings = re.findall(r"^## (.+)$", readme, flags=re.MULTILINE)
    assert re.findall(r"<h2[^>]*>(.+?)<a ", html) == headings
    assert html.count("<table") == 1


def test_what_the_wheel_needs_fits_together(suite: InstalledSuite) -> None:
    _pip("--python", str(suite.bin / "python"), "check")


def test_templates_of_the_wheel_are_the_files_of_the_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in SKELETON:
            assert archive.read(f"alembic_manage/templates/project/{name}") == (ROOT / name).read_bytes()


def test_project_on_the_installed_wheel(suite: InstalledSuite, make_project: MakeProject, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for command in (["alembic-manage", "--version"], ["python", "-m", "alembic_manage", "--version"]):
        assert suite.run(empty, *command) == Result(0, f"{VERSION}\n", "")
    assert_fails(
        suite.run(empty, "alembic-manage", "migrate"),
        says=f"There is no settings module 'settings' in {empty}",
        hint="alembic-manage COMMAND --settings mysite.settings",
    )

    project = InstalledProject(make_project().path, suite)
    assert project.ok("--version") == f"{VERSION}\n"
    assert project.ok("migrate").splitlines()[-1] == "  Applying 0001_initial... OK"
    assert project.ok("seed", "--customers", "5").startswith("Created 5 customers, ")
    project.replace("myproject/models.py", "    note: Mapped[str | None]", "    remark: Mapped[str | None]")
    assert "--rename orders.note:orders.remark" in project.run("makemigrations").stderr
    written = project.ok("makemigrations", "--rename", "orders.note:orders.remark")
    assert "  alembic_database/versions/0002_rename_" in written
    project.ok("migrate", "-v0")
    assert project.ok("makemigrations") == "No changes detected\n"
    assert project.ok("rollback").splitlines()[-1].endswith("... OK")
    assert project.alembic_ok("current") == "0001_initial\n"

    project.ok("startapp", "blog")
    assert (project.path / "blog" / "models.py").is_file()
    listed = suite.run(project.path, "alembic-manage", "showmigrations", env={"DATABASE_URL": project.url})
    assert listed.returncode == 0, listed
    assert " [X] 0001_initial" in listed.stdout
    assert len(tables_of(project.url)) == 6


def test_new_project_on_the_installed_wheel(
    suite: InstalledSuite, new_database: Callable[[str], URL], tmp_path: Path
) -> None:
    for kind in database_names():
        written = suite.run(tmp_path, "alembic-manage", "startproject", f"new_{kind}", "--database", kind)
        assert (written.returncode, written.stderr) == (0, ""), written
        folder = tmp_path / f"new_{kind}"
        files = project_files(plan_project(f"new_{kind}", folder, kind))
        assert files_of(folder) == {file.path: file.content for file in files}
    requirements = [f"--requirement={path}" for path in tmp_path.glob("*/requirements.txt")]
    _pip("--python", str(suite.bin / "python"), "install", *requirements)
    for kind in database_names():
        environment = {"DATABASE_URL": new_database(kind).render_as_string(hide_password=False)}
        # Its tests do the same on each database, and take their time.
        for command in ("makemigrations", "migrate", *(["test"] if kind == database_names()[0] else [])):
            done = suite.run(tmp_path / f"new_{kind}", "python", "manage.py", command, env=environment)
            assert done.returncode == 0, done


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _modules(folder: Path) -> set[str]:
    return {path.relative_to(folder.parent).as_posix() for path in folder.rglob("*.py")}


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
