"""Which branch goes behind which, and what speaks against it."""

import subprocess

import pytest

from alembic_manage.branches.rebase import Rebase, find_rebase
from alembic_manage.errors import RefusedError, UnansweredQuestionError, UsageError

ORDERS = (
    'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("total", sa.Numeric(9, 2)))'
)
WIDER = 'op.alter_column("orders", "total", type_=sa.Numeric({}, 2))'


@pytest.fixture
def project(make_tiny_project, tmp_path):
    made = make_tiny_project(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    made.revision("0001_i", ORDERS, 'op.drop_table("orders")')
    return made


@pytest.fixture
def nowhere(make_tiny_project):
    """On a server that cannot be reached: nothing is recorded, and the state has ALTER."""
    made = make_tiny_project("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    made.revision("0001_i", ORDERS)
    return made


class Chooser:
    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, fork) -> str:
        self.asked = [branch.name for branch in fork.branches]
        return self.answer


def forked(project, a: str = "pass", b: str = "pass") -> None:
    project.revision("0002_a", a, down="0001_i")
    project.revision("0002_b", b, down="0001_i")


def find(project, named: str | None = None, onto: str | None = None, answer: str = "") -> Rebase:
    return find_rebase(project.environment, named, onto, lambda line: None, Chooser(answer))


@pytest.mark.parametrize(("named", "onto"), [("0002_b", None), (None, "0002_a"), ("0002_b", "0002_a")])
def test_a_name_says_which_branch_moves(project, named, onto):
    forked(project)
    found = find(project, named, onto)
    assert (found.branch.name, found.onto.name, found.local.why) == ("0002_b", "0002_a", "you said so")


def test_any_revision_of_a_branch_names_it(project):
    forked(project)
    project.revision("0003_c", down="0002_b")
    assert find(project, "0002_b").branch.name == "0003_c"


def test_a_revision_of_both_branches_names_none(project):
    forked(project)
    with pytest.raises(UsageError, match="0001_i is in more than one branch"):
        find(project, "0001_i")


def test_two_names_of_one_branch_are_refused(project):
    forked(project)
    with pytest.raises(UsageError, match="Both names mean the branch of 0002_b"):
        find(project, "0002_b", "0002_b")


def test_of_three_heads_two_must_be_named(project):
    forked(project)
    project.revision("0002_c", down="0001_i")
    with pytest.raises(UsageError, match="3 heads") as caught:
        find(project, "0002_b")
    assert caught.value.hint == "python manage.py makemigrations --rebase 0002_c --onto 0002_a"
    found = find(project, "0002_c", "0002_a")
    assert (found.branch.name, found.onto.name) == ("0002_c", "0002_a")


def test_what_nobody_else_has_moves(project):
    forked(project)
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    for args in (["init", "-b", "main"], ["add", "."], ["rm", "--cached", "alembic_database/versions/0002_a.py"]):
        subprocess.run(["git", *args], cwd=project.root, check=True, capture_output=True)
    subprocess.run(["git", *identity, "commit", "-m", "x"], cwd=project.root, check=True, capture_output=True)
    found = find(project)
    assert (found.branch.name, found.local.why) == ("0002_a", "it is not in main")


def test_a_person_is_asked_where_nothing_else_tells(project):
    forked(project)
    chooser = Chooser("0002_a")
    found = find_rebase(project.environment, None, None, lambda line: None, chooser)
    assert (chooser.asked, found.branch.name) == (["0002_a", "0002_b"], "0002_a")


def test_a_rebase_of_branches_that_commute_gives_what_a_merge_would(project):
    forked(project)
    found = find(project, "0002_b")
    assert found.objection() is None
    assert found.result() == "Behind 0002_a it gives the same schema as a merge would."


def test_the_order_that_a_merge_would_take_gives_the_same_schema_too(nowhere):
    forked(nowhere, WIDER.format(12), WIDER.format(14))
    assert find(nowhere, "0002_b").objection() is None


def test_the_other_order_is_refused_where_it_matters(nowhere):
    forked(nowhere, WIDER.format(12), WIDER.format(14))
    found = find(nowhere, "0002_a")
    error = found.objection()
    assert isinstance(error, RefusedError)
    assert str(error) == "Behind 0002_b it gives another schema than a merge would."
    assert [each.line for each in found.differences] == [
        "column orders.total: NUMERIC(12, 2) NULL when 0002_a is last; NUMERIC(14, 2) NULL when 0002_b is last"
    ]


def test_the_only_order_that_runs_needs_no_word(nowhere):
    forked(nowhere, 'op.drop_column("orders", "total")', WIDER.format(12))
    found = find(nowhere, "0002_a")
    assert found.objection() is None
    assert found.result() == "Behind 0002_b it runs; a merge would not."


def test_an_order_that_does_not_run_is_refused_whatever_is_said(nowhere):
    forked(nowhere, 'op.drop_column("orders", "total")', WIDER.format(12))
    with pytest.raises(RefusedError, match="Behind 0002_a it does not run: 0002_b cannot be replayed") as caught:
        find(nowhere, "0002_b").objection()
    assert caught.value.hint == "python manage.py makemigrations --rebase 0002_a, for the other order"


def test_what_is_not_proven_is_an_open_question(nowhere):
    forked(nowhere, 'op.execute("ALTER TABLE orders FROBNICATE x")')
    error = find(nowhere, "0002_b").objection()
    assert isinstance(error, UnansweredQuestionError)
    assert str(error).startswith("Not proven: 0002_a cannot be replayed")


def test_a_branch_that_is_recorded_does_not_move(project):
    forked(project)
    project.migrate("0002_b")
    with pytest.raises(RefusedError, match="0002_b cannot get another place: applied to 'default'"):
        find(project, "0002_b").moves()
