"""Which tables are offered as renamed."""

import sqlalchemy as sa
from support.renames import offered, schema, table

from alembic_manage.autodetect.candidates import table_renames

C = sa.Column


def book(name: str, *more: sa.Column, of: str | None = None) -> sa.Table:
    return table(name, C("isbn", sa.String(13)), C("pages", sa.Integer), C("printed", sa.Date), *more, of=of)


def test_a_table_with_the_same_columns_is_offered():
    assert offered(table_renames, [book("book")], [book("volume")]) == {"book": ["volume"]}


def test_a_table_that_moved_to_another_schema_is_offered():
    assert offered(table_renames, [book("book")], [book("book", of="library")]) == {"book": ["library.book"]}


def test_a_table_may_gain_a_column_with_its_rename():
    before, after = [book("book")], [book("books", C("weight", sa.Float))]
    assert offered(table_renames, before, after) == {"book": ["books"]}


def test_columns_that_come_and_go_with_it_are_said():
    before, after = schema(book("book", C("shelf", sa.Text))), schema(book("books", C("weight", sa.Float)))
    assert table_renames(before, after)[0].candidates[0].also == "without shelf; with weight"


def test_a_table_with_other_columns_is_not_offered():
    other = table("webhooks", C("url", sa.Text), C("secret", sa.Text))
    assert offered(table_renames, [book("book")], [other]) == {}


def test_tables_with_nothing_but_an_id_and_a_name_are_not_offered_by_their_columns():
    assert offered(table_renames, [table("moods", C("name", sa.Text))], [table("regions", C("name", sa.Text))]) == {}


def test_a_table_that_was_divided_is_not_offered():
    whole = book("book", C("street", sa.Text), C("town", sa.Text), C("zip", sa.Text), C("land", sa.Text))
    parts = [
        table("prints", C("isbn", sa.String(13)), C("printed", sa.Date)),
        table("places", C("street", sa.Text), C("zip", sa.Text), C("x", sa.Text)),
    ]
    assert offered(table_renames, [whole], parts) == {}


def test_tables_of_the_same_columns_go_to_the_names_that_fit():
    def lists(ending: str) -> list[sa.Table]:
        names = ("invoice_status", "invoice_line_status", "invoice_type", "invoice_line_type")
        return [table(f"{name}{ending}", C("code", sa.Text), C("label", sa.Text)) for name in names]

    found = offered(table_renames, lists("_code"), lists("_codes"))
    assert found == {str(each.name): [f"{each.name}s"] for each in lists("_code")}


def test_a_word_that_is_replaced_in_other_tables_speaks_for_a_rename():
    def tables(word: str) -> list[sa.Table]:
        kinds = {"note": sa.Text, "badge": sa.Integer}
        return [table(f"{word}_{part}", C(part, kind), C(f"{part}_x", kind)) for part, kind in kinds.items()]

    def score(count: int) -> float:
        return table_renames(schema(*tables("user")[:count]), schema(*tables("guest")[:count]))[0].candidates[0].score

    assert score(2) > score(1)


def test_columns_named_after_the_table_follow_it():
    def bots(name: str) -> sa.Table:
        return table(f"slack_{name}s", C(f"slack_{name}_name", sa.Text), C(f"slack_{name}_token", sa.Text))

    assert offered(table_renames, [bots("bot")], [bots("channel")]) == {"slack_bots": ["slack_channels"]}


def test_foreign_keys_that_moved_along_speak_for_a_rename():
    def tables(name: str) -> list[sa.Table]:
        parent = table(name, C("name", sa.Text), C("plan", sa.Text))
        reference = sa.ForeignKeyConstraint(["place"], [f"{name}.id"], name="fk")
        return [parent, table("docs", C("place", sa.Integer), reference)]

    before, after = schema(*tables("workspace")), schema(*tables("project"))
    alone = table_renames(schema(tables("workspace")[0]), schema(tables("project")[0]))
    (offer,) = table_renames(before, after)
    assert offer.candidates[0].score > (alone[0].candidates[0].score if alone else 0.5)


def invitations(name: str, word: str) -> sa.Table:
    columns = C(f"{word}_by", sa.Integer), C(f"{word}_at", sa.DateTime)
    return table(name, C("email", sa.String(80)), C("note", sa.Text), *columns)


def test_a_table_that_was_renamed_together_with_its_columns_is_offered_where_no_other_has_such_types():
    before, after = [invitations("invitations", "invited")], [invitations("guest_passes", "issued")]
    assert offered(table_renames, before, after) == {"invitations": ["guest_passes"]}


def test_the_types_say_nothing_where_a_second_new_table_has_them():
    after = [invitations("guest_passes", "issued"), invitations("day_tickets", "bought")]
    assert offered(table_renames, [invitations("invitations", "invited")], after) == {}


def test_the_types_say_nothing_of_tables_with_two_columns():
    def lists(name: str, column: str) -> list[sa.Table]:
        return [table(name, C(column, sa.Text))]

    assert offered(table_renames, lists("moods", "feeling"), lists("regions", "area")) == {}


def chest(name: str) -> sa.Table:
    return table(name, C("wood", sa.Text), C("volume", sa.Float), C("lock", sa.Boolean))


def test_two_tables_that_swap_their_names_are_offered():
    found = offered(table_renames, [book("a"), chest("b")], [chest("a"), book("b")])
    assert found == {"a": ["b"], "b": ["a"]}


def test_a_table_whose_name_another_one_takes_is_offered():
    found = offered(table_renames, [book("a"), chest("b")], [book("b"), chest("c")])
    assert found == {"a": ["b"], "b": ["c"]}


def test_a_table_whose_name_a_new_one_takes_is_offered():
    found = offered(table_renames, [book("books")], [book("old_books"), chest("books")])
    assert found == {"books": ["old_books"]}


def test_the_new_table_of_an_old_name_may_have_nothing_but_an_id():
    assert offered(table_renames, [book("books")], [book("old_books"), table("books")]) == {"books": ["old_books"]}


def test_a_column_that_moves_to_a_new_table_makes_no_other_table_of_the_old_one():
    before = table("orders", C("state", sa.Text))
    assert offered(table_renames, [before], [table("orders"), table("parcels", C("state", sa.Text))]) == {}


def test_a_table_that_keeps_half_of_its_columns_keeps_its_name():
    kept = book("books", C("shelf", sa.Text), C("weight", sa.Float))
    assert offered(table_renames, [book("books")], [book("old_books"), kept]) == {}


def test_a_table_that_the_same_keys_refer_to_keeps_its_name():
    loans = table("loans", C("book_id", sa.ForeignKey("books.id")))

    def tables(*others: sa.Table) -> list[sa.Table]:
        metadata = sa.MetaData()
        return [each.to_metadata(metadata) for each in (*others, loans)]

    before, after = tables(book("books")), tables(book("details"), chest("books"))
    assert offered(table_renames, before, after) == {}
