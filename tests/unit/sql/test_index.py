import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.sql.index import read_exclusion, read_index, read_unique

POSTGRESQL, MARIADB = dialect_named("postgresql"), dialect_named("mysql")


def index(rest: str, rules=POSTGRESQL):
    return read_index(f"CREATE INDEX ix ON orders {rest}", rules, "orders")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(a)", 'USING btree ("a")'),
        ("(a ASC NULLS LAST)", "(a)"),
        ("(a DESC)", "(a DESC NULLS FIRST)"),
        ("(lower(b))", "((lower(b)))"),
        ("(a) WITH (fillfactor = 70)", "(a) WITH (fillfactor='70')"),
        ("(a) WHERE b > 0", "(a) WHERE (b > 0)"),
        ("(a) NULLS DISTINCT", "(a)"),
    ],
)
def test_one_index_in_two_spellings(one: str, other: str):
    assert index(one).is_same(index(other))


@pytest.mark.parametrize(
    "other",
    [
        "(b)",
        "(a, b)",
        "(a DESC)",
        "(a NULLS FIRST)",
        "(a text_pattern_ops)",
        "(a pg_catalog.text_pattern_ops)",
        '(a COLLATE "C")',
        "(a) INCLUDE (b)",
        "(a) NULLS NOT DISTINCT",
        "(a) WITH (fillfactor = 70)",
        "(a) WHERE b > 0",
        "USING hash (a)",
        "(a) TABLESPACE fast",
    ],
)
def test_other_indexes(other: str):
    assert not index("(a)").is_same(index(other))


def test_how_an_index_is_made_does_not_matter():
    made = read_index('CREATE INDEX CONCURRENTLY IF NOT EXISTS "other" ON ONLY public.orders (a)', POSTGRESQL, "orders")
    assert made.is_same(index("(a)"))


@pytest.mark.parametrize("kind", ["UNIQUE", "FULLTEXT"])
def test_the_kind_matters(kind: str):
    assert not read_index(f"CREATE {kind} INDEX ix ON orders (a)", MARIADB, "orders").is_same(index("(a)", MARIADB))


def test_the_length_of_a_part_matters():
    assert not index("(`a`(10))", MARIADB).is_same(index("(`a`)", MARIADB))


def test_what_a_server_adds_to_a_condition_may_be_nothing():
    told, written = index("(a) WHERE ((state)::text = 'x'::text)"), index("(a) WHERE state = 'x'")
    assert not told.is_same(written)
    assert told.may_be_same(written)


def exclusion(text: str):
    return read_exclusion(text, POSTGRESQL, "orders")


def test_one_exclusion_in_two_spellings():
    told = exclusion("EXCLUDE USING gist (room WITH =, during WITH &&) WHERE ((a > 0)) DEFERRABLE INITIALLY DEFERRED")
    written = 'CONSTRAINT ex EXCLUDE USING gist ("room" WITH =, during WITH &&) WHERE (a > 0) INITIALLY DEFERRED'
    assert told.is_same(exclusion(written))
    assert told.operators == ("=", "&&")


@pytest.mark.parametrize(
    "other",
    [
        "EXCLUDE USING gist (a WITH <>)",
        "EXCLUDE USING gist (b WITH =)",
        "EXCLUDE USING btree (a WITH =)",
        "EXCLUDE USING gist (a gist_int4_ops WITH =)",
        "EXCLUDE USING gist (a WITH =) WHERE (a > 0)",
        "EXCLUDE USING gist (a WITH =) DEFERRABLE",
    ],
)
def test_other_exclusions(other: str):
    assert not exclusion("EXCLUDE USING gist (a WITH =)").is_same(exclusion(other))


def unique(text: str):
    return read_unique(text, POSTGRESQL, "orders")


def test_the_order_of_columns_in_a_unique_constraint_says_nothing():
    assert unique("CONSTRAINT uq UNIQUE (a, b)").is_same(unique('UNIQUE ("b", "a") NOT DEFERRABLE'))


@pytest.mark.parametrize(
    "other", ["UNIQUE (b)", "UNIQUE NULLS NOT DISTINCT (a)", "UNIQUE (a) INCLUDE (b)", "UNIQUE (a) DEFERRABLE"]
)
def test_other_unique_constraints(other: str):
    assert not unique("UNIQUE (a)").is_same(unique(other))
