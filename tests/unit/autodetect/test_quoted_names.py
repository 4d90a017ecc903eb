"""Rows of tables and columns whose names not every database quotes alike."""

import io

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import MetaData
from support.detections import detection, written

from alembic_manage.autodetect.quoted_names import quoted_by_each
from alembic_manage.dialects import dialect_named
from alembic_manage.operations import FillRows, RewriteRows, Steps

RESERVED = FillRows("user", "order", "'a:b'")


def lines(operation, *kinds):
    found = detection(MetaData(), MetaData(), kinds[0])
    found.kinds = [dialect_named(name) for name in kinds]
    return written(quoted_by_each([operation], found), found)[0]


def run(line, name):
    """What a line of a revision runs on a kind of database."""
    out = io.StringIO()
    context = MigrationContext.configure(dialect_name=name, opts={"as_sql": True, "output_buffer": out})
    eval(line, {"op": Operations(context), "sa": sa})
    return out.getvalue().strip()


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("sqlite", """UPDATE user SET "order"='a:b' WHERE "order" IS NULL;"""),
        ("postgresql", """UPDATE "user" SET "order"='a:b' WHERE "order" IS NULL;"""),
        ("mysql", """UPDATE user SET `order`='a:b' WHERE `order` IS NULL;"""),
    ],
)
@pytest.mark.parametrize("kinds", [("sqlite",), ("postgresql", "mysql")])
def test_what_is_written_on_one_database_runs_on_the_others(kinds, name, statement):
    (line,) = lines(RESERVED, *kinds)
    assert run(line, name) == statement


def test_a_schema_is_quoted_too():
    (line,) = lines(FillRows("orders", "total", "0", "order"), "postgresql", "mysql")
    assert run(line, "mysql") == "UPDATE `order`.orders SET total=0 WHERE total IS NULL;"


def test_it_is_done_inside_of_steps():
    assert lines(Steps([RESERVED], []), "sqlite")[0].startswith("op.execute(sa.update(sa.table('user', ")


def test_plain_names_stay_plain_sql():
    assert lines(FillRows("orders", "total", "0"), "sqlite") == [
        "op.execute('UPDATE orders SET total = 0 WHERE total IS NULL')"
    ]


def test_a_server_alone_keeps_its_own_quotes():
    assert lines(FillRows("user", "total", "0"), "postgresql") == [
        """op.execute('UPDATE "user" SET total = 0 WHERE total IS NULL')"""
    ]


def test_what_is_for_one_kind_only_stays_as_it_is():
    rewrite = RewriteRows("user", "total", "0")
    assert lines(rewrite, "sqlite") == ["op.execute('UPDATE user SET total = 0 WHERE total IS NULL')"]
