"""What Alembic itself logs; the commands tell the same in their own words, so it is left out of their output."""

from __future__ import annotations

import logging
import sys
from pathlib import Path


def silence_setup() -> None:
    """Hide, until the process ends, what Alembic logs below WARNING while it is imported.

    To be called as soon as the settings have been: they may import an application that logs at INFO from then on, and
    each of Alembic's plugins would be a line in front of what every command says.
    """
    logging.getLogger("alembic.runtime.plugins").addFilter(_is_shown)


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
    # Not imported here: a command that needs no Alembic does not wait for it.
    file = getattr(sys.modules.get("alembic"), "__file__", None)
    return (
        record.levelno >= logging.WARNING or file is None or not Path(record.pathname).is_relative_to(Path(file).parent)
    )
