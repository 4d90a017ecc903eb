"""JSON: one list of records, which is neither read nor written as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from alembic_manage.data.record import Place, Record, bad_record, record_from

if TYPE_CHECKING:
    from alembic_manage.data.layout import Layout

_SPACE = re.compile(r"[ \t\r\n]*")
_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_CHUNK = 1 << 16


class JsonWriter:
    """Writes a list: a record a line, or each over several lines where there is an indent."""

    def __init__(self, stream: IO[str], indent: int | None) -> None:
        self._stream = stream
        self._indent = indent
        self._encode = json.JSONEncoder(ensure_ascii=False, indent=indent).encode
        self._is_first = True
        stream.write("[")

    def write(self, record: Record) -> None:
        """Write one record."""
        text = self._encode(record.as_mapping())
        if self._indent:
            space = " " * self._indent
            text = space + text.replace("\n", f"\n{space}")
        self._stream.write(("\n" if self._is_first else ",\n") + text)
        self._is_first = False

    def close(self) -> None:
        """Close the list."""
        self._stream.write("]\n" if self._is_first else "\n]\n")


def writer(stream: IO[str], layout: Layout | None, indent: int | None) -> JsonWriter:
    """A writer of JSON."""
    return JsonWriter(stream, indent)


def read(stream: IO[str], name: str, model: str) -> Iterator[Record]:
    """The records of a list, each as soon as it is there.

    Raises:
        FixtureError: it is no JSON, no list, or holds something that is no record.
    """
    for line, value in _Items(stream, name):
        yield record_from(value, Place(name, line))


class _Items:
    """The items of a JSON list with the lines in which they begin; a stretch of the text is kept at a time."""

    def __init__(self, stream: IO[str], name: str) -> None:
        self._stream = stream
        self._name = name
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._place = 0
        self._line = 1

    def __iter__(self) -> Iterator[tuple[int, Any]]:
        first = self._next()
        if not first:
            return
        if first != "[":
            raise self._error("a fixture in JSON is a list: [{...}, ...]")
        self._step(1)
        if self._next() == "]":
            self._step(1)
            self._require_end()
            return
        while True:
            self._next()
            line = self._line
            yield line, self._item()
            if self._next() == "]":
                self._step(1)
                self._require_end()
                return
            if self._next() != ",":
                raise self._error("',' or ']' is missing here" if self._next() else "the file ends within the list")
            self._step(1)

    def _require_end(self) -> None:
        if self._next():
            raise self._error("something follows after the list")

    def _next(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._place)
            self._step((found.end() if found else self._place) - self._place)
            if self._place < len(self._text) or not self._more(_CHUNK):
                return self._text[self._place : self._place + 1]

    def _item(self) -> Any:
        size = _CHUNK
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._place)
            except json.JSONDecodeError as error:
                if self._is_whole() or not self._more(size):
                    raise self._error(f"this is no JSON: {error.msg}", error.pos) from error
                size *= 2
            else:
                if end < len(self._text) or not self._more(_CHUNK):  # a number may go on
                    self._step(end - self._place)
                    return value

    def _is_whole(self) -> bool:
        """Whether the brackets of the item at hand are closed: more text would not help."""
        depth = 0
        for mark in _MARK.finditer(self._text, self._place):
            depth += (mark[0] in "{[") - (mark[0] in "}]")
            if depth <= 0:
                return True
        return False

    def _more(self, size: int) -> bool:
        chunk = self._stream.read(size)
        self._text, self._place = self._text[self._place :] + chunk, 0
        return bool(chunk)

    def _step(self, length: int) -> None:
        end = self._place + length
        self._line += self._text.count("\n", self._place, end)
        self._place = end

    def _error(self, text: str, position: int | None = None) -> Exception:
        more = self._text.count("\n", self._place, position) if position is not None else 0
        return bad_record(Place(self._name, self._line + more), text)
