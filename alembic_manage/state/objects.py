"""The objects of a schema as values: columns, constraints, indexes, types. They know no SQLAlchemy table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from alembic_manage.state.expression import columns_in, with_renamed

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine


@dataclass(frozen=True)
class Key:
    """The name of a table, type or sequence, with its schema; None is the default schema."""

    schema: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True)
class Computed:
    """GENERATED ALWAYS AS."""

    text: str
    persisted: bool | None = None
    """Whether it is STORED; None where nothing is said."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    type: TypeEngine[Any]
    """SQLAlchemy's type, as the revision gave it."""
    nullable: bool = True
    default: str | None = None
    """The SQL after DEFAULT."""
    computed: Computed | None = None
    identity: Mapping[str, Any] | None = None
    """The arguments of sqlalchemy.Identity; None where the column is none."""
    comment: str | None = None
    autoincrement: bool = False
    """Whether the database numbers the rows: SERIAL, AUTO_INCREMENT."""
    sequence: str | None = field(default=None, compare=False)
    """The sequence of a SERIAL that was made when the column or its table had another name; None for the usual one."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Dialect keyword arguments of sqlalchemy.Column."""
    checks: tuple[str, ...] = ()
    """The CHECKs written at it, where they are no constraints of their own; they are part of no DDL here."""


@dataclass(frozen=True)
class PrimaryKey:
    """PRIMARY KEY."""

    name: str | None
    columns: tuple[str, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    kind = "primary"


@dataclass(frozen=True)
class Unique:
    """UNIQUE, as a constraint."""

    name: str | None
    columns: tuple[str, ...]
    deferrable: bool | None = None
    initially: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    kind = "unique"


@dataclass(frozen=True)
class Check:
    """CHECK."""

    name: str | None
    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    kind = "check"


@dataclass(frozen=True)
class ForeignKey:
    """FOREIGN KEY."""

    name: str | None
    columns: tuple[str, ...]
    referred: Key
    referred_columns: tuple[str, ...]
    """Empty where the primary key is meant."""
    onupdate: str | None = None
    ondelete: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    match: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    is_name_generated: bool = False
    """Whether the server chose the name, and changes it with the table's."""
    kind = "foreignkey"


@dataclass(frozen=True)
class Exclude:
    """EXCLUDE, as PostgreSQL has it."""

    name: str | None
    elements: tuple[tuple[str, str], ...]
    """Pairs of an expression and an operator."""
    using: str = "gist"
    where: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    kind = "exclude"


Constraint: TypeAlias = PrimaryKey | Unique | Check | ForeignKey | Exclude


@dataclass(frozen=True)
class IndexPart:
    """One column or expression of an index."""

    text: str
    """The column's name, or the SQL of an expression."""
    is_column: bool = True


@dataclass(frozen=True)
class Index:
    """An index."""

    name: str
    parts: tuple[IndexPart, ...]
    unique: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    """Dialect keyword arguments of sqlalchemy.Index; expressions in them as text."""
    is_constraint: bool = False
    """Whether it came as a UNIQUE constraint, on a database for which that is the same."""
    is_implied: bool = False
    """Whether the server made it for a foreign key, and drops it when another index serves."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the parts that are plain columns."""
        return tuple(part.text for part in self.parts if part.is_column)


@dataclass(frozen=True)
class EnumType:
    """A named type with labels."""

    key: Key
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Sequence:
    """A sequence."""

    key: Key
    options: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of sqlalchemy.Sequence that were given."""
    owner: tuple[Key, str] | None = None
    """Table and column with which it is dropped."""


def columns_of(constraint: Constraint | Index, names: Iterable[str]) -> frozenset[str]:
    """Which of the columns `names` a constraint or an index of their table uses, expressions included."""
    known = frozenset(names)
    if isinstance(constraint, Check):
        return columns_in(constraint.text, known)
    if isinstance(constraint, Exclude):
        texts = [text for text, _ in constraint.elements] + [constraint.where or ""]
        return frozenset().union(*(columns_in(text, known) for text in texts))
    if isinstance(constraint, Index):
        texts = [part.text for part in constraint.parts if not part.is_column]
        texts += [value for value in constraint.options.values() if isinstance(value, str)]
        included = [name for value in constraint.options.values() if isinstance(value, list | tuple) for name in value]
        return known & frozenset(constraint.columns).union(included, *(columns_in(text, known) for text in texts))
    return known & frozenset(constraint.columns)


def with_column_renamed(constraint: Constraint | Index, old: str, new: str, quoted: str) -> Any:
    """The constraint or index of a table after the table's column `old` became `new`, in SQL `quoted`."""

    def names(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if name == old else name for name in columns)

    if isinstance(constraint, Check):
        return replace(constraint, text=with_renamed(constraint.text, old, new, quoted))
    if isinstance(constraint, Exclude):
        elements = tuple((with_renamed(text, old, new, quoted), operator) for text, operator in constraint.elements)
        where = with_renamed(constraint.where, old, new, quoted) if constraint.where else None
        return replace(constraint, elements=elements, where=where)
    if isinstance(constraint, Index):
        parts = tuple(
            replace(
                part, text=(names((part.text,))[0] if part.is_column else with_renamed(part.text, old, new, quoted))
            )
            for part in constraint.parts
        )
        return replace(constraint, parts=parts, options=_renamed_options(constraint.options, old, new, quoted))
    return replace(constraint, columns=names(constraint.columns))


def _renamed_options(options: Mapping[str, Any], old: str, new: str, quoted: str) -> Mapping[str, Any]:
    """Options of an index whose text, lists or keys may name a column."""

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return with_renamed(value, old, new, quoted)
        if isinstance(value, list | tuple):
            return type(value)(new if item == old else item for item in value)
        if isinstance(value, Mapping):
            return {new if name == old else name: item for name, item in value.items()}
        return value

    return {name: renamed(value) for name, value in options.items()}
