"""Which columns are offered as renamed."""

import sqlalchemy as sa
from support.renames import offered, schema, table

from alembic_manage.autodetect.candidates import column_renames

C = sa.Column
PLACES = table("places")


def refers(column: str, to: str, **options) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return C(column, sa.Integer, **options), sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{column}")


def columns(before: list, after: list) -> dict[str, list[str]]:
    return offered(column_renames, [table("orders", *before)], [table("orders", *after)])


def test_one_gone_and_one_come_of_one_type_is_offered():
    assert columns([C("placed", sa.DateTime)], [C("placed_at", sa.DateTime)]) == {"orders.placed": ["orders.placed_at"]}


def test_one_gone_and_one_come_of_one_type_is_offered_whatever_it_is_called_where_places_tell_nothing():
    before = [C("x", sa.Date), C("y", sa.Date), C("b", sa.Integer)]
    after = [C("y", sa.Date), C("note", sa.Integer), C("x", sa.Date)]
    assert columns(before, after) == {"orders.b": ["orders.note"]}


def test_nothing_is_offered_where_nothing_is_gone():
    assert columns([C("placed", sa.DateTime)], [C("placed", sa.DateTime), C("placed_at", sa.DateTime)]) == {}


def test_nothing_is_offered_where_nothing_has_come():
    assert columns([C("a", sa.Integer), C("b", sa.Integer)], [C("a", sa.Integer)]) == {}


def test_rename_is_offered_when_the_type_changes_too():
    before, after = [C("qty", sa.Integer)], [C("quantity", sa.Numeric(10, 2))]
    assert columns(before, after) == {"orders.qty": ["orders.quantity"]}


def test_what_else_changes_is_said():
    before = schema(table("orders", C("note", sa.String(40))))
    after = schema(table("orders", C("notes", sa.String(80), nullable=False, server_default="-")))
    (offer,) = column_renames(before, after)
    assert offer.candidates[0].also == "VARCHAR(40) becomes VARCHAR(80), becomes NOT NULL, gets the default '-'"


def test_nothing_is_said_where_only_the_name_changes():
    (offer,) = column_renames(schema(table("orders", C("note", sa.Text))), schema(table("orders", C("notes", sa.Text))))
    assert offer.candidates[0].also == ""


def test_a_column_of_another_type_and_meaning_is_not_offered():
    assert columns([C("note", sa.Text)], [C("shipped", sa.Boolean)]) == {}


def test_a_column_of_another_meaning_at_the_end_is_not_offered():
    kept = C("name", sa.Text), C("name", sa.Text)
    assert columns([C("fax", sa.String(20)), kept[0]], [kept[1], C("timezone", sa.String(20))]) == {}


def test_a_new_column_at_the_end_that_shares_a_word_with_one_from_the_middle_is_not_offered():
    kept = C("name", sa.Text), C("name", sa.Text)
    assert columns([C("banner_link", sa.Text), kept[0]], [kept[1], C("news_link", sa.Text)]) == {}


def test_a_new_column_at_the_end_is_offered_where_the_name_is_the_same_but_for_a_detail():
    kept = C("name", sa.Text), C("name", sa.Text)
    assert columns([C("phonecode", sa.Text), kept[0]], [kept[1], C("phone_code", sa.Text)]) == {
        "orders.phonecode": ["orders.phone_code"]
    }


def test_several_renames_go_to_the_names_that_fit():
    before = [C("created", sa.DateTime), C("updated", sa.DateTime)]
    after = [C("updated_at", sa.DateTime), C("created_at", sa.DateTime)]
    assert columns(before, after) == {
        "orders.created": ["orders.created_at"],
        "orders.updated": ["orders.updated_at"],
    }


def test_a_swap_is_seen_where_the_definitions_say_so():
    before = table("moves", *refers("source", "places"), C("stamp", sa.DateTime))
    after = table("moves", *refers("stamp", "places"), C("source", sa.DateTime))
    assert offered(column_renames, [PLACES, before], [PLACES, after]) == {
        "moves.source": ["moves.stamp"],
        "moves.stamp": ["moves.source"],
    }


def test_a_chain_is_seen_where_the_definitions_say_so():
    before = table("jobs", C("owner_name", sa.String(60)), *refers("owner", "places"))
    after = table("jobs", C("owner", sa.String(60)), *refers("owner_id", "places"))
    assert offered(column_renames, [PLACES, before], [PLACES, after]) == {
        "jobs.owner_name": ["jobs.owner"],
        "jobs.owner": ["jobs.owner_id"],
    }


