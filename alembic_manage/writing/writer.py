"""Writes revision files: the project's own script.py.mako, then one atomic step."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from alembic_manage import alembic_api
from alembic_manage.atomic_file import write_atomically
from alembic_manage.console import stdout_on_stderr
from alembic_manage.environment import Environment
from alembic_manage.errors import CommandError, EnvironmentFailedError
from alembic_manage.location import display_path, one_line
from alembic_manage.writing.draft import Draft, NewRevision
from alembic_manage.writing.formatter import formatted


def compose(
    environment: Environment, draft: Draft, id: str, parents: Sequence[str], message: str, *, header: bool = True
) -> NewRevision:
    """The file of a new revision: path and text; nothing is written.

    Args:
        environment: gives the template, and the folder: that of the first parent.
        draft: what it does.
        id: its id; the file is named after it, or by file_template where ids are Alembic's or env.py's own.
        parents: the ids it follows.
        message: the first line of its docstring.
        header: whether the docstring tells id, parents and date.

    Raises:
        EnvironmentFailedError: script.py.mako is missing or raises.
    """
    text = _render(environment, draft, id, parents, message)
    if not header:
        text = _without_header(text, message)
    if draft.phase is not None:
        text = _with_phase(text, draft.phase)
    placed = without_text(environment, draft, id, parents, message)
    return replace(placed, text=formatted(text, placed.path))


def without_text(environment: Environment, draft: Draft, id: str, parents: Sequence[str], message: str) -> NewRevision:
    """As `compose`, where nobody asks for the text: it needs no script.py.mako, and no formatter."""
    return NewRevision(id, _folder(environment, parents) / _file_name(environment, draft, id, message), "")


def write(environment: Environment, revision: NewRevision, replaces: Path | None = None) -> None:
    """Put the file on disk in one step.

    Args:
        environment: of the project.
        revision: the file.
        replaces: an older file that goes away once the new one is there.

    Raises:
        CommandError: the folder is missing or read-only, or the file exists; nothing is left behind.
    """
    shown = display_path(revision.path, environment.project.root)
    if revision.path.exists() and revision.path != replaces:
        raise CommandError(f"{shown} exists already.", hint="python manage.py makemigrations --name ANOTHER_NAME")
    try:
        if environment.project.settings.migration_ids != "number":
            revision.path.parent.mkdir(parents=True, exist_ok=True)  # file_template may begin with folders
        write_atomically(revision.path, revision.text)
        if replaces is not None and replaces != revision.path:
            replaces.unlink()
    except OSError as error:
        raise CommandError(
            f"{shown} cannot be written: {error.strerror}.",
            hint=f"ls -ld {display_path(revision.path.parent, environment.project.root)}",
        ) from error


def run_hooks(environment: Environment, revisions: Sequence[NewRevision]) -> EnvironmentFailedError | None:
    """Run the post_write_hooks of alembic.ini on files that are written; what they print goes to standard error.

    Returns:
        Why one failed, after which none is run; None where all came to their end.
    """
    root = environment.project.root
    with stdout_on_stderr():
        for revision in revisions:
            try:
                alembic_api.run_hooks(environment.script, revision.path)
            except Exception as error:
                said = environment.without_secrets(one_line(error))
                return EnvironmentFailedError(
                    f"{display_path(revision.path, root)} is written, but a post_write_hook failed: {said}",
                    hint="the file is complete: python manage.py migrate; mend [post_write_hooks] before the next one",
                )
    return None


def _render(environment: Environment, draft: Draft, id: str, parents: Sequence[str], message: str) -> str:
    from mako.template import Template

    script = environment.script
    path = Path(script.dir) / "script.py.mako"
    try:
        return str(
            Template(filename=str(path), input_encoding="utf-8").render_unicode(
                up_revision=id,
                down_revision=parents[0] if len(parents) == 1 else tuple(parents) or None,
                branch_labels=None,
                depends_on=None,
                create_date=alembic_api.creation_date(script),
                comma=alembic_api.comma,
                message=message,
                imports="\n".join(draft.imports),
                upgrades=draft.upgrade,
                downgrades=draft.downgrade,
                config=environment.config,
            )
        )
    except Exception as error:
        raise EnvironmentFailedError(
            f"{display_path(path, environment.project.root)} cannot be rendered: {one_line(error)}",
            hint=f"git checkout -- {display_path(path, environment.project.root)}",
        ) from error


def _file_name(environment: Environment, draft: Draft, id: str, message: str) -> Path:
    if environment.project.settings.migration_ids == "number" and draft.id is None:
        return Path(f"{id}.py")
    return alembic_api.file_name(environment.script, id, message)


def _folder(environment: Environment, parents: Sequence[str]) -> Path:
    locations = alembic_api.version_folders(environment.script)
    if not parents:
        return locations[0]
    folder = environment.history.by_id[parents[0]].path.parent
    if environment.project.settings.migration_ids == "number":
        return folder
    # A file_template may begin with folders.
    return next((each for each in locations if folder.is_relative_to(each)), folder)


def _without_header(text: str, message: str) -> str:
    """`text` with its docstring cut down to the message."""
    first = ast.parse(text).body[0]
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.end_lineno):
        return text
    return "\n".join([f'"""{message}"""', *text.splitlines()[first.end_lineno :]]) + "\n"


def _with_phase(text: str, phase: str) -> str:
    """`text` that says its phase below what it is called and follows. Plain Alembic reads over it."""
    identifiers = [each for each in ast.parse(text).body if isinstance(each, ast.Assign | ast.AnnAssign)]
    lines = text.splitlines()
    place = (identifiers[-1].end_lineno or 0) if identifiers else 0
    return "\n".join([*lines[:place], f'phase = "{phase}"', *lines[place:]]) + "\n"
