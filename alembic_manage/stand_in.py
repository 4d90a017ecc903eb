"""A synchronous connection in place of one for asyncio: what AsyncConnection.execute() expects of the latter."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event


def serve_asyncio(connection: Connection) -> None:
    """Let an AsyncConnection use a synchronous connection, and not only hand it to `run_sync`."""
    event.listen(connection, "after_cursor_execute", _executed)


def _executed(connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
    # AsyncConnection.execute() raises where nothing was awaited, as with a driver that blocks.
    from sqlalchemy.util.concurrency import await_only, in_greenlet

    if in_greenlet():
        await_only(_nothing())
    context.cursor = _Cursor(cursor)


class _Cursor:
    """A driver's cursor with what SQLAlchemy 2.1 asks of one for asyncio."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    async def _async_soft_close(self) -> None:
        """Private in SQLAlchemy, from 2.1 on: the rows are read later, without waiting."""


async def _nothing() -> None:
    pass
