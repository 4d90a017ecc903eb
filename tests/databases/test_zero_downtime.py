"""Changes that are written for zero downtime: the schema of the short form, and code that goes on meanwhile."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, MetaData, String, Table, UniqueConstraint
from support.autodetection import Evolution
from support.databases import NAMES, where
from support.rollouts import Code, Written, assert_leads_there_and_back, roll_out

from alembic_manage.dialects import dialect_named
from alembic_manage.lint.context import Context
from alembic_manage.lint.finding import Finding
from alembic_manage.lint.linter import Linter
from alembic_manage.lint.rules import rule_named
from alembic_manage.questions import Answer, Dropped, Given, Renamed, Value


@dataclass(frozen=True)
class Case:
    """A change."""

    before: list[Any]
    """What the table has besides its key."""
    after: list[Any]
    old: Mapping[str, Any]
    """A row as the old code writes it."""
    new: Mapping[str, Any]
    """A row as the new code writes it."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    is_portable: bool = True
    """Whether MariaDB has a form for it."""
    new_name: str = "orders"
    """Of the table."""

    def models(self, members: list[Any], name: str = "orders") -> MetaData:
        """Models of two tables; what they are made of is used once."""
        metadata = MetaData()
        Table("customers", metadata, Column("id", Integer, primary_key=True))
        Table(name, metadata, Column("id", Integer, primary_key=True), *(make() for make in members))
        return metadata


def note(**options: Any) -> Any:
    return lambda: Column("note", String(20), **options)


def descending(column: str) -> sa.Index:
    return sa.Index("ix_it", sa.text(f"{column} DESC"), postgresql_where=sa.text(f"{column} <> ''"))


CASES = {
    "columns come with an index, a key and a foreign key of their own": Case(
        [note()],
        [
            note(),
            lambda: Column("author", String(20), server_default="x", index=True),
            lambda: Column("code", String(20), unique=True, comment="at the column"),
            lambda: Column("customer_id", ForeignKey("customers.id")),
        ],
        {"note": "a"},
        {"note": "b", "author": "c", "code": "1"},
    ),
    "column is renamed": Case(
        [lambda: Column("note", String(20), nullable=False, server_default="x", index=True)],
        [lambda: Column("remark", String(20), nullable=False, server_default="x", index=True)],
        {"note": "a"},
        {"remark": "b"},
        renames={"orders.note": "orders.remark"},
    ),
    "renamed column is unique with another": Case(
        [note(), lambda: Column("code", String(9)), lambda: UniqueConstraint("note", "code", name="uq_it")],
        [
            lambda: Column("remark", String(20)),
            lambda: Column("code", String(9)),
            lambda: UniqueConstraint("remark", "code", name="uq_it"),
        ],
        {"note": "a"},
        {"remark": "b"},
        renames={"orders.note": "orders.remark"},
    ),
    "renamed column has an index with an order and a condition": Case(
        [note(), lambda: descending("note")],
        [lambda: Column("remark", String(20)), lambda: descending("remark")],
        {"note": "a"},
        {"remark": "b"},
        renames={"orders.note": "orders.remark"},
    ),
    "renamed column has values that nothing compares": Case(
        [lambda: Column("note", sa.JSON)],
        [lambda: Column("remark", sa.JSON)],
        {"note": {"a": 1}},
        {"remark": {"b": 2}},
        renames={"orders.note": "orders.remark"},
    ),
    "type gets wider": Case(
        [lambda: Column("total", Integer, nullable=False, server_default="7", index=True), note()],
        [lambda: Column("total", sa.BigInteger, nullable=False, server_default="7", index=True), note()],
        {"total": 1},
        {"total": 2},
    ),
    "text gets longer": Case(
        [note(index=True)],
        [lambda: Column("note", String(30), index=True)],
        {"note": "a"},
        {"note": "b"},
    ),
    "column goes": Case(
        [lambda: Column("old", Integer, nullable=False), note()],
        [note()],
        {"old": 1, "note": "a"},
        {"note": "b"},
    ),
    "column goes while an index of words comes": Case(
        [lambda: Column("old", Integer, index=True), note()],
        [note(), lambda: sa.Index("ix_words", "note", mysql_prefix="FULLTEXT")],
        {"old": 1, "note": "a"},
        {"note": "b"},
    ),
    "column comes": Case(
        [note()],
        [note(), lambda: Column("country", String(2), nullable=False)],
        {"note": "a"},
        {"note": "b", "country": "FR"},
        {"orders.country": Value("'DE'")},
    ),
    "column is not null any more": Case(
        [note()], [note(nullable=False)], {"note": None}, {"note": "b"}, {"orders.note": Value("'n'")}
    ),
    "default goes": Case([note(server_default="x")], [note()], {}, {"note": "b"}),
    "foreign key and unique constraint come": Case(
        [lambda: Column("customer_id", Integer), note()],
        [
            lambda: Column("customer_id", Integer, ForeignKey("customers.id", name="fk_customer")),
            note(),
            lambda: UniqueConstraint("note", name="uq_note"),
        ],
        {"customer_id": 1, "note": "a"},
        {"customer_id": 1, "note": "b"},
    ),
    "indexes come and go": Case(
        [note(index=True), lambda: Column("code", String(9))],
        [note(), lambda: Column("code", String(9), index=True)],
        {"note": "a"},
        {"note": "b"},
    ),
    "check comes": Case(
        [note()],
        [note(), lambda: CheckConstraint("note <> ''", name="ck_note")],
        {"note": "a"},
        {"note": "b"},
        is_portable=False,
    ),
    "table is renamed": Case(
        [note()],
        [note(), lambda: Column("code", String(9))],
        {"note": "a"},
        {"note": "b", "code": "1"},
        renames={"orders": "purchases"},
        new_name="purchases",
    ),
}


