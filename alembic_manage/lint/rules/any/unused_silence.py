"""A comment that silences nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.silences import Silence
from alembic_manage.lint.squawk import PREFIX

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
            near = _near(rule)
            yield Concern(
                f"The comment silences {rule}, which says nothing here."
                if near is None
                else f"The comment silences {rule}, and there is no such rule.",
                subject=rule,
                fix=f"# lint: ignore {near} -- {silence.reason or 'why it does no harm here'}"
                if near
                else "Take the comment away, or put it at the operation that it is about.",
            )


def _near(rule: str) -> str | None:
    """The rule that was meant; empty where none is like it, None where there is a rule of that name."""
    from alembic_manage.lint.rules import rule_ids

    if rule in rule_ids() or rule.startswith(PREFIX):
        return None
    return next(iter(difflib.get_close_matches(rule, rule_ids(), 1)), "")
