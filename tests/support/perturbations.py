"""Models, and every small change of them that a comparison with the migrations must see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import MetaData

MODELS = """\
import enum
import sqlalchemy as sa
from sqlalchemy import Column, MetaData, Table
from sqlalchemy.dialects import mysql, postgresql, sqlite

NAMES = {"ix": "ix_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"}
metadata = MetaData(naming_convention=NAMES)
state = sa.Enum("open", "closed", name="state", metadata=metadata)

class Label(sa.types.TypeDecorator):
    impl = sa.String
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return sa.String(44)

Table(
    "parent",
    metadata,
    Column("id", sa.Integer, sa.Identity(start=5, increment=2, always=True), primary_key=True),
    Column("other", sa.Integer, unique=True),
    comment="a parent",
)
Table(
    "child",
    metadata,
    Column("id", sa.Integer, primary_key=True, autoincrement=False),
    Column(
        "parent_id",
        sa.ForeignKey("parent.id", name="fk_parent", ondelete="CASCADE", onupdate="SET NULL"),
        index=True,
    ),
    Column("other_id", sa.Integer, nullable=False),
    Column("name", sa.String(30), server_default="nobody", comment="what it is called"),
    Column("sorted", sa.String(31, collation="C")),
    Column("total", sa.Numeric(10, 2)),
    Column("moment", sa.DateTime(timezone=True), server_default=sa.func.now()),
    Column("state", state, server_default="open"),
    Column("small", sa.Enum("a", "b", name="small", native_enum=False, create_constraint=True)),
    Column("twice", sa.Integer, sa.Computed("other_id * 2", persisted=True)),
    Column("numbers", postgresql.ARRAY(sa.Integer)),
    Column("label", Label),
    Column("place", sa.Uuid),
    sa.CheckConstraint("total > 0", name="positive"),
    sa.UniqueConstraint("name", "other_id", name="uq_name", deferrable=True, initially="DEFERRED"),
    sa.ForeignKeyConstraint(["other_id"], ["parent.other"], name="fk_other", deferrable=True, initially="DEFERRED"),
    sa.Index("ix_name", "name", "other_id", unique=True),
    sa.Index("ix_lower", sa.func.lower(sa.column("name")), postgresql_where=sa.text("total > 1")),
    sa.Index("ix_total", "total", postgresql_using="btree", postgresql_include=["name"]),
    sa.Index("ix_with", "total", postgresql_with={"fillfactor": 50}),
    sa.Index("ix_ops", "name", postgresql_ops={"name": "text_pattern_ops"}),
    sa.Index("ix_order", sa.text("moment DESC")),
    comment="a child",
)
Table("apart", metadata, Column("id", sa.Integer, primary_key=True))
sa.Sequence("numbers", start=10, increment=3, minvalue=1, maxvalue=9999, cache=4, cycle=True, metadata=metadata)
"""


@dataclass(frozen=True)
class Perturbation:
    """One change of MODELS: a text in it that is replaced by another."""

    old: str
    new: str
    is_seen: bool = True
    """Whether a comparison finds it."""

    def __str__(self) -> str:
        return f"{self.old} -> {self.new or 'nothing'}"

    def models(self) -> MetaData:
        """The models with the change."""
        assert MODELS.count(self.old) >= 1, self.old
        return made(MODELS.replace(self.old, self.new, 1))


def made(source: str = MODELS) -> MetaData:
    """The models of a source."""
    found: dict[str, Any] = {"__name__": "models_of_a_test"}
    exec(compile(source, "models.py", "exec"), found)
    return found["metadata"]  # type: ignore[no-any-return]


SEEN: Mapping[str, tuple[str, ...]] = {
    "sa.String(30)": ("sa.String(29)", "sa.Text()", "sa.String()", "sa.Unicode(28)", "sa.LargeBinary()"),
    "sa.Numeric(10, 2)": ("sa.Numeric(10, 3)", "sa.Numeric(11, 2)", "sa.Numeric()", "sa.Float()", "sa.Float(53)"),
    "timezone=True": ("timezone=False",),
    'collation="C"': ('collation="POSIX"', ""),
    "ARRAY(sa.Integer)": ("ARRAY(sa.BigInteger)", "JSONB"),
    "sa.String(44)": ("sa.String(45)",),
    "sa.DateTime(": ("sa.Time(",),
    ", nullable=False": ("",),
    'server_default="nobody"': ('server_default="somebody"', "server_default=sa.text(\"lower('A')\")", "nullable=True"),
    "server_default=sa.func.now()": ("server_default=sa.func.clock_timestamp()", "nullable=True"),
    'comment="what it is called"': ('comment="what it is"', "nullable=True"),
    'comment="a child"': ('comment="the child"', "comment=None"),
    'server_default="open"': ('server_default="closed"', "nullable=True"),
    "start=5": ("start=6",),
    "increment=2": ("increment=1",),
    "always=True": ("always=False",),
    '"other_id * 2"': ('"other_id * 3"',),
    "sa.Computed(": ("nullable=True) if True else sa.Column('twice', sa.Integer, sa.Computed(",),
    "primary_key=True, autoincrement=False": ("autoincrement=False",),
    "unique=True),\n": ("),\n",),
    'sa.ForeignKey("parent.id", name="fk_parent", ondelete="CASCADE", onupdate="SET NULL")': ("sa.Integer",),
    'ondelete="CASCADE"': ('ondelete="SET NULL"', 'ondelete="RESTRICT"', "link_to_name=False"),
    'onupdate="SET NULL"': ('onupdate="CASCADE"', "link_to_name=False"),
    'name="fk_parent"': ('name="fk_of_parent"',),
    '["parent.other"]': ('["parent.id"]',),
    'name="fk_other", deferrable=True, initially="DEFERRED"': ('name="fk_other", deferrable=True',),
    "index=True": ("index=False",),
    '"total > 0"': ('"total > 3"',),
    'name="positive"': ('name="is_positive"',),
    'sa.CheckConstraint("total > 0", name="positive"),': ("",),
    'name="uq_name", deferrable=True': ('name="uq_name", deferrable=False',),
    'name="uq_name", deferrable=True, initially="DEFERRED"': ('name="uq_name", deferrable=True',),
    'name="uq_name"': ('name="uq_other"',),
    '"name", "other_id", name="uq_name"': ('"name", "total", name="uq_name"',),
    '"ix_name", "name", "other_id"': (
        '"ix_name", "other_id", "name"',
        '"ix_name", "name"',
        '"ix_n", "name", "other_id"',
    ),
    ", unique=True),\n    sa.Index": ("),\n    sa.Index",),
    "sa.func.lower(": ("sa.func.upper(",),
    '"total > 1"': ('"total > 2"',),
    ', postgresql_where=sa.text("total > 1")': ("",),
    'postgresql_using="btree"': ('postgresql_using="hash"',),
    'postgresql_include=["name"]': ('postgresql_include=["label"]',),
    '"fillfactor": 50': ('"fillfactor": 60',),
    ', postgresql_with={"fillfactor": 50}': ("",),
    '"text_pattern_ops"': ('"varchar_pattern_ops"',),
    '"moment DESC"': ('"moment DESC NULLS LAST"', '"moment"'),
    '"open", "closed"': ('"open", "closed", "void"', '"open", "shut"', '"closed", "open"'),
    '"a", "b"': ('"a", "b", "c"', '"b", "a", "d"'),
    'name="state"': ('name="condition"',),
    "create_constraint=True": ("create_constraint=False",),
    "native_enum=False": ("native_enum=True",),
    '"ix_%(table_name)s_%(column_0_name)s"': ('"idx_%(table_name)s_%(column_0_name)s"',),
    '"ck_%(table_name)s_%(constraint_name)s"': ('"check_%(table_name)s_%(constraint_name)s"',),
    'Table("apart"': ('Table("apart2"',),
    'Column("other", sa.Integer, unique=True),': (
        'Column("other", sa.Integer, unique=True), Column("more", sa.Integer),',
    ),
    'Column("place", sa.Uuid),': ("", 'Column("places", sa.Uuid),'),
    "start=10": ("start=11",),
    "increment=3": ("increment=4",),
    "minvalue=1": ("minvalue=2",),
    "maxvalue=9999": ("maxvalue=9998",),
    "cache=4": ("cache=5",),
    "cycle=True": ("cycle=False",),
    'sa.Sequence("numbers"': ('sa.Sequence("numerals"',),
}
"""What is replaced by what, each for itself."""
UNSEEN: Mapping[str, str] = {
    "ARRAY(sa.Integer)": "ARRAY(sa.Integer, dimensions=2)",
    "impl = sa.String\n": "impl = sa.Text\n",
    "sa.Identity(start=5, increment=2, always=True), ": "",
    'name="fk_parent"': "link_to_name=False",
}
"""What no comparison finds on PostgreSQL, or what is the same there."""
PERTURBATIONS = [
    *(Perturbation(old, new) for old, others in SEEN.items() for new in others),
    *(Perturbation(old, new, is_seen=False) for old, new in UNSEEN.items()),
]
