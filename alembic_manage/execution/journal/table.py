"""The table that the journal is kept in; it may be missing, and is empty while no revision runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, String, select

from alembic_manage.alembic_plugin import JOURNAL_SUFFIX
from alembic_manage.dialects import dialect_named
from alembic_manage.execution.journal.answer import Answer
from alembic_manage.execution.journal.entry import Entry, Kind, State
from alembic_manage.execution.own_statements import own
from alembic_manage.execution.own_table import OwnTable

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext


@dataclass(frozen=True)
class Opening:
    """What the journal says of the revision that its entries belong to."""

    revision: str
    direction: str
    """"upgrade" or "downgrade"."""
    checksum: str
    """Of the file as it ran."""
    session: str | None = None
    """The server's number of the session that ran it; None where sessions have none."""


class JournalTable(OwnTable):
    """The journal of the database that a context is connected to.

    Args:
        context: an online context.
    """

    def __init__(self, context: MigrationContext) -> None:
        text = dialect_named(context.dialect.name).long_text_type()
        super().__init__(
            context,
            JOURNAL_SUFFIX,
            Column("id", Integer, primary_key=True),
            Column("kind", String(10), nullable=False),
            Column("state", String(10), nullable=False),
            Column("digest", String(64), nullable=False),
            Column("statement", text, nullable=False),
            Column("answer", text),
            Column("picture", text),
            Column("revision", String(255)),
            Column("direction", String(10)),
            Column("session", String(32)),
        )

    def create(self) -> None:
        """Make the table, unless it is there."""
        self.table.create(self.connection, checkfirst=True)

    def read(self) -> tuple[Opening, list[Entry]] | None:
        """The revision that has entries, and these in their order; None where there is none, or no table."""
        if not self.exists:
            return None
        with own(self.connection):
            rows = self.connection.execute(select(self.table).order_by(self.table.c.id)).all()
        openings = [row for row in rows if row.kind == _OPENING]
        if not openings:
            return None
        opening = openings[-1]
        found = Opening(opening.revision, opening.direction, opening.digest, opening.session)
        return found, _gone_on([_entry(row) for row in rows if row.kind != _OPENING])

    def open(self, opening: Opening, *, is_first: bool = True) -> None:
        """Say which revision the entries to come belong to; those of an earlier run of it stay.

        Args:
            opening: what to say.
            is_first: whether there may be something to say it in place of.
        """
        with own(self.connection):
            if is_first:
                self.connection.execute(self.table.delete().where(self.table.c.kind == _OPENING))
            self.connection.execute(
                self.table.insert().values(
                    kind=_OPENING,
                    state=State.DONE.value,
                    digest=opening.checksum,
                    statement="",
                    revision=opening.revision,
                    direction=opening.direction,
                    session=opening.session,
                )
            )

    def add(self, entries: Iterable[Entry]) -> None:
        """Write entries, in the transaction that is open."""
        rows = [_row(entry) for entry in entries]
        if rows:
            with own(self.connection):
                self.connection.execute(self.table.insert(), rows)

    def start(self, entry: Entry) -> int:
        """Write an entry that is about to be sent; the number of its row."""
        with own(self.connection):
            result = self.connection.execute(self.table.insert().values(**_row(entry)))
        return int((result.inserted_primary_key or (0,))[0])

    def done(self, id: int, answer: Answer | None) -> None:
        """Say of a row that its statement came back."""
        values = {"state": State.DONE.value, "answer": answer.as_text() if answer else None}
        with own(self.connection):
            self.connection.execute(self.table.update().where(self.table.c.id == id).values(**values))

    def forget(self, *ids: int) -> None:
        """Delete rows: their statements did not happen."""
        with own(self.connection):
            self.connection.execute(self.table.delete().where(self.table.c.id.in_(ids)))

    def clear(self) -> None:
        """Delete everything: the revision is done."""
        with own(self.connection):
            self.connection.execute(self.table.delete())


_OPENING = "opening"


def _gone_on(entries: list[Entry]) -> list[Entry]:
    """With all as done that others follow: a run goes on only after a statement that came back."""
    return [*(replace(entry, state=State.DONE) for entry in entries[:-1]), *entries[-1:]]


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind.value,
        "state": entry.state.value,
        "digest": entry.digest,
        "statement": entry.text,
        "answer": entry.answer.as_text() if entry.answer else None,
        "picture": entry.picture,
    }


def _entry(row: Any) -> Entry:
    return Entry(
        kind=Kind(row.kind),
        digest=row.digest,
        text=row.statement,
        state=State(row.state),
        answer=Answer.from_text(row.answer) if row.answer is not None else None,
        picture=row.picture,
        id=row.id,
    )
