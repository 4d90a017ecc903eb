"""A migration without a way back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from alembic_manage.lint.finding import Concern, Severity
from alembic_manage.lint.revision_view import RevisionView

TITLE = "There is no way back"
SEVERITY = Severity.WARNING
BY_SIZE = False


def check_revision(view: RevisionView) -> Iterator[Concern]:
    """No downgrade() at all, or one that raises, or that fails on what upgrade() has made."""
    function = view.function("downgrade")
    if not view.statements:
        return  # nothing is done, so nothing is to be taken back: a merge
    if function is None:
        yield _concern(view, "has no downgrade()", view.line_of_function("upgrade"))
    elif _raises_at_once(function):
        yield _concern(view, "has a downgrade() that only raises", view.line_of_body("downgrade"))
    else:
        for opaque in view.downgrade.opaque:
            if opaque.kind == "raises":
                reason = f"cannot be taken back: {opaque.reason.rstrip('.')}"
                yield _concern(view, reason, opaque.line or function.lineno)
                return


def _raises_at_once(function: ast.FunctionDef) -> bool:
    body = [each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    return bool(body) and isinstance(body[0], ast.Raise)


def _concern(view: RevisionView, what: str, line: int | None) -> Concern:
    return Concern(
        f"{view.revision.id} {what}.",
        subject=view.revision.id,
        fix="Write into downgrade() what upgrade() does, the other way round, last things first.",
        line=line,
    )
