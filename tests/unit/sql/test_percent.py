"""Percent signs that a compiler doubled for the driver."""

from sqlalchemy import text
from sqlalchemy.dialects import mysql, sqlite

from alembic_manage.sql.percent import single_percents

REMAINDER = text("a % 2 = 0")


def test_a_percent_sign_that_the_driver_would_halve_is_halved():
    dialect = mysql.dialect()
    compiled = str(REMAINDER.compile(dialect=dialect))
    assert compiled == "a %% 2 = 0"
    assert single_percents(compiled, dialect) == "a % 2 = 0"


def test_what_another_driver_is_given_stays():
    assert single_percents("a LIKE '%%'", sqlite.dialect()) == "a LIKE '%%'"
