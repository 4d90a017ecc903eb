"""What costs time is imported when it is needed, and not before."""

import subprocess
import sys

import pytest
from support.source import modules

# SQLAlchemy takes 0.4 s to import on a slow core, Alembic 0.2 s more.
SLOW = ("sqlalchemy", "alembic", "rich", "asyncio")
# What a listing, the version or a typo has to wait for beyond the interpreter is a few files of the suite.
NEEDLESS = (*SLOW, "argparse", "ast", "dataclasses", "inspect", "pathlib", "settings", "dotenv", "typing")
CODE = """
import sys
sys.argv[0] = "manage.py"
from alembic_manage import cli
cli.run(sys.argv)
print(*sorted(set({slow!r}) & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "args", [("help",), ("--version",), ("help", "migrate"), ("migrate", "--help"), ("migrat",), ()]
)
def test_help_the_version_and_a_typo_import_nothing_slow(project_dir, args):
    assert imported(project_dir, args, SLOW) == ""


def imported(project_dir, args, modules) -> str:
    """Which of the modules are imported by a command."""
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(slow=modules), *args],
        cwd=project_dir.path,
        env=project_dir.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("args", [("help",), ("--version",), ()])
def test_a_listing_imports_no_settings_and_little_else(project_dir, args):
    (project_dir.path / "myproject" / "management").rename(project_dir.path / "elsewhere")
    assert imported(project_dir, args, NEEDLESS) == ""


def test_every_command_imports_what_it_needs_whatever_was_imported_before_it(project_dir):
    project_dir.write("one.py", "import sys\nfrom importlib import import_module\n\nimport_module(sys.argv[1])\n")
    names = [module.name for module in modules() if module.name.startswith("commands.")]
    done = {name: project_dir.forked("one.py", f"alembic_manage.{name}") for name in names}
    assert len(done) > 20
    assert {name: result.stderr for name, result in done.items() if result.returncode} == {}
