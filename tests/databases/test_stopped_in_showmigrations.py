"""showmigrations marks what stopped halfway, on the databases where a migration can."""

import json

import pytest
from support.commands import run_command
from support.databases import where

from alembic_manage import RevisionStoppedError
from alembic_manage.commands import migrate, showmigrations

HALF = """
with op.get_context().autocommit_block():
    op.create_table("half", sa.Column("id", sa.Integer))
    op.execute("SELECT missing FROM nowhere")
"""

pytestmark = where(lambda dialect: dialect.timeouts is not None)


@pytest.fixture
def shop(tiny_project):
    tiny_project.revision("a", downgrade=HALF)
    tiny_project.migrate()
    return tiny_project


def shown(project):
    (last,) = json.loads(run_command(showmigrations, project, "--json"))["migrations"][-1:]
    return last["revision"], last["applied"], last["stopped"]


def test_a_migration_that_was_applied_in_part(shop):
    shop.revision("b", HALF, down="a")
    with pytest.raises(RevisionStoppedError):
        run_command(migrate, shop)
    assert " [~] b (applied in part: 1 statement is in effect)\n" in run_command(showmigrations, shop)
    assert "[~]  b (applied in part: 1 statement is in effect)\n" in run_command(showmigrations, shop, "--plan")
    assert " [~] b" in run_command(showmigrations, shop, "--graph")
    assert shown(shop) == ("b", False, {"direction": "upgrade", "statements": 1})


def test_a_migration_that_was_taken_back_in_part(shop):
    with pytest.raises(RevisionStoppedError):
        run_command(migrate, shop, "zero")
    assert " [~] a (taken back in part: 1 statement is in effect)\n" in run_command(showmigrations, shop)
    assert shown(shop) == ("a", True, {"direction": "downgrade", "statements": 1})


def test_a_migration_that_has_come_to_its_end(shop):
    path = shop.revision("b", HALF, down="a")
    with pytest.raises(RevisionStoppedError):
        run_command(migrate, shop)
    path.write_text(path.read_text().replace("SELECT missing FROM nowhere", "SELECT 1"))
    run_command(migrate, shop, "--resume-at", "2")
    assert " [X] b" in run_command(showmigrations, shop)
    assert shown(shop) == ("b", True, None)
