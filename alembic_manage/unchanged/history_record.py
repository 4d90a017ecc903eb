"""Comparisons with one state of the history that found nothing, kept by table.

Where a revision was added, only the tables that differ since then need be compared.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic_manage.cache_folder import CacheFile
from alembic_manage.unchanged.description import Description, NotDescribableError
from alembic_manage.unchanged.digest import digest
from alembic_manage.unchanged.models import Fingerprints

_ENDING = ".clean"
# What env.py hands to Alembic and no comparison reads.
_NOT_READ = frozenset(
    {
        "target_metadata",  # described by itself
        "render_item",
        "user_module_prefix",
        "sqlalchemy_module_prefix",
        "alembic_module_prefix",
        "on_version_apply",
        "template_args",
        "script",
        "fn",
        "destination_rev",
        "starting_rev",
        "dont_mutate",
        "as_sql",
        "output_buffer",
        "tag",
        "purge",
    }
)


def options_key(options: Mapping[str, Any]) -> str | None:
    """The digest of what env.py hands to Alembic; None where a function of somebody else's is among it.

    Such a function (`include_object`, `compare_type`, `process_revision_directives`, ...) may look at anything, so that
    equal models no longer mean an equal result.
    """
    description = Description()
    for name in sorted(set(options) - _NOT_READ):
        value = options[name]
        if callable(value) and not str(getattr(value, "__module__", "")).startswith("alembic_manage."):
            return None
        description.words.append(name)
        try:
            description.add(value)
        except NotDescribableError:
            return None
    return digest([description.text])


class HistoryRecord:
    """The fingerprints of models that had no changes, for one state of the history.

    Args:
        root: the project's folder.
        state: the key of the state.
        surroundings: the digest of everything around, env.py's options included.
    """

    def __init__(self, root: Path, state: str, surroundings: str) -> None:
        self._file = CacheFile(root, digest([state, surroundings]), _ENDING)

    def read(self) -> Fingerprints | None:
        """What is kept; None where nothing is, or it is damaged."""
        data = self._file.read()
        try:
            return None if data is None else Fingerprints(*marshal.loads(data))
        except (ValueError, EOFError, TypeError):
            return None

    def write(self, fingerprints: Fingerprints) -> None:
        """Keep that models with these fingerprints had no changes."""
        self._file.write(marshal.dumps((fingerprints.rest, fingerprints.tables)))
