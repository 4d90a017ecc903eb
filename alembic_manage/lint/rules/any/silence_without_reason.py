"""A finding that is ignored, and nobody says why."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.silences import Silence

TITLE = "A finding is ignored without a reason"
SEVERITY = Severity.WARNING
BY_SIZE = False


def check_silence(silence: Silence) -> Iterator[Concern]:
    """A comment without a text behind "--"."""
    if silence.rules and not silence.reason:
        rules = ", ".join(silence.rules)
        yield Concern(
            f"{rules} is ignored, and nobody says why.",
            subject=rules,
            fix=f"# lint: ignore {rules} -- why it does no harm here",
        )
