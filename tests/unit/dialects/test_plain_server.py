"""A server without SQLAlchemy: its driver gets the arguments that SQLAlchemy would give it, or it is not asked so."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from alembic_manage.dialects import dialect_named


@pytest.mark.parametrize(
    ("url", "options", "is_same"),
    [
        ("postgresql+psycopg://shop:p%40ss+w%2Frd@db.example:5433/shop?sslmode=require", {}, True),
        ("postgresql+psycopg://shop:@/shop?host=/run/postgresql", {"pool_pre_ping": True}, True),
        ("postgresql+psycopg:///shop", {}, True),
        ("postgresql+psycopg://DB.example/shop", {"connect_args": {"connect_timeout": 5}}, True),
        ("postgresql+psycopg://shop@[::1]:5432/shop", {}, False),
        ("postgresql+psycopg://shop@/shop?host=one:1&host=two:2", {}, False),
        ("postgresql+psycopg://localhost/shop", {"isolation_level": "SERIALIZABLE"}, False),
        ("postgresql+psycopg://localhost/shop?plugin=tracing", {}, False),
        ("postgresql+asyncpg://localhost/shop", {}, None),
        ("mysql+pymysql://shop:secret@localhost:3307/shop?charset=utf8mb4", {"pool_recycle": 3600}, True),
        ("mariadb+pymysql://shop@localhost/shop", {"connect_args": {"read_timeout": 5}}, True),
        ("mysql+pymysql://shop@localhost/shop?connect_timeout=5", {}, False),
        ("mysql+pymysql://shop@localhost/shop?ssl_ca=/etc/ca.pem", {}, False),
        ("mysql+aiomysql://localhost/shop", {}, None),
    ],
)
def test_a_server_is_plain_where_the_driver_gets_the_same(
    url: str, options: dict[str, object], is_same: bool | None
) -> None:
    parsed = make_url(url)
    dialect = dialect_named(parsed.get_backend_name())
    server = dialect.plain_database(parsed.get_driver_name(), url, options, Path("/project"))
    if is_same is None:
        assert server is None
    else:
        assert server is not None
        assert server.is_what_opens(parsed, options) is is_same
