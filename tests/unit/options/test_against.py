"""The option --against."""

import pytest

from alembic_manage.command import CommandParser
from alembic_manage.options.against import add_against_argument, chosen_sources
from alembic_manage.sources.source import Source


def test_all_places_in_order_unless_one_is_named():
    assert list(chosen_sources(None)) == [Source.HISTORY, Source.SCRATCH, Source.DATABASE]


@pytest.mark.parametrize("source", Source)
def test_each_place_can_be_named(source):
    parser = CommandParser(prog="manage.py makemigrations")
    add_against_argument(parser)
    chosen = parser.parse_args(["--against", source.value]).against
    assert list(chosen_sources(chosen)) == [source]
