"""One migration, as a rule sees it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from alembic_manage.lint.statement import Statement

if TYPE_CHECKING:
    from alembic_manage.history import Revision
    from alembic_manage.lint.context import Context
    from alembic_manage.state.objects import Key
    from alembic_manage.state.replay import Opaque
    from alembic_manage.state.schema import Schema


@dataclass(frozen=True)
class Downgrade:
    """What downgrade() leads to, right after upgrade()."""

    after: Schema | None
    """The state after it; None where it was not run, because upgrade() could not be replayed."""
    opaque: tuple[Opaque, ...] = ()
    """What of it could not be replayed; empty where its end is known."""


@dataclass
class RevisionView:
    """A revision: its source, its statements, and the states around it."""

    revision: Revision
    context: Context
    source: str
    """The text of its file."""
    before: Schema
    after: Schema
    statements: list[Statement] = field(default_factory=list)
    """In the order in which they run."""
    downgrade: Downgrade = field(default_factory=lambda: Downgrade(None))
    stopped: tuple[Opaque, ...] = ()
    """Why some of it could not be seen; empty where everything was."""
    pending_tables: frozenset[Key] = frozenset()
    """Tables that earlier migrations make which nobody has applied yet."""

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python."""
        return ast.parse(self.source)

    @cached_property
    def batches(self) -> Mapping[int, ast.With]:
        """The `with` statements, batches and others, by the line where they begin."""
        return {node.lineno: node for node in ast.walk(self.tree) if isinstance(node, ast.With)}

    def function(self, name: str) -> ast.FunctionDef | None:
        """upgrade() or downgrade() of the file; None where it has none at the top."""
        for statement in self.tree.body:
            if isinstance(statement, ast.FunctionDef) and statement.name == name:
                return statement
        return None

    def line_of_function(self, name: str) -> int | None:
        """The line where upgrade() or downgrade() begins."""
        found = self.function(name)
        return found.lineno if found is not None else None

    def line_of_body(self, name: str) -> int | None:
        """The line of the first statement of upgrade() or downgrade(), behind its docstring."""
        found = self.function(name)
        if found is None:
            return None
        is_documented = ast.get_docstring(found, clean=False) is not None
        body = found.body[is_documented:]
        return body[0].lineno if body else found.lineno

    def is_new(self, table: Key, before: Statement | None = None) -> bool:
        """Whether a table is made by this revision, or by an earlier one that is not applied: nobody waits for it.

        Args:
            table: its name at that time.
            before: only statements before this one count; None for all.
        """
        return table in self.pending_tables or table in self._made(before)

    def is_new_column(self, table: Key, column: str, before: Statement | None = None) -> bool:
        """Whether a column is made by this revision, or its table is new: nothing in it was there before.

        Args:
            table: its name at that time.
            column: its name at that time.
            before: as for `is_new`.
        """
        if self.is_new(table, before):
            return True
        found = self.before.find(table)
        return found is not None and not self.before.has_column(table, column)

    def _made(self, before: Statement | None) -> set[Key]:
        from alembic_manage.lint.effects import CreateTable, DropTable, RenameTable

        made: set[Key] = set()
        for statement in self.earlier(before) if before is not None else self.statements:
            for effect in statement.effects:
                if isinstance(effect, CreateTable):
                    made.add(effect.table)
                elif isinstance(effect, DropTable):
                    made.discard(effect.table)
                elif isinstance(effect, RenameTable) and effect.table in made:
                    made.add(effect.new)
        return made

    def earlier(self, statement: Statement) -> Sequence[Statement]:
        """The statements before one, in order."""
        return self.statements[: self.statements.index(statement)]

    def same_transaction(self, statement: Statement) -> Iterator[Statement]:
        """The other statements in the transaction of one, in order."""
        for other in self.statements:
            if other is not statement and other.transaction == statement.transaction and not other.is_autocommit:
                yield other
