"""What is known of changes of the models."""

from __future__ import annotations

from enum import Enum, auto


class Outlook(Enum):
    """Of the models as they are, without a comparison."""

    UNCHANGED = auto()
    """They have no changes."""
    NOT_COMPARED = auto()
    """Nobody has looked, and looking would take long."""
