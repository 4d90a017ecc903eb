"""The pessimistic defaults that hold for a database of which nothing is known."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import URL, Connection, Insert, Table
    from sqlalchemy.engine import Dialect as SQLAlchemyDialect
    from sqlalchemy.types import TypeEngine


AS_IT_STANDS: Mapping[str, Any] = {"no_parameters": True}
"""Execution options for SQL of our own: no driver takes a percent sign in it for the place of a value."""


class ColumnDrop(Enum):
    """What becomes of constraints and indexes of a table when a column of theirs is dropped."""

    REFUSE = "refuse"
    """The column stays, with an error."""
    CASCADE = "cascade"
    """They are dropped with it."""
    SHRINK = "shrink"
    """They go on without it, and are dropped when nothing is left."""


class ConnectionFailure(Enum):
    """Why there is no connection, as far as the driver's error tells."""

    DOWN = "the server does not answer"
    PASSWORD = "the user name or the password is wrong"
    MISSING = "there is no such database"
    FILE = "the file cannot be opened"
    OTHER = "the driver refused"


@dataclass(frozen=True)
class ShellCall:
    """How to start the database's own command-line client."""

    argv: tuple[str, ...]
    """Program and arguments; never a password, which other users of the machine could read there."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables to add to the environment: the password goes here."""
    other_programs: tuple[str, ...] = ()
    """Programs that understand the same arguments, for where the first of `argv` is not installed."""
    install: str | None = None
    """A command that installs the program."""


@dataclass(frozen=True)
class FirstDatabase:
    """The database that a new project has until somebody says otherwise; each text has a place for `{name}`."""

    url: str
    asyncio_url: str
    extra: str | None = None
    """The extra of the suite with the driver of `url`; None where Python has it."""
    create: str | None = None
    """A command that makes the database; None where it comes by itself."""


@dataclass(frozen=True)
class ScratchSQL:
    """How a database of the user's server is made for a moment; each text has a place for `{name}`."""

    create: str
    drop: str
    find: str
    """A query for the names of those that begin with `{name}`."""
    lock: str
    """A query that gives a true value if this session now owns the name; the session's end gives it back."""
    maintenance_database: str | None
    """A database to connect to where the configured one is not there; None for no database at all."""
    like: str | None = None
    """A query for the words behind `create` that make it like the database of the connection."""
    databases: str | None = None
    """A query for the names of all databases that a statement could reach by name; None where there are none."""
    copy: str | None = None
    """Makes it as a copy of `{template}`; None where the server cannot."""


@dataclass(frozen=True)
class EnumUse:
    """A column whose type is an enum of the database's, or an array of it."""

    schema: str | None
    """None for the default schema."""
    table: str
    column: str
    is_array: bool
    default: str | None
    """The SQL after DEFAULT."""


