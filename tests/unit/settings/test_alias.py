"""The option that names a database, in a hint."""

from alembic_manage.settings.alias import DEFAULT_ALIAS, database_flag


def test_the_default_database_needs_no_flag():
    assert database_flag(DEFAULT_ALIAS) == ""


def test_another_database_is_named():
    assert f"python manage.py migrate{database_flag('archive')}" == "python manage.py migrate --database archive"
