"""Writes the last revision anew, with what has changed since: what may be replaced, and what would be lost."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from alembic_manage.autodetect.naming import make_id, slug_for
from alembic_manage.branches.kept_renames import apart_in, dropped_in, renames_in
from alembic_manage.branches.numbering import without_number
from alembic_manage.branches.recorded import read_recorded
from alembic_manage.errors import CommandError, RefusedError
from alembic_manage.history import History, Revision
from alembic_manage.location import display_path
from alembic_manage.outline.change import Change
from alembic_manage.outline.revision import outline_of, own_statements
from alembic_manage.outline.sql import change_of_sql
from alembic_manage.project import Project
from alembic_manage.settings.alias import database_flag
from alembic_manage.sql.tokens import tokens_of
from alembic_manage.writing.draft import NewRevision

_REMARK = re.compile(r"# Drops the (?:column|table)s? ")


class Update:
    """The last revision and what replaces it.

    Args:
        project: for paths and databases.
        history: a sound history.
        head: its only head.

    Raises:
        CommandError: there is none, or it is a merge.
        RefusedError: it holds code that makemigrations did not write.
    """

    def __init__(self, project: Project, history: History, head: Revision | None) -> None:
        if head is None:
            raise CommandError("There is no migration to update.", hint="python manage.py makemigrations")
        if head.is_merge:
            raise CommandError(f"{head.id} is a merge and cannot be updated.", hint="python manage.py makemigrations")
        self.project = project
        self.last: Revision = head
        self.others = History(revision for revision in history if revision != head)
        with tokenize.open(head.path) as stream:
            self.source = stream.read()
        if head.depends_on or head.branch_labels:
            raise self._lost("depends_on or branch_labels")
        for statement in own_statements(self.source):
            # SQL may come from makemigrations: whether the new file has it too shows later.
            if "op.execute(" not in statement:
                raise self._lost(statement)

    @property
    def renames(self) -> Mapping[str, str]:
        """What the revision renames, by the old path."""
        return renames_in(self.last.path)

    @property
    def apart(self) -> frozenset[tuple[str, str]]:
        """What the revision drops and what it makes, in pairs that it did not take for renames."""
        return apart_in(self.last.path)

    @property
    def dropped(self) -> frozenset[str]:
        """What the revision drops, and gives the name of to something else."""
        return dropped_in(self.last.path)

    def require_unrecorded(self, notify: Callable[[str], None]) -> None:
        """Raise where a database has the revision.

        Args:
            notify: is told of databases that cannot be asked; they are no obstacle.

        Raises:
            CommandError: it is applied to one.
            RecordError: one is at a migration that has no file.
        """
        recorded = read_recorded(self.project, f"Whether {self.last.id} is applied", notify)
        for alias in recorded.among([self.last.id]):
            raise CommandError(
                f"Cannot update the migration {self.last.id}: it is applied to '{alias}'.",
                hint=f"python manage.py rollback{database_flag(alias)}",
            )

    def id_for(self, changes: Sequence[Change]) -> str:
        """The id of the new file: made from its changes where the old one was, else the old one."""
        if not self._has_made_name:
            return self.last.id
        return make_id(self.others, slug_for(changes, initial=not self.last.down_revisions))

    def in_place(self, new: NewRevision) -> NewRevision:
        """The new file, under the old file's name where the id stays."""
        return replace(new, path=self.last.path) if new.id == self.last.id else new

    def require_nothing_lost(self, new: NewRevision) -> None:
        """Raise where the old file has SQL that the new one has not.

        Raises:
            RefusedError: with the first of it.
        """
        there = set(own_statements(new.text))
        for statement in own_statements(self.source):
            if statement not in there and not _is_answer(statement):
                raise self._lost(statement)

    def no_longer(self, new: NewRevision, changes: Sequence[Change]) -> Iterator[str]:
        """The changes and comments that only the old file has."""
        lines = {change.line for change in changes}
        yield from (each.line for each in outline_of(self.last.path, "upgrade") if each.line not in lines)
        comments = set(_comments(new.text))
        yield from (each for each in _comments(self.source) if each not in comments)

    @property
    def _has_made_name(self) -> bool:
        changes = outline_of(self.last.path, "upgrade")
        made = make_id(self.others, slug_for(changes, initial=not self.last.down_revisions))
        own = without_number(self.last.id)
        # One with the time in it was made at another minute.
        return own == without_number(made) or own.startswith("auto_")

    def _lost(self, what: str) -> RefusedError:
        first = what.splitlines()[0]
        shown = display_path(self.last.path, self.project.root)
        return RefusedError(
            f"{self.last.id} holds something of your own, which an update would lose: "
            f"{first if len(first) <= 60 else f'{first[:57]}...'}",
            hint=f"python manage.py makemigrations, for a migration after it; if it may be lost: rm {shown}, and again",
        )


def _is_answer(statement: str) -> bool:
    """Whether it gives rows without a value a plain one, as the answer to a question: typed again, or asked again.

    A literal, a word such as CURRENT_TIMESTAMP, or a function of nothing; an expression is somebody's own.
    """
    call = ast.parse(statement).body[0]
    argument = call.value.args[0] if isinstance(call, ast.Expr) and isinstance(call.value, ast.Call) else None
    if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
        return False
    change = change_of_sql(argument.value)
    words = [token.text.upper() for token in tokens_of(argument.value)]
    if change.kind != "fill_rows" or words[-2:] != ["IS", "NULL"]:
        return False
    value = words[words.index("=") + 1 : words.index("WHERE")]
    return len(value) == 1 or (len(value) == 2 and value[0] == "-") or value[1:] == ["(", ")"]


def _comments(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        # What makemigrations says about its own operations comes and goes with them.
        if token.type == tokenize.COMMENT and not _REMARK.match(token.string):
            yield token.string
