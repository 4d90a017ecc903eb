"""Histories in memory: tiny graphs written as text, and random ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from hypothesis import strategies as st

from alembic_manage.history import History, Revision
from alembic_manage.plan import Direction, Plan, make_plan


def make_history(
    graph: Mapping[str, str],
    *,
    depends_on: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
) -> History:
    """A history from words: `{"a": "", "b": "a", "c": "a", "merge": "b c"}` gives each id its down_revisions."""
    return History(
        Revision(
            id,
            Path(f"{id}.py"),
            tuple(down.split()),
            tuple((depends_on or {}).get(id, "").split()),
            tuple((labels or {}).get(id, "").split()),
        )
        for id, down in graph.items()
    )


def assert_plan(history: History, recorded: str, target: str, steps: str) -> None:
    """The plan from `recorded` to `target` has these steps: "+b +c" goes up, "-c -b" goes down."""
    plan = make_plan(history, frozenset(recorded.split()), target)
    assert signs(plan) == steps.split()


def signs(plan: Plan) -> list[str]:
    """The steps of a plan as "+id" and "-id"."""
    sign = {Direction.UPGRADE: "+", Direction.DOWNGRADE: "-"}
    return [sign[step.direction] + step.revision.id for step in plan.steps]


def heads_of(history: History, applied: Iterable[str]) -> frozenset[str]:
    """What the version table holds when `applied` is applied: what nothing else in it needs."""
    applied = frozenset(applied)
    needed = {parent for id in applied for parent in history.parents(id)}
    return applied - needed


@st.composite
def random_histories(draw: st.DrawFn, *, max_size: int = 9, dependencies: bool = True) -> History:
    """Histories as Alembic writes them: branches, merges of branches, several bases, depends_on across them."""
    size = draw(st.integers(1, max_size))
    ids = draw(st.permutations([f"r{number}" for number in range(size)]))
    graph: dict[str, str] = {}
    needs: dict[str, str] = {}
    for position, id in enumerate(ids):
        earlier = ids[:position]
        parents = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=2)) if earlier else []
        known = make_history(graph, depends_on=needs)
        graph[id] = " ".join(_independent(known, parents))
        if dependencies and earlier and draw(st.integers(0, 3)) == 0:
            wanted = draw(st.sampled_from(earlier))
            if _independent(known, [*graph[id].split(), wanted]) == [*graph[id].split(), wanted]:
                needs[id] = wanted
    return make_history(graph, depends_on=needs)


def _independent(history: History, ids: list[str]) -> list[str]:
    """`ids` without those that another of them implies: nobody merges a revision with its own ancestor.

    Nor does anybody depend on a child of the own parent; Alembic's HeadMaintainer stops with a KeyError there.
    """
    return [id for id in ids if not any(id in history.ancestors([other]) for other in ids if other != id)]
