"""Changes of models that are written for zero downtime, on a real database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alembic.operations import ops
from sqlalchemy import MetaData

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.detector import detector, first_with_changes
from alembic_manage.autodetect.part import Part
from alembic_manage.drift.description import Description
from alembic_manage.drift.verification import differences
from alembic_manage.questions import Answer, Given
from alembic_manage.rollout.revisions import composed
from alembic_manage.rollout.rollout import rolled_out
from alembic_manage.sources.source import Source, read_at
from alembic_manage.writer import write
from support.autodetection import Answers, Evolution


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
    new = composed(environment, draft, heads, "change") if draft.parts else []
    for revision in new:
        write(environment, revision)
    phases = [str(part.phase) for part in draft.parts]
    return Written([each.id for each in new], phases, [each.text for each in new], notes)


def assert_up_down_up(evolution: Evolution, written: Written) -> None:
    """The revisions run up, each back, and up again; the state agrees at every one, and nothing is left to detect."""
    before = evolution.description()
    evolution.migrate()
    after = evolution.description()
    assert evolution.drift() == []
    answers = evolution.answers
    assert evolution.detect(evolution.project.project.metadata[0]).upgrade == "pass"
    evolution.answers = answers
    for _ in written.ids:
        evolution.migrate("-1")
    assert _lines(before, evolution.description()) == []
    evolution.migrate()
    assert _lines(after, evolution.description()) == []


def _lines(expected: Description, found: Description) -> list[str]:
    return [
        f"{each.object}: {each.expected} -> {each.found}"
        for each in differences(expected, found)
        if not each.object.startswith("order of")
    ]
