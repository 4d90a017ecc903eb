"""Branches on real databases: what they record, and that a rebased and a merged history run there."""

from collections.abc import Mapping

import pytest
from sqlalchemy.exc import DBAPIError
from support.databases import NAMES

from alembic_manage import CommandError
from alembic_manage.branches.merge import Merge
from alembic_manage.branches.moves import write_moves
from alembic_manage.branches.rebase import find_rebase
from alembic_manage.branches.recorded import read_recorded
from alembic_manage.branches.verdict import Outcome
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


# What two branches do to the tables of BEFORE, and whether the order matters.

BEFORE = """
op.create_table("customers", sa.Column("id", sa.Integer, primary_key=True))
op.create_table(
    "orders",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("customer_id", sa.Integer),
    sa.Column("total", sa.Integer),
    sa.Column("code", sa.String(20)),
    sa.UniqueConstraint("code", name="uq_code"),
)
"""
ADD = 'op.add_column("orders", sa.Column("{}", sa.Integer))'
BATCH = 'with op.batch_alter_table("orders") as batch_op:\n    batch_op.'
LONGER = BATCH + 'alter_column("code", existing_type=sa.String(20), type_=sa.String({}))'
FOREIGN_KEY = BATCH + 'create_foreign_key("fk_customer", "customers", ["customer_id"], ["id"])'
PAIRS = {
    "columns of one table": (ADD.format("x"), ADD.format("y")),
    "the same column": (ADD.format("x"), ADD.format("x")),
    "a column and an index on it": ('op.drop_column("orders", "total")', 'op.create_index("ix", "orders", ["total"])'),
    "a renamed table and its column": ('op.rename_table("orders", "purchases")', ADD.format("x")),
    "a renamed column and an index on it": (
        'op.alter_column("orders", "total", new_column_name="sum", existing_type=sa.Integer)',
        'op.create_index("ix", "orders", ["total"])',
    ),
    "two types of a column": (LONGER.format(30), LONGER.format(40)),
    "type and NOT NULL of a column": (
        LONGER.format(30),
        BATCH + 'alter_column("code", existing_type=sa.String(20), nullable=False)',
    ),
    "a foreign key and an index on its column": (FOREIGN_KEY, 'op.create_index("ix", "orders", ["customer_id"])'),
    "a foreign key and the table it refers to": (FOREIGN_KEY, 'op.drop_table("customers")'),
    "default and type of a column": (
        LONGER.format(30),
        BATCH + 'alter_column("code", existing_type=sa.String(20), server_default="x")',
    ),
    "two checks": (
        BATCH + 'create_check_constraint("ck_a", "total > 0")',
        BATCH + 'create_check_constraint("ck_b", "total > 1")',
    ),
    "a check and its column": (BATCH + 'create_check_constraint("ck_a", "total > 0")', BATCH + 'drop_column("total")'),
    "a key and its column": (BATCH + 'create_unique_constraint("uq", ["code"])', BATCH + 'drop_column("code")'),
    "a key and a foreign key to it": (
        BATCH + 'drop_constraint("uq_code", type_="unique")',
        'op.create_table("lines", sa.Column("code", sa.String(20)), '
        'sa.ForeignKeyConstraint(["code"], ["orders.code"], name="fk_code"))',
    ),
    "indexes of one name": (
        'op.create_index("ix", "orders", ["total"])',
        'op.create_index("ix", "customers", ["id"])',
    ),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("pair", PAIRS)
def test_the_verdict_is_what_the_database_says(make_tiny_project, new_database, name, pair):
    """Each order runs on an empty database of its own; where both run, the server describes what they left."""
    projects = []
    for _ in range(2):
        project = make_tiny_project(new_database(name).render_as_string(hide_password=False))
        project.revision("start", BEFORE)
        for id, body in zip("ab", PAIRS[pair], strict=True):
            project.revision(id, body, down="start")
        projects.append(project)
    found = [described(project, order) for project, order in zip(projects, ("ab", "ba"), strict=True)]
    commutes = None not in found and found[0] == found[1]
    assert (Merge(projects[0].environment).verdict.outcome is Outcome.COMMUTE) == commutes


def described(project, order: str) -> Mapping[str, str] | None:
    """What the database holds after the two revisions, but for the order of columns.

    None where one raises, or where no row can be written any more: SQLite finds a foreign key to nothing only then.
    """
    try:
        for id in order:
            project.migrate(id)
        enforced = ["PRAGMA foreign_keys=ON"] * project.dialect.is_file
        for table in sorted(project.tables):
            values = ", ".join(f"{column} = {column}" for column in sorted(project.columns(table)))
            project.execute(*enforced, f"UPDATE {table} SET {values}")
    except (CommandError, DBAPIError):
        return None
    found = description_of(project.environment)
    return {name: text for name, text in found.items() if not name.startswith("order of ")}
