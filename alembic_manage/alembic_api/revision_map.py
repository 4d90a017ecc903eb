"""Alembic's map of revisions, answering from a history, and the steps on it.

script.revision.Revision, RevisionMap                                       1.18.0, 1.20.1
runtime.migration.RevisionStep                                              1.18.0, 1.20.1
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap

from alembic_manage.alembic_api.configuration import load_module
from alembic_manage.errors import RevisionFailedError
from alembic_manage.location import display_path

if TYPE_CHECKING:
    from alembic_manage.history import History, Revision


def use_history(script: ScriptDirectory, history: History) -> None:
    """Let Alembic answer from `history`, so that it imports only the revision files that run."""
    script.revision_map = RevisionMap(lambda: [LazyRevision(revision) for revision in history])


def upgrade_order(history: History, parents: Sequence[str]) -> tuple[str, ...]:
    """The order in which plain `alembic upgrade` would run the revisions below a merge of `parents`, from nothing."""
    merge = AlembicRevision("merge of all heads", tuple(parents))
    revision_map = RevisionMap(lambda: [*(LazyRevision(revision) for revision in history), merge])
    found = [revision.revision for revision in revision_map.iterate_revisions(merge.revision, "base")]
    return tuple(id for id in reversed(found) if id != merge.revision)


class LazyRevision(AlembicRevision):
    """A revision for Alembic whose file is imported when it runs; stands in for alembic.script.Script."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(
            revision.id,
            revision.down_revisions or None,
            dependencies=revision.depends_on or None,
            branch_labels=revision.branch_labels or None,
        )
        self.path = str(revision.path)
        self.doc = revision.message

    @cached_property
    def module(self) -> ModuleType:
        """The imported file."""
        return load_module(Path(self.path))


class RecordedStep(RevisionStep):
    """A step that is only recorded: its file is not imported, and may be one that cannot be."""

    def __init__(self, revision_map: RevisionMap, revision: LazyRevision, is_upgrade: bool) -> None:
        self.revision_map = revision_map
        self.revision = revision  # type: ignore[assignment]
        self.is_upgrade = is_upgrade
        self.migration_fn = None


def revision_step(revision_map: RevisionMap, id: str, *, is_upgrade: bool, runs: bool = True) -> RevisionStep:
    """Alembic's step for one revision; imports its file where it runs.

    Raises:
        RevisionFailedError: the file has no upgrade() or downgrade().
    """
    script = revision_map.get_revision(id)
    assert isinstance(script, LazyRevision)
    if not runs:
        return RecordedStep(revision_map, script, is_upgrade)
    function_of(script.module, is_upgrade=is_upgrade)
    return RevisionStep(revision_map, script, is_upgrade)  # type: ignore[arg-type]


def function_of(module: ModuleType, *, is_upgrade: bool) -> Callable[..., None]:
    """The function of a revision's file that runs.

    Raises:
        RevisionFailedError: the file has none.
    """
    name = "upgrade" if is_upgrade else "downgrade"
    found: Callable[..., None] | None = getattr(module, name, None)
    if found is None:
        raise RevisionFailedError(
            f"{display_path(Path(str(module.__file__)))} has no {name}() function, so nothing was done.",
            hint=f"write def {name}() in that file; pass is enough where there is nothing to do",
        )
    return found
