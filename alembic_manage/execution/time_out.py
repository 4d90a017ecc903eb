"""What is told of a migration that waited, or took, for longer than it may."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect
    from alembic_manage.errors import RevisionFailedError


def is_lock_failure(error: RevisionFailedError, dialect: Dialect) -> bool:
    """Whether the migration failed because others held a lock for too long."""
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and dialect.is_lock_failure(cause.orig or cause)


def is_statement_timeout(error: RevisionFailedError, dialect: Dialect) -> bool:
    """Whether the migration failed because one of its statements took too long."""
    cause = error.__cause__
    return isinstance(cause, DBAPIError) and dialect.is_statement_timeout(cause.orig or cause)


def with_advice(
    error: RevisionFailedError, again: str, dialect: Dialect, blockers: Sequence[str]
) -> RevisionFailedError:
    """The error; where a time-out is the reason it says who was in the way, and its hint is not to mend the file.

    Args:
        error: of the last attempt.
        again: the command that goes on.
        dialect: of the database.
        blockers: who holds what the step needs, a line each.
    """
    hint = None
    if is_lock_failure(error, dialect):
        hint = f"once the others are done, or with more patience: {again} --table-lock-timeout 15 --lock-retries 30"
    elif is_statement_timeout(error, dialect):
        hint = f"with more time, or 0 for no limit: {again} --statement-timeout 0"
    if hint is None:
        return error
    lines = (str(error), *(f"held by {line}" for line in blockers))
    told = type(error)("\n".join(lines), hint=hint, returncode=error.returncode)
    told.__cause__ = error.__cause__
    return told
