"""Projects on disk: copies of the repository's own files and of tests/cases, run as a user runs them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from support.nursery import TIMEOUT_S, can_fork, nursery

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
# What startproject writes, apart from the example's models and revisions.
SKELETON = (
    "manage.py",
    "settings.py",
    ".env.example",
    "alembic.ini",
    "alembic_database/env.py",
    "alembic_database/script.py.mako",
)
EXAMPLE = ("myproject", "alembic_database/versions")
_NOT_INHERITED = ("DATABASE_URL", "SETTINGS_MODULE", "SQL_ECHO", "NO_COLOR", "FORCE_COLOR", "PYTHONWARNINGS")


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class ProjectFolder:
    """A project in a folder of its own.

    Args:
        path: the folder of manage.py.
        url: what DATABASE_URL is set to.
    """

    def __init__(self, path: Path, url: str) -> None:
        self.path = path
        self.url = url

    @property
    def versions(self) -> Path:
        """The folder of the revision files."""
        return self.path / "alembic_database" / "versions"

    def run(self, *args: str, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Result:
        """`python manage.py ARGS`, to its end."""
        return self._call(["manage.py", *args], stdin, env)

    def alembic(self, *args: str, env: Mapping[str, str] | None = None) -> Result:
        """Plain `alembic ARGS`, to its end."""
        return self._call(["-m", "alembic", *args], None, env)

    def ok(self, *args: str) -> str:
        """The standard output of `python manage.py ARGS`, which must succeed."""
        return _succeeded(self.run(*args))

    def alembic_ok(self, *args: str) -> str:
        """The standard output of plain `alembic ARGS`, which must succeed."""
        return _succeeded(self.alembic(*args))

    def python(self, *args: str) -> str:
        """The standard output of `python ARGS`, which must succeed."""
        return _succeeded(self.anew(list(args)))

    def launch(self, *argv: str, env: Mapping[str, str] | None = None) -> Result:
        """`python FILE ARGS`, to its end."""
        return self._call(list(argv), None, env)

    def forked(self, *argv: str) -> Result:
        """`python ARGV` in a process that has imported libraries and nothing of the suite, to its end."""
        return self._call(list(argv), None, None)

    def start(self, *args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """`python manage.py ARGS`, just begun."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *args],
            cwd=self.path,
            env=self.environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_ctrl_c,
        )

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of the project's processes: nothing that would change what a command does is inherited."""
        inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
        # Tests change files within a second, and a .pyc file is told from an older one by the second and the size.
        ours = {"DATABASE_URL": self.url, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        return inherited | ours | dict(more or {})

    def write(self, name: str, text: str) -> Path:
        """Write a file below the project, with the folders it needs."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def read(self, name: str) -> str:
        """The text of a file below the project."""
        return (self.path / name).read_text(encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a file below the project; `old` must be in it."""
        text = self.read(name)
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new))

    def anew(self, argv: list[str], *, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Result:
        """`python ARGV` in a new process, to its end: where it matters how Python begins."""
        source = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
        done = subprocess.run(
            [sys.executable, *argv],
            cwd=self.path,
            env=self.environment(env),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
            **source,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def forked_with_suite(self, argv: list[str], *, env: Mapping[str, str] | None = None) -> Result:
        """`python ARGV` in a process that has imported the suite, as `manage.py` runs, to its end."""
        done = nursery(str(ROOT)).run(argv, self.path, self.environment(env), None)
        return Result(done.returncode, done.stdout, done.stderr)

    def _call(self, argv: list[str], stdin: str | None, env: Mapping[str, str] | None) -> Result:
        environment = self.environment(env)
        if not can_fork(environment):
            return self.anew(argv, stdin=stdin, env=env)
        done = nursery(str(ROOT) if argv[0] == "manage.py" else "").run(argv, self.path, environment, stdin)
        return Result(done.returncode, done.stdout, done.stderr)


def heed_ctrl_c() -> None:
    """For a child process: Ctrl-C counts, although the shell that runs pytest in the background has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _succeeded(result: Result) -> str:
    assert result.returncode == 0, f"exit code {result.returncode}\n{result.stdout}\n{result.stderr}"
    return result.stdout


class MakeProject(Protocol):
    """The type of the `make_project` fixture."""

    def __call__(self, case: str | None = None, url: str | None = None) -> ProjectFolder: ...


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Makes project folders.

    `case` is a folder of tests/cases, laid over the files that startproject writes; without it the project is the
    repository's own, with its models and revisions. `url` is a SQLite file in the folder unless given.
    """
    made: list[Path] = []

    def make(case: str | None = None, url: str | None = None) -> ProjectFolder:
        path = tmp_path / f"project{len(made) or ''}"
        made.append(path)
        lay_out(path, case)
        return ProjectFolder(path, url or f"sqlite:///{path / 'db.sqlite3'}")

    return make


@pytest.fixture
def project_dir(make_project: Callable[[], ProjectFolder]) -> ProjectFolder:
    """The repository's own project, on SQLite."""
    return make_project()


def lay_out(path: Path, case: str | None) -> None:
    """Make the files of a project, as `make_project` says."""
    for name in SKELETON if case else (*SKELETON, *EXAMPLE):
        _copy(ROOT / name, path / name)
    if case:
        shutil.copytree(CASES / case, path, dirs_exist_ok=True)
        (path / "alembic_database" / "versions").mkdir(exist_ok=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)
