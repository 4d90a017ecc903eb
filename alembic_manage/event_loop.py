"""Event loops beside the caller's: asyncio.run() raises where one runs, and leaves a thread without a current one."""

from __future__ import annotations

import contextvars
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def outside_of_loops(work: Callable[[], T]) -> T:
    """What `work` returns, called where no event loop runs: in a thread of its own, if one runs in this thread."""
    if not _is_inside():
        return work()
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(contextvars.copy_context().run, _with_current_loop, work).result()


def run_in_loop(main: Callable[..., Coroutine[Any, Any, T]], *args: Any) -> T:
    """What the coroutine function `main` returns, run in a new event loop, wherever the caller is."""
    return outside_of_loops(lambda: _run(main, *args))


class LoopThread:
    """An event loop in a thread of its own, which runs only while something is asked of it."""

    def __init__(self) -> None:
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        self._thread = ThreadPoolExecutor(max_workers=1)
        self._runner = asyncio.Runner()

    def __enter__(self) -> LoopThread:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def run(self, main: Callable[..., Coroutine[Any, Any, T]], *args: Any) -> T:
        """What the coroutine function `main` returns."""
        return self._thread.submit(lambda: self._runner.run(main(*args))).result()


def _with_current_loop(work: Callable[[], T]) -> T:
    """As in the main thread, there is a loop for asyncio.get_event_loop()."""
    import asyncio

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        return work()
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _run(main: Callable[..., Coroutine[Any, Any, T]], *args: Any) -> T:
    import asyncio

    # With a factory the runner sets no current loop, and takes none away: an env.py may ask for it.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        return runner.run(main(*args))


def _is_inside() -> bool:
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return False
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
