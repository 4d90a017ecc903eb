"""The merge revision's parents, and what speaks against a merge."""

import pytest

from alembic_manage.alembic_api import upgrade_order
from alembic_manage.branches.merge import Merge, objection
from alembic_manage.errors import RefusedError, UnansweredQuestionError

URL = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
ORDERS = (
    'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("total", sa.Numeric(9, 2)))'
)
WIDER = 'op.alter_column("orders", "total", type_=sa.Numeric({}, 2))'


@pytest.fixture
def project(make_tiny_project):
    made = make_tiny_project(URL)
    made.revision("start", ORDERS)
    return made


def merge(project, a: str, b: str) -> Merge:
    project.revision("a", a, down="start")
    project.revision("b", b, down="start")
    return Merge(project.environment)


def said(found: Merge):
    return objection(found.verdict, "merge", "rebase")


def test_nothing_speaks_against_branches_that_commute(project):
    found = merge(project, "pass", "pass")
    assert said(found) is None
    assert found.parents() == ("a", "b")


def test_branches_that_do_not_commute_are_refused(project):
    error = said(merge(project, WIDER.format(12), WIDER.format(14)))
    assert isinstance(error, RefusedError)
    assert str(error) == "They do not commute: 1 object(s) depend on the order."
    assert error.hint == "rebase, or all the same: merge --allow-conflicts"


def test_what_is_not_proven_is_an_open_question(project):
    error = said(merge(project, 'op.execute("ALTER TABLE orders FROBNICATE x")', "pass"))
    assert isinstance(error, UnansweredQuestionError)
    assert str(error).startswith("Not proven: a cannot be replayed")


def test_rows_of_a_shared_table_are_an_open_question(project):
    error = said(merge(project, 'op.execute("DELETE FROM orders")', WIDER.format(12)))
    assert isinstance(error, UnansweredQuestionError)
    assert str(error) == "Rows: not proven: a runs DELETE FROM orders; b touches orders too."


def test_where_the_order_matters_plain_alembic_goes_by_the_names_too(project):
    found = merge(project, WIDER.format(12), WIDER.format(14))
    parents = found.parents()
    assert upgrade_order(project.environment.history, parents) == ("start", "a", "b")
    assert sorted(parents) == ["a", "b"]


def test_a_merge_that_would_not_run_is_refused(project):
    found = merge(project, 'op.drop_column("orders", "total")', WIDER.format(12))
    with pytest.raises(RefusedError, match=r"A merge would not run: .* and then b cannot be replayed") as caught:
        found.parents()
    assert caught.value.hint == "python manage.py makemigrations --rebase a"


def test_a_merge_that_runs_in_the_order_of_its_names_only_is_possible(project):
    found = merge(project, WIDER.format(12), 'op.drop_column("orders", "total")')
    assert isinstance(said(found), RefusedError)
    assert upgrade_order(project.environment.history, found.parents()) == ("start", "a", "b")
