"""Whether a default is another one for each row."""

from __future__ import annotations

import pytest

from alembic_manage.dialects import dialect_named
from alembic_manage.lint.postgresql.volatility import Volatility, volatility_of


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'DRAFT'", Volatility.STEADY),
        ("now()", Volatility.STEADY),
        ("CURRENT_TIMESTAMP", Volatility.STEADY),
        ("'a'::varchar(20)", Volatility.STEADY),
        ("CAST('1' AS numeric(10, 2))", Volatility.STEADY),
        ("'random()'", Volatility.STEADY),
        ("'{}'::jsonb", Volatility.STEADY),
        ("date_trunc('day', now())", Volatility.STEADY),
        ("gen_random_uuid()", Volatility.VOLATILE),
        ("lower(random()::text)", Volatility.VOLATILE),
        ("next_code(random())", Volatility.VOLATILE),
        ("nextval('s'::regclass)", Volatility.VOLATILE),
        ("next_code()", Volatility.UNKNOWN),
        ('shop."nextCode"(1)', Volatility.UNKNOWN),
    ],
)
def test_volatility(expression: str, expected: Volatility) -> None:
    assert volatility_of(expression, dialect_named("postgresql")) is expected
