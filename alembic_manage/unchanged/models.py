"""Fingerprints of models: of each table, and of what belongs to none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, MetaData, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import base, visitors
from sqlalchemy.sql.elements import _anonymous_label
from sqlalchemy.sql.schema import CallableColumnDefault
from sqlalchemy.types import TypeEngine

from alembic_manage.garbage import collection_paused
from alembic_manage.unchanged.description import LEFT_OUT, Description, NotDescribableError

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


@dataclass(frozen=True)
class Fingerprints:
    """What models are, in a few bytes."""

    rest: str | None
    """Of everything but the tables; None where it cannot be known."""
    tables: dict[str, str | None]
    """Of each table by its key, the place of its MetaData first; None where it cannot be known."""

    @property
    def are_known(self) -> bool:
        """Whether all of them are."""
        return self.rest is not None and None not in self.tables.values()


def fingerprints_of(metadata: Sequence[MetaData], dialect: Dialect) -> Fingerprints:
    """The fingerprints of all that some MetaData hold.

    Two of one table are equal only where a comparison would read the same from both: it reads attributes of
    SQLAlchemy's objects, and what the dialect compiles them to.

    Args:
        metadata: of the models.
        dialect: of the database that they are compared for.
    """
    found: dict[str, str | None] = {}
    ddl: dict[str, str] = {}
    with collection_paused():
        for place, each in enumerate(metadata):
            for key in sorted(each.tables):
                found[f"{place} {key}"] = _digest(metadata, dialect, ddl, partial(_add_table, table=each.tables[key]))
        rest = _digest(metadata, dialect, ddl, partial(_add_rest, metadata=metadata))
    return Fingerprints(rest, found)


def _digest(
    metadata: Sequence[MetaData], dialect: Dialect, ddl: dict[str, str], add: Callable[[ModelDescription], None]
) -> str | None:
    description = ModelDescription(metadata, dialect, ddl)
    try:
        add(description)
    except Exception:  # an attribute of somebody else's class may raise anything when it is read
        return None
    return hashlib.blake2b(description.text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


class ModelDescription(Description):
    """The description of a part of the models; a table or column of another part is named only.

    Args:
        metadata: all of the models.
        dialect: compiles what decides by itself which SQL it is.
        ddl: types by their descriptions, as the dialect compiles them; added to.
    """

    def __init__(self, metadata: Collection[MetaData], dialect: Dialect, ddl: dict[str, str]) -> None:
        super().__init__()
        self._places = {id(each): place for place, each in enumerate(metadata)}
        self.dialect = dialect
        self.ddl = ddl

    def add_attributes(self, value: Any, *, leave_out: frozenset[str] = LEFT_OUT) -> None:
        """As for any object; what is made, empty, when somebody looks counts only where something was given."""
        super().add_attributes(value, leave_out=leave_out)
        self.add_given(getattr(value, "__dict__", {}))

    def add_given(self, attributes: Mapping[str, Any]) -> None:
        """Describe an object's info, and its keyword arguments that only some dialects know."""
        if attributes.get("info"):
            self.words.append("info")
            self.add(attributes["info"])
        options = attributes.get("dialect_options")
        if options:
            given = {name: options[name]._non_defaults for name in sorted(options) if options[name]._non_defaults}
            if given:
                self.words.append("dialect_options")
                self.add(given)

    def place_of(self, metadata: MetaData) -> int:
        """Which of the models' MetaData it is.

        Raises:
            NotDescribableError: it is somebody else's.
        """
        place = self._places.get(id(metadata))
        if place is None:
            raise NotDescribableError("a MetaData of somebody else's")
        return place


def _add_table(description: ModelDescription, table: Table) -> None:
    description.words.append(f"{type(table).__module__}.{type(table).__qualname__}")
    for name, value in vars(table).items():
        if name in _OF_TABLE:
            continue
        description.words.append(name)
        if name == "_columns":
            for column in table.columns:
                description.add_attributes(column)
        elif name == "constraints":
            # In the order in which they were made.
            for constraint in sorted(value, key=lambda each: each._creation_order):
                description.add(constraint)
        else:
            description.add(value)
    description.add_given(vars(table))


