"""What a revision does to the schema: its tables before and after, told by the history state."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import SAWarning

from alembic_manage.branches.inventory import COLUMN_ORDER, Inventory, Item, inventory_of
from alembic_manage.diagram.comparison import Renames, compared, keys_only
from alembic_manage.diagram.diagram import Diagram
from alembic_manage.diagram.from_metadata import diagram_of
from alembic_manage.environment import Environment
from alembic_manage.history import Revision
from alembic_manage.outline.change import Change
from alembic_manage.outline.revision import outline_of
from alembic_manage.plan import Direction, Plan, Step
from alembic_manage.sources.source import opaque_line, upgrade_plan
from alembic_manage.state.cache import StateCache
from alembic_manage.state.metadata import metadata_of
from alembic_manage.state.objects import Key
from alembic_manage.state.replay import Replay
from alembic_manage.state.schema import Schema

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

MOST_TABLES = 12
"""More tables than that are no picture that tells something."""


@dataclass(frozen=True)
class Detail:
    """One object that is not the same before and after."""

    item: Item
    before: str | None
    """Its definition; None where it is not there."""
    after: str | None

    @property
    def symbol(self) -> str:
        """ "+" is new, "-" is gone, "~" is altered."""
        return "+" if self.before is None else "-" if self.after is None else "~"

    @property
    def text(self) -> str:
        """For a person: "column orders.note: VARCHAR(20) NULL → VARCHAR(20) NOT NULL"."""
        words = " → ".join(part for part in (self.before, self.after) if part)
        return f"{self.item}: {words}" if words else str(self.item)


@dataclass(frozen=True)
class Effect:
    """What one revision does to the schema."""

    details: tuple[Detail, ...] = ()
    """In the order of their names."""
    before: Diagram | None = None
    """The touched tables before; None where there were none."""
    after: Diagram | None = None
    unknown: tuple[str, ...] = ()
    """Why it is not known wholly, a line each."""
    left_out: int = 0
    """How many touched tables are not in the diagrams."""


def effects_of(environment: Environment, revisions: Sequence[Revision]) -> Mapping[str, Effect]:
    """What the revisions do to the schema, by their ids; no database is needed.

    Args:
        environment: of the database whose kind counts.
        revisions: in the order in which they run; what they need runs before, and is not told.

    Raises:
        EnvironmentFailedError: env.py cannot be run without a database.
    """
    history = environment.history
    later = {revision.id for revision in revisions}
    before = {parent for revision in revisions for parent in history.ancestors([revision.id])} - later
    ground = Replay(environment, cache=StateCache.of(environment))
    ground.run(upgrade_plan(environment, before))
    replay = Replay(environment, ground.schema.copy())
    writer = _Writer(environment, replay)
    steps = tuple(Step(revision, Direction.UPGRADE) for revision in revisions)
    replay.run(Plan("", steps), after_each=writer.took)
    return writer.found


class _Writer:
    """Looks at the state after each step."""

    def __init__(self, environment: Environment, replay: Replay) -> None:
        self.environment = environment
        self.replay = replay
        self.found: dict[str, Effect] = {}
        self._before = replay.schema.copy()

    def took(self, step: Step) -> None:
        """Keep what the step did."""
        before, self._before = self._before, self.replay.schema.copy()
        lines = (
            opaque_line(self.environment, each) for each in self.replay.opaque if each.revision == step.revision.id
        )
        changes = outline_of(step.revision.path, step.direction.value)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)  # keys to tables that are not in the picture
            effect = _effect(before, self._before, changes, self.replay.engine.dialect)
        self.found[step.revision.id] = replace(effect, unknown=tuple(lines))


def _part(schema: Schema, keys: Collection[Key]) -> Schema:
    found = schema.copy()
    found.keep_tables(set(keys) - schema.own_tables)
    return found


def _effect(before: Schema, after: Schema, changes: Sequence[Change], dialect: Dialect) -> Effect:
    left, right = before.shown_tables, after.shown_tables
    touched = {key for key in (*left, *right) if left.get(key) != right.get(key)}
    inventories = [inventory_of(_part(schema, touched), dialect) for schema in (before, after)]
    details = tuple(_details(*inventories))
    names = {detail.item.table for detail in details}
    drawn = sorted((key for key in touched if str(key) in names), key=str)[:MOST_TABLES]
    renames = _renames(changes)
    altered = {(each.item.table, each.item.name) for each in details if each.item.kind == "column"}
    beside = _beside((before, after), drawn)
    left_diagram, right_diagram = (_diagram(schema, drawn, beside, dialect) for schema in (before, after))
    both = compared(left_diagram, right_diagram, altered, renames)
    first, last = (
        diagram if any(key in schema.tables for key in drawn) else None
        for diagram, schema in zip(both, (before, after), strict=True)
    )
    return Effect(details, first, last, left_out=len({key for key in touched if str(key) in names}) - len(drawn))


def _details(before: Inventory, after: Inventory) -> Iterator[Detail]:
    """What differs; of a table that is new or gone nothing but the table."""
    ends = {item.name for item in (*before, *after) if item.kind == "table" and (item in before) != (item in after)}
    for item in sorted({*before, *after}):
        inside = item.kind != "table" and item.table in ends
        if inside or item.kind == COLUMN_ORDER:
            continue
        one = before[item].text if item in before else None
        other = after[item].text if item in after else None
        if one != other:
            yield Detail(item, one, other)


def _renames(changes: Sequence[Change]) -> Renames:
    tables = {each.table: each.new_name for each in changes if each.kind == "rename_table" and each.new_name}
    columns = {
        (each.table, each.name): each.new_name for each in changes if each.kind == "alter_column" and each.new_name
    }
    return Renames(tables, columns)


def _beside(schemas: Sequence[Schema], touched: Sequence[Key]) -> frozenset[Key]:
    """The tables that the touched ones refer to, as far as there is room for them."""
    keys = {
        foreign_key.referred
        for schema in schemas
        for key in touched
        if key in schema.tables
        for foreign_key in schema.tables[key].foreign_keys
    }
    return frozenset(sorted(keys - set(touched), key=str)[: max(MOST_TABLES - len(touched), 0)])


def _diagram(schema: Schema, touched: Sequence[Key], beside: Collection[Key], dialect: Dialect) -> Diagram:
    """The touched tables, and those beside them with nothing but their keys."""
    shown = diagram_of([metadata_of(_part(schema, {*touched, *beside}))], dialect, "tables")
    names = {str(key) for key in beside}
    tables = tuple(keys_only(table) if table.name in names else table for table in shown.tables)
    return replace(shown, tables=tables)
