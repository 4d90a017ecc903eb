"""The Tab key, in real shells."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from support.projects import ProjectFolder

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(python manage.py completion bash)"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -Uz compinit; compinit -u -D; source <(python manage.py completion zsh)",
    ),
    "fish": (["fish", "--no-config", "-i"], "python manage.py completion fish | source"),
}
LINES = {
    "python manage.py showm": "python manage.py showmigrations",
    "./manage.py migrate 00": "./manage.py migrate 0001_initial",
    "alembic-manage rollback --data": "alembic-manage rollback --database",
    "python manage.py migrate --database=d": "python manage.py migrate --database=default",
    "python -m alembic_manage check myp": "python -m alembic_manage check myproject",
    "python setti": "python settings.py",
    "python other/manage.py mo": "python other/manage.py more.txt",
}
"""What is typed before Tab, and what stands there afterwards; files, where it is no manage.py of ours."""
TIMEOUT_S = 120
CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()=>].?|[\r\n]")


@pytest.fixture
def project(project_dir: ProjectFolder) -> ProjectFolder:
    """With files that have nothing to do with it, and one that must not be run."""
    project_dir.write("more.txt", "")
    project_dir.write("other/manage.py", "open('was_run', 'w')\n")
    (project_dir.path / "manage.py").chmod(0o755)
    return project_dir


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, project: ProjectFolder, tmp_path: Path) -> Iterator[pexpect.spawn[str]]:
    """A shell in the project's folder, with the completion loaded."""
    argv, load = SHELLS[request.param]
    if shutil.which(argv[0]) is None:
        pytest.skip(f"{argv[0]} is not installed")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    env = project.environment({"PATH": path, "HOME": str(tmp_path), "TERM": "dumb"})
    child: pexpect.spawn[str] = pexpect.spawn(
        argv[0], argv[1:], env=env, cwd=str(project.path), encoding="utf-8", dimensions=(40, 200), timeout=TIMEOUT_S
    )
    child.sendline(f"{load}; echo rea''dy")
    child.expect("ready")
    yield child
    child.close(force=True)


def after_tab(child: pexpect.spawn[str], typed: str, wanted: str) -> str:
    """What the line is once it holds what is wanted; what was seen until the time-out where it never does."""
    child.send(f"{typed}\t")
    seen = ""
    while wanted not in seen:
        if child.expect([r"[\s\S]+", pexpect.TIMEOUT]):
            break
        seen = CONTROL.sub("", seen + child.after)
    child.sendcontrol("u")
    return seen


def test_tab_completes(shell: pexpect.spawn[str], project: ProjectFolder):
    for typed, wanted in LINES.items():
        assert wanted in after_tab(shell, typed, wanted)
    assert not (project.path / "was_run").exists()


def test_the_callback_imports_nothing_slow(project: ProjectFolder):
    code = (
        "import sys; from alembic_manage import cli; sys.argv[0] = 'manage.py'\n"
        "code = cli.run(['manage.py', 'completion', 'bash', '--words', 'migrate', '0'])\n"
        "print(code, *({'sqlalchemy', 'alembic', 'rich', 'asyncio'} & set(sys.modules)))"
    )
    assert project.python("-c", code).splitlines() == ["0001_initial\tinitial", "0"]


def test_outside_of_a_project_and_with_broken_settings_there_is_no_noise(project: ProjectFolder, tmp_path: Path):
    project.write("settings.py", "1 / 0")
    done = project.run("completion", "bash", "--words", "migr")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition("\t")[0] for line in done.stdout.splitlines()] == ["migrate", "migrationlog"]


def test_another_shell_is_a_wrong_word(project: ProjectFolder):
    done = project.run("completion", "tcsh")
    assert done.returncode == 2
    assert "invalid choice: 'tcsh'" in done.stderr
