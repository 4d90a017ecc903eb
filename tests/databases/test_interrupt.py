"""Ctrl-C in the middle of a revision: exit code 130, and the revision is rolled back."""

import re
import signal
import time
from pathlib import Path

import pytest

CREATE = '''
"""ticks"""
import sqlalchemy as sa
from alembic import op
revision = "0001_ticks"
down_revision = None


def upgrade():
    op.create_table("ticks", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))


def downgrade():
    op.drop_table("ticks")
'''
SLOW = '''
"""slow"""
import time
from pathlib import Path
from alembic import op
revision = "0002_slow"
down_revision = "0001_ticks"


def upgrade():
    for number in range(600):
        op.execute(f"INSERT INTO ticks (id) VALUES ({number})")
        Path("started").touch()
        time.sleep(0.05)


def downgrade():
    op.execute("DELETE FROM ticks")
'''
DEADLINE_S = 60


def assert_interrupt_rolls_back(project, tiny) -> None:
    """Start a slow revision, press Ctrl-C, look."""
    project.write("alembic_database/versions/0001_ticks.py", CREATE)
    project.write("alembic_database/versions/0002_slow.py", SLOW)
    process = project.start("migrate")
    deadline = time.monotonic() + DEADLINE_S
    while not Path(project.path, "started").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 130, err
    assert "Applying 0001_ticks... OK" in out
    assert re.search(r"0002_slow\.\.\..*FAILED", out)
    assert "Interrupted" in err
    assert "Traceback" not in err
    assert tiny.rows("SELECT version_num FROM alembic_version") == [("0001_ticks",)]
    assert tiny.rows("SELECT count(*) FROM ticks") == [(0,)]


@pytest.fixture
def empty_project(make_project):
    """A project without models and revisions."""
    return lambda url: make_project("no_models", url)


def test_an_interrupted_revision_is_rolled_back(empty_project, make_tiny_project, database_url):
    assert_interrupt_rolls_back(empty_project(database_url), make_tiny_project(database_url))


def test_an_interrupted_revision_is_rolled_back_with_an_asyncio_driver(
    empty_project, make_tiny_project, async_database_url
):
    assert_interrupt_rolls_back(empty_project(async_database_url), make_tiny_project(async_database_url))
