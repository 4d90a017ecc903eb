"""Whether the steps of a plan can be taken at all, known before the first one runs."""

from __future__ import annotations

import ast
from pathlib import Path

from alembic_manage.errors import RefusedError
from alembic_manage.location import display_path
from alembic_manage.plan import Direction, Plan


def require_reversible(plan: Plan, command: str = "rollback") -> None:
    """Raise, where a step of the plan goes down and its file has no way down.

    Args:
        plan: the steps.
        command: what takes back to a revision that is named after it, for the hint.

    Raises:
        RefusedError: a downgrade() is missing, or does nothing but raise; the message names the first one.
    """
    for step in plan.steps:
        reason = _reason(step.revision.path) if step.direction is Direction.DOWNGRADE else None
        if reason is not None:
            shown = display_path(step.revision.path)
            followers = [each.revision.id for each in plan.steps[: plan.steps.index(step)]]
            less = f"python manage.py {command} {step.revision.id}" if followers else f"write downgrade() in {shown}"
            raise RefusedError(
                f"{step.revision.id} cannot be taken back: {shown} {reason}. Nothing was taken back.", hint=less
            )


def _reason(path: Path) -> str | None:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None  # the run itself says what is wrong
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "downgrade"]
    if not functions:
        return None if _assigns_downgrade(tree) else "has no downgrade()"
    body = [each for each in functions[-1].body if not _is_text(each)]
    return "has a downgrade() that only raises" if body and isinstance(body[0], ast.Raise) else None


def _assigns_downgrade(tree: ast.Module) -> bool:
    """Whether the name comes from elsewhere: an assignment or an import."""
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom | ast.Import):
            if any((alias.asname or alias.name) in ("downgrade", "*") for alias in statement.names):
                return True
        elif any(isinstance(node, ast.Name) and node.id == "downgrade" for node in ast.walk(statement)):
            return True
    return False


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
