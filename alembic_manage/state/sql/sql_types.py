"""SQLAlchemy's type for the text of a type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import types as sqltypes

from alembic_manage.sql.tokens import TokenKind
from alembic_manage.state.schema import Schema
from alembic_manage.state.sql.sql_reader import SqlReader

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine

COLUMN_WORDS = frozenset(
    [
        "NOT",
        "NULL",
        "DEFAULT",
        "CONSTRAINT",
        "CHECK",
        "UNIQUE",
        "PRIMARY",
        "KEY",
        "REFERENCES",
        "GENERATED",
        "AS",
        "COLLATE",
        "COMMENT",
        "AUTO_INCREMENT",
        "AUTOINCREMENT",
        "ON",
        "DEFERRABLE",
        "INITIALLY",
        "FIRST",
        "AFTER",
        "VIRTUAL",
        "STORED",
        "PERSISTENT",
        "VISIBLE",
        "INVISIBLE",
        "STORAGE",
        "COMPRESSION",
        "USING",
        "ENABLE",
    ]
)
"""What may follow a column's type or its default."""


class WrittenType(sqltypes.UserDefinedType[Any]):
    """A type of which only the text is known.

    Args:
        text: what CREATE TABLE holds.
    """

    cache_ok = True

    def __init__(self, text: str) -> None:
        self.text = text

    def get_col_spec(self, **_: Any) -> str:
        """The text."""
        return self.text


@dataclass(frozen=True)
class TypeText:
    """The parts of a type's text."""

    text: str
    """As it stands."""
    name: str
    """In lower case where it has no quotes."""
    schema: str | None = None
    arguments: tuple[str, ...] = ()
    dimensions: int = 0
    timezone: bool = False
    fields: str | None = None
    """Of an INTERVAL: DAY TO SECOND."""
    options: Mapping[str, Any] | None = None
    """MariaDB's: unsigned, zerofill, charset."""

    @property
    def numbers(self) -> tuple[int, ...] | None:
        """The arguments as numbers; None where they are none."""
        try:
            return tuple(int(argument) for argument in self.arguments)
        except ValueError:
            return None


def read_type(read: SqlReader, schema: Schema, dialect: SQLAlchemyDialect) -> TypeEngine[Any]:
    """The type that comes next."""
    found = read_type_text(read)
    item = _item_type(found, schema, dialect)
    if item is None:
        return WrittenType(found.text)
    return schema.rules.array_type(item, found.dimensions) if found.dimensions else item


def read_type_text(read: SqlReader) -> TypeText:
    """The parts of the type that comes next."""
    start = read.token.start
    schema, name = _name(read)
    arguments = tuple(read.parenthesized(read.expression)) if read.at("(") else ()
    fields = _fields(read) if name == "interval" else None
    if fields and read.at("("):
        arguments = tuple(read.parenthesized(read.expression))
    timezone = bool(read.accept("WITH TIME ZONE"))
    read.accept("WITHOUT TIME ZONE")
    options = _options(read)
    dimensions = _dimensions(read)
    text = read.text_since(start)
    return TypeText(text, name, schema, arguments, dimensions, timezone, fields, options)


_CONTINUATIONS = {
    "double": ("PRECISION",),
    "character": ("VARYING",),
    "char": ("VARYING",),
    "nchar": ("VARYING",),
    "bit": ("VARYING",),
    "national": ("CHARACTER VARYING", "CHAR VARYING", "CHARACTER", "CHAR", "VARCHAR"),
}


def _name(read: SqlReader) -> tuple[str | None, str]:
    if read.rules.has_free_type_names:
        return None, _free_name(read)
    is_quoted = read.token.kind is TokenKind.NAME
    schema, name = read.qualified()
    if schema is None and not is_quoted:
        name = name.lower()
        more = read.accept(*_CONTINUATIONS.get(name, ()))
        name = f"{name} {more.lower()}" if more else name
    return schema, name


