"""The values that a CHECK allows."""

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.sql.labels import AllowedLabels, labels_allowed


@pytest.mark.parametrize(
    ("check", "database"),
    [
        ("status IN ('OPEN', 'PAID')", "sqlite"),
        ("`status` in (_utf8mb4'OPEN','PAID')", "mysql"),
        ("((status)::text = ANY (ARRAY['OPEN'::text, ('PAID'::character varying)::text]))", "postgresql"),
    ],
)
def test_each_database_has_its_own_way_to_say_in(check: str, database: str):
    assert labels_allowed(check, dialect_named(database)) == AllowedLabels("status", ("OPEN", "PAID"))


def test_one_value_is_an_equality():
    assert labels_allowed("status = 'OPEN'", dialect_named("sqlite")) == AllowedLabels("status", ("OPEN",))


@pytest.mark.parametrize("name", ["sqlite", "mysql"])
def test_the_column_is_told_as_the_table_writes_it_where_case_means_nothing(name: str):
    columns = ["id", "orderStatus"]
    assert labels_allowed("ORDERSTATUS = 'a'", dialect_named(name), columns=columns) == AllowedLabels(
        "orderStatus", ("a",)
    )
    assert labels_allowed("other = 'a'", dialect_named(name), columns=columns) == AllowedLabels("other", ("a",))


@pytest.mark.parametrize(
    "check",
    ["price > 0", "status IN ('a') OR status IS NULL", "rank IN (1, 2)", "lower(status) IN ('a', 'b')", "status"],
)
def test_another_check_allows_no_labels(check: str):
    assert labels_allowed(check, dialect_named("sqlite")) is None