KEY = {"primary_key": True, "autoincrement": False}


def written(evolution: Evolution, case: Case) -> Written:
    """The revisions of a case, for a table with two rows; nothing has run but what was there before."""
    evolution.become(case.models(case.before))
    evolution.execute("INSERT INTO customers (id) VALUES (1)")
    code = Code(evolution, case.models(case.before).tables["orders"])
    code.insert(1, case.old)
    code.insert(2, case.old if "note" not in case.old or case.old["note"] is None else {**case.old, "note": "c"})
    found = roll_out(evolution, case.models(case.after, case.new_name), case.answers, Given(renames=case.renames))
    assert not found.notes
    return found


COPYING = ("missing-algorithm", "copying-column", "copying-constraint", "changing-column-type")


def findings(evolution: Evolution, found: Written, *names: str) -> Sequence[Finding]:
    """What rules say of the revisions."""
    environment = evolution.project.environment
    rules = environment.database.dialect
    context = Context(rules, rules.server_version, environment.history)
    linter = Linter(environment, context, (), [rule_named(name) for name in names], asks_squawk=False)
    return linter.run([environment.history.by_id[id] for id in found.ids]).findings


def written_ones() -> Iterator[Any]:
    """Each case, on each kind of database that has a form of its own for it."""
    for database, (name, case) in itertools.product(NAMES, CASES.items()):
        rules = dialect_named(database)
        if not rules.needs_batch and (case.is_portable or rules.transactional_ddl):
            yield pytest.param(database, case, id=f"{database}-{name}")


@pytest.mark.parametrize(("database_url", "case"), list(written_ones()), indirect=["database_url"])
def test_old_code_and_new_code_work_between_the_phases_and_the_schema_is_that_of_the_short_form(evolution, case):
    found = written(evolution, case)
    assert not findings(evolution, found, *COPYING)
    before = evolution.description()
    old = Code(evolution, case.models(case.before).tables["orders"])
    new = Code(evolution, case.models(case.after, case.new_name).tables[case.new_name])
    if found.last_expand is not None:
        evolution.migrate(found.last_expand)
    old.use(11, case.old)
    new.use(12, case.new)
    old.insert(13, case.old if case.old.get("note") is None else {**case.old, "note": "d"})
    new.insert(14, case.new)
    assert [row.id for row in old.rows()] == [row.id for row in new.rows()] == [1, 2, 13, 14]
    evolution.migrate()
    assert [row.id for row in new.rows()] == [1, 2, 13, 14]
    others = {"note": "e", "code": "2"}
    new.use(15, {name: others.get(name, value) for name, value in case.new.items()})
    assert_leads_there_and_back(evolution, before, "0001_initial")


