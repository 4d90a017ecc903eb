"""One engine in place of all others: what runs meanwhile can reach no other database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

_entered = threading.RLock()


@contextmanager
def instead_of_every_engine(engine: Engine) -> Iterator[None]:
    """While entered, every engine of the process gives connections of `engine`.

    env.py files, and the applications behind them, make engines in more ways than can be foreseen; what they all do is
    to call Engine.connect (an AsyncEngine too, in its own greenlet). Nothing is left behind in an engine that is made
    meanwhile.

    Args:
        engine: where all connections come from.
    """
    connect, raw_connection = Engine.connect, Engine.raw_connection

    def connect_here(self: Engine) -> Connection:
        return connect(engine)

    def raw_connection_here(self: Engine) -> Any:
        return raw_connection(engine)

    with _entered:
        Engine.connect = connect_here  # type: ignore[method-assign]
        Engine.raw_connection = raw_connection_here  # type: ignore[method-assign]
        try:
            yield
        finally:
            Engine.connect = connect  # type: ignore[method-assign]
            Engine.raw_connection = raw_connection  # type: ignore[method-assign]
