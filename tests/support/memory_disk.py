"""A disk in memory for what tests write: nothing of it need outlive them, and nobody waits for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PLACE = Path("/dev/shm")
# Two workers' servers and folders take less than half of it.
NEEDED_BYTES = 3 << 30


def memory_disk() -> Path | None:
    """A folder in memory with room for all tests; None where there is none: a container's often has 64 MB."""
    if not PLACE.is_dir() or not os.access(PLACE, os.W_OK) or shutil.disk_usage(PLACE).free < NEEDED_BYTES:
        return None
    return PLACE
