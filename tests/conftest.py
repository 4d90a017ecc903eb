"""What all tests share: the fixtures of tests/support, by what they are about."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings
from support.memory_disk import memory_disk

pytest_plugins = [
    "support.servers",
    "support.databases",
    "support.compiled_source",
    "support.pgbouncer",
    "support.projects",
    "support.tiny_projects",
    "support.rows",
    "support.modules",
    "support.autodetection",
    "support.browser",
    "support.strangers",
    "support.lint_views",
]

# So many more objects than before, and not Python's 700, make the collector of garbage look: that took a tenth of the
# processor time of tests in this process.
SELDOM = 10_000

# A busy machine is slow, and that is no defect.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# Tests copy many small files, and SQLite waits for the disk at each commit. Where pytest makes its folders is told by
# this variable alone. Source: pytest 8, "Temporary directories and files", the default base temporary directory.
if (_folder := memory_disk()) is not None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_folder))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the collector of garbage rest meanwhile, and pass over afterwards what stays: modules, thousands of tests.

    It took a third of the time to collect, and a tenth of that of tests in this process.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()
        gc.set_threshold(SELDOM, 10, 10)