def _free_name(read: SqlReader) -> str:
    words = []
    while read.at_name() and read.token.keyword not in COLUMN_WORDS:
        words.append(read.name())
    return " ".join(words).lower()


def _fields(read: SqlReader) -> str | None:
    words = []
    while found := read.accept("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"):
        words.append(found)
    return " ".join(words) or None


def _options(read: SqlReader) -> Mapping[str, Any]:
    options: dict[str, Any] = {}
    while True:
        if word := read.accept("UNSIGNED", "ZEROFILL", "BINARY", "SIGNED"):
            options[word.lower()] = True
        elif read.accept("CHARACTER SET", "CHARSET"):
            options["charset"] = read.scalar()
        else:
            options.pop("signed", None)
            return options


def _dimensions(read: SqlReader) -> int:
    count = 0
    while True:
        is_array = read.accept("ARRAY")
        if read.accept("["):
            if not read.at("]"):
                read.number()
            read.expect("]")
        elif not is_array:
            return count
        count += 1


def _item_type(found: TypeText, schema: Schema, dialect: SQLAlchemyDialect) -> TypeEngine[Any] | None:
    if found.schema in (None, "pg_catalog"):
        built_in = _built_in(_without_alias(found, schema), dialect)
        if built_in is not None:
            return built_in
    enum = schema.enums.get(schema.key(found.schema, found.name))
    if enum is not None:
        return schema.rules.enum_type(sqltypes.NullType(), enum.key.schema, enum.key.name, enum.labels)
    if found.dimensions:
        return WrittenType(found.text.rstrip("[]0123456789 "))
    return None


def _without_alias(found: TypeText, schema: Schema) -> TypeText:
    rules = schema.rules
    name = rules.numbered_types.get(found.name, found.name)
    name, _, argument = rules.type_aliases.get(name, name).partition("(")
    arguments = (argument.rstrip(")"),) if argument else found.arguments
    timezone = found.timezone or name.endswith(" with time zone")
    return replace(found, name=name.removesuffix(" with time zone"), arguments=arguments, timezone=timezone)


def _built_in(found: TypeText, dialect: SQLAlchemyDialect) -> TypeEngine[Any] | None:
    """A type that SQLAlchemy's dialect knows, with its arguments; None where it cannot hold all of them."""
    names: Mapping[str, type[TypeEngine[Any]]] = dialect.ischema_names  # type: ignore[attr-defined]
    kind: Any = names.get(found.name) or names.get(found.name.upper())
    if kind is None:
        return None
    for arguments, keywords in _ways(kind, found):
        try:
            return kind(*arguments, **keywords)  # type: ignore[no-any-return]
        except TypeError:
            continue
    return None


def _ways(kind: type[TypeEngine[Any]], found: TypeText) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """The arguments that may make the type, the best first; a class that knows less raises TypeError."""
    options = dict(found.options or {})
    numbers = found.numbers
    if issubclass(kind, sqltypes.Enum) or kind.__visit_name__.lower() == "set":
        yield tuple(_unquoted(argument) for argument in found.arguments), options
    elif numbers is None:
        return
    elif issubclass(kind, sqltypes.Integer) and numbers:
        yield (), {"display_width": numbers[0], **options}
    elif found.fields:
        yield (), {"fields": found.fields, **({"precision": numbers[0]} if numbers else {})}
    elif found.timezone or (numbers and issubclass(kind, sqltypes.DateTime | sqltypes.Time)):
        zone = {"timezone": found.timezone}
        if not numbers:
            yield (), zone
        else:
            yield (), {**zone, "precision": numbers[0]}
            yield (), {**zone, "fsp": numbers[0]}
    elif found.name == "interval" and numbers:
        yield (), {"precision": numbers[0]}
    elif found.name == "bit varying":
        yield (*numbers,) or (None,), {"varying": True}
    else:
        yield numbers, options


def _unquoted(argument: str) -> str:
    quote = argument[0]
    return argument[1:-1].replace(quote * 2, quote)
