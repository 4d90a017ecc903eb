"""The version table.

MigrationContext._ensure_version_table                                      1.18.0, 1.20.1
HeadMaintainer, MigrationContext.on_version_apply_callbacks                 1.18.0, 1.20.1
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from alembic.runtime.migration import HeadMaintainer, MigrationContext, RevisionStep


class Record:
    """The version table, kept by Alembic's own rules.

    Args:
        context: an online context.
        heads: the ids that it holds.
    """

    def __init__(self, context: MigrationContext, heads: Iterable[str]) -> None:
        self.context = context
        self._maintainer = HeadMaintainer(context, tuple(heads))

    @property
    def heads(self) -> frozenset[str]:
        """The ids that the table holds now."""
        return frozenset(self._maintainer.heads)

    def create_table(self) -> None:
        """Make the version table, unless it is there."""
        self.context._ensure_version_table()

    def move(self, step: RevisionStep, arguments: Mapping[str, Any]) -> None:
        """Record that `step` was taken, and tell env.py's on_version_apply."""
        self._maintainer.update_to_step(step)
        for callback in self.context.on_version_apply_callbacks:
            callback(ctx=self.context, step=step.info, heads=set(self._maintainer.heads), run_args=dict(arguments))

    def forget(self, id: str) -> None:
        """Delete one row."""
        self._maintainer._delete_version(id)
