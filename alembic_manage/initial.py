"""`migrate --fake-initial`: whether a database has already what a first revision makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from alembic_manage.alembic_api import connection_of
from alembic_manage.drift.agreement import Disagreement, disagreements
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, ExitCode, HistoryStateError
from alembic_manage.history import Revision
from alembic_manage.outline.revision import outline_of
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.sources.source import Source, read_at
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.reflected import schema_shown

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from alembic_manage.state.schema import Schema

SHOWN = 20
"""How many differences an error lists."""


class InitialFake:
    """The policy that records a first revision without running it, where the database is as if it had run.

    Tables, columns and types must be the same; what else differs is told. What a revision makes is read before env.py
    connects, from its file or from a scratch database.

    Args:
        environment: of the database.
        notify: is told what differs and does not matter.
    """

    def __init__(self, environment: Environment, notify: Callable[[str], None] = lambda line: None) -> None:
        self.notify = notify
        self._made = {each.id: _made_by(environment, each) for each in environment.history if not each.down_revisions}
        self._there: set[str] = set()

    def review(self, plan: Plan, context: MigrationContext) -> None:
        """Compare, before anything is written.

        Raises:
            CommandError: a part of what a first revision makes is there, or it is there and differs; exit code 6.
            HistoryStateError: it is there, and what it should look like is not known.
        """
        self._there = set()
        for step in plan.steps:
            is_first = step.direction is Direction.UPGRADE and not step.revision.down_revisions
            if is_first and any(_names_there(connection_of(context), step.revision)):
                self._require_same(step.revision, context)
                self._there.add(step.revision.id)

    def __call__(self, connection: Connection, step: Step) -> bool:
        """Whether to record a step without running it."""
        return step.direction is Direction.UPGRADE and step.revision.id in self._there

    def _require_same(self, revision: Revision, context: MigrationContext) -> None:
        made = self._made[revision.id]
        fake = f"python manage.py migrate --fake {revision.id}"
        if isinstance(made, CommandError):
            raise HistoryStateError(
                f"What {revision.id} makes is there, but cannot be compared: {str(made).splitlines()[0]}",
                hint=f"compare by hand, then: {fake}",
            )
        found = disagreements(context, metadata_of(made), leaves_nothing_out=True)
        if any(each.is_structural for each in found):
            raise CommandError(
                f"The database is not what {revision.id} makes; nothing was run or recorded:\n{_list(found)}",
                hint=f"change the models and make the migration again, or live with it: {fake}",
                returncode=ExitCode.DRIFT,
            )
        if found:
            recorded = f"{revision.id} is recorded; beside its tables, columns and types, the database differs:"
            self.notify(f"{recorded}\n{_list(found)}")


def _list(found: Sequence[Disagreement]) -> str:
    lines = [each.line for each in sorted(found, key=lambda each: not each.is_structural)]
    more = [f"... and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return "\n".join(f"  {line}" for line in [*lines[:SHOWN], *more])


def _made_by(environment: Environment, revision: Revision) -> Schema | CommandError:
    """The schema after a first revision, or why it is not known."""

    def read(context: MigrationContext) -> Schema:
        return schema_shown(connection_of(context))

    try:
        return read_at(environment, [revision.id], read, sources=(Source.HISTORY, Source.SCRATCH))[0]
    except CommandError as error:
        return error


def _names_there(connection: Connection, revision: Revision) -> Iterator[bool]:
    """Of each table and column that a revision makes, whether there is one of its name."""
    inspector: Any = inspect(connection)
    columns: dict[tuple[str | None, str], Mapping[str, Any]] = {}
    for change in outline_of(revision.path, Direction.UPGRADE.value):
        if change.kind == "create_table":
            yield inspector.has_table(change.name, schema=change.schema)
        elif change.kind == "add_column" and inspector.has_table(change.table, schema=change.schema):
            place = (change.schema, change.table)
            columns.setdefault(
                place, {each["name"]: each for each in inspector.get_columns(change.table, change.schema)}
            )
            yield change.name in columns[place]
