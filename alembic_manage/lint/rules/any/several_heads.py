"""A history with more than one head."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.words import listed

TITLE = "The history has several heads"
SEVERITY = Severity.ERROR
BY_SIZE = False


def check_history(context: Context) -> Iterator[Concern]:
    """The heads, where there are several that no branch label sets apart."""
    heads = [head for head in context.history.heads if not _is_labelled(context, head.id)]
    if len(heads) > 1:
        yield Concern(
            f"{listed(head.id for head in heads)} both follow the same past: migrate does not know where to go.",
            subject=",".join(head.id for head in heads),
            fix="python manage.py makemigrations --merge\nor, to put yours behind the others:\n"
            "python manage.py makemigrations --rebase",
        )


def _is_labelled(context: Context, id: str) -> bool:
    """Whether a head stands on a branch with a label of its own: such heads are meant to stay."""
    history = context.history
    return any(revision.branch_labels for revision in history.in_order(history.ancestors([id])))
