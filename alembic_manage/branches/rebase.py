"""Puts one of two branches behind the other: which one, whether it may, and whether it still runs there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from alembic_manage.branches.fork import Branch, Fork
from alembic_manage.branches.local import Local, local_branch
from alembic_manage.branches.merge import ALLOW
from alembic_manage.branches.moves import Move, moves_of
from alembic_manage.branches.proof import Proof, differences
from alembic_manage.branches.recorded import Recorded, read_recorded
from alembic_manage.branches.verdict import Difference, Outcome, Verdict
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, RefusedError, UnansweredQuestionError, UsageError
from alembic_manage.git import published_files
from alembic_manage.history import History, Revision
from alembic_manage.settings.alias import database_flag

COMMAND = "python manage.py makemigrations --rebase"
Notify = Callable[[str], None]


class Rebase:
    """One branch on its way behind another head.

    Args:
        environment: whose history it is.
        fork: the two branches.
        local: the one that moves.
        recorded: what the databases record.
    """

    def __init__(self, environment: Environment, fork: Fork, local: Local, recorded: Recorded) -> None:
        self.environment = environment
        self.fork = fork
        self.local = local
        self.recorded = recorded
        self.proof = Proof(environment, fork)

    @property
    def branch(self) -> Branch:
        """The branch that moves."""
        return self.local.branch

    @property
    def onto(self) -> Branch:
        """The branch that stays, and that the other one follows then."""
        return next(branch for branch in self.fork.branches if branch is not self.branch)

    def moves(self) -> tuple[Move, ...]:
        """What becomes of each revision; nothing is written.

        Raises:
            RefusedError: a database records one of them, another revision needs one, or they are no single chain.
        """
        for alias, ids in self.recorded.among([revision.id for revision in self.branch.revisions]).items():
            parent = next(iter(self.branch.revisions[0].down_revisions), "zero")
            raise RefusedError(
                f"{', '.join(ids)} cannot get another place: applied to '{alias}'.",
                hint=f"python manage.py rollback {parent}{database_flag(alias)}, "
                "or: python manage.py makemigrations --merge",
            )
        root = self.environment.project.root
        return moves_of(self.environment.history, self.branch, self.onto.head, root)

    @property
    def verdict(self) -> Verdict:
        """Whether the branches commute."""
        return self.proof.verdict

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The objects that a merge would leave otherwise; none where a merge would not run."""
        merged = self.environment.history.in_order(self.fork.revisions)
        if self.verdict.outcome is not Outcome.CONFLICT or self.proof.failure_of(merged):
            return ()
        orders = [[revision.id for revision in order] for order in (self._order, merged)]
        rebased = self.proof.after(self._order).inventory
        return differences(orders[0], rebased, orders[1], self.proof.after(merged).inventory)

    def result(self) -> str:
        """The line that says what is known about the schema afterwards."""
        if self.verdict.outcome is Outcome.UNPROVEN:
            return self.verdict.result
        if self.proof.failure_of(self._order):
            return f"Behind {self.onto.name} it does not run: {self.proof.failure_of(self._order)}"
        if self.differences:
            return f"Behind {self.onto.name} it gives another schema than a merge would."
        merged = self.environment.history.in_order(self.fork.revisions)
        if self.proof.failure_of(merged):
            return f"Behind {self.onto.name} it runs; a merge would not."
        return f"Behind {self.onto.name} it gives the same schema as a merge would."

    def objection(self) -> CommandError | None:
        """Why nobody but a person may go on; None where it is proven that the schema is the same.

        Raises:
            RefusedError: behind the other branch it would not run.
        """
        hint = f"{COMMAND} {self.branch.name} {ALLOW}, or: python manage.py makemigrations --merge"
        if self.verdict.outcome is Outcome.UNPROVEN:
            return UnansweredQuestionError(self.result(), hint=hint)
        if self.proof.failure_of(self._order):
            raise RefusedError(self.result(), hint=f"{COMMAND} {self.onto.name}, for the other order")
        return RefusedError(self.result(), hint=hint) if self.differences else None

    @property
    def _order(self) -> Sequence[Revision]:
        return (*self.onto.revisions, *self.branch.revisions)


def find_rebase(
    environment: Environment, named: str | None, onto: str | None, notify: Notify, choose: Callable[[Fork], str]
) -> Rebase:
    """The rebase that is meant.

    Args:
        environment: with several heads.
        named: a revision of the branch that moves; None where git or the databases are to tell.
        onto: the head that stays; None for the only other one.
        notify: is told of databases that cannot be asked.
        choose: asks for the head that moves, where nothing else tells.

    Raises:
        UsageError: a name is in no branch, or there are more heads than two and not both are named.
        UnansweredQuestionError: nothing tells which branch moves, and nobody can be asked.
    """
    history = environment.history
    moving, staying = (_head_of(history, name) if name else None for name in (named, onto))
    fork = Fork.of(history, _two_heads(history, moving, staying))
    recorded = read_recorded(environment.project, "Whether the branch is applied", notify)
    if moving is None and staying is None:
        published = published_files({revision.path.parent for revision in history})
        local = local_branch(fork, published, recorded)
        if local is not None:
            return Rebase(environment, fork, local, recorded)
        moving = choose(fork)
    branch = next(each for each in fork.branches if (each.name == moving if moving else each.name != staying))
    return Rebase(environment, fork, Local(branch, "you said so"), recorded)


def _two_heads(history: History, moving: str | None, staying: str | None) -> tuple[str, ...]:
    """The heads of the two branches that count, in order."""
    heads = tuple(head.id for head in history.heads)
    hint = f"{COMMAND} {heads[-1]} --onto {heads[0]}"
    if moving is not None and moving == staying:
        raise UsageError(f"Both names mean the branch of {moving}.", hint=hint)
    if len(heads) > 2 and (moving is None or staying is None):
        raise UsageError(f"There are {len(heads)} heads ({', '.join(heads)}): say which goes behind which.", hint=hint)
    return heads if len(heads) == 2 else tuple(head for head in heads if head in (moving, staying))


def _head_of(history: History, name: str) -> str:
    """The head of the branch that a revision is in.

    Raises:
        UnknownRevisionError: there is no such revision.
        UsageError: several heads follow it.
    """
    revision = history.find(name)
    following = [head.id for head in history.heads if head.id in history.descendants([revision.id])]
    if len(following) != 1:
        raise UsageError(f"{revision.id} is in more than one branch.", hint=f"{COMMAND} {history.heads[-1].id}")
    return following[0]
