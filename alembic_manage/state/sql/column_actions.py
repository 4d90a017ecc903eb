"""ALTER, MODIFY and CHANGE, of ALTER TABLE."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from alembic_manage.state.sql.alteration import Alteration, Change, Phase
from alembic_manage.state.sql.column_alteration import alter_column
from alembic_manage.state.sql.column_text import ColumnText
from alembic_manage.state.sql.constraint_text import timing


class ColumnActions(Alteration):
    """Actions that change a column or a constraint."""

    def _alter(self) -> None:
        read = self.read
        self._refuse_rebuild("ALTER COLUMN")
        if read.accept("CONSTRAINT"):
            self._later(Phase.CHANGE, self._set_timing, read.name(), timing(read))
        elif read.rules.has_inline_indexes and read.accept("INDEX", "KEY"):
            read.expression()
        else:
            read.accept("COLUMN")
            if_exists = read.if_exists()
            name = read.name()
            change = alter_column(read, self.key, name)
            self._later(Phase.CHANGE, self._if_column(change, name) if if_exists else change)

    def _if_column(self, change: Change, name: str) -> Change:
        return lambda: change() if self.schema.has_column(self.key, name) else None

    def _set_timing(self, name: str, found: dict[str, Any]) -> None:
        self.schema.change_constraint(self.key, name, lambda each: replace(each, **found))

    def _validate(self) -> None:
        option = self.read.option("not_valid")

        def validated(each: Any) -> Any:
            return replace(each, options={name: value for name, value in each.options.items() if name != option})

        self._later(Phase.CHANGE, self.schema.change_constraint, self.key, self.read.name(), validated)

    def _modify(self) -> None:
        self._respecify(None)

    def _change(self) -> None:
        self.read.accept("COLUMN")
        self._respecify(self.read.if_exists())

    def _respecify(self, change_if_exists: bool | None) -> None:
        """MODIFY, or where an old name comes first CHANGE: whatever is not said is gone."""
        read = self.read
        if not read.rules.has_inline_indexes:
            raise read.opaque("MODIFY and CHANGE are not read")
        read.accept("COLUMN")
        if_exists = read.if_exists() or bool(change_if_exists)
        old = read.name() if change_if_exists is not None else None
        text = ColumnText(read)
        self._later(Phase.CHANGE, self._set_column, old or text.name, text, if_exists, self._place())

    def _set_column(self, old: str, text: ColumnText, if_exists: bool, after: str | None) -> None:
        schema, key, new = self.schema, self.key, text.column
        if if_exists and not schema.has_column(key, old):
            return
        schema.rename_column(key, old, new.name)
        fields = {name: getattr(new, name) for name in new.__dataclass_fields__ if name != "name"}
        primary = schema.table(key).primary_key
        if primary is not None and new.name in primary.columns:
            fields["nullable"] = False
        schema.alter_column(key, new.name, **fields)
        for constraint in text.constraints:
            schema.add_constraint(key, constraint)
        if after is not None:
            schema.move_column(key, new.name, after)
