"""Statements of the suite itself on the connection of the revisions: lock, record, ledger and journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_OPTION = "alembic_manage_own"


@contextmanager
def own(connection: Connection) -> Iterator[None]:
    """While entered, what is sent is no part of a revision: it is not counted, shown or journaled."""
    before = is_own(connection)
    connection.execution_options(**{_OPTION: True})
    try:
        yield
    finally:
        connection.execution_options(**{_OPTION: before})


def is_own(connection: Connection) -> bool:
    """Whether what is sent on the connection now is the suite's own."""
    return bool(connection.get_execution_options().get(_OPTION))
