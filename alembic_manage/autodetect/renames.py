"""Renames: asked about, done on the schema before, and turned into operations.

Once a rename is done there, everything that refers to the old name follows it, and the models are compared anew: what
is left is what really changed.
"""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.autodetect.detection import Detection


def renamed(operations: list[ops.MigrateOperation], detection: Detection) -> list[ops.MigrateOperation]:
    """The operations that rename, in the order in which they must run; done on the detection's connection already.

    Args:
        operations: what a comparison found; nothing is asked where they drop nothing.
        detection: whose questioner is asked.
    """
    return []
