"""What the linter found, as text for people and for other programs: one format a file, found by listing the folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_manage.lint.run import LintRun

Render = Callable[["LintRun", Path], str]
"""Called with a run and the project's folder; gives the text, without a line break at its end."""


def names() -> tuple[str, ...]:
    """The formats, sorted."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules(__path__)))


def renderer(name: str) -> Render:
    """The function of a format."""
    render: Render = importlib.import_module(f"{__name__}.{name}").render
    return render
