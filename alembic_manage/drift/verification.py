"""Whether the history state is what a database holds: the server builds the state, and both are described by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from alembic_manage.alembic_api import connection_of
from alembic_manage.alembic_plugin import OwnTables
from alembic_manage.drift.description import Description, describe
from alembic_manage.environment import Environment
from alembic_manage.scratch import with_scratch
from alembic_manage.state.metadata import ddl_of
from alembic_manage.state.schema import Schema


@dataclass(frozen=True)
class Difference:
    """One object that is not the same."""

    object: str
    """What it is, with its name: "column orders.note"."""
    expected: str | None
    """Its definition in the history state; None where it is not there."""
    found: str | None
    """Its definition in the database; None where it is not there."""

    @property
    def line(self) -> str:
        """For a person."""
        if self.found is None:
            return f"{self.object}: only in the history state: {self.expected}"
        if self.expected is None:
            return f"{self.object}: only in the database: {self.found}"
        return f"{self.object}: in the history state {self.expected}; in the database {self.found}"


@dataclass(frozen=True)
class Verdict:
    """What one database says to the state."""

    against: str
    """Which database: "scratch database" or "configured database"."""
    differences: tuple[Difference, ...] | None
    """Where they differ; None where that could not be found out."""
    reason: str | None = None
    """Why it could not be found out."""

    @property
    def equal(self) -> bool | None:
        """Whether they are the same; None where that is not known."""
        return None if self.differences is None else not self.differences

    @property
    def line(self) -> str:
        """For a person."""
        if self.differences is None:
            return f"Not compared with the {self.against}: {self.reason}"
        if not self.differences:
            return f"The {self.against} holds what the history state says."
        return f"The {self.against} differs from the history state in {len(self.differences)} object(s)."

    def as_json(self) -> dict[str, object]:
        """The stable shape that --json prints."""
        return {
            "against": self.against.partition(" ")[0],
            "equal": self.equal,
            "reason": self.reason,
            "differences": [each.line for each in self.differences or ()],
        }


def differences(expected: Description, found: Description) -> tuple[Difference, ...]:
    """Where two descriptions are not the same, by object."""
    names = sorted({*expected, *found})
    return tuple(
        Difference(name, expected.get(name), found.get(name)) for name in names if expected.get(name) != found.get(name)
    )


def description_of_state(environment: Environment, schema: Schema) -> Description:
    """What a database of the environment's kind holds that was made from the state.

    Raises:
        NoScratchError: no scratch database can be had.
    """

    def build(scratch: Environment) -> Description:
        return scratch.database.run(lambda connection: built(connection, schema))

    return with_scratch(environment, build)


def built(connection: Any, schema: Schema) -> Description:
    """The description of the state, made on an empty database."""
    for element in ddl_of(schema, connection.dialect):
        connection.execute(element)
    connection.commit()
    return describe(connection)


def description_of(environment: Environment) -> Description:
    """What the environment's own database holds, without the suite's and Alembic's tables.

    Raises:
        ConnectionFailedError: there is no connection.
    """
    read: Callable[[Any, Any], Description] = lambda context, _: describe(  # noqa: E731
        connection_of(context), OwnTables(context.version_table)
    )
    return environment.read(read)[0]
