"""Connections that are closed after each use, so that nothing stays open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, Pool, QueuePool


def without_pool(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an engine without those of its pool, and with none.

    Args:
        options: for `create_engine`.
    """
    kept = {name: value for name, value in options.items() if not name.startswith(("pool_", "max_overflow"))}
    return {**kept, "poolclass": NullPool}


@contextmanager
def asyncio_unpooled() -> Iterator[None]:
    """While entered, connections of engines for asyncio are closed in the event loop that made them.

    env.py runs several times in a process, each time in a loop of its own. From the pool of an application's engine it
    would get a connection of a loop that is gone.
    """
    pools: dict[Engine, Pool] = {}
    outer = Engine.connect

    def connect_here(self: Engine) -> Connection:
        if self.dialect.is_async and isinstance(self.pool, QueuePool):
            pools[self] = self.pool
            self.pool = _unpooled(self.pool)
        return outer(self)

    Engine.connect = connect_here  # type: ignore[method-assign]
    try:
        yield
    finally:
        Engine.connect = outer  # type: ignore[method-assign]
        for engine, pool in pools.items():
            engine.pool = pool


def _unpooled(pool: Pool) -> Pool:
    """A pool that makes the same connections and keeps none."""
    # Private, and the same in 2.0.31 and 2.1: what Pool.recreate() hands on.
    return NullPool(
        pool._creator, reset_on_return=pool._reset_on_return, _dispatch=pool.dispatch, dialect=pool._dialect
    )
