"""Joins several heads: what is known about them, and the order in which the merge revision names them."""

from __future__ import annotations

from itertools import permutations

from alembic_manage import alembic_api
from alembic_manage.branches.fork import Fork
from alembic_manage.branches.proof import Proof
from alembic_manage.branches.verdict import Outcome, Verdict
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, RefusedError, UnansweredQuestionError

ALLOW = "--allow-conflicts"
_MOST_ORDERS = 24


class Merge:
    """All heads of a history on their way into one.

    Args:
        environment: with several heads.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.fork = Fork.of(environment.history, [head.id for head in environment.history.heads])
        self.proof = Proof(environment, self.fork)

    @property
    def verdict(self) -> Verdict:
        """Whether the branches commute."""
        return self.proof.verdict

    def parents(self) -> tuple[str, ...]:
        """The heads, in the order in which the merge revision must name them.

        `migrate` goes by names, plain `alembic upgrade` by the order in `down_revision`. Where it matters, one is
        chosen with which both do the same.

        Raises:
            RefusedError: the history would not run in the order of its names.
        """
        heads = tuple(branch.name for branch in self.fork.branches)
        if self.verdict.outcome is not Outcome.CONFLICT:
            return heads
        history = self.environment.history
        ours = history.in_order(self.fork.revisions)
        failure = self.proof.failure_of(ours)
        if failure:
            raise RefusedError(
                f"A merge would not run: migrations run in the order of their names, and then {failure}.",
                hint=f"python manage.py makemigrations --rebase {heads[0]}",
            )
        wanted = self.proof.after(ours).inventory
        for order, _ in zip(permutations(reversed(heads)), range(_MOST_ORDERS), strict=False):
            ids = [id for id in alembic_api.upgrade_order(history, order) if id in self.fork.revisions]
            theirs = [history.by_id[id] for id in ids]
            if not self.proof.failure_of(theirs) and self.proof.after(theirs).inventory == wanted:
                return order
        return heads


def objection(verdict: Verdict, command: str, other_way: str) -> CommandError | None:
    """Why nobody but a person may go on; None where the branches are proven to commute.

    Args:
        verdict: about the branches.
        command: what was typed: "python manage.py makemigrations --merge".
        other_way: another command, which settles it.
    """
    hint = f"{other_way}, or all the same: {command} {ALLOW}"
    if verdict.outcome is Outcome.CONFLICT:
        return RefusedError(verdict.result, hint=hint)
    if verdict.is_open:
        shared = [work.line for work in verdict.rows if work.shared]
        return UnansweredQuestionError(shared[0] if verdict.outcome is Outcome.COMMUTE else verdict.result, hint=hint)
    return None
