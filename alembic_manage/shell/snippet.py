"""A piece of Python that `shell` runs without a person: from -c, or from standard input."""

from __future__ import annotations

import ast
import asyncio
import builtins
import inspect
import linecache
import traceback
from dataclasses import dataclass
from types import CodeType
from typing import Any

from alembic_manage.shell.namespace import Namespace


@dataclass(frozen=True)
class Snippet:
    """Source code and the file name under which tracebacks show it."""

    source: str
    filename: str = "<string>"

    def run(self, namespace: Namespace) -> None:
        """Run the code with the names of `namespace`, which is closed afterwards; `await` may stand at the top level.

        Raises:
            BaseException: whatever the code raises, a SyntaxError included.
        """
        names = {"__name__": "__main__", "__builtins__": builtins, **namespace.values()}
        # So that a traceback shows the lines.
        lines = self.source.splitlines(keepends=True)
        linecache.cache[self.filename] = (len(self.source), None, lines, self.filename)
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        code: CodeType = compile(self.source, self.filename, "exec", flags=flags, dont_inherit=True)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(_await(code, names, namespace))
            return
        try:
            exec(code, names)
        finally:
            namespace.close()

    def traceback_of(self, error: BaseException) -> str:
        """The traceback of an error of the code, without the frames of the suite."""
        frames = error.__traceback__
        while frames is not None and frames.tb_frame.f_code.co_filename != self.filename:
            frames = frames.tb_next
        return "".join(traceback.format_exception(type(error), error, frames))


async def _await(code: CodeType, names: dict[str, Any], namespace: Namespace) -> None:
    try:
        await eval(code, names)
    finally:
        await namespace.aclose()
