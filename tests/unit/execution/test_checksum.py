"""A checksum that only what a revision does can change."""

import pytest

from alembic_manage.execution.checksum import checksum_of, checksum_of_source

SOURCE = '''\
"""totals"""

from alembic import op

revision = "0002"


def upgrade():
    """Add totals."""
    op.add_column("orders", x)  # the total
    op.execute(f"UPDATE orders SET total = {1:>2}")
'''


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # the total", "  # another comment"),
        ('"""totals"""', '"""Totals.\n\nCreate Date: 2026-11-25\n"""'),
        ('    """Add totals."""\n', ""),
        ('op.add_column("orders", x)', "op.add_column(\n        'orders',\n        x,\n    )"),
        ("\n\n\ndef", "\n\ndef"),
    ],
)
def test_comments_formatting_and_docstrings_do_not_count(old: str, new: str):
    assert old in SOURCE
    assert checksum_of_source(SOURCE.replace(old, new)) == checksum_of_source(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"), [('"orders", x', '"orders", y'), ("total = {1", "total = {2"), ('"0002"', '"0003"'), (", x", "")]
)
def test_what_it_does_counts(old: str, new: str):
    assert old in SOURCE
    assert checksum_of_source(SOURCE.replace(old, new)) != checksum_of_source(SOURCE)


def test_a_file_that_is_no_python_has_none(tmp_path):
    path = tmp_path / "broken.py"
    assert checksum_of(path) is None
    path.write_text("def (")
    assert checksum_of(path) is None


def test_it_is_a_constant_of_the_source():
    """Recorded once, compared for years: it must not change with Python."""
    assert checksum_of_source("x = 1\n") == "bca5f148316d60e2647cca7abab32176d383b87ae403a7c239a0f9e369c974ad"
