"""What is true of a database, as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from alembic_manage.dialects.first_database import FirstDatabase
from alembic_manage.dialects.plain_driver import PlainDriver
from alembic_manage.dialects.scratch import ScratchSQL
from alembic_manage.dialects.session_sql import InvalidIndexSQL, SessionLockSQL, TimeoutSQL


class ColumnDrop(Enum):
    """What becomes of constraints and indexes of a table when a column of theirs is dropped."""

    REFUSE = "refuse"
    """The column stays, with an error."""
    CASCADE = "cascade"
    """They are dropped with it."""
    SHRINK = "shrink"
    """They go on without it, and are dropped when nothing is left."""


@dataclass(frozen=True)
class Facts:
    """What is true of one kind of database; the defaults are those of a database that can nothing."""

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
    plain_drivers: Mapping[str, PlainDriver] = field(default_factory=dict)
    """How a server is asked without SQLAlchemy, by SQLAlchemy's names of the drivers with which it can be."""
    has_table: str = ""
    """A query that gives a row where a session has a table, with a place for `{name}`; "" where no driver is plain."""
    first_database: FirstDatabase | None = None
    """What a new project has; None where none can be begun."""
    is_file: bool = False
    """Whether the database of a URL is a file of this machine."""
    scratch_url: str | None = None
    """An empty database that exists only while it is open, or None where there is no such thing."""
    invalid_indexes: InvalidIndexSQL | None = None
    """None where an index is there or is not."""
    table_sizes: str | None = None
    """A query for schema, name, estimated rows and bytes of each table; None where the rows must be counted."""
    column_types: str | None = None
    """A query for the columns of `:table`, each with its type in SQL; None where types are no objects."""
    stored_programs: str | None = None
    """A query for the statements that make the triggers and views; None where nothing needs to know them."""
    is_known_to_squawk: bool = False
    """Whether the linter squawk reads its SQL."""
    script_prelude: tuple[str, ...] = ()
    """Statements that a script of recorded SQL must begin with."""
    boolean_literals: tuple[str, str] = ("0", "1")
    """False and true in SQL."""
    boolean_words: tuple[str, str] = ("0", "1")
    """False and true in SQL that a database of another kind may run too: words, wherever this one knows them."""
    binary_literal: str = "X'{}'"
    """Bytes in SQL, with a place for their hexadecimal digits."""
    value_words: Mapping[str, str] = field(
        default_factory=lambda: {"current_timestamp": "timestamp", "current_date": "date", "current_time": "time"}
    )
    """Words that are a value without parentheses, and what they give: "timestamp", "date", "time", "text", ..."""
    value_functions: Mapping[str, str] = field(default_factory=dict)
    """Functions of literals that a person may name for a value, and what they give; "any" for what fits everywhere."""
    times_are_spans: bool = False
    """Whether TIME also holds what is no time of day: more than a day, or less than nothing."""
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
    reflects_collations: bool = True
    """Whether SQLAlchemy's reflection tells the collation of a column, or the catalog has to be asked."""
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
    name_characters: int | None = None
    """How many characters a name may have; None where no longer one is refused."""
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
    updates_in_with: bool = False
    """Whether the WITH of an INSERT may hold an UPDATE."""
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
    casts_through_text: frozenset[tuple[str, str]] = frozenset()
    """Pairs of kinds of types that the server converts by way of a text only."""
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
