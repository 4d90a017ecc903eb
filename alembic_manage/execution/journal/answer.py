"""What the database said to a statement, kept so that it can be said again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

MOST_ROWS = 10_000
"""Of a longer result only that there was one is kept; when it is asked for again, the database answers."""

_TAG = "type"
_WRITERS: dict[type, Callable[[Any], str]] = {
    Decimal: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: lambda value: f"{value.days} {value.seconds} {value.microseconds}",
    bytes: lambda value: base64.b64encode(value).decode(),
    UUID: str,
}
_READERS: dict[str, Callable[[str], Any]] = {
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda text: timedelta(*map(int, text.split())),
    "bytes": base64.b64decode,
    "UUID": UUID,
}


@dataclass(frozen=True)
class Answer:
    """What a cursor holds after a statement."""

    columns: tuple[tuple[Any, ...], ...] | None = None
    """The cursor's description; None where the statement returned no rows."""
    rows: tuple[tuple[Any, ...], ...] = ()
    rowcount: int = -1
    lastrowid: int | None = None
    error: tuple[str, tuple[Any, ...]] | None = None
    """The name of the driver's exception, and its arguments; None where there was no error."""

    @classmethod
    def of(cls, cursor: Any) -> Self:
        """Take it from a cursor, with all its rows."""
        columns = None
        rows: tuple[tuple[Any, ...], ...] = ()
        if cursor.description is not None:
            columns = tuple((str(column[0]), *map(_plain, column[1:7])) for column in cursor.description)
            rows = tuple(map(tuple, cursor.fetchall()))
        lastrowid = getattr(cursor, "lastrowid", None)
        return cls(columns, rows, cursor.rowcount, lastrowid if isinstance(lastrowid, int) else None)

    @classmethod
    def of_error(cls, error: Exception) -> Self:
        """Take it from what the driver raised."""
        return cls(error=(type(error).__name__, tuple(map(_plain, error.args))))

    def give(self, context: Any) -> None:
        """Let SQLAlchemy find it where it looks for what the cursor holds.

        Args:
            context: SQLAlchemy's, of the statement that is answered.

        Raises:
            Exception: the driver's, where the answer is an error.
        """
        if self.error is not None:
            name, arguments = self.error
            driver = context.dialect.loaded_dbapi
            raise getattr(driver, name, driver.DatabaseError)(*arguments)
        context._rowcount = self.rowcount
        context.get_lastrowid = lambda: self.lastrowid
        if self.columns is not None:
            context.fetchall_for_returning = lambda cursor: list(self.rows)
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                None, alternate_description=list(self.columns), initial_buffer=self.rows
            )

    def as_text(self) -> str | None:
        """JSON; None where a value of it cannot be kept, or there are too many rows."""
        if len(self.rows) > MOST_ROWS:
            return None
        try:
            return json.dumps([self.columns, self.rows, self.rowcount, self.lastrowid, self.error], default=_tagged)
        except TypeError:
            return None

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `as_text` wrote."""
        columns, rows, rowcount, lastrowid, error = json.loads(text, object_hook=_untagged)
        return cls(
            columns=tuple(map(tuple, columns)) if columns is not None else None,
            rows=tuple(map(tuple, rows)),
            rowcount=rowcount,
            lastrowid=lastrowid,
            error=(error[0], tuple(error[1])) if error is not None else None,
        )


def text_of_parameters(parameters: Any) -> str:
    """Parameters as a text that is the same for the same values; times count by their type alone.

    A revision that is called again takes the time again: that alone makes it no other revision.
    """
    return json.dumps(parameters, default=_compared, sort_keys=True)


def _plain(value: Any) -> Any:
    """What drivers put into descriptions beside the name: numbers, or objects that nobody needs again."""
    return value if isinstance(value, bool | int | str) else None


def _tagged(value: Any) -> dict[str, str]:
    writer = _WRITERS.get(type(value))
    if writer is None:
        raise TypeError(type(value).__name__)
    return {_TAG: type(value).__name__, "value": writer(value)}


def _untagged(found: dict[str, Any]) -> Any:
    return _READERS[found[_TAG]](found["value"])


def _compared(value: Any) -> Any:
    if isinstance(value, date | time):
        return type(value).__name__
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, bytes | bytearray):
        return list(value)
    writer = _WRITERS.get(type(value))
    return writer(value) if writer else repr(value)
