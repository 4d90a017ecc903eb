"""Python's collector of garbage, put off where many objects are made that stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 100_000
"""So many more objects than before, and not Python's 700, make the collector look."""


def collect_seldom() -> None:
    """Have the collector look seldom, for the rest of the process.

    A command makes an object for each revision and row, and ends: of 10,000 revisions the collector took a quarter of
    the time of `showmigrations`, and found nothing.

    Source: Python manual, gc.set_threshold.
    """
    gc.set_threshold(SELDOM, 20, 20)


@contextmanager
def collection_paused() -> Iterator[None]:
    """While entered, the collector does not run: each run would look at all objects, and find nothing to free.

    Only for what makes a lot and lets go of little, as importing models does. What is freed by counting references is
    freed all the same.

    Source: Python manual, gc.disable.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
