"""Changes of models that are written for zero downtime, on a real database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alembic.operations import ops
from sqlalchemy import MetaData, NullPool, Table, create_engine, select

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.detector import detector
from alembic_manage.autodetect.part import Part
from alembic_manage.drift.description import Description
from alembic_manage.drift.verification import differences
from alembic_manage.questions import Answer, Given
from alembic_manage.rollout.revisions import composed
from alembic_manage.rollout.rollout import rolled_out
from alembic_manage.sources.source import Source, read_at
from alembic_manage.writing.draft import first_with_changes
from alembic_manage.writing.writer import write
from support.autodetection import Answers, Evolution
from support.tiny_projects import synchronous


@dataclass
class Written:
    """The revisions that were written."""

    ids: list[str]
    phases: list[str]
    texts: list[str]
    notes: list[str]
    """What is in its short form after all."""

    @property
    def text(self) -> str:
        """All files, one after the other."""
        return "\n".join(self.texts)

    @property
    def last_expand(self) -> str | None:
        """The id of the last revision before the contract phase."""
        return next(
            (id for id, phase in reversed(list(zip(self.ids, self.phases, strict=True))) if phase == "expand"), None
        )


def roll_out(
    evolution: Evolution,
    models: MetaData,
    answers: Mapping[str, Answer] | Answers | None = None,
    given: Given | None = None,
) -> Written:
    """Write the revisions that lead from the head to `models`, in phases; nothing is run."""
    project = evolution.project
    project.project.__dict__["metadata"] = [models]
    evolution.answers = answers if isinstance(answers, Answers) else Answers(answers)
    notes: list[str] = []

    def split(operations: Sequence[ops.MigrateOperation], detection: Detection) -> Sequence[Part]:
        rollout = rolled_out(operations, detection)
        notes.extend(rollout.notes)
        return rollout.parts

    environment: Any = project.environment
    heads = [head.id for head in environment.history.heads]
    detect = detector(environment, evolution.answers, given=given, split=split)
    draft = first_with_changes(read_at(environment, heads, detect, sources=(Source.HISTORY,)))
    whole = [replace(draft, parts=(draft,))] if draft.changes else []
    new = [each for one in ([draft] if draft.parts else whole) for each in composed(environment, one, heads, "change")]
    for revision in new:
        write(environment, revision)
    phases = [str(part.phase) for part in draft.parts or whole]
    return Written([each.id for each in new], phases, [each.text for each in new], notes)


def assert_leads_there_and_back(evolution: Evolution, before: Description, start: str) -> None:
    """All revisions have run: the state agrees and nothing is left to detect; they run back, and up again.

    Args:
        evolution: the project.
        before: what the database held before them.
        start: the id of the last revision before them.
    """
    after = evolution.description()
    assert evolution.drift() == []
    answers = evolution.answers
    assert evolution.detect(evolution.project.project.metadata[0]).upgrade == "pass"
    evolution.answers = answers
    evolution.migrate(start)
    assert _lines(before, evolution.description()) == []
    evolution.migrate()
    assert _lines(after, evolution.description()) == []


def _lines(expected: Description, found: Description) -> list[str]:
    return [
        f"{each.object}: {each.expected} -> {each.found}"
        for each in differences(expected, found)
        if not each.object.startswith("order of")
    ]


class Code:
    """An application that knows a table in one way.

    Args:
        evolution: the project.
        table: as the application's models have it.
    """

    def __init__(self, evolution: Evolution, table: Table) -> None:
        url = synchronous(evolution.project.project.database().url)
        self.engine = create_engine(url, poolclass=NullPool)
        self.table = table

    def insert(self, id: int, values: Mapping[str, Any]) -> None:
        """A row."""
        with self.engine.begin() as connection:
            connection.execute(self.table.insert(), {"id": id, **values})

    def rows(self) -> Sequence[Any]:
        """All rows, with the columns that the models have, by their keys."""
        with self.engine.connect() as connection:
            return connection.execute(select(*self.table.columns).order_by(self.table.c.id)).all()

    def use(self, id: int, values: Mapping[str, Any]) -> None:
        """Insert a row, read it, change it and delete it."""
        self.insert(id, values)
        found = next(row for row in self.rows() if row.id == id)
        assert {name: getattr(found, name) for name in values} == dict(values)
        with self.engine.begin() as connection:
            its_row = self.table.c.id == id
            if values:
                assert connection.execute(self.table.update().where(its_row).values(**values)).rowcount == 1
            assert connection.execute(self.table.delete().where(its_row)).rowcount == 1
