"""A revision that stopped halfway: what is said when something else is to run."""

from pathlib import Path

import pytest
from support.histories import make_history

from alembic_manage import RevisionStoppedError
from alembic_manage.execution.journal.entry import Entry, Kind
from alembic_manage.execution.journal.pending import Pending
from alembic_manage.execution.journal.table import Opening
from alembic_manage.history import Revision
from alembic_manage.plan import Direction, Plan, Step

PENDING = Pending(Opening("b", "upgrade", "0" * 64), (Entry(Kind.FINAL, "0", "CREATE TABLE shop"),))
NOTHING = Plan("head", ())


def hint(history):
    with pytest.raises(RevisionStoppedError, match="Migration b stopped at its statement 1") as caught:
        PENDING.require_next(NOTHING, history)
    return caught.value.hint


def test_the_hint_is_to_finish_it():
    assert hint(make_history({"a": "", "b": "a"})) == "python manage.py migrate b"


def test_the_hint_names_another_database():
    with pytest.raises(RevisionStoppedError) as caught:
        PENDING.require_next(NOTHING, make_history({"a": "", "b": "a"}), "archive")
    assert caught.value.hint == "python manage.py migrate b --database archive"


def test_where_it_has_no_file_the_hint_begins_with_getting_it():
    found = hint(make_history({"a": ""}))
    assert found == "get the code that has it: git log --all -- '*b*'; then: python manage.py migrate b"


def test_a_plan_that_goes_on_with_it_may_run():
    plan = Plan("head", (Step(Revision("b", Path("b.py")), Direction.UPGRADE),))
    PENDING.require_next(plan, make_history({"a": "", "b": "a"}))
