"""Reviews in memory: as many migrations as wanted, with everything that a card can have."""

from __future__ import annotations

from pathlib import Path

from alembic_manage.branches.inventory import Item
from alembic_manage.diagram.comparison import compared
from alembic_manage.diagram.diagram import Column, Diagram, Relation, Table
from alembic_manage.dialects import dialect_named
from alembic_manage.history import Revision
from alembic_manage.lint.finding import Finding, Severity
from alembic_manage.lock_trace.manual import trace_of_sql
from alembic_manage.outline.change import Change
from alembic_manage.plan import Direction, Step
from alembic_manage.review.card import Card, DatabasePart, Review
from alembic_manage.review.effect import Detail, Effect

SQL = (
    "ALTER TABLE orders ADD COLUMN status VARCHAR(16) NOT NULL",
    "CREATE INDEX ix_orders_status ON orders (status)",
)


def make_card(number: int, *, parents: tuple[str, ...] = (), children: tuple[str, ...] = (), odd: str = "") -> Card:
    """A migration with a change, diagrams, SQL for two databases, a finding and a loss."""
    id = f"{number:04}_change"
    revision = Revision(id, Path(f"{id}.py"), parents, message=f"Orders change {number}{odd}")
    before = Diagram("tables", _tables(number), (Relation("orders", "customers", ("customer_id",)),))
    after = Diagram("tables", _tables(number, Column(f"status_{number}", "varchar(16)")), before.relations)
    step = Step(revision, Direction.UPGRADE)
    item = Item("column", f"status_{number}", "orders")
    return Card(
        revision,
        f"alembic_database/versions/{id}.py",
        parents,
        children,
        (Change("+", "add_column", f"Add column status_{number} to orders{odd}", "orders", f"status_{number}"),),
        Effect((Detail(item, None, f"VARCHAR(16) NOT NULL{odd}"),), *compared(before, after)),
        (f"Downgrade drops column orders.status_{number} with the values written since.{odd}",),
        (
            DatabasePart(("default",), "PostgreSQL", trace_of_sql(dialect_named("postgresql"), step, SQL)),
            DatabasePart(("archive",), "SQLite", None, f"It needs a connection.{odd}"),
        ),
        (
            Finding(
                "adding-index", Severity.WARNING, f"The index stops writes.{odd}", id, None, 12, fix=f"op.x(\n{odd})"
            ),
            Finding("dropping-table", Severity.ERROR, f"The table is in use.{odd}", id, None, None),
        ),
        is_applied=number % 2 == 0,
    )


_LONG = Column("the_day_on_which_it_was_shipped_first", "timestamp with time zone", is_foreign=True)
"""Wider than a phone."""


def _tables(number: int, *more: Column) -> tuple[Table, ...]:
    key = Column("id", "integer", is_primary=True)
    columns = tuple(Column(f"field_{place}", f"varchar({number})", is_nullable=True) for place in range(18))
    return (
        Table("customers", (key,)),
        Table("orders", (key, Column("customer_id", "integer", is_foreign=True), *columns, *more, _LONG)),
    )


def make_review(count: int, odd: str = "") -> Review:
    """A history with a branch and a merge in every ten migrations."""
    graph = _graph(count)
    children: dict[str, list[str]] = {}
    for id, parents in graph.items():
        for parent in parents:
            children.setdefault(parent, []).append(id)
    cards = tuple(
        make_card(number, parents=parents, children=tuple(children.get(id, ())), odd=odd)
        for number, (id, parents) in enumerate(graph.items(), start=1)
    )
    newest_first = [(id, parents) for id, parents in reversed(graph.items())]
    return Review(f"shop{odd}", "all migrations", cards, newest_first, (f"A note.{odd}",))


def _graph(count: int) -> dict[str, tuple[str, ...]]:
    names = [f"{number:04}_change" for number in range(1, count + 1)]
    parents = {}
    for place, name in enumerate(names):
        if place % 10 == 5:
            parents[name] = (names[place - 2],)
        elif place % 10 == 6:
            parents[name] = (names[place - 2], names[place - 1])
        else:
            parents[name] = (names[place - 1],) if place else ()
    return parents
