"""JSON Lines: a record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from alembic_manage.data.record import Place, Record, bad_record, record_from

if TYPE_CHECKING:
    from alembic_manage.data.layout import Layout


class JsonlWriter:
    """Writes a record a line."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._encode = json.JSONEncoder(ensure_ascii=False).encode

    def write(self, record: Record) -> None:
        """Write one record."""
        self._stream.write(self._encode(record.as_mapping()) + "\n")

    def close(self) -> None:
        """Nothing ends the document."""


def writer(stream: IO[str], layout: Layout | None, indent: int | None) -> JsonlWriter:
    """A writer of JSON Lines; there is no indent."""
    return JsonlWriter(stream)


def read(stream: IO[str], name: str, model: str) -> Iterator[Record]:
    """The record of each line that is not blank.

    Raises:
        FixtureError: a line is no JSON, or no record.
    """
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        place = Place(name, number)
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise bad_record(place, f"this is no JSON: {error.msg}") from error
        yield record_from(value, place)
