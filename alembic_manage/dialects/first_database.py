"""The database that a new project has."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FirstDatabase:
    """The database that a new project has until somebody says otherwise; each text has a place for `{name}`."""

    url: str
    asyncio_url: str
    extra: str | None = None
    """The extra of the suite with the driver of `url`; None where Python has it."""
    create: str | None = None
    """A command that makes the database; None where it comes by itself."""
