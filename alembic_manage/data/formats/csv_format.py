r"""CSV: one table a file, one column a column of it.

NULL is \N, and a text that begins with a backslash has one more. Lists and JSON stand as JSON.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from alembic_manage.data.record import Place, Record, bad_record

if TYPE_CHECKING:
    from alembic_manage.data.layout import Layout

NULL = r"\N"
_END = "\r\n"


class CsvWriter:
    """Writes the rows of one table below the names of its columns."""

    def __init__(self, stream: IO[str], layout: Layout) -> None:
        self._writer = csv.writer(_Lines(stream), lineterminator=_END)
        self._columns: list[str] = []
        self._structured = {field.name for field in layout.by_name.values() if field.codec.is_structured}
        self._header = [field.name for field in (*layout.key, *layout.fields)]

    def write(self, record: Record) -> None:
        """Write one row."""
        row = {**record.key, **record.fields} if isinstance(record.key, dict) else dict(record.fields)
        if not self._columns:
            self._columns = list(row)
            self._writer.writerow(self._columns)
        self._writer.writerow([cell(value, is_structured=name in self._structured) for name, value in row.items()])

    def close(self) -> None:
        """Write the names of the columns where there was no row."""
        if not self._columns:
            self._writer.writerow(self._header)


class _Lines:
    """A stream whose lines end as elsewhere, written by a writer that knows both characters of an end as special."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        self._stream.write(line.removesuffix(_END) + "\n")


def cell(value: Any, *, is_structured: bool) -> str:
    """A value as CSV has it."""
    if value is None:
        return NULL
    if isinstance(value, str) and not is_structured:
        return f"\\{value}" if value.startswith("\\") else value
    return json.dumps(value, ensure_ascii=False)


def value_of(text: str, *, is_structured: bool, may_be_empty: bool) -> Any:
    """The value that a cell stands for.

    Args:
        text: the cell.
        is_structured: whether it holds JSON.
        may_be_empty: whether an empty cell is a value of the column; else it is NULL.

    Raises:
        ValueError: it should be JSON, and is not.
    """
    if text == NULL or (not text and not may_be_empty):
        return None
    if is_structured:
        return json.loads(text)
    return text.removeprefix("\\") if text.startswith("\\\\") else text


def writer(stream: IO[str], layout: Layout | None, indent: int | None) -> CsvWriter:
    """A writer of CSV."""
    assert layout is not None, "CSV is written table by table"
    return CsvWriter(stream, layout)


def read(stream: IO[str], name: str, model: str) -> Iterator[Record]:
    """The rows of a table.

    Raises:
        FixtureError: it is no CSV, or a row has more or fewer cells than the first.
    """
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(stream, strict=True)
    try:
        names = next(reader, [])
        last = reader.line_num
        for row in reader:
            line, last = last + 1, reader.line_num
            if row and len(row) != len(names):
                raise bad_record(Place(name, line), f"{len(row)} values for {len(names)} columns")
            if row:
                yield Record(model, dict(zip(names, row, strict=True)), place=Place(name, line), is_text=True)
    except csv.Error as error:
        raise bad_record(Place(name, max(reader.line_num, 1)), f"this is no CSV: {error}") from error
