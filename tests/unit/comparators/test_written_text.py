"""Expressions in revision files, as a driver that marks parameters with percent signs has them rendered."""

import pytest
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Column, Index, MetaData, String, Table, text
from support.comparison import body_of, context_on, state_connection


def _models() -> MetaData:
    models = MetaData()
    check = CheckConstraint("b LIKE '%x' AND b <> '\\:y' AND b <> '10:20'", name="words")
    table = Table("orders", models, Column("b", String(9), server_default=text("'%\\:z'")), check)
    Index("ix", text("(b || '%\\:x')"), _table=table, postgresql_where=text("b <> '\\:x%'"))
    return models


def _written(doubled: bool, times: int = 1) -> str:
    with state_connection(MetaData(), "postgresql") as connection:
        connection.dialect.identifier_preparer._double_percents = doubled
        models = _models()
        context: MigrationContext = context_on(connection, models)
        for _ in range(times):
            script = produce_migrations(context, models)
        assert script.upgrade_ops is not None
        return body_of(context, script.upgrade_ops)


@pytest.mark.parametrize("doubled", [False, True])
@pytest.mark.parametrize("times", [1, 2])
def test_percent_signs_stand_once_and_colons_are_no_parameters(doubled: bool, times: int):
    body = _written(doubled, times)
    assert r"""sa.CheckConstraint("b LIKE '%x' AND b <> '\\:y' AND b <> '10:20'", name='words')""" in body
    assert r"""server_default=sa.text("'%\\:z'")""" in body
    assert r"""postgresql_where=sa.text("b <> '\\:x%'")""" in body


def test_the_part_of_an_index_has_no_parameters():
    assert """sa.literal_column("(b || '%:x')")""" in _written(False)
