"""Reads the schema at a revision from the best place that there is."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from alembic_manage.alembic_api import READ_ONLY, connection_of
from alembic_manage.environment import Environment
from alembic_manage.errors import (
    CommandError,
    EnvironmentFailedError,
    HistoryStateError,
    RefusedError,
    RevisionFailedError,
    UnansweredQuestionError,
    UsageError,
)
from alembic_manage.location import display_path
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.scratch import NoScratchError, ScratchEnvironment, with_scratch
from alembic_manage.sources.clean import Clean, CleanComparison
from alembic_manage.state.cache import StateCache
from alembic_manage.state.replay import Opaque, Replay

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext

T = TypeVar("T")
Work: TypeAlias = Callable[["MigrationContext"], T]
"""Called with a context whose connection shows the schema."""
Notify = Callable[[str], None]
"""Is told, in one line, why a place was passed over."""


class Source(Enum):
    """A place that the schema at a revision can be read from."""

    HISTORY = "history"
    """The revisions, replayed without a database."""
    SCRATCH = "scratch"
    """An empty database of the same kind, on which the revisions run."""
    DATABASE = "database"
    """The configured database, where it is at the revision."""


ALL = (Source.HISTORY, Source.SCRATCH, Source.DATABASE)


def read_at(
    environment: Environment,
    ids: Collection[str],
    work: Work[T],
    *,
    sources: Sequence[Source] = ALL,
    notify: Notify = lambda line: None,
    clean: Clean[T] | None = None,
) -> list[T]:
    """What `work` returns for the schema at the revisions `ids`, from the first of `sources` that has it.

    Args:
        environment: of the database whose kind counts.
        ids: the heads of the schema that is wanted; empty for what is there before the first revision.
        work: what to read.
        sources: where to look, in order.
        notify: is told why a place was passed over.
        clean: where `work` compares the models with the schema: what it returns where nothing differs. Then the history
            is compared only as far as it, or the models, changed since a comparison that found nothing.

    Returns:
        One result; several where env.py runs migrations several times on a database.

    Raises:
        HistoryStateError: none of several sources has it; the message says why of each.
        CommandError: the only source does not have it; or what `work` raises.
    """
    reasons: list[CommandError] = []
    for source in sources:
        try:
            # What env.py and the application print is no part of the output.
            with contextlib.redirect_stdout(sys.stderr):
                if source is Source.HISTORY:
                    results = _from_history(environment, ids, work, clean)
                else:
                    results = _READERS[source](environment, ids, work)
        except (EnvironmentFailedError, HistoryStateError, NoScratchError, RevisionFailedError) as error:
            if len(sources) == 1:
                raise
            reasons.append(error)
        except (RefusedError, UnansweredQuestionError, UsageError):
            raise  # a person or an option said so, wherever the schema comes from
        except CommandError as error:
            if not reasons or source is not sources[-1]:
                raise
            reasons.append(error)
        else:
            for reason in reasons:
                notify(_first_line(reason))
            if reasons:
                notify(f"The schema was therefore read from {_PLACES[source]}.")
            return results
    lines = dict.fromkeys(_first_line(reason) for reason in reasons)
    raise HistoryStateError("\n".join(lines), hint=reasons[0].hint)


def _first_line(error: CommandError) -> str:
    return str(error).splitlines()[0]


_PLACES = {
    Source.HISTORY: "the migrations",
    Source.SCRATCH: "a scratch database",
    Source.DATABASE: "the configured database",
}


def upgrade_plan(environment: Environment, ids: Collection[str]) -> Plan:
    """Every revision up to `ids`, from nothing."""
    history = environment.history
    return Plan("", tuple(Step(revision, Direction.UPGRADE) for revision in history.in_order(history.ancestors(ids))))


def _from_history(environment: Environment, ids: Collection[str], work: Work[T], clean: Clean[T] | None) -> list[T]:
    replay = Replay(environment, cache=StateCache.of(environment))
    results: list[T] = []

    def read(context: MigrationContext) -> None:
        if replay.opaque:
            raise HistoryStateError(
                f"{opaque_line(environment, replay.opaque[0])}.",
                hint="python manage.py historystate shows what is opaque, and why",
            )
        results.append(_compared(environment, context, replay, work, clean))

    replay.run(upgrade_plan(environment, ids), then=read)
    return results


def _compared(
    environment: Environment, context: MigrationContext, replay: Replay, work: Work[T], clean: Clean[T] | None
) -> T:
    """What `work` returns for the state of a replay."""
    if clean is None:
        return replay.compare(lambda: work(context))
    comparison = CleanComparison(environment, context, replay, clean.surroundings)
    result = clean.result if comparison.is_clean() else replay.compare(lambda: work(context))
    if clean.is_clean(result):
        comparison.remember()
    return result


def _from_scratch(environment: Environment, ids: Collection[str], work: Work[T]) -> list[T]:
    # What runs revisions is not needed where they are replayed.
    from alembic_manage.execution.scratch_run import migrated

    def read(scratch: ScratchEnvironment) -> list[T]:
        try:
            migrated(scratch, upgrade_plan(scratch, ids))
        except RevisionFailedError as error:
            raise HistoryStateError(
                f"On a scratch database: {_first_line(error)}",
                hint="mend the migration, or say what it does to the tables in state_upgrade(): docs/history-state.md",
            ) from error
        return scratch.read(lambda context, _: work(context))

    return with_scratch(environment, read)


def _from_database(environment: Environment, ids: Collection[str], work: Work[T]) -> list[T]:
    from alembic_manage.execution.ahead import explained
    from alembic_manage.sources.connected import require_at

    def read(context: MigrationContext, recorded: tuple[str, ...]) -> T:
        require_at(environment, recorded, ids)
        connection_of(context).info[READ_ONLY] = True
        return work(context)

    with explained(environment):
        return environment.read(read)


_READERS: Mapping[Source, Callable[..., Any]] = {
    Source.SCRATCH: _from_scratch,
    Source.DATABASE: _from_database,
}


def opaque_line(environment: Environment, opaque: Opaque) -> str:
    """One line about what cannot be replayed: file, line, reason, and the beginning of the statement."""
    place = display_path(opaque.path, environment.project.root) + (f":{opaque.line}" if opaque.line else "")
    statement = f" ({opaque.statement[:80]})" if opaque.statement else ""
    return environment.without_secrets(f"{place}: {opaque.revision} cannot be replayed: {opaque.reason}{statement}")
