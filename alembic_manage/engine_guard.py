"""One engine in place of all others: what runs meanwhile can reach no other database."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Inspector

from alembic_manage.errors import EnvironmentFailedError

_entered = threading.RLock()
# SQLAlchemy's own: inside another `instead_of_every_engine` the attributes are that one's.
_connect, _raw_connection = Engine.connect, Engine.raw_connection
# Private, and the same in 2.0.31 and 2.1: an inspector of an engine asks that engine's dialect.
_inspect_engine = Inspector._init_engine


@contextmanager
def instead_of_every_engine(engine: Engine, *, one_at_a_time: bool = False) -> Iterator[None]:
    """While entered, every engine of the process gives connections of `engine`.

    env.py files, and the applications behind them, make engines in more ways than can be foreseen; what they all do is
    to call Engine.connect (an AsyncEngine too, in its own greenlet). Nothing is left behind in an engine that is made
    meanwhile.

    Args:
        engine: where all connections come from.
        one_at_a_time: whether a connection is refused while another one is open: two engines that stand for one
            database would wait for one another.

    Raises:
        EnvironmentFailedError: on such a second connection.
    """
    given: list[weakref.ref[Connection]] = []

    def connect_here(self: Engine) -> Connection:
        if one_at_a_time and any((open_ := each()) is not None and not open_.closed for each in given):
            raise EnvironmentFailedError(
                "env.py connects to several databases at once, for which one scratch database cannot stand in.",
                hint="python manage.py COMMAND --against history",
            )
        connection = _connect(engine)
        given.append(weakref.ref(connection))
        return connection

    def raw_connection_here(self: Engine) -> Any:
        return _raw_connection(engine)

    def inspect_here(self: Inspector, _: Engine) -> None:
        _inspect_engine(self, engine)

    with _entered:
        outer = Engine.connect, Engine.raw_connection, Inspector._init_engine
        Engine.connect = connect_here  # type: ignore[method-assign]
        Engine.raw_connection = raw_connection_here  # type: ignore[method-assign]
        Inspector._init_engine = inspect_here  # type: ignore[assignment,method-assign]
        try:
            yield
        finally:
            Engine.connect, Engine.raw_connection, Inspector._init_engine = outer  # type: ignore[method-assign]
