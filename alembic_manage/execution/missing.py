"""Applied revisions that have no file here, and what the ledger tells of them. Nothing of theirs is run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.errors import BrokenRevisionError, CommandError, RecordError, RefusedError
from alembic_manage.execution.checksum import checksum_of_source
from alembic_manage.execution.ledger import Entry, Ledger
from alembic_manage.history import History, Revision, revision_of_source
from alembic_manage.location import one_line

FAKE = "say where the database really is: python manage.py migrate REVISION --fake --prune"


@dataclass(frozen=True)
class MissingRevision:
    """An applied revision that has no file."""

    id: str
    entry: Entry | None = None
    """How it was applied; None where the ledger does not know."""
    source: str | None = None
    """The text of its file when it was applied; None where it was not kept."""
    revision: Revision | None = None
    """What the source says; None where it cannot be used. Its path is only a name."""
    objection: CommandError | None = None
    """Why its source cannot be used; None where it can."""

    @property
    def line(self) -> str:
        """For a person: "0005_vat (VAT per order): applied 2026-11-25 10:00:12 UTC by deploy@web-1"."""
        message = self.revision.message if self.revision else ""
        title = f"{self.id} ({message})" if message and message != self.id else self.id
        return f"{title}: {self.how}"

    @property
    def how(self) -> str:
        """For a person: "applied 2026-11-25 10:00:12 UTC by deploy@web-1, application 1.4.2"."""
        entry = self.entry
        if entry is None:
            return "the ledger does not know when or by whom it was applied"
        at = entry.finished_at or entry.started_at
        who = f" by {entry.user_name or '?'}@{entry.host}" if entry.host else ""
        version = f", application {entry.application_version}" if entry.application_version else ""
        return f"{entry.outcome} {at:%Y-%m-%d %H:%M:%S} UTC{who}{version}"


def missing_revisions(history: History, ledger: Ledger, recorded: Collection[str]) -> tuple[MissingRevision, ...]:
    """What is applied and has no file: of `recorded`, and what those rest on; parents first.

    How far down that goes is known from the recorded sources alone, which are read and never run.

    Args:
        history: the files.
        ledger: of the same database.
        recorded: the ids in the version table.
    """
    waiting = sorted(id for id in recorded if id not in history)
    found: dict[str, MissingRevision] = {}
    if not waiting:
        return ()
    entries = ledger.applied()
    while waiting:
        id = waiting.pop()
        if id in found:
            continue
        found[id] = missing = _missing(ledger, entries.get(id), id)
        if missing.revision is not None:
            known = completed(history, found.values())
            names = (*missing.revision.down_revisions, *missing.revision.depends_on)
            waiting += [name for name in names if known.resolve(name) is None]
    return _in_order(history, found)


def completed(history: History, missing: Iterable[MissingRevision]) -> History:
    """The history of the files, and of the missing revisions whose source can be used."""
    return history.with_revisions(each.revision for each in missing if each.revision is not None)


def _in_order(history: History, found: dict[str, MissingRevision]) -> tuple[MissingRevision, ...]:
    known = [revision.id for revision in completed(history, found.values()) if revision.id in found]
    return tuple(found[id] for id in (*known, *sorted(set(found).difference(known))))


def _missing(ledger: Ledger, entry: Entry | None, id: str) -> MissingRevision:
    source = ledger.source_of(id) if entry is not None else None
    if source is None:
        return MissingRevision(id, entry, objection=_not_kept(id, entry))
    try:
        return MissingRevision(id, entry, source, _read(id, entry, source))
    except CommandError as error:
        return MissingRevision(id, entry, source, objection=error)


def _read(id: str, entry: Entry | None, source: str) -> Revision:
    """The revision of a source, once it is known to be what ran.

    Raises:
        RefusedError: it is not what ran.
        RecordError: what it follows cannot be read.
    """
    if entry is None or entry.checksum is None or _checksum(source) != entry.checksum:
        raise RefusedError(
            f"The recorded code of {id} is not what ran: its checksum is not the recorded one, so somebody or "
            "something has changed the ledger. It is not used.",
            hint=get_the_code([id]),
        )
    try:
        revision = revision_of_source(source, Path(f"{id}.py"))
    except BrokenRevisionError as error:
        raise RecordError(
            f"What {id} follows is not known: its recorded code cannot be read ({one_line(error)}).",
            hint=get_the_code([id]),
        ) from error
    if revision.id != id:
        raise RefusedError(
            f"The recorded code of {id} calls itself {revision.id}, so somebody or something has changed the ledger. "
            "It is not used.",
            hint=get_the_code([id]),
        )
    return revision


def _checksum(source: str) -> str | None:
    try:
        return checksum_of_source(source)
    except (SyntaxError, ValueError):
        return None


def _not_kept(id: str, entry: Entry | None) -> RecordError:
    why = "does not know how it was applied" if entry is None else "kept no code of it"
    return RecordError(f"{id} has no file here, and the ledger {why}.", hint=f"{get_the_code([id])}; or {FAKE}")


def get_the_code(ids: Sequence[str]) -> str:
    """The hint that leads to the files of revisions."""
    return f"get the code that has it: git log --all -- '*{ids[-1]}*'"
