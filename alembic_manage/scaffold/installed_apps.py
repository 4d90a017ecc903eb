"""INSTALLED_APPS in the user's settings file: one more name, everything else as it was typed."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

from alembic_manage.atomic_file import write_atomically
from alembic_manage.errors import CommandError
from alembic_manage.location import display_path
from alembic_manage.project import Project
from alembic_manage.scaffold.app import NewApp, remove_app, write_app

SETTING = "INSTALLED_APPS"


def settings_file(project: Project) -> Path:
    """The file of the settings module, which is imported."""
    spec = importlib.util.find_spec(project.settings.module)
    return Path(str(spec and spec.origin)).resolve()


def write_installed_app(project: Project, app: NewApp) -> None:
    """Write the app and add it to INSTALLED_APPS: both, or nothing.

    Raises:
        CommandError: the settings cannot be edited, or one of the two cannot be written.
        ModelsError: the models of another app cannot be imported.
    """
    text = settings_with_app(project, app.name)
    write_app(project, app)
    try:
        write_settings(project, text)
    except BaseException:
        remove_app(app)
        raise


def settings_with_app(project: Project, name: str) -> str:
    """The text of the settings file with `name` at the end of INSTALLED_APPS; nothing is written.

    Raises:
        CommandError: INSTALLED_APPS is not set once, by a plain list.
    """
    path = settings_file(project)
    try:
        return add_element(path.read_bytes().decode("utf-8"), name)
    except (OSError, ValueError, SyntaxError) as error:
        raise CommandError(
            f"{SETTING} in {display_path(path, project.root)} cannot be edited: {error}. Nothing was written.",
            hint=f'leave out --install, and add "{name}" yourself',
        ) from error


def write_settings(project: Project, text: str) -> None:
    """Replace the text of the settings file, in one step.

    Raises:
        CommandError: it cannot be written.
    """
    path = settings_file(project)
    try:
        mode = path.stat().st_mode
        write_atomically(path, text)
        path.chmod(mode)
    except OSError as error:
        raise CommandError(
            f"{display_path(path, project.root)} cannot be written: {error.strerror}. Nothing was written.",
            hint=f"ls -l {path}",
        ) from error


def add_element(source: str, name: str) -> str:
    """`source` with the string `name` as the last element of the list INSTALLED_APPS; as it is where it has the name.

    Raises:
        ValueError: there is no such list, there are several, or it is not written out.
        SyntaxError: `source` is not Python.
    """
    found = _list_in(source)
    if name in _strings(found):
        return source
    new = _insert(source, found, name)
    if not _has_elements(new, [*_strings(found), name]):
        raise ValueError("it is written in an unusual way")
    return new


def _has_elements(source: str, elements: list[object]) -> bool:
    try:
        return _strings(_list_in(source)) == elements
    except SyntaxError:
        return False


def _list_in(source: str) -> ast.List:
    values = [
        statement.value
        for statement in ast.parse(source).body
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign) and SETTING in _targets(statement)
    ]
    if len(values) != 1:
        raise ValueError(f"it is set {len(values)} times in the file" if values else "it is not set in that file")
    if not isinstance(values[0], ast.List):
        raise ValueError("it is not a plain list")
    return values[0]


def _targets(statement: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [ast.unparse(target) for target in targets]


def _strings(found: ast.List) -> list[object]:
    return [element.value if isinstance(element, ast.Constant) else None for element in found.elts]


def _insert(source: str, found: ast.List, name: str) -> str:
    closing = _end(source, found) - 1
    if not found.elts:
        return f'{source[:closing]}"{name}"{source[closing:]}'
    last = found.elts[-1]
    end = _end(source, last)
    quote = "'" if source[end - 1] == "'" else '"'
    element = f"{quote}{name}{quote}"
    # Between the last element and the bracket there is nothing but blanks, comments and perhaps a comma.
    tail = re.sub(r"#[^\n]*", lambda comment: " " * len(comment[0]), source[end:closing])
    has_comma = "," in tail
    if "\n" not in tail:
        return f"{source[:end]}, {element}{source[end:]}"
    line_end = source.index("\n", end) + 1
    newline = "\r\n" if source[line_end - 2 : line_end] == "\r\n" else "\n"
    head = source[:line_end] if has_comma else f"{source[:end]},{source[end:line_end]}"
    return f"{head}{_indent(source, found, last)}{element},{newline}{source[line_end:]}"


def _indent(source: str, found: ast.List, last: ast.expr) -> str:
    line = source.split("\n")[last.lineno - 1]
    indent = line[: len(line) - len(line.lstrip())]
    return indent if last.lineno > found.lineno else f"{indent}    "


def _end(source: str, node: ast.expr) -> int:
    """Where `node` ends in `source`; ast counts the bytes of a line, not its characters."""
    lines = source.split("\n")
    number, column = node.end_lineno or 1, node.end_col_offset or 0
    return sum(len(line) + 1 for line in lines[: number - 1]) + len(lines[number - 1].encode()[:column].decode())
