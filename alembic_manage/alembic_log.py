"""What Alembic itself logs; the commands tell the same in their own words, so it is left out of their output."""

from __future__ import annotations

import inspect
import logging
from pathlib import Path

import alembic

_FOLDER = str(Path(inspect.getfile(alembic)).parent)


def silence_alembic() -> None:
    """Hide, until the process ends, what Alembic's own code logs below WARNING.

    An env.py as `alembic init` writes it has `fileConfig()` print that: dozens of lines where autogenerate runs several
    times. What a project logs to the same loggers stays. A filter, since `fileConfig()` resets levels and no filters.

    Source: https://docs.python.org/3/library/logging.config.html#logging.config.fileConfig
    """
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("alembic."):
            logging.getLogger(name).addFilter(_is_shown)


def _is_shown(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or not record.pathname.startswith(_FOLDER)
