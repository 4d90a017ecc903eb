"""What a branch changes, and what two branches change both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from alembic_manage.branches.inventory import COLUMN_ORDER, Definition, Inventory, Item

Touches = Mapping[Item, str]
"""What is done to an object: "added", "removed", "changed", "renamed to x", "used by index ix_orders_total"."""


@dataclass(frozen=True)
class Touch:
    """An object that several branches touch."""

    item: Item
    by: tuple[tuple[str, str], ...]
    """Pairs of a branch and what it does there."""

    @property
    def line(self) -> str:
        """For a person: "column orders.total (0002_a: changed; 0002_b: removed)"."""
        return f"{self.item} ({'; '.join(f'{branch}: {how}' for branch, how in self.by)})"

    def as_json(self) -> Mapping[str, object]:
        """The stable shape that --json prints."""
        return {"object": str(self.item), "branches": [branch for branch, _ in self.by]}


def touches_of(before: Inventory, after: Inventory, renames: Mapping[str, str]) -> Touches:
    """What was done to each object that is not the same, and which columns a new index or constraint needs.

    Args:
        before: the objects before.
        after: the objects afterwards.
        renames: new paths of tables and columns by old ones; an object that is gone under such a path was renamed.
    """
    found: dict[Item, str] = {}
    for item in sorted({*before, *after}):
        old, new = before.get(item), after.get(item)
        if item.kind != COLUMN_ORDER and _text(old) != _text(new):
            found[item] = "added" if old is None else _gone(item, renames) if new is None else "changed"
    for item in [item for item in found if item in after]:
        for used in sorted(after[item].uses & before.keys()):
            found.setdefault(used, f"used by {item.kind} {item.name}")
    return found


def touched_by_several(branches: Mapping[str, Touches]) -> tuple[Touch, ...]:
    """The objects that at least two branches touch; a table counts where both touch it, but no part of it together.

    Args:
        branches: what each branch does, by its name.
    """
    found: dict[Item, dict[str, str]] = {}
    for (one, its), (other, others) in combinations(branches.items(), 2):
        for item in _common(its, others):
            found.setdefault(item, {}).update({one: _how(its, item), other: _how(others, item)})
    return tuple(Touch(item, tuple(by.items())) for item, by in sorted(found.items()))


def tables_of(touches: Touches, before: Inventory, after: Inventory) -> frozenset[str]:
    """The tables whose rows may matter to what a branch does.

    Those that new foreign keys of older tables refer to are among them, and those with columns of a changed type.
    """
    found = {item.table for item, how in touches.items() if item.table and not _is_use(how)}
    for item in touches:
        definition = after.get(item)
        if definition is not None and definition.refers_to and Item("table", item.table, item.table) in before:
            found.add(definition.refers_to)
        if item.kind == "type":
            found |= {each.table for each, is_ in before.items() if each.kind == "column" and _has_type(is_, item.name)}
    return frozenset(found)


def _gone(item: Item, renames: Mapping[str, str]) -> str:
    path = f"{item.table}.{item.name}" if item.kind == "column" else item.name
    renamed = renames.get(path) if item.kind in ("table", "column") else None
    return f"renamed to {renamed.rpartition('.')[2]}" if renamed else "removed"


def _common(one: Touches, other: Touches) -> Iterator[Item]:
    both = [item for item in one if item in other and not (_is_use(one[item]) and _is_use(other[item]))]
    yield from both
    told = {item.table for item in both}
    for table in sorted(_changed_tables(one) & _changed_tables(other) - told):
        yield Item("table", table, table)


def _changed_tables(touches: Touches) -> set[str]:
    return {item.table for item, how in touches.items() if item.table and not _is_use(how)}


def _how(touches: Touches, item: Item) -> str:
    """What is done to an object; to a table whose parts are touched, what is done to them."""
    if item in touches:
        return touches[item]
    parts = [f"{each.kind} {each.name} {how}" for each, how in touches.items() if each.table == item.table]
    return ", ".join([part for part in parts if " used by " not in part] or parts)


def _is_use(how: str) -> bool:
    return how.startswith("used by ")


def _has_type(definition: Definition, name: str) -> bool:
    return definition.text.partition(" ")[0].strip('"') == name


def _text(definition: Definition | None) -> str | None:
    return None if definition is None else definition.text
