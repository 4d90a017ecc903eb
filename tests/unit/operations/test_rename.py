"""A column that gets another name, as the revision says it."""

from io import StringIO

import pytest
import sqlalchemy as sa
from alembic.autogenerate import render_python_code
from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext

from alembic_manage.operations import RenameColumn

EXISTING = {
    "existing_type": sa.String(20),
    "existing_nullable": False,
    "existing_server_default": sa.DefaultClause(sa.text("'new'")),
    "existing_comment": "where it is",
}


def emitted(operation: ops.MigrateOperation, name: str) -> str:
    """The SQL of the line that is written for an operation."""
    lines = render_python_code(ops.UpgradeOps([operation]))
    out = StringIO()
    context = MigrationContext.configure(dialect_name=name, opts={"as_sql": True, "output_buffer": out})
    exec(f"if True:\n    {lines}", {"sa": sa, "op": Operations(context)})
    return " ".join(out.getvalue().split())


@pytest.mark.parametrize("name", ["postgresql", "sqlite", "mariadb"])
def test_the_line_runs_on_every_database(name):
    sql = emitted(RenameColumn("orders", "state", "status", existing=EXISTING), name)
    change = "CHANGE state status VARCHAR(20) NOT NULL DEFAULT 'new' COMMENT 'where it is'"
    assert sql.startswith("ALTER TABLE orders ")
    assert (change if name == "mariadb" else "RENAME") in sql


def test_the_way_back_says_the_same_of_the_old_name():
    there = RenameColumn("orders", "state", "status", "shop", existing=EXISTING)
    back = there.reverse()
    assert (back.old, back.new, back.schema, back.existing) == ("status", "state", "shop", there.existing)
