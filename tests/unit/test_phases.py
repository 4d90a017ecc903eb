"""Phases: what a file says, what `migrate --phase` runs, and what a backfill looks like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alembic_manage.errors import RefusedError, UsageError
from alembic_manage.execution.journal.certainty import has_happened
from alembic_manage.execution.journal.entry import Entry, Kind, State
from alembic_manage.history import History, Revision, revision_of_source
from alembic_manage.outline.revision import own_statements
from alembic_manage.plan import in_phase, make_plan
from alembic_manage.rollout.revisions import named


def history(*phases: str | None) -> History:
    """Revisions "1", "2", ..., one after the other."""
    found = []
    for number, phase in enumerate(phases, start=1):
        parents = (str(number - 1),) if number > 1 else ()
        found.append(Revision(str(number), Path(f"{number}.py"), parents, phase=phase))
    return History(found)


def ids(phases: tuple[str | None, ...], phase: str | None) -> list[str]:
    """What is run in a phase, where nothing is applied."""
    plan = in_phase(make_plan(history(*phases), frozenset(), "head"), phase)
    return [revision.id for revision in plan.revisions]


@pytest.mark.parametrize(
    ("phases", "phase", "expected"),
    [
        (("expand", "contract"), "expand", ["1"]),
        (("expand", "contract"), "contract", ["1", "2"]),
        (("expand", "contract"), None, ["1", "2"]),
        ((None, "expand", "contract", "contract"), "expand", ["1", "2"]),
        ((None, None), "expand", ["1", "2"]),
        (("contract",), "expand", []),
    ],
)
def test_expand_ends_before_the_first_contract_revision(phases, phase, expected):
    assert ids(phases, phase) == expected


@pytest.mark.parametrize("later", ["expand", None])
def test_expand_refuses_what_stands_behind_an_open_contract_phase(later):
    with pytest.raises(RefusedError, match="2 stands behind 1"):
        ids(("contract", later), "expand")


def test_phase_is_no_matter_of_the_way_down():
    plan = make_plan(history("expand"), frozenset({"1"}), "zero")
    with pytest.raises(UsageError):
        in_phase(plan, "expand")
    assert in_phase(plan, None) is plan


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('phase = "expand"', "expand"),
        ('phase: str = "contract"', "contract"),
        ('phase = "moon"', None),
        ("phase = compute()", None),
        ("", None),
    ],
)
def test_phase_is_read_without_running_the_file(line, expected):
    source = f'revision = "1"\ndown_revision = None\n{line}\n\ndef upgrade():\n    raise ValueError\n'
    assert revision_of_source(source, Path("1.py")).phase == expected


def test_phase_is_nothing_of_the_users_own():
    assert own_statements('revision = "1"\nphase = "expand"\n\ndef upgrade():\n    pass\n') == ()


@pytest.mark.parametrize(("begin", "expected"), [("/* repeatable */ ", False), ("", None)])
def test_portion_whose_end_nobody_saw_is_sent_again(begin, expected):
    entry = Entry(Kind.FINAL, "digest", "UPDATE", State.STARTED)
    no_connection: Any = None
    assert has_happened(no_connection, entry, f"{begin}UPDATE orders SET note = 'n' WHERE note IS NULL") is expected


def test_name_is_cut_at_the_end_of_a_word():
    assert named("orders_country", "fill") == "orders_country_fill"
    assert named("rename_orders_note_to_remark_and_more", "contract") == "rename_orders_note_contract"
    assert named("alter_orders_and_more", "fill") == "alter_orders_fill"
