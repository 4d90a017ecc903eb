"""The wheel: what is in it, and a project on it in a virtual environment of its own, away from the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from support.contents import tables_of
from support.failures import assert_fails
from support.projects import ROOT, SKELETON, MakeProject, ProjectFolder, Result

from alembic_manage.version import VERSION


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
        return self.suite.run(self.path, "python", *argv[1:], env={"DATABASE_URL": self.url})


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
    assert set(metadata.get_all("Provides-Extra") or []) == {
        "postgresql",
        "mariadb",
        "async",
        "test",
        "docs",
        "dev",
        "bench",
    }
    assert "alembic-manage = alembic_manage.cli:main" in entry_points


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


def _modules(folder: Path) -> set[str]:
    return {path.relative_to(folder.parent).as_posix() for path in folder.rglob("*.py")}


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
