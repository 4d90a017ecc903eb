"""Branches replayed in every order on the history state."""

import pytest

from alembic_manage.branches.fork import Fork
from alembic_manage.branches.proof import MOST, Proof
from alembic_manage.branches.verdict import Outcome, Verdict

URL = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
ORDERS = """
op.create_table(
    "orders",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("total", sa.Numeric(10, 2)),
    sa.Column("note", sa.Text),
)
op.create_table("customers", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
"""


@pytest.fixture
def project(make_tiny_project):
    made = make_tiny_project(URL)
    made.revision("start", ORDERS)
    return made


def verdict(project) -> Verdict:
    environment = project.environment
    return Proof(environment, Fork.of(environment.history, [head.id for head in environment.history.heads])).verdict


def proven(project, *branches: str) -> Verdict:
    """The verdict about branches of one revision each, "a", "b", ..., after the tables of ORDERS."""
    for name, body in zip("abcdefgh", branches, strict=False):
        project.revision(name, body, down="start")
    return verdict(project)


def touched(found: Verdict) -> list[str]:
    return [touch.line for touch in found.touched]


def test_new_columns_of_two_tables_commute(project):
    found = proven(
        project,
        'op.add_column("orders", sa.Column("x", sa.Integer))',
        'op.add_column("customers", sa.Column("x", sa.Integer))',
    )
    assert found == Verdict(Outcome.COMMUTE, "")
    assert list(found.lines()) == ["The branches commute: either order gives the same schema."]


def test_new_columns_of_one_table_commute_but_for_their_order(project):
    found = proven(
        project,
        'op.add_column("orders", sa.Column("x", sa.Integer))',
        'op.add_column("orders", sa.Column("y", sa.Integer))',
    )
    assert (found.outcome, found.column_orders) == (Outcome.COMMUTE, ("orders",))
    assert touched(found) == ["table orders (a: column x added; b: column y added)"]
    assert "The columns of orders stand in another order, depending on which branch is first: no conflict." in list(
        found.lines()
    )


def test_two_types_for_one_column_do_not_commute(project):
    found = proven(
        project,
        'op.alter_column("orders", "total", type_=sa.Numeric(12, 2))',
        'op.alter_column("orders", "total", type_=sa.Numeric(14, 2))',
    )
    assert found.outcome is Outcome.CONFLICT
    assert touched(found) == ["column orders.total (a: changed; b: changed)"]
    assert list(found.lines())[-2:] == [
        "They do not commute: 1 object(s) depend on the order.",
        "  column orders.total: NUMERIC(14, 2) NULL when b is last; NUMERIC(12, 2) NULL when a is last",
    ]


def test_a_revision_that_raises_after_the_other_branch_does_not_commute(project):
    found = proven(
        project,
        'op.drop_column("orders", "note")',
        'op.create_index("ix_note", "orders", ["note"])',
    )
    assert found.outcome is Outcome.CONFLICT
    assert found.reason.startswith("after a, b cannot be replayed: ")
    assert 'no column "note"' in found.reason
    assert found.reason.endswith("b.py:13)")
    assert touched(found) == ["column orders.note (a: removed; b: used by index ix_note)"]


def test_the_same_table_made_twice_does_not_commute(project):
    table = 'op.create_table("tags", sa.Column("id", sa.Integer, primary_key=True))'
    found = proven(project, table, table)
    assert found.outcome is Outcome.CONFLICT
    assert 'the table "tags" exists already' in found.reason


def test_a_column_that_one_branch_renames_and_the_other_alters_does_not_commute(project):
    found = proven(
        project,
        'op.alter_column("orders", "note", new_column_name="remark")',
        'op.alter_column("orders", "note", nullable=False)',
    )
    assert found.outcome is Outcome.CONFLICT
    assert touched(found) == ["column orders.note (a: renamed to remark; b: changed)"]


def test_a_table_that_one_branch_renames_and_the_other_changes_does_not_commute(project):
    found = proven(
        project, 'op.rename_table("orders", "purchases")', 'op.add_column("orders", sa.Column("x", sa.Integer))'
    )
    assert found.outcome is Outcome.CONFLICT
    assert touched(found) == ["table orders (a: renamed to purchases; b: column x added)"]


def test_a_foreign_key_to_a_table_that_the_other_branch_drops_does_not_commute(make_tiny_project):
    """SQLite runs both in either order, and refuses the next row."""
    project = make_tiny_project("sqlite://")
    project.revision("start", ORDERS)
    batch = 'with op.batch_alter_table("orders") as batch_op:\n    batch_op.'
    found = proven(
        project,
        f'{batch}create_foreign_key("fk", "customers", ["id"], ["id"])',
        'op.drop_table("customers")',
    )
    assert found.result == (
        "They do not commute: constraint fk of orders needs column customers.id, which is not there after both."
    )


def test_two_labels_of_one_type_do_not_commute(project):
    project.revision("start", "op.execute(\"CREATE TYPE mood AS ENUM ('good')\")")
    found = proven(
        project,
        "op.execute(\"ALTER TYPE mood ADD VALUE 'bad'\")",
        "op.execute(\"ALTER TYPE mood ADD VALUE 'fair'\")",
    )
    assert [each.line for each in found.differences] == [
        "type mood: good, bad, fair when b is last; good, fair, bad when a is last"
    ]


