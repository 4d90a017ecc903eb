"""How the options of makemigrations name things."""

import pytest

from alembic_manage.autodetect.candidates import Path


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (Path(None, "orders"), "orders"),
        (Path("reporting", "orders"), "reporting.orders"),
        (Path(None, "orders", "placed"), "orders.placed"),
        (Path(None, "status", "open"), "status.open"),
        (Path(None, "orders", "open", "status"), "orders.status.open"),
    ],
)
def test_a_path_is_written_from_outside_to_inside(path, text):
    assert str(path) == text
