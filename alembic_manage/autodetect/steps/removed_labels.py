"""What becomes of the values that an enum loses: asked, one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.steps.labels import merged
from alembic_manage.questions import Later, RemovedValueQuestion, Value


@dataclass(frozen=True)
class RemovedLabels:
    """The answers for one enum."""

    before: tuple[str, ...]
    """The labels, in order."""
    after: tuple[str, ...]
    """Those of afterwards, with the ones that were put off."""
    replaced: Mapping[str, str] = field(default_factory=dict)
    """What rows get that hold a label which is gone, as SQL."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """The new label by the old one, where only the name is another."""

    @property
    def added(self) -> tuple[str, ...]:
        """The labels that are new, and no new names."""
        return tuple(each for each in self.after if each not in self.before and each not in self.renamed.values())


def asked_about_removed(
    path: str,
    before: Sequence[str],
    after: Sequence[str],
    detection: Detection,
    renamed: Mapping[str, str] | None = None,
) -> RemovedLabels:
    """The answers for the labels that are gone.

    Args:
        path: of the enum: "status", or "orders.status" where it belongs to a column.
        before: its labels.
        after: those that the models say.
        detection: whose questioner is asked.
        renamed: the labels that only have another name.
    """
    renamed = renamed or {}
    replaced, kept = {}, list(after)
    for label in before:
        if label in after or label in renamed:
            continue
        answer = detection.questioner.ask(RemovedValueQuestion(f"{path}.{label}", tuple(after)))
        if isinstance(answer, Value):
            replaced[label] = answer.sql
        elif isinstance(answer, Later):
            kept.append(label)
    put_off = [label for label in before if label in kept]
    return RemovedLabels(tuple(before), merged(put_off, after), replaced, renamed)
