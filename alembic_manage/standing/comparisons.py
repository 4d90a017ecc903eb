"""What is kept of comparisons of the models, by others: it may tell what this run did not look for."""

from __future__ import annotations

import os
from pathlib import Path

from alembic_manage.cache_folder import FOLDER, STATES, UNCHANGED
from alembic_manage.standing.inputs import digest_of_texts, mark_of


def kept_comparisons(root: Path) -> str:
    """A digest that is another one as soon as anybody has compared the models.

    Args:
        root: the project's folder.
    """
    folder = os.path.join(root, FOLDER)  # noqa: PTH118 - as in inputs.py: a Path is dear here
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith((UNCHANGED, STATES)))  # noqa: PTH208
    except OSError:
        return ""
    return digest_of_texts(f"{name} {mark_of(os.path.join(folder, name))}" for name in names)  # noqa: PTH118