def test_a_chain_of_names_of_one_letter_is_seen_by_the_types():
    before, after = [C("a", sa.String(20)), C("b", sa.Integer)], [C("b", sa.String(20)), C("c", sa.Integer)]
    assert columns(before, after) == {"orders.a": ["orders.b"], "orders.b": ["orders.c"]}


def test_a_swap_of_names_of_one_letter_is_seen_by_the_types():
    before, after = [C("a", sa.Boolean), C("b", sa.DateTime)], [C("b", sa.Boolean), C("a", sa.DateTime)]
    assert columns(before, after) == {"orders.a": ["orders.b"], "orders.b": ["orders.a"]}


def test_a_name_that_stays_with_another_type_is_no_link_of_a_chain_where_its_own_type_is_gone():
    before, after = [C("a", sa.String(20)), C("b", sa.String(20))], [C("b", sa.Integer), C("c", sa.DateTime)]
    assert columns(before, after) == {}


def test_a_model_that_is_translated_is_told_by_the_order_of_its_types():
    before = [C("ilosc", sa.Integer), C("uwagi", sa.Text), C("termin", sa.DateTime)]
    after = [C("count", sa.Integer), C("remark", sa.Text), C("due", sa.DateTime)]
    assert columns(before, after) == {
        "orders.ilosc": ["orders.count"],
        "orders.uwagi": ["orders.remark"],
        "orders.termin": ["orders.due"],
    }


def test_as_many_columns_of_one_type_are_not_told_by_their_order():
    before, after = [C("red", sa.Text), C("high", sa.Text)], [C("folder", sa.Text), C("zip", sa.Text)]
    assert columns(before, after) == {}


def test_a_swap_of_two_lengths_is_seen_where_the_places_are_swapped_too():
    before, after = [C("a", sa.BigInteger), C("b", sa.Integer)], [C("b", sa.BigInteger), C("a", sa.Integer)]
    assert columns(before, after) == {"orders.a": ["orders.b"], "orders.b": ["orders.a"]}


def test_two_lengths_that_change_in_their_places_are_no_swap():
    before, after = [C("a", sa.BigInteger), C("b", sa.Integer)], [C("a", sa.Integer), C("b", sa.BigInteger)]
    assert columns(before, after) == {}


def test_a_uuid_is_no_text_where_the_database_has_none():
    before, after = [C("a", sa.Uuid), C("b", sa.String(20))], [C("b", sa.Uuid), C("a", sa.String(20))]
    found = offered(column_renames, [table("orders", *before)], [table("orders", *after)], database="sqlite")
    assert found == {"orders.a": ["orders.b"], "orders.b": ["orders.a"]}


def test_a_text_that_became_a_reference_is_not_offered():
    assert columns([C("zone", sa.String(20))], [C("zone_id", sa.Integer)]) == {}
    assert columns([C("zone", sa.Integer)], [C("zone_id", sa.Integer)]) == {"orders.zone": ["orders.zone_id"]}


def test_another_number_in_the_name_speaks_against_it():
    def score(new: str) -> float:
        (offer,) = column_renames(schema(table("t", C("line1", sa.Text))), schema(table("t", C(new, sa.Text))))
        return offer.candidates[0].score

    assert score("line2") < score("line_1")


def test_a_name_that_tells_of_another_table_speaks_against_it():
    def found(*tables: sa.Table) -> dict[str, list[str]]:
        before = [table("t", C("share_id", sa.Integer), C("note", sa.Text)), *tables]
        after = [table("t", C("note", sa.Text), C("share_type_id", sa.Integer)), *tables]
        return offered(column_renames, before, after)

    assert found() == {"t.share_id": ["t.share_type_id"]}
    assert found(table("shares"), table("share_types")) == {}


def test_columns_that_changed_places_are_no_swap():
    assert columns([C("a", sa.Text), C("b", sa.Text)], [C("b", sa.Text), C("a", sa.Text)]) == {}


def test_a_new_type_alone_is_no_rename():
    assert columns([C("a", sa.Text), C("b", sa.Text)], [C("a", sa.Integer), C("b", sa.Text)]) == {}


def test_a_foreign_key_to_the_same_table_speaks_for_a_rename():
    def score(before: list, after: list) -> float:
        (offer,) = column_renames(schema(PLACES, table("t", *before)), schema(PLACES, table("t", *after)))
        return offer.candidates[0].score

    plain = score([C("holder", sa.Integer)], [C("holder_id", sa.Integer)])
    assert score([*refers("holder", "places")], [*refers("holder_id", "places")]) > plain


