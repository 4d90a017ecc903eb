"""Where the values of a column are by now, while steps copy them from one column to another and drop columns."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from alembic_manage.outline.change import Change

Place = tuple[str | None, str, str]
"""Schema, table and column."""
_NAME = r"[\"`]?(\w+)[\"`]?"
_COPY = re.compile(
    rf"(?:/\*.*?\*/ *)?UPDATE \S+ SET {_NAME} = {_NAME}(?: WHERE {_NAME} IS NULL AND {_NAME} IS NOT NULL)?",
    re.IGNORECASE,
)


class Copies:
    """Follows the changes of a plan in their order."""

    def __init__(self) -> None:
        self._holders: dict[Place, set[Place]] = {}
        """By column of now: the columns that have its values."""
        self._empty: set[Place] = set()
        """Columns that steps have made, and that have nothing but what is copied into them."""

    def added(self, place: Place, path: Path) -> None:
        """A step makes a column.

        Args:
            place: the column.
            path: the file of the step's revision.
        """
        if not _has_default(path, place[2]):
            self._empty.add(place)

    def filled(self, change: Change, schema: str | None, table: str) -> None:
        """A step fills a column: what counts is a copy of all values of another into one that was empty."""
        found = _COPY.fullmatch(" ".join(change.statement.split()).removesuffix(";"))
        if found is None or (found[3] is not None and found.group(3, 4) != found.group(1, 2)):
            return
        target, source = ((schema, table, found[number]) for number in (1, 2))
        if target not in self._empty:
            return
        self._holders.setdefault(source, {source})
        for holders in self._holders.values():
            if source in holders:
                holders.add(target)

    def dropped(self, place: Place) -> Iterator[Place]:
        """A step drops a column: the columns of now whose values are nowhere any more."""
        self._holders.setdefault(place, {place})
        for origin, holders in self._holders.items():
            if place in holders:
                holders.remove(place)
                if not holders:
                    yield origin


def _has_default(path: Path, name: str) -> bool:
    """Whether a file gives a column of this name a default, so that it is not empty where it is added."""
    return any(
        isinstance(node, ast.Call)
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value == name
        and any(keyword.arg == "server_default" for keyword in node.keywords)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )
