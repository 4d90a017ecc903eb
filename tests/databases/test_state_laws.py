"""At every revision, up and down, the history state is what a real database holds that ran the same revision.

The lines of a revision are drawn one after the other, against what there is; see support/operations.py. To run more of
them: STATE_EXAMPLES=1000.

What the databases and SQLAlchemy force, and what is therefore not drawn or not compared:

- PostgreSQL names the sequence of a SERIAL column once, and keeps the name when table or column are renamed.
- PostgreSQL keeps the casts of a column's first type in CHECK, DEFAULT and index expressions: after INTEGER became
  BIGINT a DEFAULT is 0, in a new table '0'::bigint. Literals are described without their type; columns that are used
  in expressions keep their type here.
- SQLite takes a name in double quotes that is no column for a string: an index or a CHECK of a column that a batch
  drops is made on a constant there, while the state refuses it.
- SQLAlchemy reads from SQLite only one of two equal foreign keys, no index on an expression (so batches lose it, in the
  state too), and the expression of a computed column wrongly once another column was added behind it.
- A refusal that depends on types, rows or expressions is not the state's: see _FOREIGN_REFUSALS.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from support.databases import NAMES
from support.operations import CONVENTION, Drawing, Line, next_line
from support.twins import DatabaseRefusedError, Twins, connection_to, empty

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
EXAMPLES = int(os.environ.get("STATE_EXAMPLES", "0"))
MODERATE = {"sqlite": 60, "postgresql": 45, "mariadb": 20}
MOST_LINES = 8

# Source: PostgreSQL 16 manual, appendix A; MariaDB documentation, "MariaDB Error Code Reference".
_FOREIGN_REFUSALS = {
    "42883",  # no such operator or function for these types
    "42804",  # one type where another is needed
    "42846",  # no cast from one type to another
    "42703",  # an expression names a column that is gone
    "42P17",  # an expression that must not be there: not immutable
    "22P02",  # a literal that is none of the type
    "55P04",  # a value of an enum that was added in the same transaction
    "42830",  # a foreign key to what is no key
    "55000",  # a foreign key to a deferrable key
    "0A000",  # a kind of index that cannot do that
    "22023",  # an identity of another type than a whole number
    1005,  # a foreign key that does not fit: types, SET NULL on a NOT NULL column
    1025,  # a key that a foreign key needs
    1054,  # an expression names a column that is gone
    1059,  # a generated name that is too long
    1063,  # a numbered column of a type without numbers
    1067,  # a default that is none of the type
    1090,  # the last column
    1170,  # a key of a text without a length
    1451,  # a table that another one refers to; FOREIGN_KEY_CHECKS may be off
    1553,  # an index that a foreign key needs
    1830,  # a column of a foreign key with SET NULL
    1832,  # a column that a foreign key needs as it is
    1833,
    1834,
    1846,  # a change that needs a table of its own
    1901,  # a CHECK, or a primary key, of what must not be in one
    1903,
    "AUTOINCREMENT is only allowed",
    "cannot INSERT into generated column",
    "no such column",
    "No such constraint",
}


def budget(database: str) -> settings:
    return settings(
        max_examples=EXAMPLES or MODERATE[database],
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # An example has few lines; to find fewer takes minutes.
        phases=(Phase.explicit, Phase.generate),
    )


@contextmanager
def twins(connection: sa.Connection, named_by_convention: bool) -> Iterator[Twins]:
    empty(connection)
    both = Twins(connection, CONVENTION if named_by_convention else None)
    try:
        yield both
    finally:
        both.close()


def drawn(random: Random, both: Twins) -> Line:
    return next_line(Drawing(random, both.schema, both.connection.dialect.identifier_preparer.quote))


def unquoted(statements: list[str]) -> list[str]:
    """Without the quotes that a name in an expression keeps once it needed them."""
    return [re.sub('["`]', "", statement) for statement in statements]


def is_foreign(error: DatabaseRefusedError) -> bool:
    """Whether the state could not know that the database would refuse the line."""
    cause = error.__cause__
    driver = cause.orig if isinstance(cause, DBAPIError) else cause
    known = {getattr(driver, "sqlstate", None), *getattr(driver, "args", ())[:1]}
    return bool(known & _FOREIGN_REFUSALS) or any(
        isinstance(text, str) and text in str(driver) for text in _FOREIGN_REFUSALS
    )


def take(both: Twins, text: str) -> bool | None:
    """Run a line on both; None where nothing more can be said about them."""
    note(text)
    is_whole = both.schema.rules.transactional_ddl or not text.startswith("with")
    try:
        # A batch that is refused where nothing is taken back is half done, perhaps not by the same statement.
        return both.run(text) or (False if is_whole else None)
    except DatabaseRefusedError as error:
        if not is_foreign(error):
            raise
        return False if both.schema.rules.transactional_ddl else None


@pytest.fixture(scope="module", params=NAMES)
def database(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def connection(database: str, new_database: Callable[[str], URL]) -> Iterator[sa.Connection]:
    with connection_to(new_database(database)) as connected:
        yield connected


def test_lines_lead_to_what_the_database_holds(connection, database):
    @budget(database)
    @given(st.randoms(use_true_random=False), st.integers(1, MOST_LINES), st.booleans())
    def law(random, count, named_by_convention):
        with twins(connection, named_by_convention) as both:
            for _ in range(count):
                if take(both, drawn(random, both).text) is None:
                    return
            both.compare()

    law()


def test_what_is_taken_back_leaves_the_former_state(connection, database):
    @budget(database)
    @given(st.randoms(use_true_random=False), st.integers(0, 3), st.integers(1, 4), st.booleans())
    def law(random, first, count, named_by_convention):
        with twins(connection, named_by_convention) as both:
            for _ in range(first):
                if take(both, drawn(random, both).text) is None:
                    return
            former, before = both.description(), unquoted(both.state_sql)
            undone = []
            for _ in range(count):
                line = drawn(random, both)
                if line.undo is None:
                    continue
                taken = take(both, line.text)
                if taken is None:
                    return
                undone += [line.undo] * taken
            for text in reversed(undone):
                if take(both, text) is None:
                    return
            after, really_after = unquoted(both.state_sql), both.description()
            if really_after == former:
                assert after == before
            both.compare()

    law()
