"""What an index is: its condition, expressions, included columns, operator classes, order, method and parameters.

Runs after Alembic's own comparator, which sees names, columns and some expressions, and corrects what that found.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Column, Index, MetaData, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.elements import conv
from sqlalchemy.types import NullType

from alembic_manage.alembic_api import final_name, inspected
from alembic_manage.comparators.catalog import catalog_of, connection_of, once, rules_of
from alembic_manage.comparators.comparator import compares
from alembic_manage.comparators.expression import is_state
from alembic_manage.comparators.sql_text import as_text
from alembic_manage.sql.index import IndexDefinition, IndexPart, read_index
from alembic_manage.sql.percent import single_percents

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext

log = logging.getLogger(__name__)


@compares("schema", "index definitions")
def _silence(autogen_context: AutogenContext, upgrade_ops: ops.UpgradeOps, schemas: Any) -> PriorityDispatchResult:
    """Nothing is left out here of what SQLAlchemy and Alembic say that they leave out."""
    if not rules_of(autogen_context).reflects_expressions:
        warnings.filterwarnings("ignore", message="Skipped unsupported reflection of expression-based index")
        warnings.filterwarnings("ignore", message="autogenerate skipping metadata-spec")
    return PriorityDispatchResult.CONTINUE


@compares("table", "index definitions", DispatchPriority.LAST)
def _compare(
    autogen_context: AutogenContext,
    modify_ops: ops.ModifyTableOps,
    schema: str | None,
    tname: str,
    conn_table: Table | None,
    metadata_table: Table | None,
) -> PriorityDispatchResult:
    comparison = _Comparison(autogen_context, modify_ops, schema, tname)
    told = comparison.told() if conn_table is not None else {}
    wanted = comparison.wanted(metadata_table) if metadata_table is not None else {}
    comparison.run(told, wanted)
    return PriorityDispatchResult.CONTINUE


@dataclass(frozen=True)
class _Known:
    """An index of the database or of the models."""

    index: Index
    definition: IndexDefinition


class _Comparison:
    """The indexes of one table."""

    def __init__(
        self, autogen_context: AutogenContext, modify_ops: ops.ModifyTableOps, schema: str | None, table_name: str
    ) -> None:
        self.context = autogen_context
        self.modify_ops = modify_ops
        self.schema = schema
        self.table_name = table_name
        self.rules = rules_of(autogen_context)

    def told(self) -> Mapping[str, _Known]:
        """The indexes of the database, by name."""
        by_table = once(self.context, ("index definitions", self.schema), self._definitions)
        found = {}
        for name, sql in by_table.get(self.table_name, ()):
            definition = read_index(sql, self.rules, self.table_name)
            index = index_of(definition, name, self.table_name, self.schema, self.context.dialect.name)
            found[name] = _Known(index, definition)
        return found

    def _definitions(self) -> Mapping[str, list[tuple[str, str]]]:
        """The name and definition of each index of the schema, by table."""
        found: dict[str, list[tuple[str, str]]] = {}
        definitions = catalog_of(self.context).index_definitions(connection_of(self.context), self.schema)
        for (table, name), sql in definitions.items():
            found.setdefault(table, []).append((name, sql))
        return found

    def wanted(self, table: Table) -> Mapping[str, _Known]:
        """The indexes of the models that DDL for this database would make, by name."""
        found = {}
        # One of no column is a slip in the models, and no database would make it.
        for index in (each for each in table.indexes if each.expressions):
            compiled = str(CreateIndex(index).compile(dialect=self.context.dialect))
            sql = single_percents(compiled, self.context.dialect)
            name = str(final_name(index, self.context.dialect))
            found[name] = _Known(index, read_index(sql, self.rules, str(table.name)))
        return found

    def run(self, told: Mapping[str, _Known], wanted: Mapping[str, _Known]) -> None:
        """Correct the operations."""
        for name in sorted(told.keys() & wanted.keys()):
            self._settle(name, told[name], wanted[name])
        self._restore_dropped(told)
        if not self.rules.reflects_expressions:
            self._add_unseen(told, wanted)

    def _settle(self, name: str, told: _Known, wanted: _Known) -> None:
        """An index of both sides is dropped and made anew, or is no matter."""
        drop, create = self._operation(ops.DropIndexOp, name), self._operation(ops.CreateIndexOp, name)
        if bool(drop) != bool(create):
            return  # it was, or becomes, a constraint
        if self._is_same(told.definition, wanted.definition):
            self.modify_ops.ops = [each for each in self.modify_ops.ops if each not in (drop, create)]
        elif drop is None and self._counts(wanted.index, name, False, told.index):
            log.info("Detected changed index %r on %r", name, self.table_name)
            self.modify_ops.ops.append(ops.DropIndexOp.from_index(told.index))
            self.modify_ops.ops.append(ops.CreateIndexOp.from_index(wanted.index))

    def _is_same(self, told: IndexDefinition, wanted: IndexDefinition) -> bool:
        if told.is_same(wanted):
            return True
        spelled = self._spelled(wanted)
        return told.may_be_same(wanted) if spelled is None else told.is_same(spelled)

    def _spelled(self, wanted: IndexDefinition) -> IndexDefinition | None:
        """As the server would have it; None where it is not told."""
        connection = connection_of(self.context)
        if is_state(connection):
            return None
        try:
            sql = self.rules.spelled_index(connection, self.schema, self.table_name, wanted.kind, wanted.rest)
        except SQLAlchemyError:
            return None
        return None if sql is None else read_index(sql, self.rules, self.table_name)

    def _restore_dropped(self, told: Mapping[str, _Known]) -> None:
        """Let what is dropped come back as it was: an inspector does not tell all of it."""
        for place, each in enumerate(self.modify_ops.ops):
            if isinstance(each, ops.DropIndexOp) and each.index_name in told:
                self.modify_ops.ops[place] = ops.DropIndexOp.from_index(told[str(each.index_name)].index)

    def _add_unseen(self, told: Mapping[str, _Known], wanted: Mapping[str, _Known]) -> None:
        """Indexes on expressions, where Alembic leaves them out."""
        inspector = inspected(self.context)
        seen = [each["name"] for each in inspector.get_indexes(self.table_name, self.schema)] if told else []
        for name, each in sorted(told.items()):
            is_unknown = name not in seen and self._operation(ops.DropIndexOp, name) is None
            if name not in wanted and is_unknown and self._counts(each.index, name, True, None):
                log.info("Detected removed index %r on %r", name, self.table_name)
                self.modify_ops.ops.append(ops.DropIndexOp.from_index(each.index))
        for name, new in sorted(wanted.items()):
            is_unknown = has_expression(new.index) and self._operation(ops.CreateIndexOp, name) is None
            if name not in told and is_unknown and self._counts(new.index, name, False, None):
                log.info("Detected added index %r on %r", name, self.table_name)
                self.modify_ops.ops.append(ops.CreateIndexOp.from_index(new.index))

    def _operation(self, kind: type[Any], name: str) -> Any:
        """Alembic's operation on an index."""
        for each in self.modify_ops.ops:
            if isinstance(each, kind) and str(each.index_name) == name:
                return each
        return None

    def _counts(self, index: Index, name: str, is_reflected: bool, other: Index | None) -> bool:
        """What env.py's filters say."""
        parent: Any = {"table_name": self.table_name, "schema_name": self.schema}
        filters = self.context
        return filters.run_name_filters(name, "index", parent) and filters.run_object_filters(
            index, conv(name), "index", is_reflected, other
        )


