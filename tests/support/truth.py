"""A questioner that knows what was really done to the models."""

from __future__ import annotations

from collections.abc import Mapping

from alembic_manage.questions import (
    Answer,
    Dropped,
    NotNullQuestion,
    Proceed,
    Question,
    Renamed,
    RenameQuestion,
    Value,
)
from support.autodetection import Answers


class Truth(Answers):
    """Says yes to the renames that were made, and no to the others; rows get an example of the type.

    Args:
        renames: the new names by the old ones, with as much of their path as tells them apart: "orders.placed",
            or "placed" alone.
    """

    def __init__(self, renames: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.renames = dict(renames or {})

    def ask(self, question: Question) -> Answer:
        """The truth."""
        self.asked.append(question)
        if isinstance(question, RenameQuestion):
            return self._renamed(question)
        if isinstance(question, NotNullQuestion):
            return Value(question.example)
        return question.safe_answer or Proceed()

    def _renamed(self, question: RenameQuestion) -> Answer:
        new = next((new for old, new in self.renames.items() if _ends(question.path, old)), None)
        found = [path for path, _ in question.candidates if new is not None and _ends(path, new)]
        return Renamed(found[0]) if found else Dropped()


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith(f".{name}")
