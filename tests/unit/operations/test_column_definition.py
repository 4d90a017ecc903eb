"""A column as a database is to read it."""

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from alembic_manage.operations.column_definition import column_definition


def column(**options) -> sa.Column:
    made = sa.Column("total", sa.Integer, **options)
    sa.Table("orders", sa.MetaData(), made)
    return made


def test_name_type_default_and_null_are_in_it():
    told = column_definition(column(nullable=False, server_default=sa.text("0")), postgresql.dialect())
    assert told == "total INTEGER DEFAULT 0 NOT NULL"


def test_percent_signs_are_single_for_a_driver_that_marks_parameters_with_them():
    assert column_definition(column(server_default=sa.text("(7 % 4)")), mysql.dialect()).count("%") == 1
