"""SQL in a history that several kinds of databases share."""

from sqlalchemy import MetaData
from support.detections import detection, written

from alembic_manage.autodetect.several_kinds import understood_by_each
from alembic_manage.dialects import dialect_named
from alembic_manage.operations import FillRows, NumberRows, RewriteRows, Steps

FILL = FillRows("orders", "total", "0")
REWRITE = RewriteRows("orders", "total", "0", where="total !~ 'x'")


def lines(*operations, kinds=("postgresql", "sqlite")):
    found = detection(MetaData(), MetaData())
    found.kinds = [dialect_named(name) for name in kinds]
    return written(understood_by_each(list(operations), found), found)[0]


def test_rows_are_filled_on_each_of_them():
    assert lines(FILL) == ["op.execute('UPDATE orders SET total = 0 WHERE total IS NULL')"]


def test_rows_are_numbered_on_each_of_them_in_its_own_way():
    first, numbered, second, by_rowid = lines(NumberRows("orders", "code", "number"))
    assert first == "if op.get_context().dialect.name == 'postgresql':" and "row_number()" in numbered
    assert second == "if op.get_context().dialect.name == 'sqlite':" and "rowid" in by_rowid


def test_what_one_of_them_understands_runs_there_only():
    assert lines(REWRITE)[0] == "if op.get_context().dialect.name == 'postgresql':"
    assert lines(Steps([FILL, REWRITE], []))[1] == "if op.get_context().dialect.name == 'postgresql':"


def test_nothing_is_said_where_there_is_one_kind():
    assert len(lines(REWRITE, kinds=("postgresql",))) == 1
