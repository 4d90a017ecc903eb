"""EXCLUDE constraints, found on the history state."""

from alembic.operations import ops
from sqlalchemy import Column, Integer, MetaData, Table, text
from sqlalchemy.dialects.postgresql import INT4RANGE, ExcludeConstraint
from support.comparison import lines_between, metadata_of, operations_between, state_connection


def rooms(*elements, name: str | None = "ex", **options):
    def model(metadata: MetaData) -> None:
        table = Table("rooms", metadata, Column("number", Integer), Column("during", INT4RANGE))
        if elements:
            table.append_constraint(ExcludeConstraint(*elements, name=name, **options))

    return model


def _operations(before, after) -> list:
    with state_connection(metadata_of(before), "postgresql") as connection:
        return operations_between(connection, metadata_of(after))


PLAIN = rooms(("during", "&&"))
FULL = rooms(
    ("number", "="),
    ("during", "&&"),
    where=text("number > 0"),
    deferrable=True,
    initially="DEFERRED",
    ops={"number": "gist_int4_ops"},
)


def test_it_is_made_with_all_that_it_says():
    (line,) = lines_between(rooms(), FULL, "postgresql")
    assert line == (
        "op.create_exclude_constraint('ex', 'rooms', (sa.literal_column('number gist_int4_ops'), '='), "
        "(sa.literal_column('during'), '&&'), where=sa.text('(number > 0)'), deferrable='True', initially='DEFERRED', "
        "using='gist')"
    )


def test_it_is_dropped_and_the_way_back_makes_it_again():
    (drop,) = _operations(FULL, rooms())
    assert isinstance(drop, ops.DropConstraintOp)
    made = drop.reverse().to_constraint()
    assert [(str(expression), operator) for expression, _, operator in made._render_exprs] == [
        ("number gist_int4_ops", "="),
        ("during", "&&"),
    ]
    assert (str(made.where), made.deferrable, made.initially, made.using) == ("(number > 0)", True, "DEFERRED", "gist")


def test_a_change_is_both():
    assert [type(each).__name__ for each in _operations(PLAIN, FULL)] == [
        "DropConstraintOp",
        "CreateExcludeConstraintOp",
    ]


def test_nothing_is_found_in_the_same_constraint():
    for model in (PLAIN, FULL, rooms(("during", "&&"), name=None)):
        assert lines_between(model, model, "postgresql") == ["pass"]


def test_one_without_a_name_gets_the_servers():
    (line,) = lines_between(rooms(), rooms(("during", "&&"), name=None), "postgresql")
    assert line.startswith("op.create_exclude_constraint('rooms_during_excl', 'rooms', ")


def test_a_new_table_has_the_operator_classes():
    lines = lines_between(lambda metadata: None, FULL, "postgresql")
    assert "sa.literal_column('number gist_int4_ops')" in " ".join(lines)
