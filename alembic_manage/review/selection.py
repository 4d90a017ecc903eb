"""Which migrations a review is about."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError
from alembic_manage.git import base_of
from alembic_manage.history import History, Revision
from alembic_manage.lint.selection import select
from alembic_manage.plan import applied_ids

ALL = "all"


@dataclass(frozen=True)
class Chosen:
    """The migrations of a review."""

    revisions: tuple[Revision, ...]
    """In the order in which they run."""
    scope: str
    """Which they are, for a person: "not in origin/main"."""
    applied: frozenset[str] | None = None
    """The ids that are applied on the chosen database; None where nobody knows."""


def chosen(environment: Environment, wanted: str | None) -> Chosen:
    """The migrations of a range, or those that are new; where none is new, all.

    A database that cannot be reached counts for nothing.

    Args:
        environment: of the chosen database.
        wanted: "A:B" for what comes after A up to B, one migration, "all", or None for the new ones.

    Raises:
        UnknownRevisionError: nothing fits an end of the range.
        AmbiguousRevisionError: several revisions fit it.
        MultipleHeadsError: "head" with several heads.
    """
    history = environment.history.require_sound()
    settings = environment.project.settings
    base = base_of(sorted({revision.path.parent for revision in history}), settings.lint.base)
    applied = _applied(environment)
    if wanted == ALL:
        return Chosen(tuple(history), "all migrations", applied)
    found = select(history, [wanted] if wanted else [], base, applied)
    if not found.revisions:
        return Chosen(tuple(history), "all migrations, for none of them is new", applied)
    scope = _named(history, wanted) if wanted else found.why
    return Chosen(found.revisions, scope, applied)


def _named(history: History, wanted: str) -> str:
    first, colon, last = (_id(history, part) for part in wanted.partition(":"))
    return f"after {first or 'the beginning'} up to {last or 'the end'}" if colon else first


def _id(history: History, name: str) -> str:
    """The whole id, where a name is one or the beginning of one."""
    matches = [revision.id for revision in history if name and revision.id.startswith(name)]
    return matches[0] if len(matches) == 1 else name


def _applied(environment: Environment) -> frozenset[str] | None:
    try:
        environment.database.require_file()
        records = environment.records()
    except CommandError:
        return None
    return frozenset.intersection(*(applied_ids(environment.history, each) for each in records)) if records else None