class Catalog(Protocol):
    """Answers what SQLAlchemy's inspector does not tell about a database; the history state has one too.

    In all of it a schema that is None is the default one.
    """

    def enum_uses(self, connection: Connection, schema: str | None, name: str) -> Sequence[EnumUse]:
        """The columns of an enum type, in the order of their tables' names."""

    def sequences(self, connection: Connection, schema: str | None) -> Mapping[str, Mapping[str, Any]]:
        """The sequences that no column owns, by name: the arguments of sqlalchemy.Sequence, each of them."""

    def collations(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """By table and column: the collations that were said, as far as the inspector does not tell them."""

    def computed(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """By table and column: the expressions of computed columns, as far as the inspector does not tell them."""

    def column_checks(self, connection: Connection, schema: str | None, table: str) -> Sequence[str]:
        """The CHECKs of a table that are parts of its columns, as far as the inspector does not tell them."""

    def uniques(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """By table and constraint: UNIQUE constraints, from UNIQUE on, where they can say more than their columns."""

    def exclusions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """By table and constraint: EXCLUDE constraints, from EXCLUDE on."""

    def types(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """By table and column: the SQL of types, as far as the inspector does not tell them."""

    def index_definitions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """By table and index: CREATE INDEX; none for keys and exclusion constraints, where those are no indexes."""


@dataclass(frozen=True)
class SessionLockSQL:
    """A lock that belongs to a session of the server, which gives it back when the session ends.

    Each text is a query with the parameter `:key`, and answers at once.
    """

    key: Callable[[str, int], str | int]
    """The parameter, from the lock's name and number."""
    acquire: str
    """Gives a true value if the session has the lock now."""
    is_held: str
    """Gives a true value if this very session has it."""
    holder: str
    """Gives number, user, host and client text of the session that has it; no row where nobody has."""
    release: str
    announce: str | None = None
    """A query with the parameter `:text` that shows a text beside the session; None where there is no such thing."""


@dataclass(frozen=True)
class TimeoutSQL:
    """The time-outs of a session. The texts that set have places for `{seconds}`, whole ones, and `{milliseconds}`."""

    read: str
    """A query for the lock time-out and the statement time-out, as text."""
    set_lock: str
    """How long a statement waits for a lock; 0 is for ever."""
    set_statement: str
    """How long a statement may take; 0 is for ever."""
    reset_lock: str
    """With a place for `{lock}`, which `read` gave."""
    reset_statement: str
    """With a place for `{statement}`."""
    unset: frozenset[str]
    """The lock time-outs of a server on which nobody has set one."""
    patient: re.Pattern[str] | None = None
    """Finds statements that keep nobody waiting while they wait."""
    local_lock: str | None = None
    """As `set_lock`, until the transaction ends; None where there is no such thing."""
    local_statement: str | None = None
    """As `set_statement`, until the transaction ends."""


@dataclass(frozen=True)
class InvalidIndexSQL:
    """What is left of an index that was to be made or removed while others go on working, and that failed."""

    find: str
    """A query with the parameters `:table` and `:index`, names as they stand in SQL, of which one is NULL.

    Of the table, or of the index's table, it gives each index that is not used and not kept whole: its schema, its
    table, its name, and the session that is at work on it, or NULL."""
    drop: str
    """Removes one, and keeps nobody waiting; with a place for `{path}`."""


INFORMATION_SCHEMA: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "information_schema.schemata": ("schemas", {"schema_name": "schema"}),
    "information_schema.tables": ("tables", {"table_name": "table", "table_schema": "schema"}),
    "information_schema.columns": (
        "columns",
        {"table_name": "table", "table_schema": "schema", "column_name": "column", "is_nullable": "nullable"},
    ),
    "information_schema.table_constraints": (
        "constraints",
        {
            "table_name": "table",
            "table_schema": "schema",
            "constraint_name": "constraint",
            "constraint_schema": "schema",
            "constraint_type": "constraint_type",
        },
    ),
}
"""What the views of the SQL standard tell, in the words of the state; see Dialect.catalog_relations."""


@dataclass(frozen=True)
class Dialect:
    """One kind of database; the defaults are those of a database that can nothing."""

    names: tuple[str, ...]
    """SQLAlchemy's backend names for it."""
    title: str
    """Its name in messages."""
    transactional_ddl: bool = False
    """Whether DDL can be rolled back."""
    needs_batch: bool = False
    """Whether most ALTERs need a rebuilt table (Alembic's batch mode)."""
    drivers: Mapping[str, str] = field(default_factory=dict)
    """The distribution to install for each SQLAlchemy driver name."""
    first_database: FirstDatabase | None = None
    """What a new project has; None where none can be begun."""
    is_file: bool = False
    """Whether the database of a URL is a file of this machine."""
    scratch_url: str | None = None
    """An empty database that exists only while it is open, or None where there is no such thing."""
    invalid_indexes: InvalidIndexSQL | None = None
    """None where an index is there or is not."""
    script_prelude: tuple[str, ...] = ()
    """Statements that a script of recorded SQL must begin with."""
    boolean_literals: tuple[str, str] = ("0", "1")
    """False and true in SQL."""
    binary_literal: str = "X'{}'"
    """Bytes in SQL, with a place for their hexadecimal digits."""
    value_words: Mapping[str, str] = field(
        default_factory=lambda: {"current_timestamp": "timestamp", "current_date": "date", "current_time": "time"}
    )
    """Words that are a value without parentheses, and what they give: "timestamp", "date", "time", "text", ..."""
    value_functions: Mapping[str, str] = field(default_factory=dict)
    """Functions of literals that a person may name for a value, and what they give; "any" for what fits everywhere."""
    timestamps_have_zones: bool = False
    """Whether a literal for a timestamp may say its time zone."""
    outside: re.Pattern[str] | None = None
    """Finds statements whose effect is not confined to the database that they are sent to."""
    scratch_sql: ScratchSQL | None = None
    """How to make a scratch database on the configured server, or None where there is no such thing."""
    timeouts: TimeoutSQL | None = None
    """The time-outs of a session; None where there are none."""
    session_lock: SessionLockSQL | None = None
    """How a session locks a name; None where there are no sessions."""
    utc_now: str | None = None
    """A query for the time in UTC; None where CURRENT_TIMESTAMP gives it, or tells its zone."""
    session_id: str | None = None
    """A query for the number of this session; None where sessions have none."""
    session_busy: str | None = None
    """A query with the parameter `:id` for what another session is doing right now; no row where it does nothing."""
    numbers_without_default: bool = True
    """Whether numbering the rows is an attribute of a column; else it is a default, and ends with it."""
    server_version: tuple[int, ...] = ()
    """The version that is assumed where no server can be asked."""
    catalog: re.Pattern[str] = re.compile(r"\binformation_schema\b", re.IGNORECASE)
    """Finds the database's own tables in a query."""
    extension: re.Pattern[str] | None = None
    """Finds statements that make what types, operators and functions come from."""
    changes_meaning: re.Pattern[str] | None = None
    """Finds statements that change what later ones mean; harmless where its first group is the default schema."""
    functions_change_tables: bool = False
    """Whether a function that a SELECT calls can change tables."""
    select_makes_tables: bool = False
    """Whether SELECT ... INTO makes a table."""
    catalog_write: re.Pattern[str] | None = None
    """Finds statements that change rows of the database's own tables, and with them the schema."""
    finds_nothing: re.Pattern[str] | None = None
    """Finds queries of the catalog that ask for what the state never has: invalid indexes, sequences of columns."""
    default_schema: str | None = None
    """The schema of a table whose schema is not said."""
    schemas_are_databases: bool = False
    """Whether what SQLAlchemy calls a schema is another database."""
    ignores_case: bool = False
    """Whether the names of columns and indexes are the same in any spelling."""
    one_primary_key_name: bool = False
    """Whether every primary key has the same name, whatever the statement says."""
    primary_key_is_not_null: bool = True
    """Whether a column becomes NOT NULL when it becomes part of a primary key."""
    refuses_nullable_keys: bool = True
    """Whether no column of a primary key can be made nullable; else it stays NOT NULL without a word."""
    needs_a_column: bool = True
    """Whether the last column of a table cannot be dropped."""
    numbers_need_key: bool = False
    """Whether a numbered column must be the first of a key."""
    unique_is_index: bool = False
    """Whether a UNIQUE constraint and a unique index are the same thing."""
    indexes_foreign_keys: bool = False
    """Whether a foreign key gets an index where none serves it."""
    index_names_span_tables: bool = True
    """Whether two tables of a schema cannot have indexes of the same name."""
    renames_generated: bool = False
    """Whether a foreign key's generated name follows its table's name."""
    heeds_match: bool = False
    """Whether MATCH of a foreign key means something."""
    keeps_referred_tables: bool = True
    """Whether a table must exist for a foreign key, and cannot be dropped while one refers to it."""
    column_drop: ColumnDrop = ColumnDrop.REFUSE
    """What becomes of what uses a dropped column."""
    parenthesizes_defaults: bool = False
    """Whether a DEFAULT that is an expression needs parentheses."""
    names_constraints: bool = True
    """Whether a constraint without a name gets one."""
    identifier_quotes: str = '"`'
    """What names are quoted with; "[" stands for both brackets."""
    escapes_with_backslash: bool = False
    """Whether a backslash in a plain string escapes what follows."""
    hash_is_comment: bool = False
    """Whether "#" begins a comment."""
    folds_names: bool = False
    """Whether a name without quotes is meant in lower case."""
    type_aliases: Mapping[str, str] = field(default_factory=dict)
    """The name under which SQLAlchemy knows a type, by another one, both in lower case."""
    added_casts: frozenset[str] = frozenset()
    """The types, in lower case, to which the server casts columns by itself, and says so when it prints."""
    function_synonyms: Mapping[str, str] = field(default_factory=dict)
    """The name of a function as people write it, by the one that the server prints for it, both in lower case."""
    numbered_types: Mapping[str, str] = field(default_factory=dict)
    """Names that stand for a type together with NOT NULL and a numbering, and that type."""
    unread_types: frozenset[str] = frozenset()
    """Names, in lower case, that stand for more than a type, and that are not read."""
    has_free_type_names: bool = False
    """Whether any words make a type, and none too."""
    numbers_integer_keys: bool = False
    """Whether a primary key of one INTEGER column is numbered without a word that says so."""
    has_inline_indexes: bool = False
    """Whether KEY and INDEX in a CREATE TABLE make indexes; else they are names like others."""
    keeps_column_checks: bool = True
    """Whether a CHECK written at a column is a constraint of its own; else it lives and dies with what MODIFY says."""
    hidden_options: tuple[str, ...] = ()
    """Options of a table that SQLAlchemy cannot read from the database."""
    reflects_expressions: bool = True
    """Whether SQLAlchemy can read an index on an expression from the database."""
    reflects_key_actions: bool = True
    """Whether SQLAlchemy can read ON UPDATE and ON DELETE of every foreign key from the database."""
    doubles_percent: bool = False
    """Whether "%" is written twice in what goes to the driver as it is. Source: PEP 249, "paramstyle"."""
    merges_equal_keys: bool = False
    """Whether a CREATE TABLE with two UNIQUE constraints, or keys, of the same columns makes one."""
    catalog_relations: Mapping[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    """What the rows of the database's own tables are about, and what their columns hold, in the words of the state."""
    renamed_column_forgets: bool = False
    """Whether Alembic's new name for a column loses what is not said again: defaults, checks, comments."""
    keys_hold_types: bool = False
    """Whether the type of a column cannot change while a foreign key uses it."""
    has_enum_types: bool = False
    """Whether an enum with a name is a type of its own, apart from the columns that have it."""
    name_bytes: int = 63
    """How long a name may be; where nothing is known, as long as every database takes it."""
    names_primary_keys: bool = True
    """Whether a primary key keeps its name."""
    generated_names: Mapping[str, str] = field(default_factory=dict)
    """The names that the server gives to constraints without one, as MetaData(naming_convention=...) has them; empty
    where it gives none, or others.
    """
    refers_ahead: bool = False
    """Whether a foreign key may refer to a table that does not exist yet."""
    table_options: Mapping[str, str | None] = field(default_factory=dict)
    """The options of a table that can be compared, with what they are where none is said; None: unknown."""
    table_collations: bool = False
    """Whether a column without a collation has its table's."""
    default_collation: str | None = None
    """The name of the collation that a column has where none is said."""
    moves_columns: bool = False
    """Whether a column can get another place among those of its table."""
    drops_expressions: bool = False
    """Whether a computed column can become a plain one that keeps the values."""
    untold_defaults: frozenset[str] = frozenset()
    """Types, in their one spelling, whose defaults SQLAlchemy cannot read from the database."""
    stores_computed: bool = False
    """Whether every computed column is stored, whatever is said."""
    renames_indexes: bool = False
    """Whether an index can get another name."""
    renamed_constraints: frozenset[str] = frozenset()
    """The kinds of constraint that can get another name: "unique", "check", "foreignkey", "primary", "exclude"."""
    neutral_literals: Mapping[str, str] = field(default_factory=dict)
    """The SQL of a value that means nothing, by the name of a type of this database alone, in lower case."""
    numbered_values: Mapping[str, str] = field(default_factory=dict)
    """The SQL of a value made from a row's `{number}`, for types of "number", "text", "date", "timestamp", "uuid"."""
    integer_bits: Mapping[str, int] = field(default_factory=dict)
    """The size of integers of this database alone, by the name of the type in lower case."""
    float_bits: Mapping[str, int] = field(default_factory=dict)
    """The digits of floats that have fewer than 53, by the name of the type in lower case."""
    text_lengths: Mapping[str, int] = field(default_factory=dict)
    """The most characters of texts whose type says no length, by the name of the type in lower case."""
    number_digits: int | None = None
    """The digits of a NUMERIC that says none; None for no limit."""
    fraction_digits: int = 6
    """The digits behind the second of a timestamp that says none."""
    casts_are_written: bool = False
    """Whether a change of type says how values are converted (USING), but for `automatic_casts`."""
    automatic_casts: frozenset[tuple[str, str]] = frozenset()
    """Pairs of kinds of types that the server converts without a word."""
    keeps_misfits: bool = False
    """Whether a value that is none of the type stays in the column as it is; else it stops a change of type."""
    casts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """How values are converted, in SQL, by the kinds of the two types; with places for `{column}` and `{type}`."""
    rewrites: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """What values must be rewritten to before the type changes, and a condition, by the kinds of the two types."""
    later_rewrites: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """The same for after the type has changed."""
    misfits: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The condition of values that do not fit, by the kinds of the two types; with a place for `{column}`."""
    text_cast: str = "CAST({column} AS TEXT)"
    """A value as text."""
    text_length: str = "char_length({column})"
    """The characters of a text."""
    ignores_case_of_labels: bool = False
    """Whether the labels of an enum are the same in any spelling, as its usual collation has it."""
    has_text_of_types: bool = False
    """Whether every value can be cast to text, and back to its type, without a loss."""
    snapshot_level: str | None = None
    """The isolation level in which all queries of a transaction see the rows of one moment."""
    empties_whole: bool = True
    """Whether emptying several tables can be rolled back."""
    refusal: str = "ProgrammingError"
    """The DBAPI error for a statement about an object that is missing, or there already."""

    def generated_name(self, kind: str, table: str, columns: Sequence[str], taken: Collection[str]) -> str | None:
        """The name that the server gives to a constraint without one; None where it has none.

        Args:
            kind: "primary", "unique", "check", "foreignkey", "exclude" or "index".
            table: the table's name.
            columns: the columns that it uses, in the table's order for a check.
            taken: names that are in use.
        """
        return None

    def cut_name(self, name: str) -> str:
        """A name in SQL text as the server keeps it."""
        return name

    def quoted(self, name: str) -> str:
        """A name as SQL has it: in quotes where it needs them."""
        dialect = _sqlalchemy_dialect(type(self), self.names[0])  # type: ignore[arg-type]
        return str(dialect.identifier_preparer.quote(name))

    def text_literal(self, text: str) -> str:
        """A text in SQL."""
        doubled = text.replace("\\", "\\\\") if self.escapes_with_backslash else text
        return "'" + doubled.replace("'", "''") + "'"

    def rename_index_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """The statement that gives an index another name."""
        raise NotImplementedError(f"{self.title} cannot rename an index")

    def rename_constraint_sql(self, schema: str | None, table: str, old: str, new: str) -> str:
        """The statement that gives a constraint of one of `renamed_constraints` another name."""
        raise NotImplementedError(f"{self.title} cannot rename a constraint")

    def continue_numbers_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """The statements after which an identity goes on behind the highest number of its column."""
        raise NotImplementedError(f"{self.title} has no identity columns")

    def stop_serial_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """The statements after which a column takes its numbers from no sequence, and its own is gone."""
        raise NotImplementedError(f"{self.title} has no sequences of columns")

    def start_serial_sql(self, schema: str | None, table: str, column: str) -> Sequence[str]:
        """The statements that a SERIAL stands for; the numbers go on behind the highest."""
        raise NotImplementedError(f"{self.title} has no sequences of columns")

    def move_table_sql(
        self, table: tuple[str | None, str], new: tuple[str | None, str], default_schema: str | None
    ) -> Sequence[str]:
        """The statements that move a table.

        Args:
            table: schema and name before.
            new: schema and name afterwards.
            default_schema: the name of the schema that is meant by None.
        """
        raise NotImplementedError(f"{self.title} cannot move a table to another schema")

    def table_options_sql(self, schema: str | None, table: str, options: Mapping[str, str | None]) -> Sequence[str]:
        """The statements that give a table other options; None for what the database chooses by itself."""
        raise NotImplementedError(f"{self.title} has no options of tables")

    def number_rows_sql(self, table: str, column: str, value: str, start: str) -> str:
        """The statement that fills a column, in the rows in which it is NULL, with values that differ.

        Args:
            table: in SQL.
            column: in SQL.
            value: the SQL of a value, with a place for `{number}`.
            start: the SQL of the number below the first.
        """
        raise NotImplementedError(f"{self.title} cannot number rows")

    def enum_key(self, type_: TypeEngine[Any]) -> tuple[str | None, str] | None:
        """Schema and name of the type whose labels the database keeps apart from the column; None for other types."""
        return None

    def enum_source(self, enum: Any) -> tuple[str, str] | None:
        """The import and the Python of an enum that makes no type by itself; None where enums are no types.

        What it says is understood by every database.
        """
        return None

    def enum_type(
        self, type_: TypeEngine[Any], schema: str | None, name: str, labels: Sequence[str]
    ) -> TypeEngine[Any]:
        """The type of a column whose named type is now called `name` and has these labels."""
        return type_

    def numbered_type(self, type_: TypeEngine[Any]) -> TypeEngine[Any]:
        """A type that says that the database numbers the rows; the type itself where there is none."""
        return type_

    def long_text_type(self) -> TypeEngine[Any]:
        """The type of a text of any length."""
        from sqlalchemy import Text

        return Text()

    def array_type(self, item: TypeEngine[Any], dimensions: int) -> TypeEngine[Any]:
        """An array of a type."""
        from sqlalchemy import ARRAY

        return ARRAY(item, dimensions=dimensions if dimensions > 1 else None)

    def create_enum(self, schema: str | None, name: str, labels: Sequence[str]) -> Any:
        """SQLAlchemy's CREATE TYPE for an enum."""
        raise NotImplementedError(f"{self.title} has no types of the user's")

    def exclude_constraint(self, elements: Sequence[tuple[str, str]], **options: Any) -> Any:
        """SQLAlchemy's EXCLUDE constraint of these pairs of expression and operator."""
        raise NotImplementedError(f"{self.title} has no exclusion constraints")

    def dialect_class(self, name: str) -> type[SQLAlchemyDialect]:
        """SQLAlchemy's dialect without what belongs to one driver.

        Args:
            name: the backend name in the URL.
        """
        from sqlalchemy import URL

        return URL.create(name).get_dialect()

    def assume_version(self, dialect: Any, version: tuple[int, ...]) -> tuple[int, ...] | None:
        """Tell SQLAlchemy's dialect of a server's version, and return it."""
        return version or None

    def is_system_schema(self, name: str) -> bool:
        """Whether a schema is the database's own."""
        return name == "information_schema"

    def reflected_default(self, default: str | None) -> str | None:
        """A DEFAULT as SQLAlchemy would read it from the database."""
        return default

    def described_default(self, default: str | None) -> str | None:
        """A reflected DEFAULT, without names that the server made up."""
        return default

    def described_objects(self, connection: Connection, leave_out: Container[str]) -> Iterator[tuple[str, str]]:
        """What SQLAlchemy's inspector does not tell: pairs of an object and its definition.

        Args:
            connection: to the database.
            leave_out: names of tables that do not count.
        """
        yield from ()

    def spelled_expression(self, connection: Connection, schema: str | None, table: str, text: str) -> str | None:
        """An expression on the columns of a table as the server would print it; None where it keeps what it is given.

        What that needs is gone afterwards, and no transaction ends.

        Raises:
            SQLAlchemyError: the server refuses the expression.
        """
        return None

    def spelled_index(
        self, connection: Connection, schema: str | None, table: str, kind: str, definition: str
    ) -> str | None:
        """The CREATE INDEX that the server would print for an index; None where it keeps what it is given.

        What that needs is gone afterwards, and no transaction ends.

        Args:
            connection: to the database.
            schema: of the table; None for the default one.
            table: the table.
            kind: "UNIQUE" or nothing.
            definition: what follows the table's name in CREATE INDEX.

        Raises:
            SQLAlchemyError: the server refuses the index.
        """
        return None

    def spelled_exclusion(self, connection: Connection, schema: str | None, table: str, definition: str) -> str | None:
        """An EXCLUDE constraint, from EXCLUDE on, as the server would print it; None where there are none.

        What that needs is gone afterwards, and no transaction ends.

        Raises:
            SQLAlchemyError: the server refuses the constraint.
        """
        return None

    def answer_from_catalog(
        self, ddl: Callable[[], Sequence[str]], query: str, parameters: Any
    ) -> tuple[Sequence[str], Sequence[tuple[Any, ...]]] | None:
        """Columns and rows of a query of the database's own tables; None where that cannot be known without a server.

        Args:
            ddl: gives the statements that make the schema.
            query: the query.
            parameters: its parameters, as the driver gets them.
        """
        return None

    def enum_uses(self, connection: Connection, schema: str | None, name: str) -> Sequence[EnumUse]:
        """See Catalog; none where types are not apart from columns."""
        return []

    def sequences(self, connection: Connection, schema: str | None) -> Mapping[str, Mapping[str, Any]]:
        """See Catalog; none where there are no sequences."""
        return {}

    def is_same_value(self, connection: Connection, type_: str, one: str, other: str) -> bool:
        """Whether two literals are one value of a type, as the server reads them; False where it is not asked.

        Args:
            connection: to a real database; no transaction of it ends.
            type_: the type's SQL.
            one: SQL.
            other: SQL.

        Raises:
            SQLAlchemyError: the server refuses a literal.
        """
        return False

    def sequence_defaults(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Every argument of sqlalchemy.Sequence that the database keeps, with the value that it has where none is said.

        Args:
            options: what is said.
        """
        return {}

    def collations(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """See Catalog; empty where the inspector tells all."""
        return {}

    def computed(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """See Catalog; empty where the inspector tells all."""
        return {}

    def types(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """See Catalog; empty where the inspector tells all."""
        return {}

    def partitions(self, connection: Connection, schema: str | None) -> Collection[str]:
        """The tables that are parts of a partitioned table, as far as they are tables of their own."""
        return ()

    def key_actions(
        self, connection: Connection, schema: str | None, table: str
    ) -> Mapping[tuple[str, tuple[str, ...]], tuple[str | None, str | None]]:
        """By referred table and own columns: ON UPDATE and ON DELETE, as far as the inspector does not tell them."""
        return {}

    def column_checks(self, connection: Connection, schema: str | None, table: str) -> Sequence[str]:
        """See Catalog."""
        return ()

    def uniques(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """See Catalog."""
        return {}

    def exclusions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """See Catalog."""
        return {}

    def index_definitions(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """See Catalog."""
        return {}

    def canonical_type(self, text: str) -> str | None:
        """A type in DDL in one spelling for all that mean the same; None where nothing is known about spellings."""
        return None

    def one_spelling(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """Dialect options of a table, each under one name, where the database has several for it."""
        return options

    def schema_of(self, url: URL) -> str | None:
        """The schema of a table whose schema is not said, on the database of `url`."""
        return self.default_schema

    def resolve(self, url: URL, root: Path) -> URL:
        """`url` with what is relative in it made absolute: against `root`, not the current folder."""
        return url

    def connection_failure(self, error: BaseException) -> ConnectionFailure:
        """Why the driver did not connect, from its error."""
        return ConnectionFailure.DOWN if isinstance(error, OSError) else ConnectionFailure.OTHER

    def failure_hint(self, failure: ConnectionFailure, url: URL) -> str | None:
        """A command that helps against `failure`, or None."""
        return None

    def shell_call(self, url: URL, parameters: Sequence[str]) -> ShellCall | None:
        """The client's command line for `url`, followed by the user's `parameters`; None where no client can open it.

        What the URL's query says to the driver counts for the client too, as far as it knows the same.
        """
        return None

    @contextmanager
    def migration_session(self, connection: Connection) -> Iterator[None]:
        """Prepare `connection` for running revisions, and put everything back afterwards.

        Transactions are transactions, also where the engine was made with isolation_level="AUTOCOMMIT"; SQLAlchemy
        gives the connection its own level back when it is closed.

        Entered outside of a transaction.
        """
        if is_autocommit(connection):
            connection.execution_options(isolation_level=connection.default_isolation_level or "READ COMMITTED")
        yield

    def is_behind_pooler(self, connection: Connection) -> bool:
        """Whether something stands between the driver and the server that may change the session from one transaction
        to the next; false where nothing tells.
        """
        return False

    def without_prepared(self, connection: Connection) -> None:
        """Let the driver prepare no statement by itself: the next transaction may be in a session without it."""

    def is_lock_failure(self, error: BaseException) -> bool:
        """Whether the driver's error says that others held a lock for too long, so that trying again may help."""
        return False

    def is_table_changing(self, error: BaseException) -> bool:
        """Whether the driver's error says that another session makes or alters the table just then.

        The same query succeeds in a new transaction.
        """
        return False

    def is_statement_timeout(self, error: BaseException) -> bool:
        """Whether the driver's error says that a statement took longer than it may."""
        return False

    def blockers(self, connection: Connection, statement: str) -> Sequence[str]:
        """Which sessions hold locks on what a statement names, a line each; none where the server does not tell.

        Args:
            connection: to the database, outside of a transaction.
            statement: the one that waited.
        """
        return ()

    def picture(self, connection: Connection, names: Collection[str]) -> Sequence[tuple[object, ...]] | None:
        """What the objects of these names look like, to be compared with the same at another time.

        Every change that DDL can make to an object shows, and nothing that rows change.

        Args:
            connection: to the database.
            names: of tables, indexes, types and so on; those that nothing bears do no harm.

        Returns:
            Rows to compare, in any order; None where the database shows no definitions.
        """
        return None

    def file_of(self, connection: Connection) -> str | None:
        """The path of the file that a connection works on; None where there is none."""
        return None

    def loss_in_foreign_transaction(self, connection: Connection) -> str | None:
        """What a rebuilt table could lose in a transaction that began before the guard; None where nothing is lost."""
        return None

    @contextmanager
    def snapshot(self, connection: Connection) -> Iterator[None]:
        """While entered, all queries of `connection` see the rows of one moment; entered outside of a transaction."""
        if self.snapshot_level is not None:
            connection.execution_options(isolation_level=self.snapshot_level)
        yield

    def key_checks(self, connection: Connection) -> KeyChecks:
        """What is done about foreign keys while rows are loaded, in the order in which they come."""
        return KeyChecks(connection)

    def insert(self, table: Table, numbers_identity: bool) -> Insert:
        """An INSERT.

        Args:
            table: the table.
            numbers_identity: whether it gives values for columns that the database alone numbers.
        """
        from sqlalchemy import insert

        return insert(table)

    def empty_tables_sql(self, connection: Connection, tables: Sequence[Table]) -> Sequence[str]:
        """The statements that delete all rows of tables, and have their numbers begin anew.

        Args:
            connection: to the database, which has all of the tables.
            tables: those that refer to others come first.
        """
        return [f"DELETE FROM {self.path_of(table)}" for table in tables]

    def reset_sequences_sql(self, table: Table) -> Sequence[str]:
        """The statements after which a table's numbers go on behind the highest; none where they do by themselves."""
        return ()

    def sequences_of(self, table: Table) -> Iterator[tuple[str, str]]:
        """The columns of a table that take their numbers from sequences that stand apart, and those, in SQL."""
        for column in table.columns:
            if column.default is not None and column.default.is_sequence:
                sequence: Any = column.default
                yield column.name, ".".join(self.quoted(part) for part in (sequence.schema, sequence.name) if part)

    def path_of(self, table: Table) -> str:
        """A table's name in SQL, with its schema where it says one."""
        return ".".join(self.quoted(part) for part in (table.schema, table.name) if part)

    @contextmanager
    def revision_guard(self, connection: Connection, *, may_rebuild_tables: bool) -> Iterator[RevisionGuard]:
        """Prepare `connection` for one revision; entered and left outside of the revision's transaction.

        Args:
            connection: the one that the revision will use.
            may_rebuild_tables: whether the revision may drop a table and put another in its place.
        """
        yield RevisionGuard()


class RevisionGuard:
    """What a dialect checks inside a revision's transaction, before it is committed."""

    def before_commit(self, connection: Connection) -> str | None:
        """What the revision broke, in one line; None where all is well."""
        return None


class KeyChecks:
    """Foreign keys while rows are loaded; all of it in the one transaction of the load.

    By default the database checks each row at once.

    Args:
        connection: the one that loads.
    """

    checks_itself = True
    """Whether the database refuses, at the end at the latest, a row whose parent does not exist."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def begin(self) -> None:
        """Let rows come before their parents, as far as that goes without touching a table."""

    def defer(self, table: Table) -> bool:
        """Let rows of `table` come before their parents; False where nothing more can be done."""
        return False

    def end(self) -> None:
        """Check what was put off.

        Raises:
            IntegrityError: a row has no parent.
        """

    def restore(self) -> None:
        """Put the session back as it was; called also after a failure."""


def is_autocommit(connection: Connection) -> bool:
    """Whether the driver commits each statement by itself."""
    driver = connection.connection.dbapi_connection
    try:
        return bool(connection.dialect.detect_autocommit_setting(driver))  # type: ignore[arg-type]
    except (AttributeError, NotImplementedError, TypeError):
        return getattr(driver, "autocommit", False) is True


@cache
def _sqlalchemy_dialect(kind: Any, name: str) -> SQLAlchemyDialect:
    # Another paramstyle than the driver's, which may double percent signs.
    made: SQLAlchemyDialect = kind.dialect_class(Dialect(names=(name,), title=name), name)(paramstyle="named")
    return made
