"""A comment that silences nothing."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.silences import Silence

TITLE = "A comment silences nothing"
SEVERITY = Severity.WARNING
BY_SIZE = False


def check_silence(silence: Silence) -> Iterator[Concern]:
    """Each rule in a comment that has no finding there; and a comment that names none."""
    if not silence.rules:
        yield Concern(
            "The comment names no rule, so it silences nothing.", fix="# lint: ignore RULE -- why it does no harm here"
        )
    for rule in silence.rules:
        if rule not in silence.is_used:
            yield Concern(
                f"The comment silences {rule}, which says nothing here.",
                subject=rule,
                fix="Take the comment away, or put it at the operation that it is about.",
            )
