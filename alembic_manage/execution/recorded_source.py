"""Recorded code that stands in for files that are gone, in a folder that is not the project's and soon gone too.

Only `rollback --from-record` comes here: what is laid out here can be run.
"""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, RevisionFailedError
from alembic_manage.execution.ahead import read_missing
from alembic_manage.execution.missing import MissingRevision, completed, get_the_code
from alembic_manage.history import IDENTIFIERS, Revision

FROM_RECORD = "--from-record"
_ROLLBACK = "python manage.py rollback"


@dataclass(frozen=True)
class RecordedSources:
    """The revisions of a database that have no file, each with its recorded code in a file of a temporary folder."""

    environment: Environment
    """The database's, with a history that has these revisions too."""
    missing: tuple[MissingRevision, ...]
    """Parents first; empty where every recorded revision has a file."""

    @property
    def ids(self) -> frozenset[str]:
        """Of the revisions that have no file."""
        return frozenset(each.id for each in self.missing)

    def of(self, revisions: Collection[Revision]) -> tuple[MissingRevision, ...]:
        """Those among `revisions`, in their order."""
        by_id = {each.id: each for each in self.missing}
        return tuple(by_id[revision.id] for revision in revisions if revision.id in by_id)

    @contextmanager
    def named(self) -> Iterator[None]:
        """Have errors name the recorded code, not its temporary file; the hint leads to the real one.

        Raises:
            CommandError: what is raised inside.
        """
        try:
            yield
        except CommandError as error:
            for each in self.missing:
                self._name(error, each)
            raise

    @staticmethod
    def _name(error: CommandError, missing: MissingRevision) -> None:
        path = str(missing.revision.path) if missing.revision else missing.id
        if path not in f"{error} {error.hint}":
            return
        error.args = (str(error).replace(path, f"the recorded {Path(path).name}"),)
        if type(error) is RevisionFailedError or path in (error.hint or ""):
            error.hint = f"{get_the_code([missing.id])}; mend it there, then: {_ROLLBACK}"
        elif error.hint and FROM_RECORD not in error.hint:
            error.hint = error.hint.replace(_ROLLBACK, f"{_ROLLBACK} {FROM_RECORD}")


@contextmanager
def recorded_sources(environment: Environment) -> Iterator[RecordedSources]:
    """The recorded code of what a database has applied and this code has no file of.

    Args:
        environment: of the database.

    Raises:
        RefusedError: the recorded code of a revision is not what ran.
        RecordError: the code of a revision was not kept, or cannot be read without running it.
        ConnectionFailedError: there is no connection.
    """
    missing = read_missing(environment)
    _require_usable(missing)
    with tempfile.TemporaryDirectory(prefix="recorded_") as folder:
        placed = tuple(_placed(each, Path(folder).resolve(), number) for number, each in enumerate(missing))
        history = completed(environment.history, placed).require_sound()
        yield RecordedSources(environment.with_history(history), placed)


def code_that_runs(source: str) -> str:
    """The part of a recorded source that taking it back would run: all but docstring, imports, ids and upgrade().

    Raises:
        SyntaxError: the source is not Python.
    """
    lines = source.splitlines()
    pieces = [
        "\n".join(lines[_first_line(statement) - 1 : statement.end_lineno])
        for statement in ast.parse(source).body
        if not _is_left_out(statement)
    ]
    return "\n\n".join(pieces)


def _first_line(statement: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(each.lineno for each in decorators)])


def _is_left_out(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef):
        return statement.name == "upgrade"
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return all(isinstance(target, ast.Name) and target.id in IDENTIFIERS for target in targets)


def _require_usable(missing: Sequence[MissingRevision]) -> None:
    for each in missing:
        if each.objection is not None:
            raise each.objection


def _placed(missing: MissingRevision, folder: Path, number: int) -> MissingRevision:
    """The same, with its source in a file of a folder of its own, so that names cannot collide."""
    assert missing.source is not None and missing.revision is not None  # _require_usable has seen to it
    own = folder / str(number)
    own.mkdir()
    path = own / (re.sub(r"[^\w.-]", "_", missing.id) + ".py")
    path.write_text(missing.source, encoding="utf-8", newline="\n")
    return replace(missing, revision=replace(missing.revision, path=path))