def has_expression(index: Index) -> bool:
    """Whether a part of it is no plain column."""
    return any(not isinstance(each, Column) for each in index.expressions)


def index_of(definition: IndexDefinition, name: str, table: str, schema: str | None, dialect: str) -> Index:
    """SQLAlchemy's index for a definition, of a table that holds nothing else.

    Args:
        definition: of the index.
        name: its name.
        table: the table's name.
        schema: of the table.
        dialect: SQLAlchemy's name of it.
    """
    parts = [_PlainPart.of(part) for part in definition.parts]
    columns = dict.fromkeys(part.column for part in parts if part.column)
    owner = Table(table, MetaData(), *(Column(column, NullType()) for column in columns), schema=schema)
    elements = [owner.c[part.column] if part.column else as_text(part.text) for part in parts]
    options = {f"{dialect}_{option}": value for option, value in _options(definition, parts) if value is not None}
    return Index(conv(name), *elements, unique=definition.kind == "UNIQUE", _table=owner, **options)


@dataclass(frozen=True)
class _PlainPart:
    """A part of an index in SQLAlchemy's words."""

    text: str
    column: str | None
    """Of a part that is a column and nothing else."""
    length: int | None = None
    operators: str = ""

    @classmethod
    def of(cls, part: IndexPart) -> _PlainPart:
        """The part; a column with an order is a text."""
        tree = part.tree
        if not part.order and tree[0] == "name" and len(tree) == 2:
            return cls(part.text, str(tree[1]), operators=part.operators)
        if not part.order and tree[0] == "call" and _LENGTH.fullmatch(part.text):
            return cls(part.text, str(tree[1]), length=int(tree[2][1]))
        return cls(" ".join(word for word in (part.text, part.operators, part.order) if word), None)


_LENGTH = re.compile(r"`(?:[^`]|``)+`\(\d+\)")


def _options(definition: IndexDefinition, parts: Sequence[_PlainPart]) -> Iterator[tuple[str, Any]]:
    """What the definition says besides its parts, as keyword arguments of Index without the dialect's name; None
    for what is not said.
    """
    yield "ops", {part.column: part.operators for part in parts if part.column and part.operators} or None
    yield "length", {part.column: part.length for part in parts if part.length} or None
    yield "using", definition.using or None
    yield "include", list(definition.include) or None
    yield "nulls_not_distinct", definition.nulls_not_distinct or None
    yield "with", dict(definition.parameters) or None
    yield "with_parser", definition.parser or None
    yield "tablespace", definition.tablespace or None
    yield "prefix", definition.kind if definition.kind not in ("", "UNIQUE") else None
    yield "where", as_text(definition.where) if definition.where else None
