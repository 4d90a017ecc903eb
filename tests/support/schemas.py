"""Random models, what was done to them, and rows: what the laws of detection are tried on.

A schema is plain values whose parts have numbers of their own, so that it is known what became of what: a column that
was renamed, retyped and moved keeps its number.
"""

from __future__ import annotations

import copy
import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

T = TypeVar("T")
CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
TABLES = ("parent", "child", "Order", "user", "box", "two words")
COLUMNS = ("a", "b", "n", "note", "Mixed", "order", "x y", "total", "placed", "placed_at")
REFERENCES = ("ref_id", "other_id", "owner")
LABELS = ("open", "closed", "it's", "void", "new one", "Done")
COMMENTS = ("a note", "it's 100%", "what: it is")
ACTIONS = ("CASCADE", "SET NULL", "RESTRICT")
OTHER_SCHEMA = "archive"


@dataclass
class Kind:
    """One type that a column can have."""

    make: Callable[[], Any]
    value: Callable[[int], Any]
    """A value for the row of a number; different for different numbers where `is_distinct`."""
    defaults: Sequence[str] = ()
    """Server defaults, as SQL."""
    group: str = "other"
    """"number", "text", "time": what may be used in a CHECK, an index, a key."""
    is_distinct: bool = True
    databases: tuple[str, ...] = ("postgresql", "mariadb", "sqlite")


def _day(number: int) -> datetime.date:
    return datetime.date(2026, 1, 1) + datetime.timedelta(days=number)


def _moment(number: int) -> datetime.datetime:
    return datetime.datetime(2026, 1, 1, 10, 20, 30) + datetime.timedelta(days=number)


KINDS: dict[str, Kind] = {
    "int": Kind(sa.Integer, lambda number: number, ("0", "7", "-1"), "number"),
    "bigint": Kind(sa.BigInteger, lambda number: number, ("0", "1"), "number"),
    "smallint": Kind(sa.SmallInteger, lambda number: number, ("7",), "number"),
    "str20": Kind(lambda: sa.String(20), lambda number: f"it's {number}", ("'x'", "'it''s'", "''", "'now()'"), "text"),
    "str50": Kind(lambda: sa.String(50), lambda number: f"{number} of 100%", ("'x'", "'100%'", "'a:b'"), "text"),
    "text": Kind(sa.Text, lambda number: f"text {number}\nmore"),
    "bool": Kind(sa.Boolean, lambda number: number % 2 == 0, ("true", "false"), is_distinct=False),
    "num10": Kind(lambda: sa.Numeric(10, 2), lambda number: Decimal(f"{number}.25"), ("0", "1.50"), "number"),
    "num12": Kind(lambda: sa.Numeric(12, 2), lambda number: Decimal(f"{number}.50"), ("0",), "number"),
    "double": Kind(sa.Double, lambda number: number + 0.5, ("0", "1.5")),
    "date": Kind(sa.Date, _day, ("'2020-01-01'",), "time"),
    "datetime": Kind(sa.DateTime, _moment, ("CURRENT_TIMESTAMP", "'2020-01-01 10:20:30'"), "time"),
    "json": Kind(sa.JSON, lambda number: {"number": number}, is_distinct=False),
    "blob": Kind(sa.LargeBinary, lambda number: b"\0'" + bytes([number % 200])),
    "uuid": Kind(sa.Uuid, lambda number: uuid.UUID(int=number)),
    "datetime_tz": Kind(
        lambda: sa.DateTime(timezone=True),
        lambda number: _moment(number).replace(tzinfo=datetime.UTC),
        ("now()",),
        "time",
        databases=("postgresql",),
    ),
    "jsonb": Kind(postgresql.JSONB, lambda number: [number], ("'{}'",), is_distinct=False, databases=("postgresql",)),
    "array": Kind(
        lambda: postgresql.ARRAY(sa.Integer()), lambda number: [number], ("'{}'", "'{1,2}'"), databases=("postgresql",)
    ),
    "nocase": Kind(
        lambda: sa.String(20, collation="NOCASE"), lambda number: f"Case {number}", ("'x'",), databases=("sqlite",)
    ),
    "unsigned": Kind(
        lambda: mysql.INTEGER(unsigned=True), lambda number: number, ("0",), "number", databases=("mariadb",)
    ),
    "longtext": Kind(mysql.LONGTEXT, lambda number: f"long {number}", databases=("mariadb",)),
}
CONVERSIONS = {
    "smallint": ("int", "bigint", "num10", "str20"),
    "int": ("bigint", "smallint", "num12", "str20"),
    "bigint": ("int", "num10"),
    "str20": ("str50", "text"),
    "str50": ("str20", "text"),
    "num10": ("num12",),
    "num12": ("num10",),
    "json": ("jsonb",),
    "date": ("datetime",),
    "datetime": ("datetime_tz",),
}
"""The types that every value of a row can be converted to, and back."""


