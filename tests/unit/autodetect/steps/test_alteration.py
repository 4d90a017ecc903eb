"""An ALTER of a column, in parts."""

from alembic.operations import ops
from sqlalchemy import Integer, String

from alembic_manage.autodetect.steps.alteration import changes_of, part_of, parts_of


def alteration() -> ops.AlterColumnOp:
    return ops.AlterColumnOp(
        "orders",
        "size",
        schema="shop",
        existing_type=String(20),
        existing_nullable=True,
        existing_server_default="0",
        existing_comment="old",
        modify_type=Integer(),
        modify_nullable=False,
        modify_server_default=None,
        modify_comment="new",
        autoincrement=False,
    )


def test_changes_are_told():
    assert changes_of(alteration()) == {"type", "nullable", "server_default", "comment"}
    assert changes_of(ops.AlterColumnOp("orders", "size", existing_nullable=True)) == set()
    assert changes_of(ops.AlterColumnOp("orders", "size", modify_name="length")) == {"other"}
    assert changes_of(ops.AlterColumnOp("orders", "size", modify_nullable=True)) == {"nullable"}


def test_part_says_what_is_there_already():
    part = part_of(alteration(), {"type"})
    assert (str(part.existing_type), str(part.modify_type)) == ("VARCHAR(20)", "INTEGER")
    assert (part.existing_nullable, part.modify_nullable) == (True, None)
    assert (part.existing_server_default, part.modify_server_default) == ("0", False)
    assert (part.existing_comment, part.modify_comment) == ("old", False)
    assert part.schema == "shop" and part.kw == {"autoincrement": False}


def test_part_after_others_begins_where_they_end():
    part = part_of(alteration(), {"nullable"}, after={"type", "server_default", "comment"})
    assert str(part.existing_type) == "INTEGER" and part.modify_type is None
    assert part.existing_server_default is None and part.existing_comment == "new"
    assert part.modify_nullable is False


def test_part_taken_back_leads_to_where_it_began():
    back = part_of(alteration(), {"nullable"}, after={"type"}).reverse()
    assert str(back.existing_type) == "INTEGER" and back.modify_type is None
    assert (back.existing_nullable, back.modify_nullable) == (False, True)


def test_whole_is_unchanged_by_its_parts():
    whole = alteration()
    part_of(whole, {"type"}, after={"comment"})
    assert whole.existing_comment == "old" and whole.modify_nullable is False


def test_parts_follow_one_another_and_none_is_empty():
    first, second = parts_of(alteration(), {"type", "other"}, {"other"}, {"nullable", "server_default", "comment"})
    assert changes_of(first) == {"type"}
    assert changes_of(second) == {"nullable", "server_default", "comment"}
    assert str(second.existing_type) == "INTEGER"