def test_a_foreign_key_to_another_table_speaks_against_it():
    coupons = table("coupons")
    before = table("orders", *refers("courier_id", "places"))
    after = table("orders", *refers("coupon_id", "coupons"))
    assert offered(column_renames, [PLACES, coupons, before], [PLACES, coupons, after]) == {}


def test_a_reference_to_a_new_table_is_not_offered_where_the_old_one_stays():
    def links(to: str) -> sa.Table:
        return table("links", C("note", sa.Text), *refers(f"batch_{to}_id", f"batch_{to}s"))

    files, headers = table("batch_files"), table("batch_headers")
    assert offered(column_renames, [files, links("file")], [files, headers, links("header")]) == {}


def test_a_reference_to_a_table_that_was_there_already_is_not_offered_where_the_old_one_is_gone():
    def links(to: str) -> sa.Table:
        return table("links", C("note", sa.Text), *refers(f"batch_{to}_id", f"batch_{to}s"))

    files, headers = table("batch_files"), table("batch_headers")
    assert offered(column_renames, [files, headers, links("file")], [headers, links("header")]) == {}


def test_as_many_new_names_as_old_ones_that_are_equally_alike_are_no_division():
    def talks(first: str, second: str, *more: str) -> list:
        parts = [[C(f"{name}_{form}", sa.Text) for form in ("text", "html")] for name in (first, second)]
        kinds = [[C(f"{part}_{kind}", sa.Text) for kind in more] for part in ("talk", "stage")]
        return [*parts[0], *kinds[0], C("room", sa.Integer), *parts[1], *kinds[1], C("seats", sa.Integer)]

    assert columns(talks("objective", "description", "kind"), talks("abstract", "outline")) == {
        "orders.objective_text": ["orders.abstract_text"],
        "orders.objective_html": ["orders.abstract_html"],
        "orders.description_text": ["orders.outline_text"],
        "orders.description_html": ["orders.outline_html"],
    }


def test_a_constraint_that_is_the_same_with_the_new_name_speaks_for_it():
    def stock(column: str, text: str) -> list[sa.Table]:
        kept = C("high", sa.Integer)
        first = [C(column, sa.Integer), kept] if column == "low" else [kept, C(column, sa.Integer)]
        return [table("stock", *first, C("zone", sa.Text), sa.CheckConstraint(text, name="ck"))]

    assert offered(column_renames, stock("low", "low < high"), stock("base", "base < high")) == {
        "stock.low": ["stock.base"]
    }


def test_the_only_primary_key_speaks_for_a_rename():
    def keyed(name: str, *others: sa.Column) -> list[sa.Table]:
        return [sa.Table("orders", sa.MetaData(), C(name, sa.Integer, primary_key=True), *others)]

    after = keyed("note", C("made", sa.Date))
    assert offered(column_renames, keyed("id"), after) == {"orders.id": ["orders.note"]}


def test_equal_candidates_are_offered_together():
    def files(*names: str) -> list:
        keys = [sa.UniqueConstraint(name, "bucket", name=f"uq_{name}") for name in names]
        return [C("bucket", sa.Text), *(C(name, sa.Text) for name in names), C("size", sa.Integer), *keys]

    # The columns that stay are in another order there, so that places tell nothing.
    key = sa.UniqueConstraint("object_key", "bucket", name="uq")
    before = [C("size", sa.Integer), C("object_key", sa.Text), C("bucket", sa.Text), key]
    assert columns(before, files("first_object_key", "last_object_key")) == {
        "orders.object_key": ["orders.first_object_key", "orders.last_object_key"]
    }


def test_a_column_that_several_tables_have_renamed_is_offered_in_each():
    def tables(column: str) -> list[sa.Table]:
        return [table(name, C(column, sa.Integer), C("x", sa.Integer)) for name in ("a", "b", "c")]

    found = offered(column_renames, tables("tenant_id"), tables("workspace_id"))
    assert found == {f"{name}.tenant_id": [f"{name}.workspace_id"] for name in ("a", "b", "c")}


def test_tables_of_another_schema_have_their_own_paths():
    before = table("orders", C("placed", sa.DateTime), of="sales")
    after = table("orders", C("placed_at", sa.DateTime), of="sales")
    assert offered(column_renames, [before], [after]) == {"sales.orders.placed": ["sales.orders.placed_at"]}


def test_the_answer_is_always_the_same():
    def found() -> list:
        before = schema(table("t", *(C(f"a{number}", sa.Integer) for number in range(6))))
        after = schema(table("t", *(C(f"b{number}", sa.Integer) for number in range(6))))
        return column_renames(before, after)

    assert found() == found() != []
