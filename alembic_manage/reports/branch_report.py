"""What makemigrations says and asks about branches: --merge and --rebase."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from alembic_manage.branches.fork import Branch, Fork
from alembic_manage.branches.merge import Merge, objection
from alembic_manage.branches.moves import Move
from alembic_manage.branches.rebase import COMMAND, Rebase
from alembic_manage.console import OutputWrapper, Style, ask, confirm, is_interactive
from alembic_manage.errors import CommandError, RefusedError, UnansweredQuestionError
from alembic_manage.location import display_path
from alembic_manage.outline.revision import outline_of
from alembic_manage.project import Project
from alembic_manage.reports.revision_report import writes
from alembic_manage.reports.run_report import change_lines

MERGE = "python manage.py makemigrations --merge"
NOTHING: Mapping[str, object] = {
    "verdict": None,
    "reason": None,
    "touched": [],
    "differences": [],
    "rows": [],
    "column_orders": [],
}
"""What a document says about branches where there is one head."""


class BranchReport:
    """Prints what is known about branches, and asks whether to go on.

    Args:
        project: for titles and paths.
        out: standard output.
        log: where texts for people go; the questions too, also beside a document.
        style: its colours.
        options: the command's: verbosity, json, interactive, dry_run, check_changes, allow_conflicts.
    """

    def __init__(
        self, project: Project, out: OutputWrapper, log: OutputWrapper, style: Style, options: Mapping[str, Any]
    ) -> None:
        self.project = project
        self.out = out
        self.log = log
        self.style = style
        self.options = options

    def merge(self, merge: Merge) -> None:
        """What each branch does, and whether they commute."""
        self._say(f"Merging {self.project.title}", self.style.MIGRATE_HEADING)
        for branch in merge.fork.branches:
            self._say(f"  Branch {branch.name}", self.style.MIGRATE_LABEL)
            self._changes(branch)
        for line in merge.verdict.lines():
            self._say(line)

    def may_merge(self, merge: Merge) -> bool:
        """Whether to go on: what is proven is asked about as ever, what is not needs a person or an option.

        Raises:
            RefusedError: they do not commute, and nobody says to merge them all the same.
            UnansweredQuestionError: it is not proven that they commute, and nobody says so; or nobody is there.
        """
        error = objection(merge.verdict, MERGE, f"{COMMAND} {merge.fork.branches[-1].name}")
        if error is not None:
            return self._overruled(error, "Should these migration branches be merged all the same?", MERGE)
        if not self.options["interactive"] or not self._writes:
            return True
        return confirm("Should these migration branches be merged?", hint=f"{MERGE} --no-input", out=self.log)

    def rebase(self, rebase: Rebase) -> None:
        """Which branch goes where and why, and what that does to the schema."""
        self._say(f"Rebasing {self.project.title}", self.style.MIGRATE_HEADING)
        for branch in rebase.fork.branches:
            moves = branch is rebase.branch
            what = f"goes behind {rebase.onto.name} ({rebase.local.why})" if moves else "stays"
            self._say(f"  {self.style.MIGRATE_LABEL(f'Branch {branch.name}')} {what}")
            self._changes(branch)
        for line in rebase.verdict.lines():
            self._say(line)
        if rebase.result() != rebase.verdict.result:
            self._say(rebase.result())
        told = {each.item for each in rebase.verdict.differences}
        for difference in rebase.differences:
            if difference.item not in told:
                self._say(f"  {difference.line}")

    def may_rebase(self, rebase: Rebase, moves: Sequence[Move]) -> bool:
        """Whether to go on.

        Raises:
            RefusedError: it would not run, or gives another schema than a merge, and nobody says to do it all the same.
            UnansweredQuestionError: it is not proven, and nobody says so; or nobody is there.
        """
        command = f"{COMMAND} {rebase.branch.name}"
        try:
            error = rebase.objection()
            return error is None or self._overruled(error, "Should the branch be rebased all the same?", command)
        except (RefusedError, UnansweredQuestionError):
            self._write_json(rebase, moves, written=False)
            raise

    def which(self, fork: Fork) -> str:
        """The head of the branch that a person says is to move.

        Raises:
            UnansweredQuestionError: nobody is there, or the input ended.
        """
        names = [branch.name for branch in fork.branches]
        hint = ", or: ".join(f"{COMMAND} {name}" for name in names)
        if not self._asks:
            raise UnansweredQuestionError(
                f"Neither git nor the databases tell which branch is yours: {' or '.join(names)}.", hint=hint
            )
        for number, name in enumerate(names, start=1):
            self.log.write(f"  [{number}] {name}")
        question = "Which branch is yours, and goes behind the other? "
        answer = ask(question, hint=hint, out=self.log)
        while answer not in ("1", "2", *names):
            answer = ask("Please answer 1 or 2: ", hint=hint, out=self.log)
        return names[int(answer) - 1] if answer in ("1", "2") else answer

    def moved(self, rebase: Rebase, moves: Sequence[Move], notes: Iterable[str]) -> None:
        """The new names, and where an old one is left."""
        root = self.project.root
        self._write_json(rebase, moves, written=self._writes)
        self._say("Renamed:" if self._writes else "Would be renamed:", self.style.MIGRATE_HEADING)
        for move in moves:
            old, new = display_path(move.old.path, root), display_path(move.path, root)
            self._say(f"  {self.style.MIGRATE_LABEL(new)}, after {move.parent}" + (f"; was {old}" * (old != new)))
            if self.options["scriptable"] and self._writes:
                self.out.write(new)
        for note in notes:
            self._say(note, self.style.WARNING)

    def merge_json(self, merge: Merge | None) -> Mapping[str, object]:
        """What the document of --merge has besides."""
        branches = merge.fork.branches if merge else ()
        verdict = merge.verdict.as_json() if merge else NOTHING
        return {"branches": [_branch(branch) for branch in branches], **verdict}

    def rebase_json(self, rebase: Rebase | None, moves: Sequence[Move], *, written: bool) -> Mapping[str, object]:
        """The document of --rebase; None where there is nothing to rebase."""
        return {
            "branch": rebase.branch.name if rebase else None,
            "onto": rebase.onto.name if rebase else None,
            "why": rebase.local.why if rebase else None,
            "written": written,
            "migrations": [move.as_json(self.project.root) for move in moves],
            "result": rebase.result() if rebase else None,
            **(rebase.verdict.as_json() if rebase else NOTHING),
        }

    def nothing(self) -> None:
        """There is one head only: --rebase has nothing to do."""
        self._write_json(None, (), written=False)
        self._say("No conflicts detected to rebase.")

    def _write_json(self, rebase: Rebase | None, moves: Sequence[Move], *, written: bool) -> None:
        if self.options["json"]:
            self.out.write(json.dumps(self.rebase_json(rebase, moves, written=written), indent=2))

    def _overruled(self, error: CommandError, question: str, command: str) -> bool:
        """Whether a person or an option goes on against `error`.

        Raises:
            CommandError: `error`, where neither does.
        """
        if self.options["allow_conflicts"]:
            return True
        if not self._asks:
            raise error
        return confirm(question, hint=f"{command} --allow-conflicts", out=self.log)

    def _changes(self, branch: Branch) -> None:
        for revision in branch.revisions:
            for line in change_lines(outline_of(revision.path, "upgrade")):
                self._say(f"    {line}")

    def _say(self, line: str, style: Any = None) -> None:
        if self.options["verbosity"] and not self.options["json"]:
            self.log.write(line, style)

    @property
    def _writes(self) -> bool:
        return writes(self.options)

    @property
    def _asks(self) -> bool:
        return bool(self._writes and self.options["interactive"] and is_interactive())


def _branch(branch: Branch) -> Mapping[str, object]:
    return {"head": branch.name, "migrations": [revision.id for revision in branch.revisions]}
