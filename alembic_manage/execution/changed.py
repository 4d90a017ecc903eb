"""Revision files that were changed after they ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from alembic_manage.execution.checksum import checksum_of
from alembic_manage.execution.ledger import Entry

if TYPE_CHECKING:
    from alembic_manage.history import History, Revision


def changed_since(history: History, applied: Mapping[str, Entry]) -> Iterator[Revision]:
    """The revisions whose file does something else now than when it was applied, in order.

    Comments, formatting and docstrings do not count. What has no checksum in the ledger cannot be told.

    Args:
        history: the files.
        applied: what the ledger says of each revision that is applied, by id.
    """
    for revision in history:
        recorded = applied[revision.id].checksum if revision.id in applied else None
        if recorded is not None and checksum_of(revision.path) not in (None, recorded):
            yield revision
