"""What the rows of the journal say together."""

from dataclasses import replace

from alembic_manage.execution.journal.entry import Entry, Kind, State
from alembic_manage.execution.journal.table import _gone_on

STARTED = Entry(Kind.FINAL, "digest", "CREATE TABLE a (id INTEGER)", State.STARTED, picture="before", id=1)
WRITE = Entry(Kind.WRITE, "other", "INSERT INTO a VALUES (1)", id=2)


def test_a_statement_with_another_behind_it_came_back() -> None:
    done, last = _gone_on([STARTED, replace(STARTED, id=2)])
    assert (done.state, last.state) == (State.DONE, State.STARTED)


def test_of_the_last_one_nothing_is_known() -> None:
    assert _gone_on([WRITE, STARTED]) == [WRITE, STARTED]
    assert _gone_on([]) == []
