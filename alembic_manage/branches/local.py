"""Which of two branches is one's own."""

from __future__ import annotations

from dataclasses import dataclass

from alembic_manage.branches.fork import Branch, Fork
from alembic_manage.branches.recorded import Recorded
from alembic_manage.git import Published


@dataclass(frozen=True)
class Local:
    """The branch that is to go behind the other."""

    branch: Branch
    why: str
    """How it is known: "it is not in origin/main"."""


def local_branch(fork: Fork, published: Published | None, recorded: Recorded) -> Local | None:
    """The branch that nobody else has; None where neither git nor the databases tell clearly.

    Args:
        fork: of two branches.
        published: the files of git's main branch.
        recorded: what the databases record.
    """
    return (published and _unpublished(fork, published)) or _unrecorded(fork, recorded)


def _unpublished(fork: Fork, published: Published) -> Local | None:
    """The branch of which git's main branch has no file, where it has all files of the other."""
    files = {branch: [revision.path in published.files for revision in branch.revisions] for branch in fork.branches}
    absent = [branch for branch in fork.branches if not any(files[branch])]
    present = [branch for branch in fork.branches if all(files[branch])]
    return _only(absent, present, f"it is not in {published.branch}")


def _unrecorded(fork: Fork, recorded: Recorded) -> Local | None:
    """The branch of which no database records a revision, where one records the other's."""
    absent = [branch for branch in fork.branches if not recorded.among(sorted(branch.ids))]
    present = [branch for branch in fork.branches if branch not in absent]
    return _only(absent, present, "no database records it")


def _only(absent: list[Branch], present: list[Branch], why: str) -> Local | None:
    return Local(absent[0], why) if len(absent) == len(present) == 1 else None
