"""The command that goes on with a run of which a part is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alembic_manage.plan import Direction, Step

_COUNTED = re.compile(r"(?P<before>.*@-|[+-]?)(?P<count>[1-9]\d{0,2})")
"""A target that counts steps: 3, +3, -3, BRANCH@-3."""


@dataclass(frozen=True)
class GoOn:
    """What was typed to begin a run, as far as it must be typed again."""

    command: str = ""
    """"migrate" or "rollback"; empty for the one that goes in the direction of the run."""
    target: str | None = None
    """As it was typed."""
    flags: str = ""
    """Those that say what is to be done, with a space before each."""

    def line(self, left: Sequence[Step]) -> str:
        """The command line that takes the steps that are left; a target that counts steps counts these.

        Args:
            left: at least one.
        """
        usual = "migrate" if left[0].direction is Direction.UPGRADE else "rollback"
        words = ["python manage.py", self.command or usual]
        if self.target is not None:
            counted = _COUNTED.fullmatch(self.target)
            words.append(f"{counted['before']}{len(left)}" if counted else self.target)
        return " ".join(words) + self.flags
