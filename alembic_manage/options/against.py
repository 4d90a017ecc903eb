"""The option --against: where commands read the schema at a revision from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alembic_manage.command import CommandParser

if TYPE_CHECKING:
    from alembic_manage.sources.source import Source


def add_against_argument(parser: CommandParser) -> None:
    """Add `--against`."""
    parser.add_argument(
        "--against",
        choices=("history", "scratch", "database"),
        help="where to get the schema from: the migration files, read without a database; an empty scratch database "
        "that they are run on; or the configured database. Default: the first of these that works",
    )


def chosen_sources(against: str | None) -> Sequence[Source]:
    """The places to look, in order; one only where the option names it."""
    from alembic_manage.sources.source import ALL, Source

    return ALL if against is None else (Source(against),)
