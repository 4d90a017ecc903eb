"""What a migration loses, told from its file."""

from pathlib import Path

import pytest

from alembic_manage.history import Revision
from alembic_manage.review.losses import losses_in

FILE = """
def upgrade():
    {up}


def downgrade():
    {down}
"""


@pytest.mark.parametrize(
    ("up", "down", "losses"),
    [
        ("op.create_index('ix', 't', ['a'])", "op.drop_index('ix', 't')", []),
        (
            "op.add_column('t', sa.Column('a', sa.Integer))",
            "op.drop_column('t', 'a')",
            ["Downgrade drops column t.a with the values written since."],
        ),
        (
            "op.drop_column('t', 'a')",
            "op.add_column('t', sa.Column('a', sa.Integer))",
            ["Upgrade drops column t.a; downgrade brings it back without its values."],
        ),
        (
            "op.drop_column('t', 'a')",
            "op.add_column('t', sa.Column('a', sa.Integer))\n    op.execute('UPDATE t SET a = b WHERE b IS NOT NULL')",
            ["Upgrade drops column t.a; downgrade brings it back and fills it from b."],
        ),
        (
            "op.drop_column('t', 'a')",
            "op.add_column('t', sa.Column('a', sa.Integer))\n    op.execute('UPDATE t SET a = 0 WHERE a IS NULL')",
            ["Upgrade drops column t.a; downgrade brings it back without its values."],
        ),
        (
            "op.drop_table('t')",
            "pass",
            [
                "Upgrade drops table t with all of its rows; nothing brings it back.",
                "Downgrade does nothing: what upgrade did stays, or it raises.",
            ],
        ),
        ("op.create_table('t')", "op.drop_table('t')", ["Downgrade drops table t with the rows written since."]),
        ("pass", "pass", []),
    ],
)
def test_losses(tmp_path: Path, up: str, down: str, losses: list[str]):
    path = tmp_path / "a.py"
    path.write_text(FILE.format(up=up, down=down))
    assert list(losses_in(Revision("a", path))) == losses