@dataclass
class ColumnSpec:
    """A column."""

    uid: int
    name: str
    kind: str
    """A name of KINDS, or "enum:" and the uid of an enum."""
    nullable: bool = True
    default: str | None = None
    comment: str | None = None
    computed: int | None = None
    """The uid of the column that it is computed from."""
    factor: int = 1
    """What the computed column adds to it."""
    identity: dict[str, Any] | None = None
    is_autoincrement: bool = False


@dataclass
class PartSpec:
    """A constraint or an index."""

    uid: int
    kind: str
    """"unique", "check", "foreignkey", "index"."""
    name: str
    columns: list[int]
    """The uids of its columns."""
    unique: bool = False
    form: int = 0
    """Which of the forms of a CHECK or an index."""
    target: int = 0
    """The uid of the table that a foreign key refers to."""
    included: int = 0
    """The uid of the column that an index of form INCLUDE holds too."""
    options: dict[str, Any] = field(default_factory=dict)


@dataclass
class TableSpec:
    """A table."""

    uid: int
    name: str
    columns: list[ColumnSpec]
    key: list[int]
    """The uids of the columns of the primary key."""
    parts: list[PartSpec] = field(default_factory=list)
    comment: str | None = None
    schema: str | None = None

    def column(self, uid: int) -> ColumnSpec:
        """The column with a number."""
        return next(column for column in self.columns if column.uid == uid)

    @property
    def path(self) -> str:
        """Its name, with its schema."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass
class EnumSpec:
    """An enum: a type of its own where the database has such types."""

    uid: int
    name: str
    labels: list[tuple[int, str]]
    """Each with a number of its own."""
    held: frozenset[int] = frozenset()
    """The numbers of those that rows may hold."""


@dataclass
class SchemaSpec:
    """Models."""

    database: str
    """"postgresql", "mariadb" or "sqlite"."""
    tables: list[TableSpec] = field(default_factory=list)
    enums: list[EnumSpec] = field(default_factory=list)
    uses_convention: bool = False
    """Whether a naming convention gives the names of constraints and indexes."""
    last_uid: int = 0
    dropped: set[str] = field(default_factory=set)
    """The names of tables that went. One that comes under such a name would get their rows, and needs keys for them."""
    dropped_columns: dict[tuple[int, str], str] = field(default_factory=dict)
    """Kinds of columns that went, by table and name. One that comes under such a name gets their values."""

    def next_uid(self) -> int:
        """A number that nothing else has."""
        self.last_uid += 1
        return self.last_uid

    def table(self, uid: int) -> TableSpec:
        """The table with a number."""
        return next(table for table in self.tables if table.uid == uid)

    def enum(self, column: ColumnSpec) -> EnumSpec:
        """The enum of a column that has one."""
        uid = int(column.kind.removeprefix("enum:"))
        return next(enum for enum in self.enums if enum.uid == uid)

    @property
    def used_enums(self) -> set[int]:
        """The numbers of the enums that columns have."""
        return {self.enum(each).uid for table in self.tables for each in table.columns if each.kind.startswith("enum:")}

    def group(self, column: ColumnSpec) -> str:
        """What a column can be used for."""
        return "enum" if column.kind.startswith("enum:") else KINDS[column.kind].group

    # As SQLAlchemy has it

    def metadata(self) -> sa.MetaData:
        """The models."""
        metadata = sa.MetaData(naming_convention=CONVENTION if self.uses_convention else None)
        enums = {enum.uid: self._enum(enum) for enum in self.enums}
        made = {table.uid: self._table(metadata, table, enums) for table in self.tables}
        for table in self.tables:
            for part in table.parts:
                self._part(made, table, part)
        return metadata

    def is_checked(self, enum: EnumSpec) -> bool:
        """Whether the enum is a text with a CHECK."""
        return self.database == "sqlite" and enum.uid % 2 == 0

    def _enum(self, enum: EnumSpec) -> sa.Enum:
        checked = self.is_checked(enum)
        return sa.Enum(*(label for _, label in enum.labels), name=enum.name, length=20, create_constraint=checked)

    def _table(self, metadata: sa.MetaData, table: TableSpec, enums: dict[int, sa.Enum]) -> sa.Table:
        columns = [self._column(table, column, enums) for column in table.columns]
        return sa.Table(table.name, metadata, *columns, schema=table.schema, comment=table.comment)

    def _column(self, table: TableSpec, column: ColumnSpec, enums: dict[int, sa.Enum]) -> sa.Column[Any]:
        extra: list[Any] = []
        if column.computed is not None:
            text = f"{self.quote(table.column(column.computed).name)} + {column.factor}"
            extra.append(sa.Computed(text, persisted=True))
        if column.identity is not None:
            extra.append(sa.Identity(**column.identity))
        type_: Any = enums[self.enum(column).uid] if column.kind.startswith("enum:") else KINDS[column.kind].make()
        if self.database == "sqlite" and isinstance(type_, sa.Enum) and type_.create_constraint:
            type_ = sa.Enum(
                *type_.enums, name=f"{type_.name}_{table.uid}_{column.uid}", length=20, create_constraint=True
            )
        return sa.Column(
            column.name,
            type_,
            *extra,
            primary_key=column.uid in table.key,
            nullable=column.nullable,
            server_default=sa.text(column.default.replace(":", "\\:")) if column.default is not None else None,
            comment=column.comment,
            autoincrement="auto" if column.is_autoincrement or column.identity is not None else False,
        )

    def _part(self, made: dict[int, sa.Table], spec: TableSpec, part: PartSpec) -> None:
        table = made[spec.uid]
        columns = [table.c[spec.column(uid).name] for uid in part.columns]
        name = None if self.uses_convention and part.kind != "check" else part.name
        if part.kind == "unique":
            table.append_constraint(sa.UniqueConstraint(*columns, name=name, **part.options))
        elif part.kind == "check":
            table.append_constraint(sa.CheckConstraint(sa.text(self._condition(spec, part)), name=name))
        elif part.kind == "foreignkey":
            target = self.table(part.target)
            referred = [made[target.uid].c[target.column(uid).name] for uid in target.key]
            table.append_constraint(sa.ForeignKeyConstraint(columns, referred, name=name, **part.options))
        else:
            self._index(columns, spec, part, name)

    def _index(self, columns: list[Any], spec: TableSpec, part: PartSpec, name: str | None) -> None:
        first, options = columns[0], dict[str, Any]()
        if part.form == 1:
            columns[0] = first.desc()
        elif part.form == 2:
            columns[0] = sa.func.lower(first)
        elif part.form in (3, 4):
            where = sa.text(f"{self.quote(first.name)} IS NOT NULL" + " AND 1 = 1" * (part.form == 4))
            options = {"postgresql_where": where, "sqlite_where": where}
        elif part.form == 5:
            options = {"postgresql_include": [spec.column(part.included).name]}
        elif part.form == 6:
            options = {"postgresql_using": "hash"}
        # An expression has no name for the convention.
        sa.Index(part.name if part.form == 2 else name, *columns, unique=part.unique, **options)

    def _condition(self, table: TableSpec, part: PartSpec) -> str:
        name = self.quote(table.column(part.columns[0]).name)
        if self.group(table.column(part.columns[0])) == "text":
            return (f"{name} <> 'a'", f"{name} <> 'it''s 100%'", f"length({name}) < 60")[part.form % 3].replace(
                "%", "%"
            )
        return (f"{name} >= -5", f"{name} >= -5 AND {name} < 9999", f"{name} + 1 > -7")[part.form % 3]

    def quote(self, name: str) -> str:
        """A name as the database has it in SQL."""
        dialect = {"postgresql": postgresql.dialect, "mariadb": mysql.dialect}.get(self.database)
        return str((dialect() if dialect else sa.create_engine("sqlite://").dialect).identifier_preparer.quote(name))


class Drawing:
    """Draws models, and what is done to them.

    Args:
        random: where every choice comes from.
        database: the kind of database.
    """

    def __init__(self, random: Random, database: str) -> None:
        self.random = random
        self.database = database

    def chance(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        return self.random.randrange(100) < percent

    def pick(self, choices: Iterable[T]) -> T:
        """One of them."""
        return self.random.choice(list(choices))

    # Models

    def schema(self, last_uid: int = 0) -> SchemaSpec:
        """One to three tables with what belongs to them; their numbers begin behind `last_uid`."""
        spec = SchemaSpec(self.database, uses_convention=self.chance(30), last_uid=last_uid)
        for _ in range(self.random.randint(0, 2)):
            self.new_enum(spec)
        for _ in range(self.random.randint(1, 3)):
            self.add_table(spec)
        for _ in range(self.random.randint(0, 3)):
            self.add_reference(spec)
        for _ in range(self.random.randint(0, 4)):
            self.pick((self.add_unique, self.add_check, self.add_index))(spec)
        return spec

    def new_enum(self, spec: SchemaSpec) -> EnumSpec | None:
        """An enum of two to four values."""
        free = [name for name in ("mood", "status", "Level") if name not in {each.name for each in spec.enums}]
        if not free:
            return None
        labels = self.random.sample(LABELS, self.random.randint(2, 4))
        enum = EnumSpec(spec.next_uid(), free[0], [(spec.next_uid(), label) for label in labels])
        enum.held = frozenset(uid for uid, _ in enum.labels[:2])
        spec.enums.append(enum)
        return enum

    def add_table(self, spec: SchemaSpec) -> bool:
        """A table with a key and up to four other columns."""
        free = [name for name in TABLES if name not in {*spec.dropped, *(table.name for table in spec.tables)}]
        if not free or len(spec.tables) > 4:
            return False
        table = TableSpec(spec.next_uid(), self.pick(free), [], [])
        way = self.random.randrange(10)
        if way < 7:
            kind = self.pick(("int", "int", "bigint"))
            autoincrement = kind == "int" and self.chance(70)
            table.columns.append(ColumnSpec(spec.next_uid(), "id", kind, False, is_autoincrement=autoincrement))
        elif way < 9:
            for name in ("left", "right"):
                table.columns.append(ColumnSpec(spec.next_uid(), name, "int", False))
        else:
            table.columns.append(ColumnSpec(spec.next_uid(), "code", "str20", False))
        table.key = [column.uid for column in table.columns]
        table.comment = self.pick(COMMENTS) if self.chance(15) else None
        spec.tables.append(table)
        for _ in range(self.random.randint(0, 4)):
            self.add_column(spec, table)
        return True

    def kind(self, spec: SchemaSpec) -> str:
        """A type for a column."""
        if spec.enums and self.chance(25):
            return f"enum:{self.pick(spec.enums).uid}"
        return self.pick(name for name, kind in KINDS.items() if self.database in kind.databases)

    def add_column(self, spec: SchemaSpec, table: TableSpec | None = None) -> bool:
        """A column that is no key, computed or numbered in some cases."""
        table = table or self.pick(spec.tables)
        free = [name for name in COLUMNS if name not in {column.name for column in table.columns}]
        if not free:
            return False
        column = ColumnSpec(spec.next_uid(), self.pick(free), self.kind(spec), nullable=self.chance(60))
        column.default = self.default(spec, column) if self.chance(45) else None
        column.comment = self.pick(COMMENTS) if self.chance(15) else None
        sources = [each for each in table.columns if each.kind == "int" and self._is_plain(table, each)]
        if sources and self.chance(12):
            column.kind, column.default, column.nullable = "int", None, True
            column.computed, column.factor = self.pick(sources).uid, self.random.randint(1, 3)
        elif self.database == "postgresql" and not self._has_identity(table) and self.chance(6):
            column.kind, column.default, column.nullable = "int", None, False
            column.identity = self.identity()
        if spec.dropped_columns.get((table.uid, column.name), column.kind) != column.kind:
            return False
        table.columns.insert(len(table.columns) if self.chance(75) else self._place(table), column)
        return True

    def _place(self, table: TableSpec) -> int:
        return self.random.randint(len(table.key), len(table.columns))

    def _has_identity(self, table: TableSpec) -> bool:
        return any(column.identity is not None or column.is_autoincrement for column in table.columns)

    def _is_plain(self, table: TableSpec, column: ColumnSpec) -> bool:
        """Whether a column is none that the database gives its value to, and in no key and foreign key."""
        keyed = {uid for part in table.parts if part.kind == "foreignkey" for uid in part.columns} | set(table.key)
        return column.computed is None and column.identity is None and column.uid not in keyed

    def identity(self) -> dict[str, Any]:
        """Options of an identity."""
        return self.pick(({}, {"always": True}, {"start": 100, "increment": 2}, {"cycle": True}))

    def default(self, spec: SchemaSpec, column: ColumnSpec) -> str | None:
        """A server default for a column's type; None where it has none."""
        if column.kind.startswith("enum:"):
            label = spec.enum(column).labels[0][1].replace("'", "''")
            return f"'{label}'"
        defaults = KINDS[column.kind].defaults
        return self.pick(defaults) if defaults else None

    # Constraints and indexes

    def _name(self, spec: SchemaSpec, stem: str) -> str:
        return f"{stem}{spec.next_uid()}"

    def _columns(self, spec: SchemaSpec, table: TableSpec, groups: Sequence[str]) -> list[int]:
        return [
            column.uid for column in table.columns if spec.group(column) in groups and self._is_plain(table, column)
        ]

    def _with(self, spec: SchemaSpec, groups: Sequence[str]) -> tuple[TableSpec, list[int]] | None:
        found = [(table, columns) for table in spec.tables if (columns := self._columns(spec, table, groups))]
        return self.pick(found) if found else None

    def _is_there(self, table: TableSpec, kinds: Sequence[str], columns: list[int]) -> bool:
        return any(part.kind in kinds and set(part.columns) == set(columns) for part in table.parts)

    def add_unique(self, spec: SchemaSpec) -> bool:
        """A UNIQUE on columns whose values are different in every row."""
        found = self._with(spec, ("number", "text", "time"))
        if found is None:
            return False
        table, columns = found
        chosen = self.random.sample(columns, min(len(columns), self.random.randint(1, 2)))
        # Rows that are there when a column is added all get the same value.
        if self._is_there(table, ("unique", "index"), chosen) or not all(table.column(uid).nullable for uid in chosen):
            return False
        if any(table.column(uid).default is not None for uid in chosen):
            return False
        # What refers, or referred, to rows does so at random.
        if any(table.column(uid).name in REFERENCES for uid in chosen):
            return False
        options = {"deferrable": True} if self.database == "postgresql" and self.chance(15) else {}
        table.parts.append(PartSpec(spec.next_uid(), "unique", self._name(spec, "uq"), chosen, options=options))
        return True

    def add_check(self, spec: SchemaSpec) -> bool:
        """A CHECK that holds for every row."""
        found = self._with(spec, ("number", "text"))
        if found is None:
            return False
        table, columns = found
        part = PartSpec(
            spec.next_uid(), "check", self._name(spec, "ck"), [self.pick(columns)], form=self.random.randrange(3)
        )
        table.parts.append(part)
        return True

    def add_index(self, spec: SchemaSpec) -> bool:
        """An index, on an expression or of a part of the rows in some cases."""
        found = self._with(spec, ("number", "text", "time"))
        if found is None:
            return False
        table, columns = found
        chosen = self.random.sample(columns, min(len(columns), self.random.randint(1, 2)))
        if self._is_there(table, ("index", "unique"), chosen):
            return False
        part = PartSpec(spec.next_uid(), "index", self._name(spec, "ix"), chosen)
        part.form, part.included = self.index_form(spec, table, part), table.columns[0].uid
        table.parts.append(part)
        return True

    def index_form(self, spec: SchemaSpec, table: TableSpec, part: PartSpec) -> int:
        """What the index is like beyond its columns."""
        forms = [0, 0, 1]
        if self.database != "mariadb":
            forms += [3, 4]
            forms += [2] if spec.group(table.column(part.columns[0])) == "text" else []
        if self.database == "postgresql":
            forms += [5] if table.columns[0].uid not in part.columns else []
            forms += [6] if len(part.columns) == 1 else []
        return self.pick(forms)

    def add_reference(self, spec: SchemaSpec) -> bool:
        """A new column with a foreign key: to another table, to its own, or back."""
        targets = [
            each for each in spec.tables if len(each.key) == 1 and each.column(each.key[0]).kind in ("int", "bigint")
        ]
        if not targets:
            return False
        target, table = self.pick(targets), self.pick(spec.tables)
        names = {column.name for column in table.columns}
        free = [name for name in REFERENCES if name not in names]
        if not free:
            return False
        column = ColumnSpec(spec.next_uid(), self.pick(free), target.column(target.key[0]).kind)
        table.columns.append(column)
        part = PartSpec(spec.next_uid(), "foreignkey", self._name(spec, "fk"), [column.uid], target=target.uid)
        part.options = self.reference_options()
        table.parts.append(part)
        return True

    def reference_options(self) -> dict[str, Any]:
        """ON DELETE, ON UPDATE, DEFERRABLE."""
        options: dict[str, Any] = {}
        if self.chance(40):
            options["ondelete"] = self.pick(ACTIONS)
        if self.chance(15):
            options["onupdate"] = "CASCADE"
        if self.database != "mariadb" and self.chance(15):
            options |= {"deferrable": True, "initially": "DEFERRED"}
        return options

    # What is done to models

    def edit(self, spec: SchemaSpec) -> str:
        """Do one thing to `spec`; its name, "" where nothing could be done."""
        what = self.pick(EDITS)
        return what if getattr(self, what)(spec) is not False else ""

    def drop_table(self, spec: SchemaSpec) -> bool:
        """A table, with the columns that refer to it: their values would refer to nothing after a downgrade."""
        if len(spec.tables) < 2:
            return False
        gone = self.pick(spec.tables)
        spec.tables.remove(gone)
        spec.dropped.add(gone.name)
        for table in spec.tables:
            for part in [each for each in table.parts if each.kind == "foreignkey" and each.target == gone.uid]:
                table.columns = [column for column in table.columns if column.uid not in part.columns]
                table.parts.remove(part)
        return True

    def rename_table(self, spec: SchemaSpec) -> bool:
        """Another name for a table."""
        free = [name for name in TABLES if name not in {table.name for table in spec.tables}]
        if not free:
            return False
        self.pick(spec.tables).name = self.pick(free)
        return True

    def move_table(self, spec: SchemaSpec) -> bool:
        """Into another schema, or back."""
        if self.database != "postgresql":
            return False
        table = self.pick(spec.tables)
        table.schema = None if table.schema else OTHER_SCHEMA
        return True

    def table_comment(self, spec: SchemaSpec) -> bool:
        """Another comment, or none."""
        self.pick(spec.tables).comment = self.pick((None, *COMMENTS))
        return True

    def _column(self, spec: SchemaSpec, *, plain: bool = False) -> tuple[TableSpec, ColumnSpec] | None:
        found = [(table, column) for table in spec.tables for column in table.columns if column.uid not in table.key]
        if plain:
            found = [(table, column) for table, column in found if self._is_plain(table, column)]
        return self.pick(found) if found else None

    def _is_source(self, table: TableSpec, column: ColumnSpec) -> bool:
        return any(each.computed == column.uid for each in table.columns)

    def drop_column(self, spec: SchemaSpec) -> bool:
        """A column, with all that uses it."""
        found = self._column(spec)
        if found is None or self._is_source(*found):
            return False
        table, column = found
        spec.dropped_columns[table.uid, column.name] = column.kind
        table.columns.remove(column)
        table.parts = [part for part in table.parts if column.uid not in (*part.columns, part.included)]
        return True

    def rename_column(self, spec: SchemaSpec) -> bool:
        """Another name for a column."""
        table = self.pick(spec.tables)
        free = [name for name in COLUMNS if name not in {column.name for column in table.columns}]
        if not free:
            return False
        self.pick(table.columns).name = self.pick(free)
        return True

    def swap_columns(self, spec: SchemaSpec) -> bool:
        """Two columns of a table get one another's name."""
        table = self.pick(spec.tables)
        others = [column for column in table.columns if column.uid not in table.key]
        if len(others) < 2:
            return False
        one, two = self.random.sample(others, 2)
        if one.kind == two.kind:
            return False  # nobody could tell, and it may as well be another order
        one.name, two.name = two.name, one.name
        return True

    def retype_column(self, spec: SchemaSpec) -> bool:
        """Another type, which every value fits."""
        found = self._column(spec, plain=True)
        if found is None or self._is_source(*found) or found[1].kind not in CONVERSIONS:
            return False
        table, column = found
        fitting = [name for name in CONVERSIONS[column.kind] if self.database in KINDS[name].databases]
        uses = [part for part in table.parts if column.uid in part.columns]
        if not fitting or uses:
            return False
        column.kind = self.pick(fitting)
        column.default = self.default(spec, column) if column.default is not None else None
        return True

    def change_nullable(self, spec: SchemaSpec) -> bool:
        """NULL or NOT NULL."""
        found = self._column(spec, plain=True)
        if found is None or any(part.kind == "unique" and found[1].uid in part.columns for part in found[0].parts):
            return False
        found[1].nullable = not found[1].nullable
        return True

    def change_default(self, spec: SchemaSpec) -> bool:
        """Another default, or none."""
        found = self._column(spec, plain=True)
        if found is None or any(part.kind == "unique" and found[1].uid in part.columns for part in found[0].parts):
            return False
        default = self.default(spec, found[1]) if self.chance(70) else None
        if default == found[1].default:
            return False
        found[1].default = default
        return True

    def change_comment(self, spec: SchemaSpec) -> bool:
        """Another comment, or none."""
        found = self._column(spec)
        if found is None:
            return False
        found[1].comment = self.pick((None, *COMMENTS))
        return True

    def change_computed(self, spec: SchemaSpec) -> bool:
        """Another expression."""
        found = [column for table in spec.tables for column in table.columns if column.computed is not None]
        if not found:
            return False
        self.pick(found).factor += 1
        return True

    def change_identity(self, spec: SchemaSpec) -> bool:
        """Other options of an identity."""
        found = [column for table in spec.tables for column in table.columns if column.identity is not None]
        if not found:
            return False
        self.pick(found).identity = self.identity()
        return True

    def change_numbering(self, spec: SchemaSpec) -> bool:
        """A key of whole numbers gets its numbers from the database, or no longer does."""
        found = [
            table.column(table.key[0])
            for table in spec.tables
            if len(table.key) == 1
            and table.column(table.key[0]).kind in ("int", "bigint")
            # A table has one numbered column at most.
            and not any(column.identity is not None for column in table.columns)
        ]
        if not found:
            return False
        column = self.pick(found)
        column.is_autoincrement = not column.is_autoincrement
        return True

    def reorder_columns(self, spec: SchemaSpec) -> bool:
        """Another order of the columns."""
        table = self.pick(spec.tables)
        if len(table.columns) - len(table.key) < 2:
            return False
        column = table.columns.pop(self._place(table) - 1 if len(table.columns) > len(table.key) else -1)
        table.columns.insert(self._place(table), column)
        return True

    def _part(self, spec: SchemaSpec, kinds: Sequence[str]) -> tuple[TableSpec, PartSpec] | None:
        found = [(table, part) for table in spec.tables for part in table.parts if part.kind in kinds]
        return self.pick(found) if found else None

    def drop_part(self, spec: SchemaSpec) -> bool:
        """A constraint or an index goes; the columns stay."""
        found = self._part(spec, ("unique", "check", "foreignkey", "index"))
        if found is None:
            return False
        found[0].parts.remove(found[1])
        return True

    def rename_part(self, spec: SchemaSpec) -> bool:
        """Another name for a constraint or an index."""
        found = self._part(spec, ("unique", "check", "foreignkey", "index"))
        if found is None:
            return False
        found[1].name = self._name(spec, found[1].name[:2])
        return True

    def change_check(self, spec: SchemaSpec) -> bool:
        """Another condition."""
        found = self._part(spec, ("check",))
        if found is None:
            return False
        found[1].form += 1
        return True

    def change_index(self, spec: SchemaSpec) -> bool:
        """Another form of an index."""
        found = self._part(spec, ("index",))
        if found is None:
            return False
        found[1].form = self.index_form(spec, *found)
        return True

    def change_reference(self, spec: SchemaSpec) -> bool:
        """Other options of a foreign key."""
        found = self._part(spec, ("foreignkey",))
        if found is None:
            return False
        found[1].options = self.reference_options()
        return True

    def append_label(self, spec: SchemaSpec) -> bool:
        """Another value of an enum, at the end or between others."""
        free = [
            (enum, label) for enum in spec.enums for label in LABELS if label not in {text for _, text in enum.labels}
        ]
        if not free:
            return False
        enum, label = self.pick(free)
        place = len(enum.labels) if self.chance(60) else self.random.randrange(len(enum.labels))
        enum.labels.insert(place, (spec.next_uid(), label))
        return True

    def rename_label(self, spec: SchemaSpec) -> bool:
        """Another word for a value of an enum; defaults follow."""
        # Where an enum is a mere text, the schema does not tell its values.
        told = [enum for enum in spec.enums if self.database != "sqlite" or spec.is_checked(enum)]
        free = [(enum, label) for enum in told for label in LABELS if label not in {text for _, text in enum.labels}]
        if not free:
            return False
        enum, label = self.pick(free)
        place = self.random.randrange(len(enum.labels))
        uid, old = enum.labels[place]
        enum.labels[place] = (uid, label)
        self._default_of(spec, enum, old, label)
        return True

    def _default_of(self, spec: SchemaSpec, enum: EnumSpec, old: str, new: str) -> None:
        was, is_ = (f"'{text.replace(chr(39), chr(39) * 2)}'" for text in (old, new))
        for table in spec.tables:
            for column in table.columns:
                if column.kind == f"enum:{enum.uid}" and column.default == was:
                    column.default = is_

    def drop_label(self, spec: SchemaSpec) -> bool:
        """A value of an enum that no row holds goes."""
        found = [
            (enum, each)
            for enum in spec.enums
            for each in enum.labels
            if each[0] not in enum.held and len(enum.labels) > 2
        ]
        if not found:
            return False
        enum, gone = self.pick(found)
        enum.labels.remove(gone)
        self._default_of(spec, enum, gone[1], enum.labels[0][1])
        return True

    def reorder_labels(self, spec: SchemaSpec) -> bool:
        """Another order of an enum's values."""
        if not spec.enums:
            return False
        enum = self.pick(spec.enums)
        enum.labels.insert(0, enum.labels.pop())
        return True


