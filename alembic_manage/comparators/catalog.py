"""What comparators ask beyond Alembic's inspector, of a real database and of the history state alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from alembic_manage.dialects import Catalog, Dialect, dialect_named

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Connection

T = TypeVar("T")


def rules_of(autogen_context: AutogenContext) -> Dialect:
    """The facts about the database."""
    assert autogen_context.dialect is not None
    return dialect_named(autogen_context.dialect.name)


def connection_of(autogen_context: AutogenContext) -> Connection:
    """The connection that shows the schema."""
    assert autogen_context.connection is not None
    return autogen_context.connection


def catalog_of(autogen_context: AutogenContext) -> Catalog:
    """Who answers: the state, where the connection shows one, else the real database's catalog."""
    found: Catalog | None = getattr(connection_of(autogen_context).dialect, "catalog", None)
    return found if found is not None else rules_of(autogen_context)


def once(autogen_context: AutogenContext, key: tuple[Any, ...], ask: Callable[[], T]) -> T:
    """What `ask` returns; asked once a comparison."""
    cache: dict[Any, Any] = autogen_context.inspector.info_cache
    key = (__name__, *key)
    if key not in cache:
        cache[key] = ask()
    found: T = cache[key]
    return found


def own_schema(autogen_context: AutogenContext, schema: str | None) -> str | None:
    """None for the default schema, as Alembic has it."""
    return None if schema == connection_of(autogen_context).dialect.default_schema_name else schema
