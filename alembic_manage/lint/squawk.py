"""Asks squawk about the SQL of migrations for PostgreSQL, where it is installed (the extra `lint`)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic_manage.errors import CommandError
from alembic_manage.lint.finding import Finding, Severity
from alembic_manage.plan import CONTRACT
from alembic_manage.state.sql.statements import StatementKind

if TYPE_CHECKING:
    from alembic_manage.lint.revision_view import RevisionView
    from alembic_manage.lint.rule import Rule
    from alembic_manage.lint.statement import Statement

TIMEOUT_S = 60
PREFIX = "squawk-"
"""What the ids of its rules begin with here."""
_TASTE = "prefer-"
"""What the rules begin with that are about better types, and stop nobody."""
_LEFT_OUT = frozenset(
    (
        # migrate sets both time-outs itself.
        "require-lock-timeout",
        "require-statement-timeout",
        "require-timeout-settings",
        # A statement that we could not hand over whole is no finding.
        "syntax-error",
        # A longer VARCHAR is free; a shorter one is narrowing-column.
        "prefer-text-field",
        # migrate goes on at the statement where it stopped.
        "prefer-robust-stmts",
    )
)
_ABOUT_OLD_CODE = frozenset(("ban-drop-constraint", "ban-drop-default"))
"""What a running client may mind; in the contract phase only new code runs."""
_NO_DDL = ("TRUNCATE", "REINDEX", "VACUUM", "CLUSTER", "DROP DATABASE")


def squawk_program() -> str | None:
    """The path of squawk: beside this Python, or on the PATH; None where it is not installed."""
    beside = Path(sys.executable).with_name("squawk")
    return str(beside) if beside.exists() else shutil.which("squawk")


def squawk_findings(
    program: str, views: Sequence[RevisionView], rules: Sequence[Rule], server_version: tuple[int, ...]
) -> list[Finding]:
    """What squawk says that no rule of ours is there to say, in the order of the lines.

    A rule of ours names those of squawk's that it stands for: SQUAWK in its module.

    Args:
        program: the path of squawk.
        views: the revisions, in order.
        rules: ours.
        server_version: of PostgreSQL.

    Raises:
        CommandError: squawk cannot be run.
    """
    covered = {name for rule in rules for name in rule.squawk} | _LEFT_OUT
    return [
        _finding(view, statement, said)
        for view, statement, said in squawk_says(program, views, server_version)
        if said["rule_name"] not in covered
        and not (view.revision.phase == CONTRACT and said["rule_name"] in _ABOUT_OLD_CODE)
    ]


def squawk_says(
    program: str, views: Sequence[RevisionView], server_version: tuple[int, ...]
) -> Iterator[tuple[RevisionView, Statement, Mapping[str, Any]]]:
    """Everything that squawk says, with the statement that it is about."""
    with tempfile.TemporaryDirectory(prefix="alembic_manage_") as folder:
        scripts: dict[str, tuple[RevisionView, list[Statement | None]]] = {}
        for number, view in enumerate(views):
            path = Path(folder) / f"{number}.sql"
            text, lines = _script(view)
            if text:
                path.write_text(text, encoding="utf-8")
                scripts[path.name] = (view, lines)
        for said in _run(program, Path(folder), sorted(scripts), server_version) if scripts else ():
            view, lines = scripts[Path(said["file"]).name]
            statement = lines[said["line"]] if said["line"] < len(lines) else None
            if statement is not None:
                yield view, statement, said


def _script(view: RevisionView) -> tuple[str, list[Statement | None]]:
    """The DDL of a revision in its transactions, and the statement that each line belongs to."""
    lines: list[str] = []
    owners: list[Statement | None] = []
    transaction: int | None = None
    for statement in view.statements:
        if not _is_for_squawk(statement):
            continue
        own = None if statement.is_autocommit else statement.transaction
        for word in (*["COMMIT;"] * (transaction not in (None, own)), *["BEGIN;"] * (own not in (None, transaction))):
            lines.append(word)
            owners.append(None)
        transaction = own
        text = f"{statement.sql.rstrip().rstrip(';')}\n;".splitlines()
        lines += text
        owners += [statement] * len(text)
    return "\n".join([*lines, *["COMMIT;"] * (transaction is not None), ""]) if lines else "", owners


def _is_for_squawk(statement: Statement) -> bool:
    """Whether it has rules about the statement; what changes rows is left out, for its values are not in the text."""
    return statement.kind is StatementKind.DDL or any(statement.begins(words) for words in _NO_DDL)


def _run(program: str, folder: Path, names: Sequence[str], server_version: tuple[int, ...]) -> list[dict[str, Any]]:
    version = ".".join(map(str, server_version[:2])) if len(server_version) > 1 else f"{server_version[0]}.0"
    command = [program, "--reporter", "json", "--pg-version", version, *names]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise CommandError(f"squawk cannot be run: {error}", hint="pip install -U squawk-cli") from error
    return found


def _finding(view: RevisionView, statement: Statement, said: Mapping[str, Any]) -> Finding:
    return Finding(
        rule=PREFIX + str(said["rule_name"]),
        severity=Severity.NOTICE if said["rule_name"].startswith(_TASTE) else Severity.WARNING,
        message=str(said["message"]),
        revision=view.revision.id,
        path=view.revision.path,
        line=statement.line,
        subject=str(statement.effects[0].table) if statement.effects else "",
        fix=said.get("help") or None,
    )
