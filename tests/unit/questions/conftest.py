"""One question of each kind."""

from __future__ import annotations

import pytest

from alembic_manage.questions import (
    NotNullQuestion,
    RemovedValueQuestion,
    RenameQuestion,
    TypeChangeQuestion,
    UniqueQuestion,
)


@pytest.fixture
def rename() -> RenameQuestion:
    return RenameQuestion("orders.placed", "column", (("orders.placed_at", "DATE becomes TIMESTAMP"),))


@pytest.fixture
def index_rename() -> RenameQuestion:
    return RenameQuestion("orders.ix_placed", "index", (("orders.ix_placed_at", ""),))


@pytest.fixture
def not_null() -> NotNullQuestion:
    return NotNullQuestion("orders.total", "INTEGER", True, "0")


@pytest.fixture
def unique() -> UniqueQuestion:
    return UniqueQuestion("orders.uq_orders_code", ("code", "shop"))


@pytest.fixture
def type_change() -> TypeChangeQuestion:
    return TypeChangeQuestion("orders.code", "VARCHAR(20)", "INTEGER", False, "0")


@pytest.fixture
def rounding() -> TypeChangeQuestion:
    return TypeChangeQuestion("orders.total", "NUMERIC(10, 2)", "INTEGER", True, "0")


@pytest.fixture
def removed_value() -> RemovedValueQuestion:
    return RemovedValueQuestion("status.lost", ("open", "it's done"))
