"""The four formats: what is written is read again, and an error has its line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alembic_manage.data.formats import format_named, json_format
from alembic_manage.data.formats.csv_format import cell, value_of
from alembic_manage.data.record import Record
from alembic_manage.errors import FixtureError

TREES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.text("abc", min_size=1), TREES, max_size=3)
RECORDS = st.lists(st.builds(Record, st.sampled_from(["shop.orders", "tags"]), FIELDS, st.lists(TREES, max_size=2)))


def written(format_: str, records: list[Record], indent: int | None = None) -> str:
    stream = io.StringIO()
    writer = format_named(format_).writer(stream, None, indent)
    for record in records:
        writer.write(record)
    writer.close()
    return stream.getvalue()


def read(format_: str, text: str) -> list[Record]:
    return list(format_named(format_).read(io.StringIO(text), "f", "m"))


def shapes(records: list[Record]) -> list[dict[str, Any]]:
    return [record.as_mapping() for record in records]


@pytest.mark.parametrize(("format_", "indent"), [("json", None), ("json", 3), ("jsonl", None)])
@settings(max_examples=30)
@given(records=RECORDS)
def test_what_is_written_is_read_again(format_: str, indent: int | None, records: list[Record]) -> None:
    plain = [record for record in records if not any(isinstance(value, list) or value is None for value in record.key)]
    assert shapes(read(format_, written(format_, plain, indent))) == shapes(plain)


@settings(max_examples=15)
@given(rows=st.lists(st.dictionaries(st.sampled_from("ab"), st.text(max_size=9) | st.integers() | st.booleans())))
def test_yaml_is_read_again(rows: list[dict[str, Any]]) -> None:
    records = [Record("shop.orders", row, [1]) for row in rows]
    assert shapes(read("yaml", written("yaml", records))) == shapes(records)


class Dripping(io.StringIO):
    """A stream that gives a character at a time, whatever is asked for."""

    def read(self, size: int | None = -1) -> str:
        return super().read(1)


@settings(max_examples=10)
@given(records=RECORDS)
def test_json_is_read_from_any_chunks(records: list[Record]) -> None:
    plain = [record for record in records if not any(isinstance(value, list) or value is None for value in record.key)]
    found = list(json_format.read(Dripping(written("json", plain, 2)), "f", "m"))
    assert shapes(found) == shapes(plain)


def endless() -> Iterator[str]:
    yield "["
    while True:
        yield '{"model": "a", "fields": {"text": "%s"}},' % ("x" * 1000)


class Endless(io.StringIO):
    """A list that never ends."""

    def __init__(self) -> None:
        super().__init__()
        self._parts = endless()

    def read(self, size: int | None = -1) -> str:
        return next(self._parts)


def test_json_is_not_read_as_a_whole() -> None:
    records = json_format.read(Endless(), "f", "m")
    assert [next(records).model for _ in range(100)] == ["a"] * 100


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", '[\n{"model": "a",\n "fields": {}},\n\n{"model": "b"}]'),
        ("jsonl", '\n{"model": "a"}\n\n\n{"model": "b"}\n'),
        ("yaml", "# a\n- model: a\n  fields:\n    x: 1\n- model: b\n"),
    ],
)
def test_each_record_knows_its_line(format_: str, text: str) -> None:
    first, second = (str(record.place) for record in read(format_, text))
    assert (first, second) == ("f:2", "f:5")


def test_a_row_of_csv_knows_its_first_line() -> None:
    assert [record.place.line for record in read("csv", 'a\n"x\ny"\n\nz\n') if record.place] == [2, 5]


@pytest.mark.parametrize(
    ("format_", "text", "says"),
    [
        ("json", '{"model": "a"}', "f:1: a fixture in JSON is a list"),
        ("json", '[\n{"model": "a"}\n{"model": "a"}]', "f:3: ',' or ']' is missing"),
        ("json", '[\n{"model": "a"},\n{"model": a}]', "f:3: this is no JSON"),
        ("json", '[{"model": "a"}', "f:1: the file ends within the list"),
        ("json", '[{"model": "a"}]\n[]', "f:2: something follows"),
        ("json", "[1]", "a record is"),
        ("json", '[{"pk": 1}]', "the record has no model"),
        ("json", '[{"model": "a", "fields": []}]', "'fields' must be an object"),
        ("json", '[{"model": "a", "fields": {}, "name": 1}]', "a record has no 'name'"),
        ("jsonl", '{"model": "a"}\n{', "f:2: this is no JSON"),
        ("yaml", "model: a", "f:1: a fixture in YAML is a list"),
        ("yaml", "- model: a\n- model: [", "f:2: this is no YAML"),
        ("csv", "a,b\n1,2\n1\n", "f:3: 1 values for 2 columns"),
        ("csv", 'a\n"x', "this is no CSV"),
    ],
)
def test_what_is_no_fixture_is_told_with_its_line(format_: str, text: str, says: str) -> None:
    with pytest.raises(FixtureError) as caught:
        read(format_, text)
    assert says in str(caught.value)
    assert "Nothing was loaded." in str(caught.value)


@pytest.mark.parametrize("format_", ["json", "jsonl", "yaml", "csv"])
def test_an_empty_file_holds_no_records(format_: str) -> None:
    assert read(format_, "") == []


@pytest.mark.parametrize("format_", ["json", "jsonl", "yaml"])
def test_no_records_make_a_document_that_is_read_again(format_: str) -> None:
    assert read(format_, written(format_, [])) == []


def test_json_has_a_record_a_line_without_an_indent() -> None:
    assert written("json", [Record("a", {}, [1]), Record("b", {})]) == (
        '[\n{"model": "a", "pk": 1, "fields": {}},\n{"model": "b", "fields": {}}\n]\n'
    )


def test_dates_of_yaml_stay_text_for_the_column_to_read() -> None:
    (record,) = read("yaml", "- model: a\n  fields:\n    at: 2024-01-02 03:04:05\n    day: 2024-01-02\n")
    assert record.fields == {"at": "2024-01-02 03:04:05", "day": "2024-01-02"}


@given(value=st.none() | st.text())
def test_text_and_null_differ_in_a_cell(value: str | None) -> None:
    assert value_of(cell(value, is_structured=False), is_structured=False, may_be_empty=True) == value


@given(value=TREES)
def test_json_in_a_cell(value: Any) -> None:
    assert value_of(cell(value, is_structured=True), is_structured=True, may_be_empty=False) == value
