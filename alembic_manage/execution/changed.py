"""Revision files that were changed after they ran."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.execution.checksum_cache import ChecksumCache
from alembic_manage.execution.ledger import Entry

if TYPE_CHECKING:
    from alembic_manage.history import History, Revision


def changed_since(history: History, applied: Mapping[str, Entry], root: Path) -> Iterator[Revision]:
    """The revisions whose file does something else now than when it was applied, in order.

    Comments, formatting and docstrings do not count. What has no checksum in the ledger cannot be told.

    Args:
        history: the files.
        applied: what the ledger says of each revision that is applied, by id.
        root: the project's folder, where checksums are kept.
    """
    recorded = {id: entry.checksum for id, entry in applied.items() if entry.checksum is not None}
    revisions = [revision for revision in history if revision.id in recorded]
    found = ChecksumCache(root).of(revision.path for revision in revisions)
    for revision in revisions:
        if found[str(revision.path)] not in (None, recorded[revision.id]):
            yield revision
