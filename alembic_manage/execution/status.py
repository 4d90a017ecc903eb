"""Which revisions are applied: the history beside the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alembic_manage.environment import Environment
from alembic_manage.execution.ledger import Ledger
from alembic_manage.execution.missing import MissingRevision, completed, missing_revisions
from alembic_manage.history import History
from alembic_manage.location import display_path
from alembic_manage.plan import applied_ids


@dataclass(frozen=True)
class RevisionStatus:
    """One revision as `showmigrations` shows it."""

    id: str
    applied: bool
    is_head: bool = False
    down_revisions: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    path: str | None = None
    message: str = ""
    applied_at: datetime | None = None
    """When it was applied (UTC); None where nothing tells."""
    missing: MissingRevision | None = None
    """Of one without a file: what the ledger knows of it."""

    @property
    def is_missing(self) -> bool:
        """Whether it is applied although there is no such file."""
        return self.missing is not None

    @property
    def mark(self) -> str:
        """ "[X]" applied, "[ ]" not, "[!]" recorded without a file."""
        return "[!]" if self.is_missing else "[X]" if self.applied else "[ ]"

    @property
    def parents(self) -> tuple[str, ...]:
        """What stands before it: down_revisions, then dependencies."""
        return (*self.down_revisions, *self.depends_on)

    @property
    def suffix(self) -> str:
        """Branch labels and "head", in parentheses."""
        words = (*self.branch_labels, *(["head"] if self.is_head else []))
        return f" ({', '.join(words)})" if words else ""

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        return {
            "revision": self.id,
            "applied": self.applied,
            "missing": self.is_missing,
            "head": self.is_head,
            "down_revisions": list(self.down_revisions),
            "depends_on": list(self.depends_on),
            "branch_labels": list(self.branch_labels),
            "path": self.path,
            "message": self.message,
            "applied_at": self.applied_at.isoformat() if self.applied_at else None,
        }


def status_of(environment: Environment) -> list[RevisionStatus]:
    """Every revision in the order in which it runs, then what is applied without a file.

    Raises:
        ConnectionFailedError: there is no connection.
    """
    history: History = environment.history
    read = environment.read(lambda context, heads: _read(history, Ledger(context), heads))
    missing = {each.id: each for _, several, _ in read for each in several}
    whole = completed(history, missing.values())
    # Applied is what is applied everywhere, where env.py loops over several schemas.
    everywhere = frozenset.intersection(*(applied_ids(whole, heads) for heads, _, _ in read))
    times = {id: time for _, _, by_id in read for id, time in by_id.items()}
    applied, heads = everywhere, {head.id for head in history.heads}
    known = [
        RevisionStatus(
            id=revision.id,
            applied=revision.id in applied,
            is_head=revision.id in heads,
            down_revisions=revision.down_revisions,
            depends_on=revision.depends_on,
            branch_labels=revision.branch_labels,
            path=display_path(revision.path, environment.project.root),
            message=revision.message,
            applied_at=times.get(revision.id) if revision.id in applied else None,
        )
        for revision in history
    ]
    return [*known, *(_without_file(each, times.get(each.id)) for each in missing.values())]


def _read(
    history: History, ledger: Ledger, heads: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[MissingRevision, ...], Mapping[str, datetime]]:
    return heads, missing_revisions(history, ledger, heads), ledger.applied_at()


def _without_file(missing: MissingRevision, applied_at: datetime | None) -> RevisionStatus:
    revision = missing.revision
    return RevisionStatus(
        id=missing.id,
        applied=True,
        down_revisions=revision.down_revisions if revision else (),
        depends_on=revision.depends_on if revision else (),
        branch_labels=revision.branch_labels if revision else (),
        message=revision.message if revision else "",
        applied_at=applied_at,
        missing=missing,
    )
