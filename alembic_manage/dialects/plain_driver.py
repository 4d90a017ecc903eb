"""How a driver is called without SQLAlchemy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PlainDriver:
    """How a driver is called. Source: PEP 249, "Constructors"."""

    module: str
    database: str
    """The argument for the name of the database; the others are called the same everywhere."""
    about_results: frozenset[str]
    """Arguments of SQLAlchemy's that change nothing about which server is asked, or what it answers to a query."""
