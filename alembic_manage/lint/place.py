"""The line of a revision file that a statement belongs to."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_manage.lint.revision_view import RevisionView

_NAME = re.compile(r"[\w$]+")


def line_of_statement(view: RevisionView, line: int | None, sql: str) -> int | None:
    """The line of the call that a statement comes from.

    Operations in a batch are sent when it ends: of those the call is found by the names that it shares with the SQL.

    Args:
        view: of the revision.
        line: where the file was when the statement was sent.
        sql: the statement.
    """
    return line_in_batch(view, line, _NAME.findall(sql)) if line is not None else None


def line_in_batch(view: RevisionView, line: int, names: Iterable[str]) -> int:
    """The line of the call in a batch that most of these names stand in.

    Args:
        view: of the revision.
        line: where the batch begins; any other line is given back as it is.
        names: words of the statement, or parts of the path of an object.
    """
    batch = view.batches.get(line)
    if batch is None:
        return line
    words = set(names)
    best, most = line, 0
    for call in _calls(batch):
        shared = len(words & _names(call))
        if shared > most:
            best, most = call.lineno, shared
    return best


def _calls(batch: ast.With) -> Iterator[ast.Call]:
    for statement in batch.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                yield node.value


def _names(call: ast.Call) -> set[str]:
    return {node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
