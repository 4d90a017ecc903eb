"""What becomes of values when their type changes; that the servers do so is a test of tests/databases."""

import pytest
import sqlalchemy as sa
from support.states import State

from alembic_manage.autodetect.steps.conversion import Conversion, Fate, conversion
from alembic_manage.autodetect.steps.type_kind import kind_of


def converted(old, new, name="postgresql") -> Conversion:
    state = State(name)
    kinds = [kind_of(type_, state.dialect, state.schema.rules) for type_ in (old, new)]
    text = str(state.dialect.type_compiler_instance.process(new))
    return conversion(*kinds, state.schema.rules.quoted("Size"), text, state.schema.rules)


FITTING = [
    (sa.String(20), sa.String(20)),
    (sa.String(20), sa.String(50)),
    (sa.String(20), sa.Text()),
    (sa.Integer(), sa.BigInteger()),
    (sa.Integer(), sa.String(11)),
    (sa.Integer(), sa.Numeric(12, 2)),
    (sa.Integer(), sa.Float(53)),
    (sa.Numeric(10, 2), sa.Numeric(12, 4)),
    (sa.Numeric(10, 2), sa.String(12)),
    (sa.Boolean(), sa.Integer()),
    (sa.Date(), sa.DateTime()),
    (sa.Date(), sa.String(10)),
    (sa.Uuid(), sa.String(36)),
    (sa.Enum("a", "b", name="x"), sa.String(1)),
]


@pytest.mark.parametrize(("old", "new"), FITTING, ids=repr)
@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_values_that_fit_everywhere(old, new, name):
    assert converted(old, new, name).fate is Fate.FITS


# What becomes of values that do not fit on PostgreSQL, MariaDB and SQLite: tried out on each of them.
FATES = [
    (sa.String(50), sa.String(20), "STOPS STOPS FITS"),
    (sa.Text(), sa.Integer(), "STOPS STOPS STAYS"),
    (sa.Text(), sa.Numeric(10, 2), "LOSES LOSES STAYS"),
    (sa.Text(), sa.Date(), "LOSES LOSES STAYS"),
    (sa.Text(), sa.Boolean(), "STOPS STOPS STAYS"),
    (sa.Text(), sa.Uuid(), "STOPS STOPS STAYS"),
    (sa.Text(), sa.JSON(), "STOPS STOPS STAYS"),
    (sa.BigInteger(), sa.Integer(), "STOPS STOPS FITS"),
    (sa.BigInteger(), sa.Float(53), "LOSES LOSES STAYS"),
    (sa.Integer(), sa.String(5), "STOPS STOPS FITS"),
    (sa.Integer(), sa.Numeric(5, 2), "STOPS STOPS STAYS"),
    (sa.Integer(), sa.Boolean(), "LOSES STOPS STAYS"),
    (sa.Numeric(10, 2), sa.Integer(), "LOSES LOSES STAYS"),
    (sa.Numeric(10, 2), sa.Numeric(10, 1), "LOSES LOSES FITS"),
    (sa.Numeric(10, 2), sa.Numeric(8, 2), "STOPS STOPS FITS"),
    (sa.Numeric(), sa.Numeric(30, 2), "LOSES FITS FITS"),
    (sa.Float(), sa.Integer(), "LOSES LOSES STAYS"),
    (sa.DateTime(), sa.Date(), "LOSES LOSES LOSES"),
    (sa.Enum("a", "b", name="x"), sa.Integer(), "STOPS STOPS STAYS"),
]


@pytest.mark.parametrize(("old", "new", "fates"), FATES, ids=repr)
def test_values_that_do_not_fit(old, new, fates):
    found = [converted(old, new, name).fate.name for name in ("postgresql", "mysql", "sqlite")]
    assert found == fates.split()


@pytest.mark.parametrize(
    ("old", "new", "using"),
    [
        (sa.String(20), sa.Integer(), '"Size"::INTEGER'),
        (sa.Boolean(), sa.Integer(), '"Size"::integer::INTEGER'),
        (sa.BigInteger(), sa.Boolean(), '"Size" <> 0'),
        (sa.Integer(), sa.Date(), '"Size"::text::DATE'),
        (sa.DateTime(), sa.DateTime(timezone=True), "\"Size\" AT TIME ZONE 'UTC'"),
        (sa.LargeBinary(), sa.Text(), "convert_from(\"Size\", 'UTF8')"),
        (sa.Enum("a", name="x"), sa.Enum("a", name="y"), '"Size"::text::y'),
        (sa.Integer(), sa.Text(), None),
        # An explicit cast would cut, the server's own refuses.
        (sa.String(50), sa.String(20), None),
        (sa.Numeric(10, 2), sa.Integer(), None),
        (sa.DateTime(), sa.Date(), None),
    ],
    ids=repr,
)
def test_cast_is_written_where_the_server_has_none_of_its_own(old, new, using):
    assert converted(old, new).using == using
    assert converted(old, new, "mysql").using is None


def test_values_are_rewritten_where_a_type_is_stored_in_another_form():
    assert converted(sa.Date(), sa.DateTime(), "sqlite").rewrite == (
        "\"Size\" || ' 00:00:00.000000'",
        'length("Size") = 10',
    )
    assert converted(sa.Text(), sa.Uuid(), "mysql").rewrite == ("replace(`Size`, '-', '')", "`Size` LIKE '%-%'")
    assert converted(sa.Uuid(), sa.Text(), "sqlite").later_rewrite is not None
    assert converted(sa.Date(), sa.DateTime()).rewrite is None


@pytest.mark.parametrize(
    ("old", "new", "name", "misfit"),
    [
        (sa.Text(), sa.Integer(), "postgresql", "\"Size\" !~ '^ *[-+]?[0-9]+ *$'"),
        (sa.Text(), sa.Integer(), "mysql", "`Size` NOT REGEXP '^ *[-+]?[0-9]+ *$'"),
        (sa.Text(), sa.Integer(), "sqlite", "typeof(\"Size\") NOT IN ('integer', 'null')"),
        (sa.String(50), sa.String(20), "postgresql", 'char_length("Size") > 20'),
        (sa.Integer(), sa.String(3), "mysql", "char_length(CAST(`Size` AS CHAR)) > 3"),
        (sa.BigInteger(), sa.SmallInteger(), "postgresql", '"Size" NOT BETWEEN -32768 AND 32767'),
        (sa.Numeric(10, 2), sa.Numeric(4, 1), "postgresql", '"Size" <> round("Size", 1) OR abs("Size") >= 1000'),
        (sa.Integer(), sa.Boolean(), "postgresql", '"Size" NOT IN (0, 1)'),
        (sa.Text(), sa.Enum("a", "it's", name="x"), "postgresql", "\"Size\" NOT IN ('a', 'it''s')"),
        (sa.Uuid(), sa.Integer(), "postgresql", None),
    ],
    ids=repr,
)
def test_condition_of_values_that_do_not_fit(old, new, name, misfit):
    assert converted(old, new, name).misfit == misfit


def test_misfits_show_after_the_change_where_they_stay():
    assert converted(sa.Text(), sa.Integer(), "sqlite").misfit_shows_later
    assert not converted(sa.DateTime(), sa.Date(), "sqlite").misfit_shows_later
    assert not converted(sa.Text(), sa.Integer()).misfit_shows_later