EDITS = (
    "add_table",
    "drop_table",
    "rename_table",
    "move_table",
    "table_comment",
    "add_column",
    "add_column",
    "drop_column",
    "drop_column",
    "rename_column",
    "rename_column",
    "rename_column",
    "swap_columns",
    "retype_column",
    "retype_column",
    "change_nullable",
    "change_nullable",
    "change_default",
    "change_default",
    "change_comment",
    "change_computed",
    "change_identity",
    "change_numbering",
    "reorder_columns",
    "add_unique",
    "add_check",
    "add_index",
    "add_reference",
    "drop_part",
    "drop_part",
    "rename_part",
    "change_check",
    "change_index",
    "change_reference",
    "append_label",
    "rename_label",
    "drop_label",
    "reorder_labels",
)


def edited(spec: SchemaSpec, draw: Drawing, count: int) -> tuple[SchemaSpec, list[str]]:
    """Another schema, made of `spec` by so many edits, and their names."""
    found = copy.deepcopy(spec)
    return found, [name for _ in range(count) if (name := draw.edit(found))]


# Rows


Rows = dict[int, list[dict[int, Any]]]
"""Values by the uid of the column, for each row of the table with a uid."""


def rows_for(spec: SchemaSpec, draw: Drawing) -> Rows:
    """Up to three rows a table; references lead to rows that are there, enums have one of their first two values."""
    counts = {table.uid: draw.random.randint(0, 3) for table in spec.tables}
    return {
        table.uid: [_row(spec, draw, table, number, counts) for number in range(1, counts[table.uid] + 1)]
        for table in spec.tables
    }


