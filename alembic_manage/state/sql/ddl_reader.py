"""A reader of DDL: names become keys, texts become types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from alembic_manage.state.objects import Key
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.sql_reader import SqlReader
from alembic_manage.state.sql.sql_types import read_type

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine

T = TypeVar("T")


class DdlReader(SqlReader):
    """Reads one statement about a schema.

    Args:
        sql: the statement.
        schema: where names are looked up.
        dialect: SQLAlchemy's, for the types.
    """

    def __init__(self, sql: str, schema: Schema, dialect: SQLAlchemyDialect) -> None:
        super().__init__(sql, schema.rules)
        self.schema = schema
        self.dialect = dialect
        self.said_if_not_exists = False
        """Whether IF NOT EXISTS was met, since this was last set to False."""

    def key(self) -> Key:
        """The name of a table, type or sequence."""
        return self.schema.key(*self.qualified())

    def type(self) -> TypeEngine[Any]:
        """A type."""
        return read_type(self, self.schema, self.dialect)

    def option(self, name: str) -> str:
        """The keyword under which SQLAlchemy takes an option of this database."""
        return f"{self.dialect.name}_{name}"

    def if_exists(self) -> bool:
        """Whether IF EXISTS is here."""
        return bool(self.accept("IF EXISTS"))

    def if_not_exists(self) -> bool:
        """Whether IF NOT EXISTS is here."""
        found = bool(self.accept("IF NOT EXISTS"))
        self.said_if_not_exists |= found
        return found

    def dropped(self, item: Callable[[], T]) -> tuple[list[T], bool, bool]:
        """The rest of a DROP: what is dropped, whether it may be missing, and whether CASCADE is said."""
        if_exists = self.if_exists()
        items = self.separated(item)
        cascade = self.cascade()
        self.expect_end()
        return items, if_exists, cascade

    def cascade(self) -> bool:
        """Whether CASCADE is here; RESTRICT is the same as nothing."""
        return self.accept("CASCADE", "RESTRICT") == "CASCADE"

    def collation(self) -> str:
        """The name of a collation."""
        return self.string() if self.token.keyword == "" and not self.at_name() else self.qualified()[1]

    def sequence_options(self) -> Mapping[str, Any]:
        """The options of a sequence or an identity column, as SQLAlchemy's classes take them; and its "owner"."""
        options: dict[str, Any] = {}
        while not self.is_done and not self.at(")"):
            options |= self.sequence_option()
        return options

    def _owner(self) -> tuple[Key, str] | None:
        """Table and column after OWNED BY."""
        if self.accept("NONE"):
            return None
        names = [self.name()]
        while self.accept("."):
            names.append(self.name())
        if len(names) < 2:
            raise self.unexpected()
        return self.schema.key(names[-3] if len(names) > 2 else None, names[-2]), names[-1]

    def sequence_option(self) -> Mapping[str, Any]:
        """One of them."""
        if self.accept("AS"):
            return {"data_type": self.type()}
        if self.accept("OWNED BY"):
            return {"owner": self._owner()}
        if self.accept("RESTART"):
            if not self.is_done and not self.at(")", ",", "SET"):
                self.accept("WITH")
                self.number()
            return {}
        if no := self.accept("NO MINVALUE", "NO MAXVALUE", "NO CYCLE", "NOCYCLE", "NOCACHE"):
            return _NO_OPTIONS[no]
        if self.accept("CYCLE"):
            return {"cycle": True}
        word = self.expect("START", "INCREMENT", "MINVALUE", "MAXVALUE", "CACHE")
        self.accept("WITH", "BY", "=")
        return {word.lower(): self.number()}


_NO_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "NO MINVALUE": {"nominvalue": True},
    "NO MAXVALUE": {"nomaxvalue": True},
    "NO CYCLE": {"cycle": False},
    "NOCYCLE": {"cycle": False},
    "NOCACHE": {},
}
