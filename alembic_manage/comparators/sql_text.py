"""SQL text and names on their way into operations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.sql.elements import conv


def as_text(sql: str) -> TextClause:
    """SQL for sqlalchemy.text, in which a colon before a name would be a parameter."""
    return text(sql.replace(":", "\\:"))


def named(element: Any, final: str | None) -> Any:
    """The name of a constraint or index of the models for an operation.

    Args:
        element: of the models.
        final: its name in DDL.
    """
    if final is None or (type(element.name) is str and element.name == final):
        return final
    # No naming convention touches it once more.
    return conv(final)