def _row(spec: SchemaSpec, draw: Drawing, table: TableSpec, number: int, counts: dict[int, int]) -> dict[int, Any]:
    targets = {part.columns[0]: part.target for part in table.parts if part.kind == "foreignkey"}
    row: dict[int, Any] = {}
    for column in table.columns:
        if column.computed is not None or column.identity is not None:
            continue
        if column.uid in targets:
            row[column.uid] = draw.pick((None, *range(1, counts[targets[column.uid]] + 1)))
        elif column.nullable and draw.chance(20):
            row[column.uid] = None
        elif column.kind.startswith("enum:"):
            row[column.uid] = draw.pick(
                label for uid, label in spec.enum(column).labels if uid in spec.enum(column).held
            )
        else:
            row[column.uid] = KINDS[column.kind].value(number)
    return row


def insert(connection: sa.Connection, spec: SchemaSpec, rows: Rows) -> None:
    """The rows, first without their references: two tables may refer to one another."""
    metadata = spec.metadata()
    for values, update in _passes(spec, rows):
        for table, row in values:
            made = metadata.tables[table.path]
            named = {table.column(uid).name: value for uid, value in row.items()}
            if not update:
                connection.execute(made.insert().values(named) if named else made.insert())
                continue
            key = {table.column(uid).name: rows_value for uid, rows_value in row.items() if uid in table.key}
            references = {name: value for name, value in named.items() if name not in key}
            if references:
                condition = [made.c[name] == value for name, value in key.items()]
                connection.execute(made.update().where(*condition).values(references))


