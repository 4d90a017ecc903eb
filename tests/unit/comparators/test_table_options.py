"""Options of tables, found on the history state."""

from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table
from support.comparison import lines_between


def orders(**options: Any):
    def model(metadata: MetaData) -> None:
        Table("orders", metadata, Column("id", Integer, primary_key=True), **options)

    return model


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({}, {"mysql_engine": "MyISAM"}, "ENGINE=MyISAM"),
        ({"mysql_engine": "MyISAM"}, {"mysql_engine": "InnoDB"}, "ENGINE=InnoDB"),
        ({}, {"mysql_row_format": "DYNAMIC"}, "ROW_FORMAT=DYNAMIC"),
        ({}, {"mysql_charset": "latin1"}, "CONVERT TO CHARACTER SET latin1"),
        ({}, {"mysql_collate": "utf8mb4_bin"}, "CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    ],
)
def test_an_option_that_the_models_name_is_changed(before, after, change):
    assert lines_between(orders(**before), orders(**after), "mysql") == [f"op.execute('ALTER TABLE orders {change}')"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"mysql_engine": "MyISAM"}, {}),
        ({}, {"mysql_engine": "innodb"}),
        ({"mysql_charset": "utf8mb4"}, {"mysql_default_charset": "UTF8MB4"}),
        ({"mysql_charset": "latin1", "mysql_collate": "latin1_bin"}, {"mysql_charset": "latin1"}),
        ({}, {"mariadb_engine": "MyISAM"}),
    ],
)
def test_what_the_models_do_not_name_or_spell_otherwise_is_no_change(before, after):
    assert lines_between(orders(**before), orders(**after), "mysql") == ["pass"]


def test_other_databases_have_no_options():
    for name in ("postgresql", "sqlite"):
        assert lines_between(orders(), orders(mysql_engine="MyISAM"), name) == ["pass"]
