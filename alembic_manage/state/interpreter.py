"""Runs the statements that reach the driver on a schema in memory."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.engine import Dialect

from alembic_manage.state import driver
from alembic_manage.state.constructs import apply_construct, is_known
from alembic_manage.state.rows import Rows
from alembic_manage.state.savepoints import Savepoints
from alembic_manage.state.schema import Schema, SchemaError
from alembic_manage.state.sql.statements import (
    NeedsDatabaseError,
    OpaqueStatementError,
    StatementKind,
    apply_ddl,
    kind_of,
    split_statements,
)

if TYPE_CHECKING:
    from alembic_manage.state.watcher import Watcher

Obstacle = TypeVar("Obstacle", bound=OpaqueStatementError | NeedsDatabaseError)


class Interpreter:
    """Runs statements on a schema.

    Args:
        schema: what DDL changes.
        dialect: SQLAlchemy's, whose DDL it is.
    """

    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema = schema
        self.dialect = dialect
        self.obstacles: list[OpaqueStatementError | NeedsDatabaseError] = []
        """What could not be run, in order, also where the revision caught the error."""
        self.rows = Rows(schema, dialect)
        self.watcher: Watcher | None = None
        """Is told of every statement."""
        self._savepoints = Savepoints(schema)
        self._refusal: type[Exception] = getattr(driver, schema.rules.refusal)

    def show_all(self) -> None:
        """Answer for a comparison instead of for a revision."""
        self.dialect.shows_all = True  # type: ignore[attr-defined]

    def run(self, statement: str, parameters: Any, compiled: Any) -> driver.Answer:
        """One call of a cursor: DDL as an object, or text with any number of statements.

        Raises:
            driver.Error: a database would refuse it.
            NeedsDatabaseError: it asks for what only a database knows.
        """
        try:
            if compiled is not None and is_known(compiled.statement):
                with self._watched(statement, StatementKind.DDL, compiled.statement):
                    apply_construct(self.schema, compiled.statement, self.dialect)
                return driver.Answer()
            if compiled is None and self.schema.rules.doubles_percent:
                statement = statement.replace("%%", "%")
            return self._run_text(statement, parameters, compiled)
        except SchemaError as error:
            raise self._refusal(str(error)) from error
        except NotImplementedError as error:
            raise self._noted(NeedsDatabaseError(statement, str(error))) from error
        except NeedsDatabaseError as error:
            raise self._noted(error) from None

    def _noted(self, obstacle: Obstacle) -> Obstacle:
        """The obstacle, remembered together with the place in the revision that it comes from."""
        obstacle.stack = traceback.extract_stack()  # type: ignore[union-attr]
        self.obstacles.append(obstacle)
        return obstacle

    def _run_text(self, text: str, parameters: Any, compiled: Any) -> driver.Answer:
        answer = driver.Answer()
        for statement in split_statements(text, self.schema.rules):
            kind = kind_of(statement, self.schema.rules)
            if self.schema.rules.extension and self.schema.rules.extension.match(statement):
                self.schema.extensions[statement.strip().rstrip(";")] = None
            try:
                with self._watched(statement, kind, compiled and compiled.statement):
                    answer = self._answer(kind, statement, parameters, compiled)
            except OpaqueStatementError as error:
                # Remembered, and the revision goes on: most often nobody looks at what such a query answers.
                self._noted(error)
                answer = driver.Answer(["column"] if kind is StatementKind.QUERY else None)
        return answer

    @contextmanager
    def _watched(self, statement: str, kind: StatementKind, construct: Any) -> Iterator[None]:
        if self.watcher is None:
            yield
            return
        self.watcher.begin(statement, kind, construct, is_autocommit=getattr(self.dialect, "is_autocommit", False))
        raised: Exception | None = None
        try:
            yield
        except Exception as error:
            raised = error
            raise
        finally:
            self.watcher.end(raised)

    def _answer(self, kind: StatementKind, statement: str, parameters: Any, compiled: Any) -> driver.Answer:
        if kind is StatementKind.QUERY:
            return self.rows.query(statement, parameters, compiled)
        if kind is StatementKind.ROWS:
            return self.rows.changed(statement, parameters, compiled)
        if kind is StatementKind.DDL:
            apply_ddl(self.schema, statement, self.dialect)
        else:
            self._savepoints.run(statement)
            self._require_same_meaning(statement)
        return driver.Answer()

    def _require_same_meaning(self, statement: str) -> None:
        """Raise, where later statements would mean something else."""
        rules = self.schema.rules
        found = rules.changes_meaning.match(statement) if rules.changes_meaning else None
        if found and (found[1] or "").strip("'\" ") not in (self.schema.default_schema, "$user", "DEFAULT"):
            raise OpaqueStatementError(statement, "it changes what later statements mean")
