"""Which revisions may rebuild a table, and so must not find foreign keys enforced."""

from textwrap import dedent

import pytest

from alembic_manage.execution.rebuilds import may_rebuild_tables


def may_rebuild(tmp_path, source: str) -> bool:
    path = tmp_path / "a.py"
    path.write_text(dedent(source), encoding="utf-8")
    return may_rebuild_tables(path, "upgrade")


@pytest.mark.parametrize(
    "body",
    [
        'with op.batch_alter_table("a") as b:\n        b.add_column(x)',
        'op.drop_table("a")',
        'op.execute("DROP TABLE a")',
        'op.execute("pragma foreign_keys=on")',
        'for s in open("0002.sql").read().split(";"):\n        op.execute(s)',
        'op.execute(f"DROP {x}")',
        "op.rebuild_parents()",
        "from somewhere import rebuild",
        "import myproject.migrating",
        "from .sibling import rebuild",
    ],
)
def test_what_could_rebuild_a_table_is_found(tmp_path, body):
    assert may_rebuild(tmp_path, f"from alembic import op\ndef upgrade():\n    {body}\n")


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        'op.create_table("a")',
        'op.add_column("a", sa.Column("b", sa.Text()))',
        'op.execute("DELETE FROM parents WHERE id = 1")',
        "from sqlalchemy.orm import Session",
    ],
)
def test_what_cannot_rebuild_a_table_is_certain(tmp_path, body):
    assert not may_rebuild(tmp_path, f"import sqlalchemy as sa\nfrom alembic import op\ndef upgrade():\n    {body}\n")


def test_a_file_that_cannot_be_read_may_rebuild(tmp_path):
    assert may_rebuild(tmp_path, "def (")
    assert may_rebuild_tables(tmp_path / "missing.py", "upgrade")


def test_the_other_direction_the_docstring_comments_and_ids_do_not_count(tmp_path):
    source = """
        'drop stale parents'
        from alembic import op
        revision = "0002_drop_stale_parents"

        def upgrade():
            op.execute("DELETE FROM parents")  # not a drop

        def downgrade():
            op.drop_table("a")
        """
    assert not may_rebuild(tmp_path, source)


@pytest.mark.parametrize("other", ["swap", "downgrade"])
def test_a_function_that_upgrade_calls_counts(tmp_path, other):
    assert may_rebuild(tmp_path, f"def upgrade():\n    {other}()\n\ndef {other}():\n    op.drop_table('a')\n")
