"""What SQLAlchemy says of the models while rows are read and written is no part of a command's output."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SAWarning


@contextmanager
def without_warnings() -> Iterator[None]:
    """Show none of SQLAlchemy's warnings inside the block, unless Python was told which to show (-W)."""
    with warnings.catch_warnings():
        if not sys.warnoptions:
            warnings.simplefilter("ignore", SAWarning)
        yield
