"""What SQLAlchemy made of a statement for one engine, used for all engines like it: each test has engines of its own.

Most of what they compile is what SQLAlchemy reads a catalog with, the same in every test. Commands in processes of
their own compile for themselves, as they do for a user.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import Dialect, Engine
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.util import LRUCache

# SQLAlchemy's own, which nothing but their attributes makes differ.
_ITS_DIALECTS = "sqlalchemy.dialects."
_PLAIN = (bool, int, str, tuple, type(None))
_FUNCTIONS = ("_json_serializer", "_json_deserializer")
_compiled: LRUCache[Hashable, Any] = LRUCache(1000)


class SharedCache:
    """The cache of engines, as SQLAlchemy uses it: the first part of a key is the engine's dialect."""

    def get(self, key: tuple[Any, ...]) -> Any:
        """What was compiled for an engine like this one; None where nothing was."""
        return _compiled.get((likeness(key[0]), *key[1:]))

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        _compiled[(likeness(key[0]), *key[1:])] = compiled


class CacheOfEngine:
    """The attribute of an engine with its cache: the shared one, where it has one and a dialect of SQLAlchemy's own."""

    shared = SharedCache()

    def __get__(self, engine: Engine, owner: type[Engine]) -> Any:
        own = vars(engine)["_compiled_cache"]
        is_shared = own is not None and type(engine.dialect).__module__.startswith(_ITS_DIALECTS)
        return self.shared if is_shared else own

    def __set__(self, engine: Engine, own: Any) -> None:
        vars(engine)["_compiled_cache"] = own


def likeness(dialect: Dialect) -> Hashable:
    """Equal for dialects that make the same of a statement: what they were told, and what they know of the server."""
    told = ((name, value) for name, value in vars(dialect).items() if isinstance(value, _PLAIN))
    return (type(dialect), *(getattr(dialect, name, None) for name in _FUNCTIONS), *told)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Engines of SQLAlchemy's own dialects share what was compiled, in the process of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_compiled_cache", CacheOfEngine(), raising=False)
        for name, method in vars(PGDialect).items():
            if hasattr(method, "cache_clear"):
                patch.setattr(PGDialect, name, _built_once(method.__wrapped__))
        yield


def _built_once(build: Callable[..., Any]) -> Callable[..., Any]:
    """A method of a dialect that builds a statement, which dialects like it share."""
    built: dict[Hashable, Any] = {}

    @wraps(build)
    def shared(dialect: Dialect, *arguments: Any, **options: Any) -> Any:
        key = (likeness(dialect), arguments, tuple(sorted(options.items())))
        if key not in built:
            built[key] = build(dialect, *arguments, **options)
        return built[key]

    return shared
