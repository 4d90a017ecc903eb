"""What a kind of database does without keeping others waiting, and how that is said to it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection
from alembic_manage.dialects import Dialect
from alembic_manage.operations import RenameTable, Sql
from alembic_manage.operations.column_definition import column_definition
from alembic_manage.operations.quoted_name import quoted_name

if TYPE_CHECKING:
    from alembic_manage.rollout.twin import Twin

Guard: TypeAlias = Callable[[Sequence[ops.MigrateOperation]], Sequence[ops.MigrateOperation]]
NAME_LENGTH = 63
"""What PostgreSQL takes; MariaDB takes one more."""


class RenamedTable(NamedTuple):
    """What becomes of a table that gets another name."""

    first: ops.MigrateOperation
    """Before everything else that is done to the table."""
    last: ops.MigrateOperation | None
    """Behind everything else that is done at the same time; None where nothing is left."""
    gone: ops.MigrateOperation
    """Takes the view away, before everything else of the last phase."""


class Server(ABC):
    """One kind of database.

    Args:
        detection: gives its dialect and its version.
    """

    renames_foreign_keys = True
    """Whether a foreign key can get another name."""

    def __init__(self, detection: Detection) -> None:
        self.detection = detection
        self.version: tuple[int, ...] = tuple(detection.before.server_version or ())

    @classmethod
    @abstractmethod
    def serves(cls, rules: Dialect) -> bool:
        """Whether a kind of database is the one that this class is about."""

    def quoted(self, *names: str | None) -> str:
        """A name, with those before it."""
        return quoted_name(self.detection.context.dialect, *names)

    def column_sql(self, column: Any) -> str:
        """A column as CREATE TABLE has it."""
        return column_definition(column, self.detection.context.dialect)

    @abstractmethod
    def is_instant_default(self, sql: str) -> bool:
        """Whether a column with this default is added without a look at the rows."""

    @abstractmethod
    def is_instant_type(self, old: Any, new: Any) -> bool:
        """Whether a column changes from one type to another without a look at the rows."""

    @abstractmethod
    def built(self, operation: ops.CreateIndexOp) -> ops.MigrateOperation:
        """An index, built while others write."""

    @abstractmethod
    def removed(self, operation: ops.DropIndexOp) -> ops.MigrateOperation:
        """An index, removed while others write."""

    @abstractmethod
    def unique(self, operation: ops.CreateUniqueConstraintOp) -> Sequence[ops.MigrateOperation] | None:
        """A UNIQUE constraint, built while others write; None where there is no such way."""

    @abstractmethod
    def foreign_key(self, operation: ops.CreateForeignKeyOp) -> tuple[ops.MigrateOperation, ops.MigrateOperation]:
        """A foreign key for new rows, and the look at the old ones."""

    @abstractmethod
    def check(self, operation: ops.CreateCheckConstraintOp) -> tuple[ops.MigrateOperation, ops.MigrateOperation] | None:
        """A CHECK for new rows, and the look at the old ones; None where there is no such way."""

    @abstractmethod
    def proof_of_not_null(
        self, table: str, column: str, schema: str | None
    ) -> tuple[ops.MigrateOperation, ops.MigrateOperation, ops.MigrateOperation] | None:
        """What proves that a column holds no NULL: it begins, it looks, it goes. None where nothing of it is needed."""

    @abstractmethod
    def renamed_index(self, table: str, old: str, new: str, schema: str | None) -> ops.MigrateOperation:
        """Another name for an index."""

    @abstractmethod
    def renamed_table(self, operation: RenameTable, columns: Mapping[str, str]) -> RenamedTable:
        """A table gets another name, and a view the old one, in one instant.

        Args:
            operation: the renaming.
            columns: their names in the first phase, by those that the old code knows.
        """

    def shown(self, columns: Mapping[str, str], table: str) -> str:
        """The query of a view that shows columns of a table under other names.

        Args:
            columns: their own names by those.
            table: as SQL.
        """
        names = [
            self.quoted(own) if own == other else f"{self.quoted(own)} AS {self.quoted(other)}"
            for other, own in columns.items()
        ]
        return f"SELECT {', '.join(names)} FROM {table}"

    @abstractmethod
    def added_column(self, table: str, schema: str | None, column: Any, after: str) -> ops.MigrateOperation:
        """A column, behind another one where the server knows places; "" for the first place."""

    @abstractmethod
    def sync(self, twin: Twin) -> Sql:
        """What keeps two columns in step, made and unmade."""

    @abstractmethod
    def taken_over(self, twin: Twin, drop: ops.MigrateOperation) -> list[ops.MigrateOperation]:
        """The first column goes, and the second one has its last name; what kept them in step goes, too."""

    def guard(self, is_new: Callable[[ops.MigrateOperation], bool]) -> Guard:
        """Takes the operations of one revision after the other, and gives them so that the server refuses what would
        keep others waiting.

        Args:
            is_new: whether an operation is about a table that is made by the same change.
        """
        return lambda operations: operations


def short_name(*words: str, length: int = NAME_LENGTH) -> str:
    """A name made of words; the first ones are cut where it would be too long."""
    *first, last = words
    room = length - len(last) - 1
    return f"{'_'.join(first)[:room].rstrip('_')}_{last}" if first else last[:length]
