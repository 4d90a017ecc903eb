"""A file of Python that is run again as it was is not compiled again: each command runs env.py, and files of revisions.

Tests write no .pyc files, see support/tiny_projects.py, so each would be compiled a dozen times in a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from types import CodeType
from typing import Any

import pytest


@pytest.fixture(scope="session", autouse=True)
def source_compiled_once() -> Iterator[None]:
    """The same content under the same path gives the same code, in the process of the tests."""
    compiled_as_ever = SourceFileLoader.source_to_code

    @lru_cache(maxsize=100)
    def compiled(data: bytes, path: str, options: tuple[tuple[str, Any], ...]) -> CodeType:
        return compiled_as_ever(SourceFileLoader("", path), data, path, **dict(options))

    def source_to_code(loader: SourceFileLoader, data: bytes, path: str, **options: Any) -> CodeType:
        return compiled(data, path, tuple(options.items()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SourceFileLoader, "source_to_code", source_to_code)
        yield
