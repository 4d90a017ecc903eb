"""The state for a person, and as plain data."""

import json

import sqlalchemy as sa
from support.states import State

from alembic_manage.state.text import as_json, lines_of

MOOD = sa.Enum("a", "b", name="mood")


def state() -> State:
    metadata = sa.MetaData()
    sa.Table(
        "orders",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("note", sa.String(30), nullable=False, server_default="x", comment="free"),
        sa.Column("customer_id", sa.ForeignKey("customers.id", name="fk_c", ondelete="CASCADE")),
        sa.Column("twice", sa.Integer, sa.Computed("id * 2", persisted=True)),
        sa.UniqueConstraint("note", name="uq_note"),
        sa.CheckConstraint("id > 0", name="ck_id"),
        sa.Index("ix_note", "note", unique=True),
        comment="what was bought",
    )
    sa.Table(
        "customers",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("m", MOOD),
    )
    sa.Sequence("s", metadata=metadata)
    return State("postgresql", metadata)


def test_lines_for_a_person():
    made = state()
    lines = list(lines_of(made.schema, made.dialect))
    assert lines[0] == "customers"
    assert "orders  -- what was bought" in lines
    assert "    note         VARCHAR(30) not null default 'x' -- free" in lines
    assert "    twice        INTEGER null computed as (id * 2)" in lines
    assert "    foreign key fk_c (customer_id) -> customers (id) on delete CASCADE" in lines
    assert "    unique uq_note (note)" in lines
    assert "    check ck_id (id > 0)" in lines
    assert "    unique index ix_note (note)" in lines
    assert lines[-2:] == ["type mood: a, b", "sequence s"]


def test_plain_data():
    made = state()
    document = json.loads(json.dumps(as_json(made.schema, made.dialect)))
    assert [table["name"] for table in document["tables"]] == ["customers", "orders"]
    orders = document["tables"][1]
    assert orders["comment"] == "what was bought"
    assert orders["columns"][1] == {
        "name": "note",
        "type": "VARCHAR(30)",
        "nullable": False,
        "default": "'x'",
        "computed": None,
        "identity": False,
        "autoincrement": False,
        "comment": "free",
    }
    assert {"name": "ix_note", "unique": True, "columns": ["note"]} in orders["indexes"]
    assert {each["kind"] for each in orders["constraints"]} == {"primary", "foreignkey", "unique", "check"}
    assert document["types"] == [{"name": "mood", "labels": ["a", "b"]}]
    assert document["sequences"] == ["s"]


def test_an_empty_state():
    made = State("sqlite")
    assert list(lines_of(made.schema, made.dialect)) == []
    assert as_json(made.schema, made.dialect) == {"tables": [], "types": [], "sequences": []}
