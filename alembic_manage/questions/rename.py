"""Was it renamed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alembic_manage.questions.answer import Answer, Dropped, Renamed
from alembic_manage.questions.question import Choice, Question


@dataclass(frozen=True)
class RenameQuestion(Question):
    """Something is gone, and something like it has come."""

    kind: str
    """"table", "column", "enum value"; "index" and "constraint", where nothing can be lost."""
    candidates: tuple[tuple[str, str], ...]
    """The paths of what it may have become, the likeliest first, each with what else would change: "NUMERIC(10, 2)
    becomes NUMERIC(12, 2)"; "" where nothing does."""

    @property
    def text(self) -> str:
        """One line."""
        if len(self.candidates) == 1:
            new, also = self.candidates[0]
            return f"Was the {self.kind} {self.path} renamed to {new}?" + (f" ({also})" if also else "")
        return f"The {self.kind} {self.path} is gone. Was it renamed?"

    @property
    def choices(self) -> Sequence[Choice]:
        """One a candidate, and no."""
        single = len(self.candidates) == 1
        renamed = [
            Choice(
                "y" if single else str(number),
                "yes, renamed" if single else f"renamed to {new}" + (f" ({also})" if also else ""),
                f"--rename {self.path}:{new}",
                Renamed(new),
            )
            for number, (new, also) in enumerate(self.candidates, start=1)
        ]
        no = _NO.get(self.kind, "no, dropped with its data")
        return [*renamed, Choice("n", no, f"--no-rename {self.path}", Dropped())]

    @property
    def safe_answer(self) -> Answer | None:
        """Renaming an index or a constraint loses nothing."""
        return Renamed(self.candidates[0][0]) if self.kind in ("index", "constraint") else None

    @property
    def is_for_a_person(self) -> bool:
        """Not where nothing can be lost and the schema is the same either way."""
        return self.safe_answer is None

    @property
    def taken_text(self) -> str:
        """What happens to the name."""
        return f"Taken as renamed: the {self.kind} {self.path} to {self.candidates[0][0]}."


_NO = {
    "enum value": "no, it is removed; what becomes of its rows is asked next",
    "index": "no, dropped and made anew",
    "constraint": "no, dropped and made anew",
}
