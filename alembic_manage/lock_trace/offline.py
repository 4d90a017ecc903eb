"""The statements of revisions, one by one, from Alembic's offline mode."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from alembic_manage.alembic_api import revision_step
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError
from alembic_manage.history import History
from alembic_manage.plan import Direction, Step
from alembic_manage.sql.beginning import beginning

if TYPE_CHECKING:
    from alembic.runtime.migration import RevisionStep
    from alembic.script.revision import RevisionMap

_TRANSACTION = ("BEGIN", "COMMIT", "START TRANSACTION")
VERSION_TABLE = "alembic_version"


def statements_of(environment: Environment, steps: Sequence[Step]) -> Mapping[str, Sequence[str] | None]:
    """The statements of each step by the revision's id, without semicolons; None where it needs a connection.

    What keeps the version table is left out, and so are BEGIN and COMMIT. env.py runs once, and once more for each
    revision that needs a connection.

    Args:
        environment: of the database whose dialect counts; it is not connected to.
        steps: upgrades in the order in which they run, or one downgrade.
    """
    found: dict[str, Sequence[str] | None] = {}
    left = list(steps)
    while left:
        output = _Output()
        try:
            environment.offline(_start(environment.history, left), output.taking(left), output)
        except CommandError:
            if not output.id:
                raise
            output.found.pop(output.id, None)
            found |= output.found
            found[output.id] = None
            left = left[[step.revision.id for step in left].index(output.id) + 1 :]
        else:
            return found | output.found
    return found


def _start(history: History, steps: Sequence[Step]) -> list[str]:
    """The ids that the version table holds before the first of the steps."""
    if steps[0].direction is Direction.DOWNGRADE:
        return [steps[0].revision.id]
    later = {step.revision.id for step in steps}
    needed = {parent for step in steps for parent in history.ancestors([step.revision.id])} - later
    return _tips(history, needed)


def _tips(history: History, ids: Collection[str]) -> list[str]:
    parents = {parent for id in ids for parent in history.parents(id)}
    return sorted(set(ids) - parents)


class _Output(io.StringIO):
    """What offline mode writes to: a statement a call."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.id = ""
        """Of the revision that is running."""
        self._has_run = False

    def taking(self, steps: Sequence[Step]):  # type: ignore[no-untyped-def]
        """The steps for Alembic; none where env.py runs migrations a second time, as loops over tenants do."""

        def take(revision_map: RevisionMap) -> Iterable[RevisionStep]:
            if self._has_run:
                return
            self._has_run = True
            yield from self._steps(revision_map, steps)

        return take

    def _steps(self, revision_map: RevisionMap, steps: Sequence[Step]) -> Iterator[RevisionStep]:
        for step in steps:
            self.id = step.revision.id
            self.found[self.id] = []
            yield revision_step(revision_map, self.id, is_upgrade=step.direction is Direction.UPGRADE)

    def write(self, text: str) -> int:
        """Keep a statement."""
        sql = beginning(text).strip().rstrip(";").rstrip()
        if self.id and sql and not sql.upper().startswith(_TRANSACTION) and not _is_record(sql):
            self.found[self.id].append(sql)
        return len(text)


def _is_record(sql: str) -> bool:
    """Whether it makes or moves the version table."""
    words = sql.replace("(", " ").split(maxsplit=4)
    return any(word.strip('"`').rpartition(".")[2].strip('"`') == VERSION_TABLE for word in words[1:4])
