"""Which revisions are applied: the history beside the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from alembic_manage.environment import Environment
from alembic_manage.execution.changed import changed_since
from alembic_manage.execution.journal import Pending
from alembic_manage.execution.ledger import Entry, Ledger, still_applied
from alembic_manage.execution.missing import MissingRevision, completed, missing_revisions
from alembic_manage.history import History
from alembic_manage.location import display_path
from alembic_manage.plan import applied_ids

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


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
    phase: str | None = None
    """"expand" or "contract", where its file says so."""
    applied_at: datetime | None = None
    """When it was applied (UTC); None where nothing tells."""
    entry: Entry | None = None
    """What the ledger says of how it was applied; of one that is not applied, what it says of it last."""
    changed: bool | None = None
    """Whether its file does something else now than when it was applied; None where nothing tells."""
    missing: MissingRevision | None = None
    """Of one without a file: what the ledger knows of it."""
    stopped: Pending | None = None
    """Of one that stopped halfway: what of it is in effect."""

    @property
    def is_missing(self) -> bool:
        """Whether it is applied although there is no such file."""
        return self.missing is not None

    @property
    def mark(self) -> str:
        """ "[X]" applied, "[ ]" not, "[~]" stopped halfway, "[!]" recorded without a file."""
        if self.stopped is not None:
            return "[~]"
        return "[!]" if self.is_missing else "[X]" if self.applied else "[ ]"

    @property
    def parents(self) -> tuple[str, ...]:
        """What stands before it: down_revisions, then dependencies."""
        return (*self.down_revisions, *self.depends_on)

    @property
    def suffix(self) -> str:
        """Branch labels, phase and "head", in parentheses."""
        words = (*self.branch_labels, *([self.phase] if self.phase else []), *(["head"] if self.is_head else []))
        return f" ({', '.join(words)})" if words else ""

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        return {
            "revision": self.id,
            "applied": self.applied,
            "stopped": self.stopped.as_json() if self.stopped else None,
            "missing": self.is_missing,
            "head": self.is_head,
            "down_revisions": list(self.down_revisions),
            "depends_on": list(self.depends_on),
            "branch_labels": list(self.branch_labels),
            "path": self.path,
            "message": self.message,
            "phase": self.phase,
            "applied_at": self.applied_at.isoformat() if self.applied_at else None,
            "changed": self.changed,
            "ledger": self.entry.as_json() if self.entry else None,
        }


@dataclass(frozen=True)
class _Read:
    """What one version table says, and the ledger and the journal beside it."""

    heads: tuple[str, ...]
    missing: tuple[MissingRevision, ...]
    last: Mapping[str, Entry]
    applied: Mapping[str, Entry]
    pending: Pending | None

    @classmethod
    def from_database(cls, history: History, context: MigrationContext, heads: tuple[str, ...]) -> _Read:
        """What they say now."""
        ledger = Ledger(context)
        entries = ledger.entries()
        last = {entry.revision: entry for entry in entries}
        pending = Pending.in_effect(context, history, frozenset(heads))
        return cls(heads, missing_revisions(history, ledger, heads), last, still_applied(entries), pending)


def status_of(environment: Environment, *, compares_files: bool) -> list[RevisionStatus]:
    """Every revision in the order in which it runs, then what is applied without a file.

    Args:
        environment: of the database.
        compares_files: whether to look at each file for what was changed since; it has to be parsed for that.

    Raises:
        ConnectionFailedError: there is no connection.
    """
    history: History = environment.history
    read = environment.read(lambda context, heads: _Read.from_database(history, context, heads))
    missing = {each.id: each for one in read for each in one.missing}
    whole = completed(history, missing.values())
    # Applied is what is applied everywhere, where env.py loops over several schemas.
    applied = frozenset.intersection(*(applied_ids(whole, one.heads) for one in read))
    how = {id: entry for one in read for id, entry in one.applied.items() if id in applied}
    last = {id: entry for one in read for id, entry in one.last.items() if id not in applied}
    stopped = {one.pending.opening.revision: one.pending for one in read if one.pending is not None}
    heads = {head.id for head in history.heads}
    root = environment.project.root
    changed = {revision.id for revision in changed_since(history, how, root)} if compares_files else set()
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
            phase=revision.phase,
            applied_at=_time(how.get(revision.id)),
            entry=how.get(revision.id) or last.get(revision.id),
            stopped=stopped.get(revision.id),
            changed=revision.id in changed if compares_files and _has_checksum(how.get(revision.id)) else None,
        )
        for revision in history
    ]
    return [*known, *(_without_file(each, how.get(each.id)) for each in missing.values())]


def _time(entry: Entry | None) -> datetime | None:
    return entry.finished_at if entry else None


def _has_checksum(entry: Entry | None) -> bool:
    return entry is not None and entry.checksum is not None


def _without_file(missing: MissingRevision, entry: Entry | None) -> RevisionStatus:
    revision = missing.revision
    return RevisionStatus(
        id=missing.id,
        applied=True,
        down_revisions=revision.down_revisions if revision else (),
        depends_on=revision.depends_on if revision else (),
        branch_labels=revision.branch_labels if revision else (),
        message=revision.message if revision else "",
        applied_at=_time(entry),
        entry=entry,
        missing=missing,
    )
