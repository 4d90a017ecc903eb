"""Who works with a test database."""

import getpass

import pytest
from sqlalchemy import URL

from alembic_manage.testing.errors import TestDatabaseError
from alembic_manage.testing.occupancy import Occupancy

URL_OF_TEST = URL.create("postgresql", host="localhost", database="test_shop")


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """A folder for temporary files of its own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_two_runs_do_not_share_a_database():
    one, other = Occupancy(URL_OF_TEST, "1", "main"), Occupancy(URL_OF_TEST, "2", "main")
    with one.turn():
        one.enter()
    with other.turn(), pytest.raises(TestDatabaseError, match="Another test run uses the test database 'test_shop'"):
        other.enter()
    with one.turn():
        assert one.leave()


def test_a_user_without_a_name_has_a_folder_too(monkeypatch):
    def nameless():
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr(getpass, "getuser", nameless)
    monkeypatch.setattr("os.getuid", lambda: 54321)
    occupancy = Occupancy(URL_OF_TEST, "1", "main")
    with occupancy.turn():
        occupancy.enter()
        assert occupancy.leave()
    assert occupancy.folder.name == "alembic_manage_tests_54321"