@where(lambda dialect: dialect.has_inline_indexes and not dialect.transactional_ddl)
@pytest.mark.parametrize("name", CASES)
def test_a_statement_says_how_it_is_done_in_the_words_of_lint(evolution, name):
    case = CASES[name]
    evolution.become(case.models(case.before))
    found = roll_out(evolution, case.models(case.after, case.new_name), case.answers, Given(renames=case.renames))
    said = [each for text in found.texts for each in executed(text) if CLAUSES.search(each)]
    for path in evolution.project.versions.glob("*.py"):
        path.write_text(CLAUSES.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    fixes = [line for each in findings(evolution, found, "missing-algorithm") for line in str(each.fix).splitlines()]
    assert sorted(said) == sorted(each for line in fixes for each in executed(line))


@where(lambda dialect: dialect.has_inline_indexes and not dialect.transactional_ddl)
@pytest.mark.parametrize("persisted", [True, False])
def test_a_computed_column_gets_another_place_in_the_way_that_there_is(evolution, persisted):
    def models(place: int) -> MetaData:
        metadata = MetaData()
        columns = [Column("id", Integer, primary_key=True), Column("a", Integer), Column("b", Integer)]
        columns.insert(place, Column("it", Integer, sa.Computed("a + 1", persisted=persisted)))
        Table("orders", metadata, *columns)
        return metadata

    evolution.become(models(1))
    before = evolution.description()
    roll_out(evolution, models(3))
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")


CLAUSES = re.compile(r",? ALGORITHM=\w+(,? LOCK=NONE)?")


def executed(source: str) -> list[str]:
    """The statements in the calls of op.execute() of some Python, but for those of downgrade()."""
    calls = [each for each in ast.walk(ast.parse(source.partition("def downgrade")[0])) if isinstance(each, ast.Call)]
    named = [each.args[0] for each in calls if getattr(each.func, "attr", "") == "execute"]
    return [str(each.value) for each in named if isinstance(each, ast.Constant)]


@where(lambda dialect: not dialect.needs_batch)
def test_the_index_of_columns_that_change_names_with_one_another_is_renamed(evolution):
    def models(number: str, text: str) -> MetaData:
        metadata = MetaData()
        columns = (Column(number, Integer), Column(text, String(20)))
        table = Table("orders", metadata, Column("id", Integer, primary_key=True), *columns)
        sa.Index(f"ix_{number}", table.c[number])
        return metadata

    evolution.become(models("a", "b"))
    swap = {"orders.a": "orders.b", "orders.b": "orders.a", "orders.ix_a": "orders.ix_b"}
    assert roll_out(evolution, models("b", "a"), given=Given(renames=swap)).notes
    evolution.migrate()
    assert evolution.drift() == []
    assert evolution.project.indexes("orders") == {"ix_b"}


@where(lambda dialect: not dialect.needs_batch)
def test_a_column_gets_another_type_and_may_be_null_at_once(evolution):
    def models(**options: Any) -> MetaData:
        metadata = MetaData()
        Table("orders", metadata, Column("id", Integer, primary_key=True), Column("total", **options))
        return metadata

    evolution.become(models(type_=Integer, nullable=False))
    before = evolution.description()
    assert roll_out(evolution, models(type_=sa.BigInteger, nullable=True)).notes
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")


@where(lambda dialect: "postgresql" in dialect.names)
def test_a_default_takes_the_place_of_an_identity_once_that_is_gone(evolution):
    def models(*identity: sa.Identity, **options: Any) -> MetaData:
        metadata = MetaData()
        Table("orders", metadata, Column("id", Integer, primary_key=True), Column("n", Integer, *identity, **options))
        return metadata

    evolution.become(models(sa.Identity()))
    before = evolution.description()
    roll_out(evolution, models(server_default="1"))
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")


@where(lambda dialect: not dialect.needs_batch)
def test_what_was_filled_with_a_value_that_a_key_does_not_know_is_null_again_before_the_key_comes_back(evolution):
    def models(*key: ForeignKey, nullable: bool) -> MetaData:
        metadata = MetaData()
        Table("customers", metadata, Column("id", Integer, primary_key=True))
        customer = Column("customer_id", Integer, *key, nullable=nullable)
        Table("orders", metadata, Column("id", Integer, primary_key=True), customer)
        return metadata

    evolution.become(models(ForeignKey("customers.id", name="fk_it"), nullable=True))
    evolution.execute("INSERT INTO orders (id) VALUES (1)")
    before = evolution.description()
    roll_out(evolution, models(nullable=False), {"orders.customer_id": Value("0")})
    evolution.migrate()
    assert evolution.rows("SELECT customer_id FROM orders") == [(0,)]
    evolution.migrate("0001_initial")
    assert evolution.rows("SELECT customer_id FROM orders") == [(None,)]
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")


@where(lambda dialect: not dialect.needs_batch)
def test_two_columns_of_one_index_change_at_once(evolution):
    def models(column: str, number: type[Integer]) -> MetaData:
        metadata = MetaData()
        columns = Column(column, String(20)), Column("total", number)
        table = Table("orders", metadata, Column("id", Integer, primary_key=True), *columns)
        sa.Index("ix_it", *table.c[column, "total"])
        return metadata

    evolution.become(models("note", Integer))
    before = evolution.description()
    found = roll_out(evolution, models("remark", sa.BigInteger), given=Given(renames={"orders.note": "orders.remark"}))
    assert len([each for each in found.notes if "ix_it has another column that changes, too" in each]) == 2
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")


@where(lambda dialect: not dialect.needs_batch)
def test_old_code_knows_a_table_by_its_old_names_also_where_a_column_changes_its_name_at_once(evolution):
    def models(table: str, *names: str) -> MetaData:
        metadata = MetaData()
        checked, other, last = (Column(name, String(20)) for name in names)
        check = CheckConstraint(f"{names[0]} <> ''", name="ck_it")
        Table(table, metadata, Column("id", Integer, primary_key=True), checked, other, last, check)
        return metadata

    old, new = models("orders", "note", "a", "code"), models("purchases", "remark", "b", "code")
    evolution.become(old)
    before = evolution.description()
    renames = {"orders": "purchases", "orders.note": "purchases.remark", "orders.a": "purchases.b"}
    found = roll_out(evolution, new, given=Given(renames=renames))
    assert [each for each in found.notes if "cannot have a second column beside it: a CHECK" in each]
    evolution.migrate(found.last_expand)
    Code(evolution, old.tables["orders"]).use(1, {"note": "x", "a": "y", "code": "z"})
    Code(evolution, new.tables["purchases"]).use(2, {"remark": "x", "b": "y", "code": "z"})
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")


def two_tables(**columns: str) -> MetaData:
    """Tables with a key and one text each."""
    metadata = MetaData()
    for table, column in columns.items():
        Table(table, metadata, Column("id", Integer, primary_key=True), Column(column, String(9), index=True))
    return metadata


@where(lambda dialect: not dialect.needs_batch)
@pytest.mark.parametrize(
    ("after", "renames"),
    [
        ({"places": "note", "orders": "town"}, {"orders": "places", "places": "orders"}),
        ({"places": "note", "towns": "town"}, {"orders": "places", "places": "towns"}),
        ({"orders": "sum", "notes": "note", "places": "town"}, {"orders": "notes"}),
    ],
    ids=["swapped", "a chain", "taken by a new one"],
)
def test_a_name_that_another_table_gets_is_in_one_migration(evolution, after, renames):
    evolution.become(two_tables(orders="note", places="town"))
    description = evolution.description()
    found = roll_out(evolution, two_tables(**after), given=Given(renames=renames))
    assert len(found.ids) == 1
    assert "something else gets this name, so all is one migration" in found.notes[0]
    evolution.migrate()
    assert_leads_there_and_back(evolution, description, "0001_initial")


@where(lambda dialect: not dialect.needs_batch)
def test_a_name_that_a_column_takes_from_one_that_is_dropped_is_in_one_migration(evolution):
    def models(*columns: Column) -> MetaData:
        metadata = MetaData()
        Table("orders", metadata, Column("id", Integer, primary_key=True), *columns)
        return metadata

    evolution.become(models(Column("new_status", Integer), Column("status", String(9), index=True)))
    description = evolution.description()
    given = Given(renames={"orders.new_status": "orders.status"})
    found = roll_out(evolution, models(Column("status", Integer)), given=given)
    assert (len(found.ids), found.notes) == (
        1,
        ["orders.status: something else gets this name, so all is one migration"],
    )
    evolution.migrate()
    assert_leads_there_and_back(evolution, description, "0001_initial")


@where(lambda dialect: dialect.transactional_ddl and not dialect.needs_batch)
@pytest.mark.parametrize(("before", "after"), [("", "ab"), ("a", "b"), ("a", "")])
def test_a_value_gets_another_name_while_columns_that_have_it_come_and_go(evolution, before, after):
    def models(label: str, names: str) -> MetaData:
        metadata = MetaData()
        kinds = {name: sa.Enum(label, "other", name="mood", metadata=metadata) for name in ("kept", *names)}
        columns = [Column(name, kind, server_default=label) for name, kind in kinds.items()]
        Table("orders", metadata, Column("id", Integer, primary_key=True), *columns)
        return metadata

    evolution.become(models("old", before))
    description = evolution.description()
    roll_out(evolution, models("new", after), {"mood.old": Renamed("mood.new"), "orders.a": Dropped()})
    evolution.migrate()
    assert_leads_there_and_back(evolution, description, "0001_initial")


@where(lambda dialect: dialect.transactional_ddl and not dialect.needs_batch)
@pytest.mark.parametrize("labels", [("a", "b", "c"), ("b", "a")])
def test_a_column_whose_type_gets_other_values_changes_its_name_at_once(evolution, labels):
    def models(name: str, *labels: str) -> MetaData:
        metadata = MetaData()
        Table("orders", metadata, Column("id", Integer, primary_key=True), Column(name, sa.Enum(*labels, name="mood")))
        return metadata

    evolution.become(models("mood", "a", "b"))
    evolution.execute("INSERT INTO orders VALUES (1, 'a')")
    before = evolution.description()
    found = roll_out(evolution, models("state", *labels), given=Given(renames={"orders.mood": "orders.state"}))
    assert "cannot have a second column beside it: it changes in other ways" in found.notes[0]
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")
    assert evolution.rows("SELECT state FROM orders") == [("a",)]


@where(lambda dialect: dialect.transactional_ddl and not dialect.needs_batch)
def test_a_reference_to_a_table_that_gets_another_key_is_looked_at_in_a_migration_of_its_own(evolution):
    case = CASES["columns come with an index, a key and a foreign key of their own"]

    def parent() -> Any:
        return Column("parent_id", ForeignKey("orders.id"))

    found = written(evolution, Case(case.before, [*case.after, parent], case.old, case.new))
    assert "contract" not in found.phases
    lines = [path.read_text(encoding="utf-8") for path in sorted(evolution.project.versions.glob("*.py"))]
    assert not [text for text in lines if "VALIDATE" in text and "create_foreign_key" in text.split("def downgrade")[0]]


@where(lambda dialect: not dialect.needs_batch)
@pytest.mark.parametrize(
    ("before", "after", "renames"),
    [
        ({"id": KEY}, {"id": {"nullable": False}, "number": KEY}, {}),
        ({"id": KEY}, {"id": KEY, "number": {"unique": True}}, {}),
        (
            {"id": KEY, "code": {"unique": True}},
            {"id": KEY, "number": {"unique": True}},
            {"orders.code": "orders.number"},
        ),
    ],
)
def test_a_new_table_refers_to_a_key_once_that_is_there(evolution, before, after, renames):
    def models(columns: Mapping[str, Any]) -> MetaData:
        metadata = MetaData()
        Table("orders", metadata, *(Column(name, Integer, **options) for name, options in columns.items()))
        return metadata

    changed = models(after)
    Table("lines", changed, Column("id", Integer, primary_key=True), Column("it", ForeignKey("orders.number")))
    evolution.become(models(before))
    description = evolution.description()
    found = roll_out(evolution, changed, {"orders.number": Value("0")}, Given(renames=renames))
    if evolution.project.dialect.has_inline_indexes:
        assert re.search(r"ADD COLUMN number INTEGER.*, ALGORITHM=INSTANT", found.text)
    evolution.migrate()
    assert_leads_there_and_back(evolution, description, "0001_initial")


@where(lambda dialect: dialect.indexes_foreign_keys)
def test_the_index_of_a_key_goes_with_it_also_where_it_waits_for_a_table(evolution):
    def models(*others: str, key: str) -> MetaData:
        metadata = MetaData()
        for name in others:
            Table(name, metadata, Column("id", Integer, primary_key=True))
        own = Column("it", Integer, ForeignKey(f"{key}.id", name=f"fk_{key}"))
        Table("orders", metadata, Column("id", Integer, primary_key=True), own)
        return metadata

    evolution.become(models("customers", key="customers"))
    found = roll_out(evolution, models(key="orders"))
    assert found.phases[-1] == "contract"
    evolution.migrate()
    assert evolution.drift() == []


@where(lambda dialect: not dialect.needs_batch)
def test_new_tables_that_refer_to_one_another_come_and_go_with_their_indexes(evolution):
    models = MetaData()
    Table("orders", models, Column("id", Integer, primary_key=True))
    evolution.become(models)
    before = evolution.description()
    changed = MetaData()
    Table("orders", changed, Column("id", Integer, primary_key=True))
    for name, other in (("a", "b"), ("b", "a")):
        key = ForeignKey(f"{other}.id", name=f"fk_{name}")
        Table(name, changed, Column("id", Integer, primary_key=True), Column("other_id", Integer, key))
    assert roll_out(evolution, changed).phases == ["expand"]
    evolution.migrate()
    assert_leads_there_and_back(evolution, before, "0001_initial")


@where(lambda dialect: not dialect.needs_batch)
@pytest.mark.parametrize(
    ("before", "after"),
    [(String(20), String(30)), (sa.Enum("a", "b", name="mood"), sa.Enum("a", "b", "c", name="mood"))],
)
def test_what_takes_an_instant_has_no_second_column(evolution, before, after):
    case = Case([lambda: Column("it", before)], [lambda: Column("it", after)], {"it": "a"}, {"it": "b"})
    found = written(evolution, case)
    assert found.phases == ["expand"]
    assert "TRIGGER" not in found.text


@where(lambda dialect: not dialect.needs_batch)
def test_renamed_column_has_what_either_code_writes(evolution):
    case = CASES["column is renamed"]
    found = written(evolution, case)
    evolution.migrate(found.last_expand)
    evolution.execute(
        "INSERT INTO orders (id, note) VALUES (11, 'old')",
        "INSERT INTO orders (id, remark) VALUES (12, 'new')",
        "INSERT INTO orders (id) VALUES (13)",
        "UPDATE orders SET note = 'changed' WHERE id = 12",
        "UPDATE orders SET remark = 'changed' WHERE id = 11",
        "UPDATE orders SET remark = 'CHANGED' WHERE id = 11",
        "UPDATE orders SET id = 14 WHERE id = 13",
    )
    expected = [(1, "a"), (2, "c"), (11, "CHANGED"), (12, "changed"), (14, "x")]
    assert evolution.rows("SELECT id, note FROM orders ORDER BY id") == expected
    assert evolution.rows("SELECT id, remark FROM orders ORDER BY id") == expected
    evolution.migrate()
    assert evolution.rows("SELECT id, remark FROM orders ORDER BY id") == expected
    evolution.migrate("-1")
    assert evolution.rows("SELECT id, note FROM orders ORDER BY id") == expected
