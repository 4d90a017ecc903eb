"""Who is told of what happens to any object of a class of SQLAlchemy's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def listeners_of(dispatch: Any) -> Iterator[tuple[str, type, Any]]:
    """The listeners at classes, each with the name of the event and the class.

    Args:
        dispatch: of the events, or of a class that has them.
    """
    for name in sorted(dispatch._event_names):
        for target, listeners in list(getattr(dispatch, name)._clslevel.items()):
            yield from ((name, target, each) for each in listeners)