_OF_TABLE = LEFT_OUT | {"primary_key", "foreign_keys"}
"""The primary key is one of the constraints too, and the foreign keys are those of the columns."""


def _add_rest(description: ModelDescription, metadata: Sequence[MetaData]) -> None:
    for each in metadata:
        if any(not isinstance(value, str) for value in each.naming_convention.values()):
            raise NotDescribableError("a function that makes names")
        description.words.append(f"{type(each).__module__}.{type(each).__qualname__}")
        for name, value in vars(each).items():
            # Types of columns are found at the columns.
            if name not in LEFT_OUT and name not in ("tables", "_objects"):
                description.words.append(name)
                description.add(value)
        description.add_given(vars(each))


def _metadata(description: ModelDescription, value: MetaData) -> None:
    description.words.append(f"MetaData {description.place_of(value)}")


def _table(description: ModelDescription, value: Table) -> None:
    description.words.append(f"Table {description.place_of(value.metadata)} {value.key!r}")


def _column(description: ModelDescription, value: Column[Any]) -> None:
    table = getattr(value, "table", None)
    if isinstance(table, Table):
        place = description.place_of(table.metadata)
        description.words.append(f"Column {place} {table.key!r} {value.name!r} {value.key!r}")
    else:
        description.add_attributes(value)


def _foreign_key(description: ModelDescription, value: ForeignKey) -> None:
    try:
        description.add(value.column)
    except SQLAlchemyError as error:
        description.words.append(type(error).__name__)
    description.add_attributes(value, leave_out=_OF_FOREIGN_KEY)


_OF_FOREIGN_KEY = LEFT_OUT | {"column", "constraint"}


def _collection(description: ModelDescription, value: Any) -> None:
    for key, column in value.items():
        description.words.append(repr(key))
        description.add(column)


def _label(description: ModelDescription, value: str) -> None:
    """A name that holds a place in memory."""
    description.words.append(f"label {re.sub('[0-9]+ ', '', value)!r}")


def _called(description: ModelDescription, value: CallableColumnDefault) -> None:
    """A function for new rows; that there is one is all that a schema could depend on."""
    description.words.append(f"{type(value).__name__} {value.for_update}")


def _type(description: ModelDescription, value: TypeEngine[Any]) -> None:
    if hasattr(value, "compare_against_backend"):
        raise NotDescribableError("a type that compares itself")
    outside, description.words = description.words, []
    try:
        description.add_attributes(value)
        text = description.text
    finally:
        description.words = outside
    if text not in description.ddl:
        description.ddl[text] = repr(_compiled_type(value, description.dialect))
    description.words += [text, description.ddl[text]]


def _compiled_type(value: TypeEngine[Any], dialect: Dialect) -> str:
    try:
        return str(dialect.type_compiler_instance.process(value))
    except Exception as error:  # a type of another database, or one that needs its column
        return type(error).__name__


def _element(description: ModelDescription, value: Any) -> None:
    """An expression; where a class compiles itself, what comes of it."""
    description.add_attributes(value)
    kind = type(value)
    if not kind.__module__.startswith("sqlalchemy.") or hasattr(kind, "_compiler_dispatcher"):
        description.words.append(repr(_compiled(value, description.dialect)))


def _compiled(value: Any, dialect: Dialect) -> str:
    try:
        return str(value.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    except Exception as error:
        return type(error).__name__


ModelDescription.describers = (
    (Table, _table),
    (Column, _column),
    (ForeignKey, _foreign_key),
    (CallableColumnDefault, _called),
    (MetaData, _metadata),
    (base.ColumnCollection, _collection),
    (_anonymous_label, _label),
    (TypeEngine, _type),
    (visitors.Visitable, _element),
    *Description.describers,
)
