"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How serious a problem is; names and numbers are Django's."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


@dataclass(frozen=True)
class Problem:
    """One problem of the project."""

    id: str
    """Stable: "history.E003"."""
    level: Level
    message: str
    hint: str | None = None

    def as_text(self) -> str:
        """The problem and its hint, as lines for a person."""
        lines = [f"{self.level.name}: ({self.id}) {self.message}"]
        if self.hint:
            lines.append(f"    Hint: {self.hint}")
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        return {"id": self.id, "level": self.level.name, "message": self.message, "hint": self.hint}
