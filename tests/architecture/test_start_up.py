"""What costs time is imported when it is needed, and not before."""

import subprocess
import sys

import pytest

# SQLAlchemy takes 0.4 s to import on a slow core, Alembic 0.2 s more.
SLOW = ("sqlalchemy", "alembic", "rich", "asyncio")
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
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(slow=SLOW), *args],
        cwd=project_dir.path,
        env=project_dir.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == ""
