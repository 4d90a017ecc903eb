"""The version table.

MigrationContext._ensure_version_table                                      1.18.0, 1.20.1
HeadMaintainer, MigrationContext.on_version_apply_callbacks                 1.18.0, 1.20.1
HeadMaintainer._update_version, MigrationContext._version, DefaultImpl._exec 1.18.0, 1.20.1
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from alembic.runtime.migration import HeadMaintainer, MigrationContext, RevisionStep
from alembic.util import CommandError
from sqlalchemy import Insert, Table, bindparam, select

Note = tuple[Table, Mapping[str, Any]]
"""A table, and a row to insert into it."""


class Record:
    """The version table, kept by Alembic's own rules.

    Args:
        context: an online context.
        heads: the ids that it holds.
    """

    def __init__(self, context: MigrationContext, heads: Iterable[str]) -> None:
        self.context = context
        self._maintainer = _Maintainer(context, heads)

    @property
    def heads(self) -> frozenset[str]:
        """The ids that the table holds now."""
        return frozenset(self._maintainer.heads)

    def create_table(self) -> None:
        """Make the version table, unless it is there."""
        self.context._ensure_version_table()

    def move(self, step: RevisionStep, arguments: Mapping[str, Any], note: Note | None = None) -> bool:
        """Record that `step` was taken, and tell env.py's on_version_apply.

        Args:
            step: what was taken.
            arguments: what the functions of the revisions are called with.
            note: a row to insert in the same statement, where one row of the record changes.

        Returns:
            Whether the note was inserted.
        """
        self._maintainer.note = note
        self._maintainer.update_to_step(step)
        for callback in self.context.on_version_apply_callbacks:
            callback(ctx=self.context, step=step.info, heads=set(self._maintainer.heads), run_args=dict(arguments))
        return note is not None and self._maintainer.note is None

    def forget(self, id: str) -> None:
        """Delete one row."""
        self._maintainer._delete_version(id)


class _Maintainer(HeadMaintainer):
    """Alembic's, with one statement for all revisions of a run: Alembic compiles one for each.

    Args:
        context: an online context.
        heads: the ids that the table holds.
    """

    def __init__(self, context: MigrationContext, heads: Iterable[str]) -> None:
        super().__init__(context, tuple(heads))
        column = context._version.c.version_num
        self._move = (
            context._version.update().where(column == bindparam("from_id")).values(version_num=bindparam("to_id"))
        )
        self.note: Note | None = None
        """A row that waits for the next change; None once it is inserted."""
        self._noting: dict[Table, Insert] = {}

    def _update_version(self, from_: str, to_: str) -> None:
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)
        ids = {"from_id": from_, "to_id": to_}
        if self.note is None:
            done = self.context.impl._exec(self._move, params=ids)
        else:
            table, values = self.note
            statement = self._noting.get(table)
            if statement is None:
                statement = self._noting[table] = self._with_note(table, values)
            row = {f"note_{name}": value for name, value in values.items()}
            done, self.note = self.context.impl._exec(statement, params={**ids, **row}), None
        if self.context.dialect.supports_sane_rowcount and done is not None and done.rowcount != 1:
            raise CommandError(
                f"Online migration expected to match one row when updating '{from_}' to '{to_}' in "
                f"'{self.context.version_table}'; {done.rowcount} found"
            )

    def _with_note(self, table: Table, values: Mapping[str, Any]) -> Insert:
        """An INSERT of as many rows as the UPDATE in its WITH has changed: its row count tells of both."""
        moved = self._move.returning(self.context._version.c.version_num).cte("moved")
        row = [bindparam(f"note_{name}", type_=table.c[name].type) for name in values]
        noted = table.insert().from_select(list(values), select(*row).select_from(moved), include_defaults=False)
        return noted.execution_options(preserve_rowcount=True)
