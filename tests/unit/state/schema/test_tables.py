"""Tables are found by what they use, in a schema and in its copies, whatever became of them before."""

from contextlib import suppress
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from support.states import KINDS, State

from alembic_manage.state.objects import Column, EnumType, ForeignKey, Index, IndexPart, Key, PrimaryKey, Unique
from alembic_manage.state.schema import Schema, SchemaError, Table

KEYS = (Key(None, "a"), Key(None, "b"), Key(None, "A"), Key("other", "a"))
NAMES = ("x", "X", "y", "a")
TYPE = EnumType(Key(None, "mood"), ("low", "high"))
MOODS = sa.Enum("low", "high", name="mood")


@dataclass(frozen=True)
class Walker:
    """Answers the questions of a schema by looking at every table."""

    schema: Schema

    def same(self, one: str | None, other: str) -> bool:
        ignores_case = self.schema.rules.ignores_case
        return one is not None and (one == other or (ignores_case and one.lower() == other.lower()))

    def tables_called(self, key: Key) -> list[Table]:
        exact = [table for table in self.schema.tables.values() if table.key == key]
        return exact or [
            table
            for table in self.schema.tables.values()
            if table.key.schema == key.schema and self.same(table.key.name, key.name)
        ]

    def tables_with_index(self, schema: str | None, name: str) -> set[Key]:
        return {
            table.key
            for table in self.schema.tables.values()
            if table.key.schema == schema and any(self.same(each.name, name) for each in table.indexes)
        }

    def references(self, key: Key) -> set[tuple[Key, str | None]]:
        return {
            (table.key, each.name)
            for table in self.schema.tables.values()
            for each in table.foreign_keys
            if each.referred == key
        }

    def names(self, schema: str | None) -> set[str | None]:
        tables = [table for table in self.schema.tables.values() if table.key.schema == schema]
        inside = {each.name for table in tables for each in (*table.constraints, *table.indexes)}
        return {table.key.name for table in tables} | inside

    def moody(self) -> set[tuple[Key, str]]:
        return {
            (table.key, column.name)
            for table in self.schema.tables.values()
            for column in table.columns.values()
            if self.schema.rules.enum_key(column.type)
        }


def table(key: Key) -> Table:
    return Table(key, {each: Column(each, sa.Integer()) for each in ("id", "up")}, (PrimaryKey(None, ("id",)),))


STATEMENTS = (
    lambda schema, key, other, name: schema.create_table(table(key)),
    lambda schema, key, other, name: schema.drop_table(key, cascade=True),
    lambda schema, key, other, name: schema.rename_table(key, other),
    lambda schema, key, other, name: schema.ignore_table(key),
    lambda schema, key, other, name: schema.create_index(key, Index(name, (IndexPart("up"),))),
    lambda schema, key, other, name: schema.drop_index(name, key),
    lambda schema, key, other, name: schema.rename_index(name, "y", key),
    lambda schema, key, other, name: schema.add_constraint(key, Unique(name, ("up",))),
    lambda schema, key, other, name: schema.add_constraint(key, ForeignKey(name, ("up",), other, ("id",))),
    lambda schema, key, other, name: schema.drop_constraint(key, name, cascade=True),
    lambda schema, key, other, name: schema.rename_constraint(key, name, "y"),
    lambda schema, key, other, name: schema.add_column(key, Column(name, MOODS)),
    lambda schema, key, other, name: schema.alter_column(key, name, type=sa.Integer()),
    lambda schema, key, other, name: schema.drop_column(key, name, cascade=True),
    lambda schema, key, other, name: schema.rename_column(key, name, "up2"),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(STATEMENTS),
        st.sampled_from(KEYS),
        st.sampled_from(KEYS),
        st.sampled_from(NAMES),
        st.sampled_from(["done", "taken back", "on a copy", "kept"]),
    ),
    min_size=1,
    max_size=25,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_what_is_looked_up_is_what_a_walk_through_all_tables_finds(kind, steps):
    schema = State(kind).schema
    schema.create_enum(TYPE)
    for each in KEYS[:2]:
        schema.create_table(table(each))
    schema.create_index(KEYS[0], Index("x", (IndexPart("up"),)))
    for statement, key, other, name, way in steps:
        schema = taken(schema, way, statement, key, other, name)
        assert_looks_up_all(schema)


def taken(schema: Schema, way: str, statement, *arguments) -> Schema:
    """The schema to go on with, after a statement that was refused, or done, on it or on a copy, or taken back."""
    kept = schema.copy()
    subject = schema.copy() if way == "on a copy" else schema
    with suppress(SchemaError, ZeroDivisionError), subject.atomic():
        statement(subject, *arguments)
        if way == "taken back":
            raise ZeroDivisionError
    if way == "kept":
        subject.load(subject.dump())
    assert_looks_up_all(kept)
    return subject


def assert_looks_up_all(schema: Schema) -> None:
    walk = Walker(schema)
    for key in KEYS:
        expected = walk.tables_called(key)
        assert schema.find(key) == (expected[0] if len(expected) == 1 else None)
        assert {(found.key, each.name) for found, each in schema.references(key)} == walk.references(key)
    for scope in (None, "other"):
        for name in NAMES:
            assert schema.is_name_taken(scope, name) == (name in walk.names(scope))
            found = schema.index(name, None, scope)
            assert ({found[0].key} if found else set()) <= walk.tables_with_index(scope, name)
            assert (found is None) == (not walk.tables_with_index(scope, name))
    assert {(found.key, each.name) for found, each in schema.columns_of_type(TYPE.key)} == walk.moody()


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_of_another_schema_is_another_table(kind):
    schema = State(kind).schema
    schema.create_table(table(Key(None, "a")))
    assert schema.find(Key("other", "a")) is None
    schema.create_table(table(Key("other", "a")))
    schema.drop_table(Key(None, "a"))
    assert list(schema.tables) == [Key("other", "a")]


def test_a_statement_costs_the_same_among_few_tables_and_among_many():
    """What grows with the tables is counted in the tables that are looked at, not in time."""
    few, many = (looked_at(number) for number in (10, 300))
    assert few == many > 0


def looked_at(number: int) -> int:
    """How many tables are looked at for one of each statement about the last of so many tables."""
    schema = State("postgresql").schema
    for each in range(number):
        schema.create_table(table(Key(None, f"t{each}")))
        schema.create_index(Key(None, f"t{each}"), Index(f"ix{each}", (IndexPart("up"),)))
    counted = schema._tables.by_key = CountingDict(schema.tables)
    last, hub = Key(None, f"t{number - 1}"), Key(None, "t0")
    schema.create_table(table(Key(None, "new")))
    schema.create_index(last, Index("", (IndexPart("up"),)))
    schema.add_constraint(last, ForeignKey(None, ("up",), hub, ("id",)))
    schema.add_constraint(last, Unique("u", ("up",)))
    schema.rename_index(f"ix{number - 1}", "ix", last)
    schema.rename_column(hub, "id", "number")
    schema.drop_constraint(last, "u")
    schema.drop_column(last, "up")
    schema.drop_table(last)
    return counted.handed_out


class CountingDict(dict):
    """Counts how many of its values are handed out."""

    handed_out = 0

    def get(self, key, default=None):
        self.handed_out += 1
        return super().get(key, default)

    def __iter__(self):
        self.handed_out += len(self)
        return super().__iter__()

    def values(self):
        self.handed_out += len(self)
        return super().values()

    def items(self):
        self.handed_out += len(self)
        return super().items()
