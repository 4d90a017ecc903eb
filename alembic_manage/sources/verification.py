"""Holds the history state against a scratch database that the revisions ran on, and against the configured one."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from alembic_manage.drift.verification import Verdict, description_of, description_of_state, differences
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError
from alembic_manage.execution.scratch_run import migrated
from alembic_manage.scratch import ScratchEnvironment, with_scratch
from alembic_manage.sources.connected import require_at
from alembic_manage.sources.source import upgrade_plan
from alembic_manage.state.replay import Replay


def verdicts(environment: Environment, replay: Replay, ids: Sequence[str]) -> list[Verdict]:
    """What a scratch database and the configured database say to the state at `ids`; where one cannot say, why."""
    with contextlib.redirect_stdout(sys.stderr):
        return _verdicts(environment, replay, ids)


def _verdicts(environment: Environment, replay: Replay, ids: Sequence[str]) -> list[Verdict]:
    try:
        expected = description_of_state(environment, replay.schema)
    except Exception as error:
        reason = environment.without_secrets(f"the state cannot be built: {str(error).splitlines()[0]}")
        return [Verdict(against, None, reason=reason) for against in ("scratch database", "configured database")]
    return [_of_scratch(environment, ids, expected), _of_database(environment, ids, expected)]


def _of_scratch(environment: Environment, ids: Collection[str], expected: Mapping[str, str]) -> Verdict:
    def found(scratch: ScratchEnvironment) -> Mapping[str, str]:
        migrated(scratch, upgrade_plan(scratch, ids))
        return description_of(scratch)

    try:
        return Verdict("scratch database", differences(expected, with_scratch(environment, found)))
    except CommandError as error:
        return Verdict("scratch database", None, reason=str(error).splitlines()[0])


def _of_database(environment: Environment, ids: Collection[str], expected: Mapping[str, str]) -> Verdict:
    path = environment.database.url.database
    if environment.database.dialect.is_file and path and not Path(path).exists():
        return Verdict("configured database", None, reason="there is no such file yet")
    try:
        require_at(environment, environment.recorded(), ids)
        return Verdict("configured database", differences(expected, description_of(environment)))
    except CommandError as error:
        return Verdict("configured database", None, reason=str(error).splitlines()[0])
