"""One engine in place of all others: what runs meanwhile reaches no other database through SQLAlchemy."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Inspector, NullPool, Pool, create_engine, event

from alembic_manage.dialects import dialect_named
from alembic_manage.errors import EnvironmentFailedError
from alembic_manage.stand_in import serve_asyncio

# SQLAlchemy's own: inside another `instead_of_every_engine` the attributes are that one's.
_connect, _raw_connection, _pool_connect = Engine.connect, Engine.raw_connection, Pool.connect
# Private, and the same in 2.0.31 and 2.1: an inspector of an engine asks that engine's dialect.
_inspect_engine = Inspector._init_engine
_guards: list[Guard] = []
"""Those that are entered, the innermost last."""


class Guard:
    """Gives connections in place of every engine.

    Args:
        engine: where they come from; None where there are none.
    """

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        self._plain: dict[str, Engine] = {}
        """Engines on the same database without asyncio, by driver."""
        self._listeners: list[tuple[str, Callable[..., Any]]] = []
        self._given: list[weakref.ref[Connection]] = []

    def listen(self, name: str, listener: Callable[..., Any]) -> None:
        """Register a listener of SQLAlchemy's events for all that connections come from, now and later."""
        self._listeners.append((name, listener))
        for engine in self._engines:
            event.listen(engine, name, listener)

    def owns(self, connection: Connection) -> bool:
        """Whether a connection is to the database that is to be reached."""
        return connection.engine in self._engines

    def open_connections(self) -> int:
        """How many of the connections that were given are open."""
        return len(
            [each for each in (reference() for reference in self._given) if each is not None and not each.closed]
        )

    def connect(self, asked: Engine) -> Connection:
        """A connection in place of one of `asked`."""
        connection = _connect(self.engine_for(asked))
        if asked.dialect.is_async and not connection.dialect.is_async:
            serve_asyncio(connection)
        self._given.append(weakref.ref(connection))
        return connection

    def engine_for(self, asked: Engine) -> Engine:
        """The engine in place of `asked`: one without asyncio for one without, as it is asked outside of an event loop.

        Raises:
            EnvironmentFailedError: there is none.
        """
        engine = self.engine
        is_plain = engine.dialect.is_async and not asked.dialect.is_async
        if not is_plain or dialect_named(asked.dialect.name) is not dialect_named(engine.dialect.name):
            return engine
        if asked in self._engines:
            return asked
        driver = asked.url.drivername
        if driver not in self._plain:
            url = engine.url.set(drivername=driver, query=asked.url.query)
            self._plain[driver] = create_engine(url, poolclass=NullPool)
            for name, listener in self._listeners:
                event.listen(self._plain[driver], name, listener)
        return self._plain[driver]

    def pool_for(self, asked: Pool) -> Pool:
        """The pool in place of `asked`.

        Raises:
            EnvironmentFailedError: there is none.
        """
        return asked if any(each.pool is asked for each in self._engines) else self.engine.pool

    @property
    def engine(self) -> Engine:
        """Where connections come from.

        Raises:
            EnvironmentFailedError: there are none.
        """
        if self._engine is None:
            raise EnvironmentFailedError(
                "A migration connects to a database by itself, while its SQL is written without one.",
                hint="op.get_bind() in the migration, instead of an engine of its own",
            )
        return self._engine

    @property
    def _engines(self) -> list[Engine]:
        return [*([self._engine] if self._engine is not None else ()), *self._plain.values()]


@contextmanager
def instead_of_every_engine(engine: Engine | None) -> Iterator[Guard]:
    """While entered, every engine of the process gives connections of `engine`.

    env.py files, and the applications behind them, make engines in more ways than can be foreseen; what they all do is
    to call Engine.connect (an AsyncEngine too, in its own greenlet). Nothing is left behind in an engine that is made
    meanwhile. A connection that was open before is refused when it is used. Where `engine` is one for asyncio, those
    without it get connections to the same database by their own driver.

    It counts for all threads: on an asyncio URL a migration runs in another one than the command, and may enter a guard
    of its own there. Two commands at the same time in two threads of one process would get in each other's way.

    Args:
        engine: where all connections come from; None where there are none: each attempt raises.

    Raises:
        EnvironmentFailedError: on a connection of another engine.
    """
    guard = Guard(engine)

    def connect_here(self: Engine) -> Connection:
        return guard.connect(self)

    def raw_connection_here(self: Engine) -> Any:
        return _raw_connection(guard.engine_for(self))

    def pool_connect_here(self: Pool) -> Any:
        return _pool_connect(guard.pool_for(self))

    def inspect_here(self: Inspector, asked: Engine) -> None:
        _inspect_engine(self, guard.engine_for(asked))

    with _only(guard):
        outer = Engine.connect, Engine.raw_connection, Pool.connect, Inspector._init_engine
        Engine.connect = connect_here  # type: ignore[method-assign]
        Engine.raw_connection = raw_connection_here  # type: ignore[method-assign]
        Pool.connect = pool_connect_here  # type: ignore[method-assign]
        Inspector._init_engine = inspect_here  # type: ignore[assignment,method-assign]
        try:
            yield guard
        finally:
            Engine.connect, Engine.raw_connection, Pool.connect, Inspector._init_engine = outer  # type: ignore[method-assign]


@contextmanager
def _only(guard: Guard) -> Iterator[None]:
    """Connections that were open before are refused."""
    if not _guards:
        event.listen(Engine, "before_cursor_execute", _refuse_others)
    _guards.append(guard)
    try:
        yield
    finally:
        _guards.pop()
        if not _guards:
            event.remove(Engine, "before_cursor_execute", _refuse_others)


def _refuse_others(connection: Connection, *_: Any) -> None:
    if _guards and not _guards[-1].owns(connection):
        raise EnvironmentFailedError(
            "A connection that was opened before the command began would have been used: nothing was sent on it.",
            hint="open it inside the function that needs it, not when the module is imported",
        )
