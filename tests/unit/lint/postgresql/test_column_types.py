"""Which change of a type copies the table."""

from __future__ import annotations

import pytest

from alembic_manage.lint.postgresql.column_types import type_change

V16 = (16, 0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("VARCHAR(20)", "VARCHAR(40)"),
        ("VARCHAR(20)", "TEXT"),
        ("TEXT", "VARCHAR"),
        ("NUMERIC(10, 2)", "NUMERIC(12, 2)"),
        ("NUMERIC(10, 2)", "NUMERIC"),
        ("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE"),
        ("CIDR", "INET"),
        ("CITEXT", "TEXT"),
    ],
)
def test_nothing_is_copied(old: str, new: str) -> None:
    assert not type_change(old, new, V16).copies


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("VARCHAR(40)", "VARCHAR(20)"),
        ("TEXT", "VARCHAR(20)"),
        ("CHAR(3)", "TEXT"),
        ("INTEGER", "BIGINT"),
        ("NUMERIC(10, 2)", "NUMERIC(12, 3)"),
        ("NUMERIC", "NUMERIC(12, 3)"),
        ("TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP(3) WITHOUT TIME ZONE"),
        ("INET", "CIDR"),
        ("JSON", "JSONB"),
        ("VARCHAR(20)[]", "TEXT[]"),
        ("mood", "feeling"),
    ],
)
def test_the_table_is_copied(old: str, new: str) -> None:
    assert type_change(old, new, V16).copies


def test_a_time_zone_costs_nothing_in_utc_since_12() -> None:
    old, new = "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITH TIME ZONE"
    assert type_change(old, new, V16).in_utc
    assert not type_change(old, new, (11, 0)).in_utc
    assert not type_change("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP(3) WITH TIME ZONE", V16).in_utc


def test_another_collation_builds_the_indexes_again() -> None:
    assert type_change("TEXT", 'TEXT COLLATE "C"', V16).builds_indexes
    assert not type_change("VARCHAR(20)", "TEXT", V16).builds_indexes
