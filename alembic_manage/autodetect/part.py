"""A share of the operations that gets a revision of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from alembic.operations import ops

    from alembic_manage.autodetect.detection import Detection


@dataclass(frozen=True)
class Part:
    """One of several revisions that are written in place of one."""

    phase: str
    """What the file says in `phase`."""
    word: str
    """The end of its name."""
    operations: tuple[ops.MigrateOperation, ...]


Split: TypeAlias = Callable[[Sequence["ops.MigrateOperation"], "Detection"], Sequence[Part]]
"""Gives the parts that take the place of all operations; none where one revision is right."""
