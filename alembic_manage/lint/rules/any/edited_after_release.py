"""A migration that does something else now than when others got it."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.execution.checksum import checksum_of, checksum_of_source
from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Concern, Severity

TITLE = "A released migration was changed"
SEVERITY = Severity.ERROR
BY_SIZE = False


def check_history(context: Context) -> Iterator[Concern]:
    """Each migration that git's base branch has otherwise, or that the target database ran otherwise."""
    for revision in context.history:
        reason = None
        if revision.id in context.changed:
            reason = "the database ran something else under its name"
        elif revision.id in context.released:
            before = _checksum(context.released[revision.id])
            if before is not None and checksum_of(revision.path) not in (None, before):
                reason = "the base branch has another one under its name"
        if reason is not None:
            yield Concern(
                f"{revision.id} does something else than others have run: {reason}.",
                subject=revision.id,
                fix=f"git checkout the old file; write the change as a new migration behind {_head(context)}",
                revision=revision,
                line=1,
            )


def _head(context: Context) -> str:
    heads = context.history.heads
    return heads[0].id if len(heads) == 1 else "the head"


def _checksum(source: str) -> str | None:
    try:
        return checksum_of_source(source)
    except SyntaxError:
        return None
