"""Which migrations to look at, and which of them nobody else has yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alembic_manage.errors import UsageError
from alembic_manage.plan import HEAD, HEADS, ZERO

if TYPE_CHECKING:
    from alembic_manage.git import Base
    from alembic_manage.history import History, Revision

ALL = "all"
_NOTHING = ("", ZERO, "base")


@dataclass(frozen=True)
class Selection:
    """The migrations to look at."""

    revisions: tuple[Revision, ...]
    """In order."""
    pending: frozenset[str]
    """The ids of those, and of others, that are neither released nor applied: their tables are new."""
    why: str
    """How they were chosen, as the end of a sentence: "not in origin/main"."""


def select(
    history: History, names: Sequence[str], base: Base | None = None, applied: Collection[str] | None = None
) -> Selection:
    """The migrations that names mean; without names those that are new.

    New is what the base branch does not have or has otherwise, and what is not applied; where neither is known, all.

    Args:
        history: a sound history.
        names: ids or beginnings of ids, ranges A:B, from after A up to B, and "all".
        base: what git's base branch has; None where that is not known.
        applied: the ids that the target database has; None where it was not asked.

    Raises:
        UnknownRevisionError: a name fits nothing.
        AmbiguousRevisionError: a name fits several.
        UsageError: a range ends before it begins.
    """
    released = {each.id for each in history if base is not None and each.path in base.files}
    pending = frozenset(history.by_id) - released - frozenset(applied or ())
    if names:
        ids = {id for name in names for id in _named(history, name)}
        # What is named is looked at as if it ran on what is there before.
        return Selection(history.in_order(ids), pending if base or applied is not None else frozenset(), "named")
    reasons, chosen = [], set()
    if base is not None:
        chosen |= {each.id for each in history if each.path not in base.files or each.path in base.edited}
        reasons.append(f"not in {base.branch}")
    if applied is not None:
        chosen |= set(history.by_id) - set(applied)
        reasons.append("not applied")
    if not reasons:
        return Selection(tuple(history), frozenset(), "all, for neither git nor a database says which are new")
    return Selection(history.in_order(chosen), pending, " or ".join(reasons))


def _named(history: History, name: str) -> Collection[str]:
    first, colon, last = name.partition(":")
    if name == ALL and ALL not in history.by_id:
        return list(history.by_id)
    if not colon:
        return [each.id for each in _ends(history, name)]
    begin = [each.id for each in _ends(history, first)] if first not in _NOTHING else []
    end = [each.id for each in _ends(history, last or HEADS)]
    below = history.ancestors(begin)
    if last and set(end) < below and set(end) != set(begin):
        raise UsageError(
            f"{name} holds no migration: {last} comes before {first}.",
            hint=f"the other way round, {last}:{first}; python manage.py showmigrations",
        )
    return history.ancestors(end) - below


def _ends(history: History, name: str) -> Sequence[Revision]:
    if name == HEADS:
        return history.heads
    if name == HEAD:
        head = history.require_single_head()
        return [head] if head else []
    return [history.find(name)]