def _passes(spec: SchemaSpec, rows: Rows) -> Iterator[tuple[list[tuple[TableSpec, dict[int, Any]]], bool]]:
    plain, references = [], []
    for table in spec.tables:
        keys = {uid for part in table.parts if part.kind == "foreignkey" for uid in part.columns}
        for row in rows[table.uid]:
            plain.append((table, {uid: value for uid, value in row.items() if uid not in keys}))
            references.append((table, {uid: value for uid, value in row.items() if uid in keys or uid in table.key}))
    yield plain, False
    yield references, True


def read(connection: sa.Connection, spec: SchemaSpec, table: TableSpec, uids: Sequence[int]) -> list[str]:
    """The values of some columns of a table, a text a row, in no order of their own and without their types."""
    made = spec.metadata().tables[table.path]
    columns = [made.c[table.column(uid).name] for uid in uids]
    rows = connection.execute(sa.select(*columns) if columns else sa.select(sa.literal(1)).select_from(made))
    return as_read(spec, table, uids, [list(row)[: len(uids)] for row in rows])


def as_read(spec: SchemaSpec, table: TableSpec, uids: Sequence[int], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Rows as `read` gives them."""
    labels = [_label_uids(spec, table.column(uid)) for uid in uids]
    return sorted(
        repr([_plain(known.get(value, value) if known else value) for known, value in zip(labels, row, strict=True)])
        for row in rows
    )


def _label_uids(spec: SchemaSpec, column: ColumnSpec) -> dict[Any, Any]:
    """What stands for each value of an enum, so that one that was renamed is the same."""
    if not column.kind.startswith("enum:"):
        return {}
    return {label: f"label {uid}" for uid, label in spec.enum(column).labels}


def _plain(value: Any) -> str:
    """A value without its type."""
    if isinstance(value, datetime.datetime):
        return value.replace(tzinfo=None).isoformat().removesuffix("T00:00:00")
    if isinstance(value, bool | dict | list | bytes) or value is None:
        return repr(value)
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except ArithmeticError:
        return str(value)
