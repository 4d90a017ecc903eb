"""Another program that runs in our place: it has the terminal, the signals and the last word on the exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


def run_child(argv: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> int:
    """The exit code of a program that was run to its end; 128 + the signal's number where a signal ended it.

    Ctrl-C is the child's affair: a client stops its query, pytest shows what it has.

    Args:
        argv: program and arguments.
        env: variables to add to the environment.
        cwd: where it runs; the current folder where None.

    Raises:
        OSError: the program cannot be started.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    with _interrupts_left_to_child():
        code = subprocess.run(argv, env={**os.environ, **(env or {})}, cwd=cwd, check=False).returncode
    return code if code >= 0 else 128 - code


@contextmanager
def _interrupts_left_to_child() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # No other thread may set a handler, and none of them gets the signal.
        return
    # A handler that does nothing, not SIG_IGN: that one the child would inherit.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
