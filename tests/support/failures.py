"""How a command may fail: a line about the user's world, a hint, an exit code, and nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.contents import contents_of
from support.projects import ProjectFolder, Result


def assert_fails(result: Result, code: int = 1, *, says: str, hint: str, lines: int = 1) -> None:
    """The command ended with `code`; it wrote `lines` of error with `says` in them, a line with `hint`, and no more."""
    shown = f"exit code {result.returncode}\n{result.stdout}\n{result.stderr}"
    assert result.returncode == code, shown
    assert "Traceback" not in result.stdout + result.stderr, shown
    written = result.stderr.splitlines()
    assert len(written) == lines + 1, shown
    assert written[0].startswith("CommandError: "), shown
    assert says in "\n".join(written[:-1]), shown
    assert written[-1].startswith("Hint: "), shown
    assert hint in written[-1], shown
    # migrate says what it is about to do before it connects; nothing else may reach a pipe or a file.
    assert not result.stdout or result.stdout.startswith("Operations to perform:\n"), shown


def assert_check_finds(project: ProjectFolder, id: str, *arguments: str, says: str = "") -> None:
    """`check` fails, and names the problem with this id first."""
    result = project.run("check", *arguments)
    assert result.returncode == 1, result
    assert f"({id}) " in result.stdout, result
    assert says in result.stdout, result
    assert "Traceback" not in result.stdout + result.stderr, result
    assert result.stderr.splitlines()[-1].startswith(f"Hint: begin with {id}: "), result


def assert_not_shown(result: Result, *secrets: str) -> None:
    """None of the secrets is in what the command wrote."""
    for secret in secrets:
        assert secret not in result.stdout + result.stderr


@contextmanager
def nothing_written(project: ProjectFolder, database: bool = True) -> Iterator[None]:
    """The files of the project, and what its database holds, are the same at the end of the block.

    Args:
        project: the project.
        database: whether its database can be looked into; the file of SQLite counts among the files in any case.
    """
    before = files_of(project.path), contents_of(project.url) if database else None
    yield
    after = files_of(project.path), contents_of(project.url) if database else None
    assert after == before


def files_of(folder: Path) -> dict[str, Any]:
    """Every file and folder below `folder`, with its mode and the hash of what is in it; caches left out."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_mode,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None,
        )
        for path in sorted(folder.rglob("*"))
        if not {"__pycache__", ".alembic_manage_cache"} & {*path.parts}
    }
