"""Tables before and after: what is marked, and what is left out."""

from xml.etree import ElementTree

from alembic_manage.diagram.comparison import Renames, compared, keys_only
from alembic_manage.diagram.diagram import Column, Diagram, Mark, Relation, Table
from alembic_manage.diagram.svg import drawing

KEY = Column("id", "integer", is_primary=True)


def diagram(*tables: Table) -> Diagram:
    return Diagram("tables", tables, ())


def marks(shown: Diagram) -> dict[str, Mark | None]:
    return {f"{table.name}.{column.name}": column.mark for table in shown.tables for column in table.columns}


def test_columns_that_come_go_or_change_are_marked_on_their_side():
    before = diagram(Table("orders", (KEY, Column("note", "text"), Column("total", "integer"))))
    after = diagram(Table("orders", (KEY, Column("total", "bigint"), Column("status", "text"))))
    left, right = compared(before, after)
    assert marks(left) == {"orders.id": None, "orders.note": Mark.REMOVED, "orders.total": Mark.ALTERED}
    assert marks(right) == {"orders.id": None, "orders.total": Mark.ALTERED, "orders.status": Mark.ADDED}


def test_what_a_diagram_does_not_show_is_marked_where_it_is_named():
    same = diagram(Table("orders", (KEY, Column("note", "text"))))
    left, right = compared(same, same, {("orders", "note")})
    assert marks(left)["orders.note"] is marks(right)["orders.note"] is Mark.ALTERED


def test_a_renamed_table_or_column_is_altered_and_not_two_things():
    before = diagram(Table("orders", (KEY, Column("note", "text"))))
    after = diagram(Table("sales", (KEY, Column("remark", "text"))))
    left, right = compared(before, after, (), Renames({"orders": "sales"}, {("orders", "note"): "remark"}))
    assert [table.mark for table in (*left.tables, *right.tables)] == [Mark.ALTERED, Mark.ALTERED]
    assert marks(left)["orders.note"] is marks(right)["sales.remark"] is Mark.ALTERED


def test_a_column_whose_name_another_takes_is_gone():
    before = diagram(Table("orders", (Column("total_new", "bigint"), Column("total", "integer"))))
    after = diagram(Table("orders", (Column("total", "bigint"),)))
    left, right = compared(before, after, (), Renames({}, {("orders", "total_new"): "total"}))
    assert marks(left) == {"orders.total_new": Mark.ALTERED, "orders.total": Mark.REMOVED}
    assert marks(right) == {"orders.total": Mark.ALTERED}


def test_a_table_that_comes_or_goes_is_marked_as_a_whole():
    table = Table("orders", (KEY,))
    left, right = compared(diagram(table), diagram(Table("sales", (KEY,))))
    assert (left.tables[0].mark, right.tables[0].mark) == (Mark.REMOVED, Mark.ADDED)
    assert set(marks(left).values()) == {None}


def test_what_is_the_same_in_a_wide_table_becomes_one_line():
    wide = (KEY, *(Column(f"c{number}", "text") for number in range(20)))
    left, right = compared(diagram(Table("t", wide)), diagram(Table("t", (*wide, Column("new", "text")))))
    assert [column.name for column in left.tables[0].columns] == ["id", "20 more columns"]
    assert [column.name for column in right.tables[0].columns] == ["id", "new", "20 more columns"]
    assert [column.name for column in keys_only(Table("t", wide)).columns] == ["id", "20 more columns"]


def test_a_picture_says_what_differs_and_nothing_of_it_takes_the_focus():
    after = Diagram(
        "tables",
        (Table("t", (KEY, Column("new <b>", "text", mark=Mark.ADDED))), Table("gone", (KEY,), mark=Mark.REMOVED)),
        (Relation("t", "gone", ("id",)),),
    )
    text = drawing(after, picture="m1-after")
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "m1-after-title m1-after-about"
    assert root.findtext("{http://www.w3.org/2000/svg}desc") == (
        "2 tables, 1 foreign key. t: new <b> text added. gone removed."
    )
    assert "tabindex" not in text
