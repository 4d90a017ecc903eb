"""The renames of a revision that is written anew."""

from textwrap import indent

import pytest

from alembic_manage.branches.kept_renames import apart_in, dropped_in, renames_in, with_kept_renames
from alembic_manage.questions import Given


def renames(tmp_path, body: str) -> dict[str, str]:
    path = tmp_path / "x.py"
    path.write_text(f"def upgrade():\n{indent(body, '    ')}\n\ndef downgrade():\n    op.rename_table('x', 'y')\n")
    return dict(renames_in(path))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('op.alter_column("orders", "placed", new_column_name="at")', {"orders.placed": "orders.at"}),
        ('op.alter_column("o", "a", new_column_name="b", schema="s")', {"s.o.a": "s.o.b"}),
        (
            'with op.batch_alter_table("orders") as batch_op:\n    batch_op.alter_column("a", new_column_name="b")',
            {"orders.a": "orders.b"},
        ),
        ('op.rename_table("orders", "purchases")', {"orders": "purchases"}),
        ('op.rename_table("o", "p", schema="s")', {"s.o": "s.p"}),
        ('op.execute("ALTER TABLE orders RENAME COLUMN `order` TO \\"at\\"")', {"orders.order": "orders.at"}),
        ('op.execute("ALTER TABLE s.orders RENAME TO purchases;")', {"s.orders": "s.purchases"}),
        ("op.execute(\"ALTER TYPE mood RENAME VALUE 'it''s' TO 'x'\")", {"mood.it's": "mood.x"}),
        ('op.execute("ALTER TABLE orders RENAME CONSTRAINT a TO b")', {}),
        ('op.execute("ALTER TABLE orders SET SCHEMA archive")', {"orders": "archive.orders"}),
        ('op.execute("ALTER INDEX a RENAME TO b")', {}),
        ('op.execute("UPDATE orders SET a = b")', {}),
        ('op.alter_column("orders", "placed", nullable=True)', {}),
    ],
)
def test_what_upgrade_renames(tmp_path, body, expected):
    assert renames(tmp_path, body) == expected


def test_a_swap_by_a_third_name_is_two_renames(tmp_path):
    steps = [("a", "tmp"), ("b", "a"), ("tmp", "b")]
    body = "\n".join(f'op.alter_column("t", "{old}", new_column_name="{new}")' for old, new in steps)
    assert renames(tmp_path, body) == {"t.b": "t.a", "t.a": "t.b"}


def test_what_makes_room_and_goes_is_dropped(tmp_path):
    body = (
        'op.alter_column("t", "status", new_column_name="status_1")\n'
        'op.alter_column("t", "new_status", new_column_name="status")\n'
        'op.drop_column("t", "status_1")'
    )
    assert renames(tmp_path, body) == {"t.new_status": "t.status"}
    assert dropped_in(tmp_path / "x.py") == {"t.status"}


def test_a_rename_and_back_is_none(tmp_path):
    body = 'op.rename_table("a", "b")\nop.rename_table("b", "a")'
    assert renames(tmp_path, body) == {}


def test_what_a_revision_drops_is_no_older_name_of_what_it_makes_there(tmp_path):
    path = tmp_path / "x.py"
    path.write_text(
        "def upgrade():\n"
        "    op.add_column('t', sa.Column('a', sa.Integer))\n"
        "    op.add_column('other', sa.Column('b', sa.Integer))\n"
        "    op.drop_column('t', 'c')\n"
        "    op.drop_table('gone', schema='s')\n"
        "    op.create_table('new', sa.Column('id', sa.Integer))\n"
    )
    assert apart_in(path) == {("t.c", "t.a"), ("s.gone", "new")}
    assert with_kept_renames(Given(), {}, apart_in(path)).apart == apart_in(path)


def test_kept_renames_need_not_be_used():
    found = with_kept_renames(Given(), {"t.a": "t.b"})
    assert (found.renames, list(found.unused())) == ({"t.a": "t.b"}, [])


def test_what_is_typed_must_be_used():
    found = with_kept_renames(Given({"t.x": "t.y"}), {"t.a": "t.b"})
    assert [option for option, _ in found.unused()] == ["--rename t.x:t.y"]


def test_what_is_typed_goes_before_what_is_kept():
    assert with_kept_renames(Given({"t.a": "t.c"}), {"t.a": "t.b"}).renames == {"t.a": "t.c"}


def test_a_rename_of_a_rename_goes_from_the_first_name_to_the_last():
    assert with_kept_renames(Given({"t.b": "t.c"}), {"t.a": "t.b"}).renames == {"t.a": "t.c"}


def test_what_is_said_not_to_be_renamed_is_not_kept():
    assert with_kept_renames(Given(not_renamed=frozenset({"t.a"})), {"t.a": "t.b"}).renames == {}


def test_the_other_answers_stay():
    given = Given(values={"t.x": "0"}, later=frozenset({"t.y"}), proceed=frozenset({"t.z"}))
    assert with_kept_renames(given, {}) == given
