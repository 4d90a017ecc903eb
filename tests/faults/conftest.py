"""A bank on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.faults_bank import Bank


@pytest.fixture
def bank(tmp_path: Path, database_url: str) -> Iterator[Bank]:
    """A bank whose database is empty; each test runs once for each kind of database."""
    made = Bank(tmp_path / "bank", database_url)
    yield made
    made.close()
