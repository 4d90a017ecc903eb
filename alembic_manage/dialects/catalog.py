"""What the inspector does not tell about a any database database: its own tables are asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from alembic_manage.dialects.facts import Facts

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection


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

    def owned_sequences(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """By table and column: the sequences that columns own, identities aside; the state tells unusual names only."""

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


class AnyCatalog(Facts):
    """Reads the catalog; the defaults are those of a database of which nothing is known."""

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

    def owned_sequences(self, connection: Connection, schema: str | None) -> Mapping[tuple[str, str], str]:
        """See Catalog; none where columns own none."""
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

    def schema_of(self, url: URL) -> str | None:
        """The schema of a table whose schema is not said, on the database of `url`."""
        return self.default_schema

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

    def picture_around(
        self, connection: Connection, statement: str, names: Collection[str]
    ) -> Sequence[tuple[object, ...]] | None:
        """What a statement can change, as `picture` shows it; less of it where the statement tells what it changes.

        Args:
            connection: to the database.
            statement: of DDL, without comments before it.
            names: everything in it that may be a name.
        """
        return self.picture(connection, names)
