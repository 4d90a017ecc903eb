"""A downgrade() after which the schema is another one than before upgrade()."""

from __future__ import annotations

from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.restored import differences
from alembic_manage.lint.revision_view import RevisionView

TITLE = "The way back leads somewhere else"
SEVERITY = Severity.WARNING
BY_SIZE = False
_SHOWN = 5


def check_revision(view: RevisionView) -> Iterator[Concern]:
    """What differs after upgrade() and downgrade(), as the history state tells it."""
    after = view.downgrade.after
    if after is None or view.downgrade.opaque or view.stopped:
        return
    found = differences(view.before, after, view.context)
    if found:
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        yield Concern(
            f"After upgrade() and downgrade() of {view.revision.id} the schema is not as before: "
            f"{'; '.join(found[:_SHOWN])}{more}.",
            subject=view.revision.id,
            line=view.line_of_body("downgrade"),
        )
