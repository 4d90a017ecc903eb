"""Parameters written into statements."""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from alembic_manage.dialects import Dialect

_PLACES = {
    "qmark": re.compile(r"\?"),
    "format": re.compile(r"%s|%%"),
    "pyformat": re.compile(r"%\((?P<name>\w+)\)s|%s|%%"),
    "named": re.compile(r"(?<!:):(?P<name>\w+)"),
    "numeric_dollar": re.compile(r"\$(?P<number>\d+)"),
    "numeric": re.compile(r":(?P<number>\d+)"),
}
_QUOTED = re.compile(r"""('(?:[^']|'')*'|"[^"]*"|`[^`]*`)""")


class Values:
    """Writes parameters into statements.

    Args:
        dialect: how the database writes them.
        paramstyle: how the driver marks their places (PEP 249).
    """

    def __init__(self, dialect: Dialect, paramstyle: str) -> None:
        self.dialect = dialect
        self.place = _PLACES[paramstyle]
        self.doubles_percent = paramstyle in ("format", "pyformat")

    def into(self, statement: str, values: Any) -> str:
        """The statement with its places filled; what looks like one inside quotes stays."""
        left = iter(values if not isinstance(values, Mapping) else ())
        parts = _QUOTED.split(statement)
        texts = [
            self._quoted(part) if place % 2 else self._filled(part, values, left) for place, part in enumerate(parts)
        ]
        return "".join(texts)

    def _quoted(self, text: str) -> str:
        return text.replace("%%", "%") if self.doubles_percent else text

    def _filled(self, text: str, values: Any, left: Iterator[object]) -> str:
        if not values:
            return self._quoted(text)

        def fill(match: re.Match[str]) -> str:
            groups = match.groupdict()
            if match[0] == "%%":
                return "%"
            if groups.get("name"):
                return self._literal(values[groups["name"]])
            if groups.get("number"):
                return self._literal(values[int(groups["number"]) - 1])
            return self._literal(next(left))

        return self.place.sub(fill, text)

    def _literal(self, value: object) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return self.dialect.boolean_literals[value]
        if isinstance(value, int | float | decimal.Decimal):
            return str(value)
        if isinstance(value, bytes | bytearray | memoryview):
            return self.dialect.binary_literal.format(bytes(value).hex())
        if isinstance(value, datetime.datetime | datetime.date | datetime.time | uuid.UUID):
            return f"'{value}'"
        text = str(getattr(value, "obj", value)).replace("'", "''")
        return f"'{text}'"
