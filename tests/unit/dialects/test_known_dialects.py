"""The facts about each database, and pessimistic defaults for the rest."""

import pytest

from alembic_manage.dialects import Dialect, dialect_named, known_dialects


def test_each_file_of_the_folder_is_a_dialect():
    assert [dialect.title for dialect in known_dialects()] == ["MariaDB", "PostgreSQL", "SQLite"]


@pytest.mark.parametrize(
    ("name", "title"),
    [("mysql", "MariaDB"), ("mariadb", "MariaDB"), ("postgresql", "PostgreSQL"), ("sqlite", "SQLite")],
)
def test_a_dialect_is_found_by_the_backend_name_of_sqlalchemy(name, title):
    assert dialect_named(name).title == title


def test_nothing_is_expected_of_an_unknown_database():
    unknown = dialect_named("oracle")
    assert unknown == Dialect(names=("oracle",), title="oracle")
    assert not unknown.transactional_ddl
    assert not unknown.is_file
