"""Branches on real databases: what they record, and that a rebased and a merged history run there."""

import pytest

from alembic_manage.branches.merge import Merge
from alembic_manage.branches.moves import write_moves
from alembic_manage.branches.rebase import find_rebase
from alembic_manage.branches.recorded import read_recorded
from alembic_manage.drift.verification import description_of
from alembic_manage.errors import RefusedError

ORDERS = 'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("total", sa.Integer))'
NOTE = 'op.add_column("orders", sa.Column("note", sa.String(20)))'
INDEX = 'op.create_index("ix_total", "orders", ["total"])'
NO_NOTE, NO_INDEX = 'op.drop_column("orders", "note")', 'op.drop_index("ix_total", "orders")'


@pytest.fixture
def project(tiny_project):
    tiny_project.revision("0001_orders", ORDERS, 'op.drop_table("orders")')
    tiny_project.revision("0002_note", NOTE, NO_NOTE, down="0001_orders")
    tiny_project.revision("0002_index", INDEX, NO_INDEX, down="0001_orders")
    return tiny_project


def find(project, named: str | None = None):
    def nobody(fork):
        raise AssertionError("asked")

    return find_rebase(project.environment, named, None, lambda line: pytest.fail(line), nobody)


def test_the_database_tells_what_is_applied(project):
    project.migrate("0002_note")
    recorded = read_recorded(project.project, "", lambda line: pytest.fail(line))
    assert recorded.applied == {"default": {"0001_orders", "0002_note"}}


def test_the_branch_that_is_not_applied_moves(project):
    project.migrate("0002_note")
    write_moves(find(project).moves(), project.root)
    project.migrate()
    assert project.recorded == {"0003_index"}
    assert project.indexes("orders") >= {"ix_total"}


def test_a_branch_that_is_applied_does_not_move(project):
    project.migrate("0002_note")
    with pytest.raises(RefusedError, match="0002_note cannot get another place: applied to 'default'") as caught:
        find(project, "0002_note").moves()
    assert caught.value.hint == ("python manage.py rollback 0001_orders, or: python manage.py makemigrations --merge")


def test_what_the_state_proves_holds_on_the_database(project):
    """Either order leaves the same objects; only the order of columns may differ."""
    merge = Merge(project.environment)
    assert merge.verdict.result == "The branches commute: either order gives the same schema."
    described = []
    for first, second in (("0002_note", "0002_index"), ("0002_index", "0002_note")):
        project.migrate(first)
        project.migrate(second)
        described.append(description_of(project.environment))
        project.migrate("zero")
    assert described[0] == described[1]


def test_what_the_state_refutes_differs_on_the_database(project):
    project.revision("0002_note", NOTE.replace("String(20)", "String(30)"), NO_NOTE, down="0001_orders")
    project.revision("0002_index", NOTE, NO_NOTE, down="0001_orders")
    merge = Merge(project.environment)
    assert "cannot be replayed" in merge.verdict.reason
    project.migrate("0002_note")
    with pytest.raises(Exception, match=r"0002_index"):
        project.migrate("0002_index")
