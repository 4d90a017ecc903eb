"""Lines of revisions, drawn so that they make sense for the schema that there is: what hypothesis tests run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy.dialects import mysql, postgresql

from alembic_manage.state.expression import columns_in
from alembic_manage.state.objects import Check, Column, Key, PrimaryKey, Unique, columns_of
from alembic_manage.state.schema import Schema, Table

T = TypeVar("T")
CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
LONG = "a_name_so_long_that_what_a_server_makes_of_it_must_be_cut"
TABLES = ("parent", "child", "Order", "user", "two words", LONG)
COLUMNS = ("a", "b", "n", "note", "Mixed", "order", "x y", "another_column_whose_name_is_rather_long")
COMMENTS = ("all of them", "it's 100%")
LABELS = ("sad", "ok", "it's", "happy")


@dataclass(frozen=True)
class Line:
    """A statement of a revision."""

    text: str
    undo: str | None = None
    """The statement that takes it back; None where none is known."""


def run_line(text: str, operations: Operations) -> None:
    """Run a line as a revision would."""
    exec(text, {"op": operations, "sa": sa, "postgresql": postgresql, "mysql": mysql})


class Drawing:
    """One line at a time, for one kind of database.

    Args:
        random: where every choice comes from.
        schema: what there is at the moment.
        quote: how the database quotes a name in SQL.
    """

    def __init__(self, random: Random, schema: Schema, quote: Callable[[str], str]) -> None:
        self.random = random
        self.schema = schema
        self.quote = quote
        self.database = schema.rules.names[0]

    # Choices

    def chance(self, percent: int) -> bool:
        """True in so many cases of a hundred."""
        return self.random.randint(1, 100) > 100 - percent

    def pick(self, choices: Iterable[T]) -> T:
        """One of them."""
        return self.random.choice(list(choices))

    def some(self, choices: Sequence[T], least: int, most: int) -> list[T]:
        """Several of them, each once."""
        number = min(len(choices), self.random.randint(least, most))
        return self.random.sample(list(choices), number)

    @property
    def is_postgresql(self) -> bool:
        """Whether what only PostgreSQL knows may be drawn."""
        return self.database == "postgresql"

    @property
    def is_mariadb(self) -> bool:
        """Whether what only MariaDB knows may be drawn."""
        return self.database == "mariadb"

    @property
    def is_sqlite(self) -> bool:
        """Whether what only SQLite knows may be drawn."""
        return self.database == "sqlite"

    # Names

    def free_key(self) -> Key | None:
        """The name of a table that is not there."""
        schemas = [None, None, *sorted(self.schema.schemas)]
        free = [key for schema in schemas for name in TABLES if self.schema.find(key := Key(schema, name)) is None]
        return self.pick(free) if free else None

    def table(self, wanted: Callable[[Table], Any] = lambda table: True) -> Table | None:
        """A table that is there."""
        found = [table for table in self.schema.tables.values() if wanted(table)]
        return self.pick(found) if found else None

    def free_columns(self, table: Table | None = None) -> list[str]:
        """Names that no column of the table has."""
        return [name for name in COLUMNS if table is None or name not in table.columns]

    def name(self, stem: str, *, unnamed: int = 0) -> str | None:
        """Source text for the name of a constraint or index."""
        if self.chance(unnamed):
            return None
        name = f"{stem}{self.random.randint(1, 40)}"
        if self.chance(10):
            name = f"{stem}_{LONG}"
        if self.chance(10):
            name = f"{stem.title()} {self.random.randint(1, 9)}"
        return f"op.f({name!r})" if self.chance(20) else repr(name)

    # Types

    def type(self) -> str:
        """Source text of a type."""
        simple = (
            "sa.Integer()",
            "sa.Integer()",
            "sa.BigInteger()",
            "sa.SmallInteger()",
            "sa.String(20)",
            "sa.String(length=50)",
            "sa.Text()",
            "sa.Boolean()",
            "sa.Boolean(create_constraint=True)",
            f"sa.Boolean(create_constraint=True, name='bool{self.random.randint(1, 20)}')",
            "sa.Numeric(10, 2)",
            "sa.Numeric(precision=6, scale=0)",
            "sa.Float()",
            "sa.Date()",
            "sa.DateTime()",
            "sa.DateTime(timezone=True)",
            "sa.Time()",
            "sa.JSON()",
            "sa.LargeBinary()",
            "sa.Uuid()",
            "sa.Double()",
            self.enum(),
            self.enum(),
        )
        own: dict[str, tuple[str, ...]] = {
            "postgresql": (
                "postgresql.ARRAY(sa.Integer())",
                "postgresql.JSONB()",
                "postgresql.UUID(as_uuid=True)",
                "postgresql.TIMESTAMP(timezone=True, precision=3)",
                "postgresql.INTERVAL()",
                "postgresql.TSVECTOR()",
                "sa.String()",
                "sa.String(20, collation='C')",
            ),
            "mariadb": (
                "mysql.INTEGER(unsigned=True)",
                "mysql.TINYINT(1)",
                "mysql.LONGTEXT()",
                "mysql.DATETIME(fsp=6)",
                "sa.String(20, collation='utf8mb4_bin')",
            ),
            "sqlite": ("sa.String()", "sa.String(20, collation='NOCASE')", "sa.Numeric()"),
        }
        return self.pick((*simple, *own[self.database]))

    def enum(self) -> str:
        """Source text of an enum; on PostgreSQL its type may be there already."""
        labels = ", ".join(repr(label) for label in LABELS[: self.random.randint(1, 4)])
        if self.chance(40):
            name = f"kind{self.random.randint(1, 20)}"
            return f"sa.Enum({labels}, name={name!r}, native_enum=False, create_constraint={self.chance(60)})"
        if self.is_postgresql and self.schema.enums and self.chance(70):
            return self.existing_enum()
        free = [name for name in ("mood", "Level", "kind of") if Key(None, name) not in self.schema.enums]
        if self.is_postgresql and not free:
            return self.existing_enum()
        return f"sa.Enum({labels}, name={self.pick(free or ['mood'])!r})"

    def existing_enum(self) -> str:
        """Source text for a type that is there."""
        key, enum = self.pick(self.schema.enums.items())
        labels = ", ".join(repr(label) for label in enum.labels)
        schema = f", schema={key.schema!r}" if key.schema else ""
        return f"postgresql.ENUM({labels}, name={key.name!r}{schema}, create_type=False)"

    def default(self, type_: str) -> str | None:
        """Source text of a server default for a type."""
        if self.chance(55):
            return None
        for start, choices in _DEFAULTS:
            if type_.startswith(start):
                return self.pick(choices)
        if "Boolean" in type_ or "TINYINT" in type_:
            return self.pick(("sa.true()", "sa.false()", "sa.text('true')" if self.is_postgresql else "'1'"))
        if "Date" in type_ and "sa.Date()" not in type_:
            return self.pick(("sa.func.now()", "sa.text('CURRENT_TIMESTAMP')", "'2020-01-01 10:20:30'"))
        if type_.startswith("sa.Enum"):
            return repr(LABELS[0])
        return None

    # Columns

    def column(self, name: str, *, indexes: bool = True, only_nullable: bool = False) -> str:
        """Source text of a column."""
        type_ = self.type()
        arguments = [repr(name), type_]
        default = self.default(type_)
        if default is not None:
            arguments.append(f"server_default={default}")
        if self.chance(40) and not (only_nullable and default is None):
            arguments.append("nullable=False")
        elif self.chance(30):
            arguments.append("nullable=True")
        if self.chance(15):
            arguments.append(f"comment={self.pick(('a note', 'what is 100% : it'))!r}")
        if indexes and _is_indexable(type_):
            arguments += ["unique=True"] * self.chance(10) + ["index=True"] * self.chance(12)
        return f"sa.Column({', '.join(arguments)})"

    def special_column(self, name: str, others: Sequence[str]) -> str:
        """Source text of a computed or an identity column."""
        numbers = [other for other in others if "sa.Integer()" in other]
        if self.is_postgresql and (self.chance(50) or not numbers):
            options = self.pick(
                ("always=True", "always=False", "start=5, increment=2", "always=True, cycle=True, minvalue=1")
            )
            return f"sa.Column({name!r}, sa.Integer(), sa.Identity({options}))"
        if not numbers:
            return f"sa.Column({name!r}, sa.Integer())"
        source = eval(self.pick(numbers).removeprefix("sa.Column(").partition(", ")[0])
        persisted = True if self.is_postgresql else self.pick((True, False))
        return f"sa.Column({name!r}, sa.Integer(), sa.Computed({self.quote(source) + ' + 1'!r}, persisted={persisted}))"

    def target(self, table: Table | None = None) -> tuple[str, Column, Table] | None:
        """What a foreign key of one column can refer to: source text, the column and its table."""
        found = [
            (f"{each.key}.{columns[0]}", each.columns[columns[0]], each)
            for each in self.schema.tables.values()
            for columns in _keys(each)
            if len(columns) == 1 and columns[0] in each.columns and source_of(each.columns[columns[0]].type) is not None
        ]
        found = [each for each in found if "." not in each[1].name and not isinstance(each[1].type, sa.Text)]
        return self.pick(found) if found else None

    def foreign_key_options(self, *, no_null: bool = False) -> str:
        """Source text of the keywords of a foreign key."""
        options = ""
        if self.chance(40):
            choices = ["CASCADE", "RESTRICT", "NO ACTION"] + ([] if no_null else ["SET NULL"])
            options += f", ondelete={self.pick(choices)!r}"
        if self.chance(15):
            options += ", onupdate='CASCADE'"
        if not self.is_mariadb and self.chance(15):
            options += ", deferrable=True" + self.pick(("", ", initially='DEFERRED'", ", initially='IMMEDIATE'"))
        return options

    def condition(self, columns: Sequence[tuple[str, Any]]) -> str | None:
        """SQL that may be a CHECK."""
        numbers = [self.quote(name) for name, kind in columns if kind == "number"]
        texts = [self.quote(name) for name, kind in columns if kind == "text"]
        conditions = []
        if numbers:
            one, two = self.pick(numbers), self.pick(numbers)
            conditions += [f"{one} > 0", f"{one} >= 0 AND {two} < 100", f"{one} + 1 > {two}", f"{one} BETWEEN 1 AND 5"]
        if texts:
            one = self.pick(texts)
            conditions += [
                f"{one} <> ''",
                f"{one} <> 'a:b'",
                f"{one} <> 'a \\:b'",
                f"length({one}) > 2",
                f"{one} <> '100%'",
            ]
        return self.pick(conditions) if conditions else None


_DEFAULTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sa.Integer", ("'0'", "sa.text('1')", "sa.text('-1')", "sa.text('(1 + 2)')")),
    ("sa.BigInteger", ("'0'", "sa.text('1')")),
    ("sa.SmallInteger", ("'7'",)),
    ("sa.String", ("'x'", '"it\'s"', "''", "sa.text(\"'x'\")", "'a:b'", "sa.text(\"'a \\\\:b'\")", "'100%'", "'NULL'")),
    ("sa.Text", ("'x'", '"it\'s"', "'now()'")),
    ("sa.Numeric", ("'0'", "sa.text('1.50')")),
    ("sa.Float", ("'0'", "sa.text('1.5')")),
    ("sa.Date()", ("'2020-01-01'",)),
    ("postgresql.JSONB", ("sa.text(\"'{}'::jsonb\")", "'{\"a\": 1}'")),
    ("postgresql.ARRAY", ("'{}'", "sa.text(\"'{1,2}'::int[]\")")),
    ("postgresql.UUID", ("sa.text('gen_random_uuid()')",)),
    ("mysql.INTEGER", ("'0'",)),
    (
        "mysql.DATETIME",
        ("sa.text('CURRENT_TIMESTAMP(6)')", "sa.text('CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)')"),
    ),
)


# What columns are


def _is_indexable(type_: str) -> bool:
    """Whether every database can have an index on it."""
    return type_.startswith(("sa.Integer", "sa.BigInt", "sa.String(20", "sa.String(length", "sa.Numeric", "sa.Date"))


def kind_of(type_: Any) -> str:
    """In one word, what a column can be used for."""
    if isinstance(type_, sa.Integer | sa.Numeric | sa.Float) and not isinstance(type_, sa.Boolean):
        return "number"
    if isinstance(type_, sa.Enum):
        return "enum"
    if isinstance(type_, sa.String) and not isinstance(type_, sa.Text) and type_.length:
        return "text"
    return "time" if isinstance(type_, sa.Date | sa.DateTime) else "other"


def source_of(type_: Any) -> str | None:
    """Source text of a type; None where it came from SQL."""
    module = type(type_).__module__
    for start, prefix in (
        ("sqlalchemy.dialects.postgresql", "postgresql."),
        ("sqlalchemy.dialects.mysql", "mysql."),
        ("sqlalchemy.sql.sqltypes", "sa."),
    ):
        if module.startswith(start):
            text = f"{prefix}{type_!r}"
            if isinstance(type_, sa.ARRAY):
                text = text.replace("ARRAY(", "ARRAY(sa.")
            return text
    return None


def _keys(table: Table) -> list[tuple[str, ...]]:
    """The columns of each key of a table."""
    keys = [each.columns for each in table.constraints if isinstance(each, PrimaryKey | Unique)]
    return keys + [index.columns for index in table.indexes if index.unique and index.is_constraint]


def _indexable(table: Table) -> list[str]:
    kinds = ("number", "text", "time")
    return [column.name for column in table.columns.values() if kind_of(column.type) in kinds]


def _kinds(table: Table) -> list[tuple[str, str]]:
    return [(column.name, kind_of(column.type)) for column in table.columns.values() if column.computed is None]


def _place(key: Key) -> str:
    return f", schema={key.schema!r}" if key.schema else ""


def _join(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


# Tables


def create_table(draw: Drawing) -> Line | None:
    key = draw.free_key()
    if key is None or len(draw.schema.tables) > 4:
        return None
    names = draw.some(COLUMNS, 1, 4)
    columns = [draw.column(name) for name in names]
    primary, keys = _primary_key(draw, columns)
    items = [*primary, *columns]
    if draw.chance(10) and (free := [name for name in COLUMNS if name not in names]):
        items.append(draw.special_column(free[0], columns))
    items += _references(draw, key, keys)
    items += _table_constraints(draw, columns)
    text = f"op.create_table({key.name!r}, {', '.join(items)}{_table_options(draw)}{_place(key)})"
    return Line(text, f"op.drop_table({key.name!r}{_place(key)})")


def _primary_key(draw: Drawing, columns: list[str]) -> tuple[list[str], list[str]]:
    """Columns and constraints of the key, and the names of the columns that are the whole of it."""
    way = draw.random.randint(1, 10)
    if way <= 4:
        auto = draw.pick(("", "", ", autoincrement=True", ", autoincrement=False"))
        type_ = draw.pick(("sa.Integer()", "sa.Integer()", "sa.BigInteger()"))
        return [f"sa.Column('id', {type_}, primary_key=True{auto})"], ["id"]
    if way <= 6:
        name = draw.name("pk", unnamed=60)
        columns.append(_join("sa.PrimaryKeyConstraint('id'", f"name={name}" if name else None) + ")")
        return ["sa.Column('id', sa.Integer(), nullable=False)"], ["id"]
    if way == 7:
        return ["sa.Column('id', sa.Uuid(), primary_key=True)"], []
    if way == 8:
        return ["sa.Column('code', sa.String(20), primary_key=True)"], []
    if way == 9:
        columns.append("sa.PrimaryKeyConstraint('two', 'one')")
        return ["sa.Column('one', sa.Integer(), nullable=False)", "sa.Column('two', sa.Integer(), nullable=False)"], []
    return ["sa.Column('id', sa.Integer())"], []


def _references(draw: Drawing, key: Key, own: list[str]) -> list[str]:
    items = []
    if own and draw.chance(20):
        items.append(f"sa.Column('self_id', sa.Integer(), sa.ForeignKey('{key}.{own[0]}'{draw.foreign_key_options()}))")
    if draw.chance(50) and (target := draw.target()):
        text, column, _ = target
        type_ = source_of(column.type)
        options = draw.foreign_key_options()
        name = draw.name("fk", unnamed=50)
        named = f", name={name}" if name else ""
        if draw.chance(50):
            items.append(f"sa.Column('parent_id', {type_}, sa.ForeignKey({text!r}{named}{options}){_index_word(draw)})")
        else:
            items.append(f"sa.Column('parent_id', {type_})")
            items.append(f"sa.ForeignKeyConstraint(['parent_id'], [{text!r}]{named}{options})")
    return items


def _index_word(draw: Drawing) -> str:
    return draw.pick(("", "", ", index=True", ", nullable=False"))


def _table_constraints(draw: Drawing, columns: list[str]) -> list[str]:
    made = [
        (eval(text.removeprefix("sa.Column(").partition(", ")[0]), text) for text in columns if "sa.Column(" in text
    ]
    items = []
    indexable = [name for name, text in made if _is_indexable(text.partition(", ")[2])]
    if indexable and draw.chance(30):
        used = ", ".join(repr(name) for name in draw.some(indexable, 1, 2))
        deferred = ", deferrable=True, initially='DEFERRED'" if draw.is_postgresql and draw.chance(15) else ""
        items.append(f"sa.UniqueConstraint({_join(used, _named(draw.name('uq', unnamed=50)))}{deferred})")
    kinds = [(name, "number" if "Integer()" in text or "Numeric" in text else "") for name, text in made]
    kinds += [(name, "text") for name, text in made if "sa.String" in text]
    condition = draw.condition(kinds)
    if condition and draw.chance(40):
        items.append(f"sa.CheckConstraint({_join(repr(condition), _named(draw.name('ck', unnamed=50)))})")
    return items


def _named(name: str | None) -> str | None:
    return f"name={name}" if name else None


def _table_options(draw: Drawing) -> str:
    options = ""
    if draw.chance(15):
        options += f", comment={draw.pick(COMMENTS)!r}"
    if draw.is_mariadb and draw.chance(20):
        options += draw.pick((", mysql_engine='InnoDB'", ", mysql_charset='utf8mb4'", ", mysql_collate='utf8mb4_bin'"))
    if draw.is_sqlite and draw.chance(10):
        options += ", sqlite_autoincrement=True"
    if draw.is_postgresql and draw.chance(5):
        options += ", postgresql_with={'fillfactor': 70}"
    if draw.chance(5):
        options += ", if_not_exists=True"
    return options


def drop_table(draw: Drawing) -> Line | None:
    table = draw.table()
    if table is None or len(draw.schema.tables) < 2:
        return None
    return Line(f"op.drop_table({table.key.name!r}{_place(table.key)})")


def rename_table(draw: Drawing) -> Line | None:
    table = draw.table()
    free = [name for name in TABLES if table is not None and draw.schema.find(Key(table.key.schema, name)) is None]
    if table is None or not free:
        return None
    new, place = draw.pick(free), _place(table.key)
    return Line(
        f"op.rename_table({table.key.name!r}, {new!r}{place})", f"op.rename_table({new!r}, {table.key.name!r}{place})"
    )


def table_comment(draw: Drawing) -> Line | None:
    table = draw.table()
    if table is None or draw.is_sqlite:
        return None
    if table.comment and draw.chance(50):
        return Line(f"op.drop_table_comment({table.key.name!r}, existing_comment={table.comment!r}{_place(table.key)})")
    return Line(f'op.create_table_comment({table.key.name!r}, "it\'s new"{_place(table.key)})')


# Columns


def add_column(draw: Drawing) -> Line | None:
    table = draw.table()
    free = draw.free_columns(table)
    # SQLAlchemy reads a computed column wrongly from SQLite, once another was added behind it.
    if table is None or not free or (draw.is_sqlite and any(column.computed for column in table.columns.values())):
        return None
    name = draw.pick(free)
    column = draw.column(name, only_nullable=draw.is_sqlite)
    where = f"{table.key.name!r}, "
    return Line(
        f"op.add_column({where}{column}{_place(table.key)})", f"op.drop_column({where}{name!r}{_place(table.key)})"
    )


def add_reference(draw: Drawing) -> Line | None:
    table, target = draw.table(), draw.target()
    if table is None or target is None or "parent_id" in table.columns:
        return None
    text, column, _ = target
    name = draw.name("fk", unnamed=50)
    named = f", name={name}" if name else ""
    foreign_key = f"sa.ForeignKey({text!r}{named}{draw.foreign_key_options()})"
    made = f"sa.Column('parent_id', {source_of(column.type)}, {foreign_key}{draw.pick(('', '', ', index=True'))})"
    return Line(f"op.add_column({table.key.name!r}, {made}{_place(table.key)})")


def drop_column(draw: Drawing) -> Line | None:
    table = draw.table(lambda table: len(table.columns) > 1)
    if table is None:
        return None
    name = draw.pick(table.columns)
    return Line(f"op.drop_column({table.key.name!r}, {name!r}{_place(table.key)})")


def rename_column(draw: Drawing) -> Line | None:
    table = draw.table()
    if table is None or (draw.is_sqlite and draw.chance(50)):
        return None
    free = draw.free_columns(table)
    column = draw.pick(table.columns.values())
    if not free or (draw.is_mariadb and column.computed):
        return None
    new = draw.pick(free)
    existing = _existing(draw, column, needed=True)
    where, place = f"{table.key.name!r}, ", _place(table.key)
    if existing is None:
        return None
    return Line(
        f"op.alter_column({where}{column.name!r}, new_column_name={new!r}{existing}{place})",
        f"op.alter_column({where}{new!r}, new_column_name={column.name!r}{existing}{place})",
    )


def _existing(draw: Drawing, column: Column, *, needed: bool, leave_out: Sequence[str] = ()) -> str | None:
    """What alter_column wants to be told; MariaDB forgets what is not told."""
    if not draw.is_mariadb:
        return ""
    type_ = source_of(column.type)
    if type_ is None:
        return None
    parts = {"existing_type": type_, "existing_nullable": repr(column.nullable)}
    if column.default is not None and not draw.chance(15):
        parts["existing_server_default"] = f"sa.text({column.default.replace(':', chr(92) + ':')!r})"
    if column.comment:
        parts["existing_comment"] = repr(column.comment)
    if column.autoincrement:
        parts["existing_autoincrement"] = "True"
    return "".join(f", {name}={text}" for name, text in parts.items() if name not in leave_out)


def alter_nullable(draw: Drawing) -> Line | None:
    return _altered(
        draw,
        "existing_nullable",
        lambda column: f"nullable={not column.nullable}",
        undo=lambda column: f"nullable={column.nullable}",
    )


def alter_default(draw: Drawing) -> Line | None:
    def change(column: Column) -> str | None:
        if column.default is not None and draw.chance(40):
            return "server_default=None"
        default = draw.default(source_of(column.type) or "")
        if column.computed or column.identity or column.autoincrement or default is None:
            return None
        return f"server_default={default}"

    return _altered(draw, "existing_server_default", change)


def alter_type(draw: Drawing) -> Line | None:
    def change(column: Column) -> str | None:
        # PostgreSQL keeps the casts of the first type in expressions.
        is_kept = any(column.name in used for used in _used_in_expressions(draw.schema))
        is_kept = is_kept or (column.default is not None and kind_of(column.type) == "time")
        if draw.is_postgresql and is_kept:
            return None
        for old, new in _CASTS:
            if (source_of(column.type) or "").startswith(old) and draw.chance(60):
                type_ = draw.pick(new)
                using = (
                    f", postgresql_using={draw.quote(column.name) + '::' + 'text'!r}"
                    if type_ == "sa.Text()" and draw.chance(30)
                    else ""
                )
                return f"type_={type_}" + (using if draw.is_postgresql else "")
        return None

    return _altered(draw, "existing_type", change)


def _used_in_expressions(schema: Schema) -> list[frozenset[str]]:
    """The columns of each expression of any table."""
    tables = schema.tables.values()
    found = [
        columns_of(each, table.columns) for table in tables for each in table.constraints if isinstance(each, Check)
    ]
    for table in tables:
        found += [
            columns_of(each, table.columns)
            for each in table.indexes
            if len(each.columns) < len(each.parts) or each.options
        ]
        found += [columns_in(each.computed.text, table.columns) for each in table.columns.values() if each.computed]
    return found


_CASTS = (
    ("sa.Integer", ("sa.BigInteger()", "sa.SmallInteger()", "sa.Numeric(10, 2)", "sa.String(20)")),
    ("sa.BigInteger", ("sa.Integer()", "sa.Text()")),
    ("sa.SmallInteger", ("sa.Integer()",)),
    ("sa.String", ("sa.Text()", "sa.String(50)", "sa.String(200)")),
    ("sa.Text", ("sa.String(50)",)),
    ("sa.Numeric", ("sa.Numeric(12, 4)", "sa.Float()")),
    ("sa.Date", ("sa.DateTime()", "sa.DateTime(timezone=True)")),
    ("sa.Enum", ("sa.String(20)", "sa.Enum('sad', 'ok', \"it's\", 'happy', name='mood')")),
    ("sa.Boolean", ("sa.Integer()", "sa.Boolean(create_constraint=True, name='flag')")),
)


def alter_comment(draw: Drawing) -> Line | None:
    if draw.is_sqlite:
        return None
    return _altered(
        draw,
        "existing_comment",
        lambda column: f"comment={draw.pick((None, 'changed: it', 'x'))!r}, existing_comment={column.comment!r}",
    )


def alter_several(draw: Drawing) -> Line | None:
    def change(column: Column) -> str | None:
        if not (source_of(column.type) or "").startswith("sa.String"):
            return None
        default = draw.pick(("None", "'new'"))
        return f"type_=sa.String(77), nullable={draw.pick((True, False))}, server_default={default}"

    return _altered(draw, ("existing_type", "existing_nullable", "existing_server_default"), change)


def _altered(
    draw: Drawing,
    replaced: str | Sequence[str],
    change: Callable[[Column], str | None],
    undo: Callable[[Column], str] | None = None,
) -> Line | None:
    if draw.is_sqlite:
        return None
    table = draw.table()
    if table is None:
        return None
    column = draw.pick(table.columns.values())
    replaced = (replaced,) if isinstance(replaced, str) else replaced
    changed, existing = change(column), _existing(draw, column, needed=True, leave_out=replaced)
    if changed is None or existing is None or column.computed is not None:
        return None
    start = f"op.alter_column({table.key.name!r}, {column.name!r}, "
    end = f"{existing}{_place(table.key)})"
    return Line(f"{start}{changed}{end}", f"{start}{undo(column)}{end}" if undo else None)


# Constraints


def create_unique(draw: Drawing) -> Line | None:
    table = draw.table(_indexable)
    if table is None or draw.is_sqlite:
        return None
    columns = draw.some(_indexable(table), 1, 2)
    name = draw.name("uq", unnamed=30)
    deferred = ", deferrable=True" if draw.is_postgresql and draw.chance(15) else ""
    text = f"op.create_unique_constraint({name}, {table.key.name!r}, {columns!r}{deferred}{_place(table.key)})"
    return Line(text, _drop(table, name, "unique"))


def _drop(table: Table, name: str | None, kind: str) -> str | None:
    if name is None:
        return None
    return f"op.drop_constraint({name}, {table.key.name!r}, type_={kind!r}{_place(table.key)})"


def create_check(draw: Drawing) -> Line | None:
    table = draw.table()
    if table is None or draw.is_sqlite:
        return None
    condition = draw.condition(_kinds(table))
    if condition is None:
        return None
    name = draw.name("ck", unnamed=20)
    text = f"op.create_check_constraint({name}, {table.key.name!r}, {condition!r}{_place(table.key)})"
    return Line(text, _drop(table, name, "check"))


def create_foreign_key(draw: Drawing) -> Line | None:
    target = draw.target()
    if target is None or draw.is_sqlite:
        return None
    _, column, parent = target

    def fitting(table: Table) -> list[str]:
        return [each.name for each in table.columns.values() if repr(each.type) == repr(column.type)]

    table = draw.table(fitting)
    if table is None:
        return None
    own = draw.pick(fitting(table))
    name = draw.name("fk", unnamed=30)
    places = (f", source_schema={table.key.schema!r}" if table.key.schema else "") + (
        f", referent_schema={parent.key.schema!r}" if parent.key.schema else ""
    )
    text = (
        f"op.create_foreign_key({name}, {table.key.name!r}, {parent.key.name!r}, [{own!r}], [{column.name!r}]"
        f"{draw.foreign_key_options()}{places})"
    )
    return Line(text, _drop(table, name, "foreignkey") if not draw.is_mariadb else None)


def create_primary_key(draw: Drawing) -> Line | None:
    table = draw.table(lambda table: table.primary_key is None and _indexable(table))
    if table is None or draw.is_sqlite:
        return None
    columns = draw.some(_indexable(table), 1, 2)
    name = draw.name("pk", unnamed=50)
    return Line(f"op.create_primary_key({name}, {table.key.name!r}, {columns!r}{_place(table.key)})")


def drop_constraint(draw: Drawing) -> Line | None:
    if draw.is_sqlite:
        return None
    found = [(table, each) for table in draw.schema.tables.values() for each in _droppable(table)]
    if not found:
        return None
    table, (name, kind) = draw.pick(found)
    kind_text = f", type_={kind!r}" if draw.is_mariadb or draw.chance(60) else ""
    return Line(f"op.drop_constraint(op.f({name!r}), {table.key.name!r}{kind_text}{_place(table.key)})")


def _droppable(table: Table) -> list[tuple[str | None, str]]:
    found: list[tuple[str | None, str]] = [(each.name or "x", each.kind) for each in table.constraints]
    return found + [(index.name, "unique") for index in table.indexes if index.is_constraint]


# Indexes


def create_index(draw: Drawing) -> Line | None:
    table = draw.table(_indexable)
    if table is None:
        return None
    names = draw.some(_indexable(table), 1, 2)
    parts = [repr(name) for name in names]
    if not draw.is_mariadb and draw.chance(25):
        parts[-1] = f"sa.text({_expression(draw, table, names[-1])!r})"
    unique = ", unique=True" if draw.chance(25) else ""
    name = draw.name("ix", unnamed=10)
    exists = ", if_not_exists=True" if draw.chance(5) else ""
    options = f"{unique}{_index_options(draw, table, names)}{exists}{_place(table.key)}"
    text = f"op.create_index({name}, {table.key.name!r}, [{', '.join(parts)}]{options})"
    undo = f"op.drop_index({name}, table_name={table.key.name!r}{_place(table.key)})" if name and not exists else None
    return Line(text, undo)


def _expression(draw: Drawing, table: Table, name: str) -> str:
    kind = kind_of(table.columns[name].type)
    quoted = draw.quote(name)
    if kind == "text":
        return draw.pick((f"lower({quoted})", f"{quoted} DESC", f"upper({quoted}) DESC"))
    return draw.pick((f"({quoted} + 1)", f"{quoted} DESC", f"abs({quoted})")) if kind == "number" else f"{quoted} DESC"


def _index_options(draw: Drawing, table: Table, names: list[str]) -> str:
    options = ""
    condition = draw.condition(_kinds(table)) if not draw.is_mariadb else None
    if condition and draw.chance(20):
        options += f", {draw.database}_where=sa.text({condition!r})"
    if draw.is_postgresql and draw.chance(10):
        others = [name for name in table.columns if name not in names]
        options += f", postgresql_include={others[:1]!r}" if others else ", postgresql_using='btree'"
    if draw.is_postgresql and draw.chance(8) and len(names) == 1 and not options:
        options += draw.pick(
            (", postgresql_using='hash'", ", postgresql_using='brin'", ", postgresql_with={'fillfactor': 50}")
        )
    texts = [name for name in names if kind_of(table.columns[name].type) == "text"]
    if draw.is_postgresql and texts and draw.chance(10):
        options += f", postgresql_ops={{{texts[0]!r}: 'varchar_pattern_ops'}}"
    if draw.is_mariadb and texts and draw.chance(30):
        options += f", mysql_length={{{texts[0]!r}: 5}}"
    return options


def drop_index(draw: Drawing) -> Line | None:
    found = [(table, index) for table in draw.schema.tables.values() for index in table.indexes]
    if not found:
        return None
    table, index = draw.pick(found)
    said = f", table_name={table.key.name!r}" if draw.is_mariadb or draw.chance(70) else ""
    exists = ", if_exists=True" if draw.chance(10) else ""
    return Line(f"op.drop_index(op.f({index.name!r}){said}{exists}{_place(table.key)})")


# SQL as text


def execute(draw: Drawing) -> Line | None:
    table = draw.table()
    if table is None:
        return None
    name = _sql_name(draw, table.key)
    column = draw.quote(draw.pick(table.columns))
    free = draw.free_columns(table)
    texts = [f"DROP TABLE IF EXISTS {draw.quote('nowhere')}"]
    if free:
        texts += [f"ALTER TABLE {name} ADD COLUMN {draw.quote(free[0])} integer DEFAULT 5"]
        texts += [f"ALTER TABLE {name} RENAME COLUMN {column} TO {draw.quote(free[-1])}"]
    indexable = _indexable(table)
    if indexable:
        texts += [f"CREATE INDEX raw{draw.random.randint(1, 30)} ON {name} ({draw.quote(indexable[0])})"]
    if draw.is_postgresql:
        texts += [f"COMMENT ON TABLE {name} IS 'said ''so'''", f"ALTER TABLE {name} ALTER COLUMN {column} DROP DEFAULT"]
        texts += [f"ALTER TABLE {name} ALTER COLUMN {column} SET NOT NULL"]
    return Line(f"op.execute({draw.pick(texts)!r})")


def _sql_name(draw: Drawing, key: Key) -> str:
    return f"{draw.quote(key.schema)}.{draw.quote(key.name)}" if key.schema else draw.quote(key.name)


def enum_value(draw: Drawing) -> Line | None:
    if not draw.schema.enums:
        return None
    key, enum = draw.pick(draw.schema.enums.items())
    name = _sql_name(draw, key)
    choices = [f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS 'new one'"]
    choices += [f"ALTER TYPE {name} RENAME VALUE '{enum.labels[0].replace(chr(39), chr(39) * 2)}' TO 'other'"]
    return Line(f"op.execute({draw.pick(choices)!r})")


def enum_type(draw: Drawing) -> Line | None:
    """CREATE TYPE and DROP TYPE by hand."""
    if not draw.is_postgresql:
        return None
    if draw.schema.enums and draw.chance(50):
        key = draw.pick(draw.schema.enums)
        place = f", schema={key.schema!r}" if key.schema else ""
        return Line(f"sa.Enum(name={key.name!r}{place}).drop(op.get_bind(), checkfirst={draw.chance(70)})")
    free = [name for name in ("mood", "Level", "kind of") if Key(None, name) not in draw.schema.enums]
    if not free:
        return None
    text = f"postgresql.ENUM('sad', 'ok', name={free[0]!r})"
    return Line(f"{text}.create(op.get_bind(), checkfirst={draw.chance(70)})", f"{text}.drop(op.get_bind())")


def schemas(draw: Drawing) -> Line | None:
    if not draw.is_postgresql:
        return None
    if draw.schema.schemas:
        return Line("op.execute(sa.schema.DropSchema('other place'))")
    return Line("op.execute(sa.schema.CreateSchema('other place'))", "op.execute(sa.schema.DropSchema('other place'))")


# Batches


def batch(draw: Drawing) -> Line | None:
    """Several changes of one table in a batch; on SQLite the table is made anew."""
    table = draw.table()
    if table is None:
        return None
    count = draw.random.randint(1, 3)
    lines = [line for _ in range(count) if (line := _batched(draw, table))]
    # SQLAlchemy tells only one of two equal foreign keys of SQLite.
    references = [line for line in lines if line.startswith("create_foreign_key")]
    lines = [line for line in lines if line not in references[1:]]
    if not lines:
        return None
    recreate = draw.pick(("auto", "auto", "always")) if draw.is_sqlite else "auto"
    head = f"with op.batch_alter_table({table.key.name!r}, recreate={recreate!r}{_place(table.key)}) as batch:"
    return Line("\n".join([head, *(f"    batch.{line}" for line in dict.fromkeys(lines))]))


def _batched(draw: Drawing, table: Table) -> str | None:
    return draw.pick(_BATCHED)(draw, table)


def _batch_add(draw: Drawing, table: Table) -> str | None:
    free = draw.free_columns(table)
    # In a batch on SQLite Alembic gives the index a second name, of the temporary table.
    return (
        f"add_column({draw.column(draw.pick(free), indexes=not draw.is_sqlite, only_nullable=True)})" if free else None
    )


def _batch_drop(draw: Drawing, table: Table) -> str | None:
    # SQLite takes the name of a missing column for a string in an index or a CHECK, and makes it all the same.
    indexed = {name for index in table.indexes for name in index.columns} if draw.is_sqlite else set()
    for used in _used_in_expressions(draw.schema) if draw.is_sqlite else []:
        indexed |= used
    free = [name for name in table.columns if name not in indexed]
    return f"drop_column({draw.pick(free)!r})" if len(table.columns) > 1 and free else None


def _batch_alter(draw: Drawing, table: Table) -> str | None:
    column = draw.pick(table.columns.values())
    existing = _existing(draw, column, needed=True)
    # A batch leaves the old name in expressions, which is a string there for SQLite.
    is_used = draw.is_sqlite and any(column.name in used for used in _used_in_expressions(draw.schema))
    if existing is None or column.computed is not None or is_used:
        return None
    free = draw.free_columns(table)
    type_ = source_of(column.type) or ""
    changes = [f"nullable={not column.nullable}", f"new_column_name={draw.pick(free)!r}" if free else "nullable=True"]
    if type_.startswith("sa.String"):
        changes += ["type_=sa.String(77)", "type_=sa.Text()", "server_default='new'"]
    if type_.startswith("sa.Integer"):
        changes += ["type_=sa.BigInteger()", "server_default='5'"]
    change = draw.pick(changes)
    if change.partition("=")[0] == "nullable":
        existing = existing.replace(f", existing_nullable={column.nullable}", "")
    if change.startswith("server_default"):
        existing = existing.partition(", existing_server_default")[0]
    if change.startswith("type_"):
        existing = existing.replace(f", existing_type={type_}", "")
    return f"alter_column({column.name!r}, {change}{existing})"


def _batch_constraint(draw: Drawing, table: Table) -> str | None:
    indexable = _indexable(table)
    condition = draw.condition(_kinds(table))
    name = f"batched{draw.random.randint(1, 30)}"
    if indexable and draw.chance(50):
        return f"create_unique_constraint({name!r}, {draw.some(indexable, 1, 2)!r})"
    return f"create_check_constraint({name!r}, {condition!r})" if condition else None


def _batch_foreign_key(draw: Drawing, table: Table) -> str | None:
    target = draw.target()
    if target is None:
        return None
    _, column, parent = target
    fitting = [each.name for each in table.columns.values() if repr(each.type) == repr(column.type)]
    # SQLAlchemy tells only one of two equal foreign keys of SQLite.
    fitting = [name for name in fitting if not any(each.columns == (name,) for each in table.foreign_keys)]
    if not fitting or parent.key.schema != table.key.schema or parent.key.schema:
        return None
    name = f"batched_fk{draw.random.randint(1, 30)}"
    options = draw.foreign_key_options()
    return f"create_foreign_key({name!r}, {parent.key.name!r}, [{draw.pick(fitting)!r}], [{column.name!r}]{options})"


def _batch_drop_constraint(draw: Drawing, table: Table) -> str | None:
    found = [(name, kind) for name, kind in _droppable(table) if name != "x"]
    if not found:
        return None
    name, kind = draw.pick(found)
    kind = {"primary": "primary", "exclude": "check"}.get(kind, kind)
    return f"drop_constraint(op.f({name!r}), type_={kind!r})"


def _batch_index(draw: Drawing, table: Table) -> str | None:
    indexable = _indexable(table)
    if table.indexes and draw.chance(40):
        return f"drop_index(op.f({draw.pick(table.indexes).name!r}))"
    if not indexable:
        return None
    name, columns = f"batched_ix{draw.random.randint(1, 30)}", draw.some(indexable, 1, 2)
    return f"create_index({name!r}, {columns!r}, unique={draw.chance(20)})"


_BATCHED = (
    _batch_add,
    _batch_drop,
    _batch_alter,
    _batch_alter,
    _batch_constraint,
    _batch_foreign_key,
    _batch_drop_constraint,
    _batch_index,
)

OPERATIONS: tuple[Callable[[Drawing], Line | None], ...] = (
    create_table,
    create_table,
    create_table,
    drop_table,
    rename_table,
    table_comment,
    add_column,
    add_column,
    add_reference,
    drop_column,
    drop_column,
    rename_column,
    rename_column,
    alter_nullable,
    alter_default,
    alter_type,
    alter_comment,
    alter_several,
    create_unique,
    create_check,
    create_foreign_key,
    create_primary_key,
    drop_constraint,
    create_index,
    create_index,
    drop_index,
    execute,
    enum_value,
    enum_type,
    schemas,
    batch,
    batch,
    batch,
)


def next_line(draw: Drawing) -> Line:
    """A line that makes sense for the schema."""
    for _ in range(20):
        line = draw.pick(OPERATIONS)(draw) if draw.schema.tables else create_table(draw)
        if line is not None:
            return line
    return Line("op.execute('DROP TABLE IF EXISTS nowhere')")
