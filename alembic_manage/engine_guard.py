"""One engine in place of all others: what runs meanwhile reaches no other database through SQLAlchemy."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Inspector, Pool, event

from alembic_manage.errors import EnvironmentFailedError

# SQLAlchemy's own: inside another `instead_of_every_engine` the attributes are that one's.
_connect, _raw_connection, _pool_connect = Engine.connect, Engine.raw_connection, Pool.connect
# Private, and the same in 2.0.31 and 2.1: an inspector of an engine asks that engine's dialect.
_inspect_engine = Inspector._init_engine
_engines: list[Engine | None] = []
"""The engines of the guards that are entered, the innermost last."""


@contextmanager
def instead_of_every_engine(engine: Engine | None) -> Iterator[Callable[[], int]]:
    """While entered, every engine of the process gives connections of `engine`; gives how many of them are open.

    env.py files, and the applications behind them, make engines in more ways than can be foreseen; what they all do is
    to call Engine.connect (an AsyncEngine too, in its own greenlet). Nothing is left behind in an engine that is made
    meanwhile. A connection that was open before is refused when it is used.

    It counts for all threads: on an asyncio URL a migration runs in another one than the command, and may enter a guard
    of its own there. Two commands at the same time in two threads of one process would get in each other's way.

    Args:
        engine: where all connections come from; None where there are none: each attempt raises.

    Raises:
        EnvironmentFailedError: on a connection of another engine.
    """
    given: list[weakref.ref[Connection]] = []

    def connect_here(self: Engine) -> Connection:
        connection = _connect(_existing(engine))
        given.append(weakref.ref(connection))
        return connection

    def raw_connection_here(self: Engine) -> Any:
        return _raw_connection(_existing(engine))

    def pool_connect_here(self: Pool) -> Any:
        return _pool_connect(_existing(engine).pool)

    def inspect_here(self: Inspector, _: Engine) -> None:
        _inspect_engine(self, _existing(engine))

    def open_connections() -> int:
        return len([each for each in (reference() for reference in given) if each is not None and not each.closed])

    with _only(engine):
        outer = Engine.connect, Engine.raw_connection, Pool.connect, Inspector._init_engine
        Engine.connect = connect_here  # type: ignore[method-assign]
        Engine.raw_connection = raw_connection_here  # type: ignore[method-assign]
        Pool.connect = pool_connect_here  # type: ignore[method-assign]
        Inspector._init_engine = inspect_here  # type: ignore[assignment,method-assign]
        try:
            yield open_connections
        finally:
            Engine.connect, Engine.raw_connection, Pool.connect, Inspector._init_engine = outer  # type: ignore[method-assign]


def _existing(engine: Engine | None) -> Engine:
    if engine is None:
        raise EnvironmentFailedError(
            "A migration connects to a database by itself, while its SQL is written without one.",
            hint="op.get_bind() in the migration, instead of an engine of its own",
        )
    return engine


@contextmanager
def _only(engine: Engine | None) -> Iterator[None]:
    """Connections that were open before are refused."""
    if not _engines:
        event.listen(Engine, "before_cursor_execute", _refuse_others)
    _engines.append(engine)
    try:
        yield
    finally:
        _engines.pop()
        if not _engines:
            event.remove(Engine, "before_cursor_execute", _refuse_others)


def _refuse_others(connection: Connection, *_: Any) -> None:
    if _engines and connection.engine is not _engines[-1]:
        raise EnvironmentFailedError(
            "A connection that was opened before the command began would have been used: nothing was sent on it.",
            hint="open it inside the function that needs it, not when the module is imported",
        )
