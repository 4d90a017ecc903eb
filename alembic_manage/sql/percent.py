"""Percent signs in SQL that SQLAlchemy compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def single_percents(text: str, dialect: Dialect) -> str:
    """Compiled SQL as the database sees it.

    For a driver whose parameters begin with "%", the compiler doubles each percent sign, and the driver halves it.
    Source: PEP 249, "paramstyle".
    """
    return text.replace("%%", "%") if dialect.identifier_preparer._double_percents else text
