"""What makemigrations writes leads from any models to any others, and back, and keeps the rows.

Models, what is done to them and rows come from support/schemas.py; support/law.py has the laws. A part of the examples
has two schemas that have nothing to do with one another, without rows. In half of the others renames are given by
options, in half they are asked for, by somebody who knows what was done. To run more of them: AUTODETECT_EXAMPLES=300.
The number in a failure makes the same example again: `example_of(number, database)`.

What the laws do not ask for, as nothing could fulfil it:

- The order of columns on PostgreSQL, which cannot change it, and on SQLite, which would need a new table for it.
- The order of columns on SQLite after downgrade(), where the two schemas have nothing to do with one another.
- New names of the values of an enum that is a mere text on SQLite: nothing tells them.
- A naming convention that changes: Alembic applies today's to the revisions of yesterday.
- Values of a column or a table that was dropped, after upgrade() and downgrade(); NULLs that an answer replaced.
- Rows that do not fit the new models: values are drawn so that they do, no new column has the name of one that goes
  and another type, and no new table that of one whose rows would need keys of several columns or of texts.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import URL
from support.databases import NAMES
from support.law import Laws, example_of

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
EXAMPLES = int(os.environ.get("AUTODETECT_EXAMPLES", "0"))
MODERATE = {"sqlite": 20, "postgresql": 15, "mariadb": 15}
SEEDS = st.integers(0, 2**31 - 1)


def budget(database: str) -> settings:
    return settings(
        max_examples=EXAMPLES or MODERATE[database],
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # A smaller number is no smaller example.
        phases=(Phase.explicit, Phase.generate),
    )


@pytest.fixture(params=NAMES)
def database(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def laws(database: str, new_database: Callable[[str], URL], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Laws:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.setattr("sys.path", list(sys.path))  # env.py puts the project's folder there
    return Laws(new_database(database), new_database(database), tmp_path)


def test_nothing_is_found_where_nothing_changed(laws, database):
    @budget(database)
    @given(SEEDS)
    def law(seed):
        note(f"example_of({seed}, {database!r})")
        laws.nothing_changed(example_of(seed, database))

    law()


def test_revision_leads_to_the_new_models_and_back_with_the_rows(laws, database):
    @budget(database)
    @given(SEEDS)
    def law(seed):
        note(f"example_of({seed}, {database!r})")
        laws.leads_there_and_back(example_of(seed, database))

    law()
