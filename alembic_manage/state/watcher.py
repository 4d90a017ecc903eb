"""Who watches a replay: every statement that reaches the state, and what it does there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from alembic_manage.state.schema import Schema

if TYPE_CHECKING:
    from alembic_manage.dialects import Dialect
    from alembic_manage.plan import Step
    from alembic_manage.state.replay import Replay
    from alembic_manage.state.sql.statements import StatementKind


class Watcher(Protocol):
    """Is told what a replay does; it must change nothing."""

    def wants(self, step: Step) -> bool:
        """Whether a step is of interest; those before the first one that is may come from the cache."""

    def begin_step(self, replay: Replay, step: Step) -> None:
        """A step of interest is about to be taken."""

    def end_step(self, replay: Replay, step: Step) -> None:
        """It was taken, or stopped halfway."""

    def begin(self, sql: str, kind: StatementKind, construct: Any, *, is_autocommit: bool) -> None:
        """A statement is about to be applied.

        Args:
            sql: a single statement, in the words of the database.
            kind: what it is about.
            construct: SQLAlchemy's or Alembic's object for it; None for text.
            is_autocommit: whether it runs outside of a transaction.
        """

    def change(self, method: str, arguments: Mapping[str, Any]) -> None:
        """The statement has called a method of Schema that changes it.

        Args:
            method: its name.
            arguments: what it was called with, by name.
        """

    def end(self, error: Exception | None) -> None:
        """The statement was applied; or why it could not be."""


class WatchedSchema(Schema):
    """A schema whose changes are told to a watcher, but for those that follow from another.

    Args:
        rules: as for Schema.
        default_schema: as for Schema.
        server_version: as for Schema.
        watcher: is told.
    """

    def __init__(
        self, rules: Dialect, default_schema: str | None, server_version: tuple[int, ...] | None, watcher: Watcher
    ) -> None:
        super().__init__(rules, default_schema, server_version)
        self.watcher = watcher
        self._depth = 0

    def dump(self) -> dict[str, Any]:
        """What `load` takes; the watcher is no part of it."""
        return {name: value for name, value in super().dump().items() if name not in ("watcher", "_depth")}


def _watched(name: str) -> Callable[..., None]:
    method = getattr(Schema, name)
    signature = inspect.signature(method)

    @wraps(method)
    def told(self: WatchedSchema, *args: Any, **kwargs: Any) -> None:
        self._depth += 1
        try:
            method(self, *args, **kwargs)
        finally:
            self._depth -= 1
        if not self._depth:
            bound = signature.bind(self, *args, **kwargs).arguments
            self.watcher.change(name, {key: value for key, value in bound.items() if key != "self"})

    return told


MUTATORS = (
    *("create_table", "drop_table", "rename_table", "set_table_comment", "set_table_options"),
    *("add_column", "drop_column", "alter_column", "move_column", "rename_column"),
    *("add_constraint", "drop_constraint", "rename_constraint", "create_index", "drop_index", "rename_index"),
    *("create_enum", "drop_enum", "set_enum_labels", "rename_enum"),
    *("create_sequence", "drop_sequence", "alter_sequence", "rename_sequence", "create_schema", "drop_schema"),
)
"""The methods of Schema that change it, apart from those that only serve the replay."""
for _name in MUTATORS:
    setattr(WatchedSchema, _name, _watched(_name))
