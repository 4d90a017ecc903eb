"""Several observers as one: the first stands outermost."""

from __future__ import annotations

import inspect

import pytest
from support.histories import make_history

from alembic_manage.execution.observer import Observer, Observers, Silent
from alembic_manage.plan import make_plan

PLAN = make_plan(make_history({"a": ""}), frozenset(), "head")
STEP = PLAN.steps[0]
CALLS = {
    "opened": (None,),
    "planned": (PLAN,),
    "started": (STEP,),
    "resumed": (STEP, 3),
    "finished": (STEP,),
    "failed": (STEP,),
    "delayed": (STEP, (), 1.0),
    "waiting": ("for somebody",),
}
NAMED = {"finished": {"seconds": 1.0, "faked": False}}


class Remembers:
    """Any observer: writes each call into a list that others share."""

    def __init__(self, name: str, calls: list[tuple[str, str, object]]) -> None:
        self.name = name
        self.calls = calls

    def __getattr__(self, method: str):
        return lambda *args, **named: self.calls.append((self.name, method, (args, named)))


@pytest.mark.parametrize("method", CALLS)
def test_what_begins_is_told_to_the_first_first_and_what_has_ended_last(method):
    calls: list[tuple[str, str, object]] = []
    told = (CALLS[method], NAMED.get(method, {}))
    getattr(Observers(Remembers("outer", calls), Remembers("inner", calls)), method)(*told[0], **told[1])
    order = ["outer", "inner"] if method in ("opened", "planned", "started") else ["inner", "outer"]
    assert calls == [(name, method, told) for name in order]


@pytest.mark.parametrize("kind", [Silent, Observers])
def test_each_kind_has_every_method_with_the_same_signature(kind):
    for name in CALLS:
        assert inspect.signature(getattr(kind, name)) == inspect.signature(getattr(Observer, name))


def test_every_method_is_tried_here():
    assert {name for name in vars(Observer) if not name.startswith("_")} == set(CALLS)