def test_an_opaque_revision_proves_nothing(project):
    found = proven(project, 'op.execute("ALTER TABLE orders FROBNICATE x")', "pass")
    assert found.outcome is Outcome.UNPROVEN
    assert found.result.startswith("Not proven: a cannot be replayed: ")
    assert found.is_open


def test_an_opaque_revision_before_the_branches_proves_nothing(project):
    project.revision("start", 'op.execute("ALTER TABLE orders FROBNICATE x")')
    found = proven(project, "pass", "pass")
    assert found.result.startswith("Not proven: start cannot be replayed: ")


def test_rows_of_other_tables_are_named_and_leave_nothing_open(project):
    found = proven(
        project,
        "op.execute(\"UPDATE orders SET note = ''\")",
        'op.add_column("customers", sa.Column("x", sa.Integer))',
    )
    assert [work.line for work in found.rows] == [
        "Rows: not proven: a runs UPDATE orders SET note = ''; no other branch touches these tables."
    ]
    assert (found.outcome, found.is_open) == (Outcome.COMMUTE, False)


@pytest.mark.parametrize(
    "other",
    [
        'op.add_column("orders", sa.Column("x", sa.Integer))',
        'op.execute("DELETE FROM orders")',
        'op.add_column("customers", sa.Column("o", sa.Integer))\n'
        'op.create_foreign_key("fk_o", "customers", "orders", ["o"], ["id"])',
    ],
)
def test_rows_of_a_table_that_the_other_branch_touches_are_an_open_question(project, other):
    found = proven(project, "op.execute(\"UPDATE orders SET note = ''\")", other)
    assert found.rows[0].line.endswith("b touches orders too.")
    assert (found.outcome, found.is_open) == (Outcome.COMMUTE, True)


def test_rows_that_python_inserts_count(project):
    found = proven(
        project,
        'op.bulk_insert(sa.table("customers", sa.column("id")), [{"id": 1}])',
        'op.drop_column("customers", "name")',
    )
    assert found.rows[0].shared == (("customers", "b"),)


def test_the_copy_of_a_rebuilt_table_is_no_work_on_rows(make_tiny_project):
    project = make_tiny_project("sqlite://")
    project.revision("start", ORDERS)
    batch = 'with op.batch_alter_table("orders") as batch_op:\n    batch_op.alter_column("{}", nullable=False)'
    found = proven(project, batch.format("note"), batch.format("total"))
    assert (found.outcome, found.rows) == (Outcome.COMMUTE, ())


def test_three_branches_are_proven_in_every_order(project):
    columns = [f'op.add_column("orders", sa.Column("{name}", sa.Integer))' for name in "xyz"]
    assert proven(project, *columns).outcome is Outcome.COMMUTE


def test_of_three_branches_the_two_that_do_not_commute_are_told(project):
    found = proven(
        project,
        'op.add_column("customers", sa.Column("x", sa.Integer))',
        'op.alter_column("orders", "total", type_=sa.Numeric(12, 2))',
        'op.alter_column("orders", "total", type_=sa.Numeric(14, 2))',
    )
    assert [(each.one_order, each.other_order) for each in found.differences] == [(("b", "c"), ("c", "b"))]


def test_three_branches_that_only_commute_in_pairs_do_not_commute(project):
    """Each two of them leave a column that the third one cannot be without."""
    needs_one = """
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("orders")]
    assert {"x", "y"} - set(names)
    """
    found = proven(
        project,
        'op.add_column("orders", sa.Column("x", sa.Integer))',
        'op.add_column("orders", sa.Column("y", sa.Integer))',
        needs_one,
    )
    assert found.outcome is Outcome.CONFLICT
    assert found.reason.startswith("after a and b, c cannot be replayed")


def test_more_branches_than_can_be_replayed_prove_nothing(project):
    assert (
        proven(project, *["pass"] * (MOST + 1)).result == "Not proven: there are 7 branches; merge some of them first."
    )


def test_branches_that_run_mixed_must_give_the_same_schema_too(project):
    """By their names they run a1, b1, c2, d2: neither branch after the other."""
    flag = 'op.add_column("customers", sa.Column("flag", sa.Integer))'
    unflag = 'op.drop_column("customers", "flag")'
    project.revision("a1", flag, down="start")
    project.revision("c2", unflag, down="a1")
    project.revision("b1", flag, down="start")
    project.revision("d2", unflag, down="b1")
    found = verdict(project)
    assert found.outcome is Outcome.CONFLICT
    assert found.reason.startswith("in the order of their names, b1 cannot be replayed: ")


def test_two_histories_without_a_common_revision_are_proven_too(make_tiny_project):
    project = make_tiny_project(URL)
    project.revision("a", 'op.create_table("x", sa.Column("id", sa.Integer, primary_key=True))')
    project.revision("b", 'op.create_table("y", sa.Column("id", sa.Integer, primary_key=True))')
    assert verdict(project).outcome is Outcome.COMMUTE
