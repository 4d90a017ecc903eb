"""The kinds of databases for which revisions are rewritten, known by what they can do."""

from __future__ import annotations

from collections.abc import Sequence

from alembic_manage.autodetect.detection import Detection
from alembic_manage.rollout.mariadb import MariaDB
from alembic_manage.rollout.postgresql import PostgreSQL
from alembic_manage.rollout.server import Server

_SERVERS: Sequence[type[Server]] = (PostgreSQL, MariaDB)


def server_of(detection: Detection) -> Server | None:
    """The server of a detection; None where there is nothing to gain, or where several kinds have to be served."""
    if len(detection.kinds) > 1:
        return None
    return next((found(detection) for found in _SERVERS if found.serves(detection.rules)), None)
