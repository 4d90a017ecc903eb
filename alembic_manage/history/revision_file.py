"""What one revision file says of itself.

Files are read, not imported; only a file whose identifiers are computed is run to learn them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from alembic_manage.errors import BrokenRevisionError
from alembic_manage.history.revision import Revision
from alembic_manage.location import display_path, location_of, one_line

IDENTIFIERS = ("revision", "down_revision", "branch_labels", "depends_on")
PHASE = "phase"
"""The variable that says in which phase of a deployment a revision is applied."""
PHASES = ("expand", "contract")


def read_revision(path: Path) -> Revision:
    """The revision in a file.

    Raises:
        BrokenRevisionError: the file has a syntax error, or no revision id; the message has file and line.
    """
    return plain_revision(file_content(path), path) or run_revision(path)


def file_content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        BrokenRevisionError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise BrokenRevisionError(
            f"{display_path(path)}: the migration cannot be read: {error.strerror}", hint=f"ls -l {display_path(path)}"
        ) from error


def plain_revision(content: bytes | str, path: Path) -> Revision | None:
    """The revision in a file's content, which is not run; None where its identifiers are computed.

    But for the path, the result follows from the content alone.

    Raises:
        BrokenRevisionError: it has a syntax error, or no revision id; the message has file and line.
    """
    tree = _parsed(content, path)
    values = _literal_identifiers(tree)
    return None if values is None else _revision(tree, values, path)


def run_revision(path: Path) -> Revision:
    """The revision in a file whose identifiers are computed, which is run to learn them.

    Raises:
        BrokenRevisionError: it raises, or has no revision id; the message has file and line.
    """
    return _revision(_parsed(file_content(path), path), _computed_identifiers(path), path)


def revision_of_source(source: str, path: Path) -> Revision:
    """The revision in a source that is never run.

    Args:
        source: the text of a revision file.
        path: what the file is called in messages.

    Raises:
        BrokenRevisionError: it has a syntax error, no revision id, or one that only running it would tell.
    """
    revision = plain_revision(source, path)
    if revision is None:
        raise BrokenRevisionError(
            f"{display_path(path)} computes what it is called or follows, so only running it would tell.",
            hint="write revision and down_revision as plain texts",
        )
    return revision


def _parsed(source: bytes | str, path: Path) -> ast.Module:
    try:
        return ast.parse(source, filename=str(path))
    except (SyntaxError, ValueError) as error:
        place = location_of(error) or display_path(path)
        raise BrokenRevisionError(
            f"{place}: the migration cannot be read: {one_line(error)}",
            hint=f"python -m py_compile {display_path(path)}",
        ) from error


def _revision(tree: ast.Module, values: Mapping[str, object], path: Path) -> Revision:
    if not isinstance(values.get("revision"), str) or not values["revision"]:
        raise BrokenRevisionError(
            f"{display_path(path)} has no revision id.", hint=f'add a line: revision = "{path.stem[:32]}"'
        )
    return Revision(
        id=str(values["revision"]),
        path=path,
        down_revisions=_names(path, "down_revision", values.get("down_revision")),
        depends_on=_names(path, "depends_on", values.get("depends_on")),
        branch_labels=_names(path, "branch_labels", values.get("branch_labels")),
        message=(ast.get_docstring(tree) or "").partition("\n")[0].strip(),
        phase=_phase(tree),
    )


def _phase(tree: ast.Module) -> str | None:
    """The phase, where it is assigned at the top as one of the two words; anything else is somebody else's variable."""
    for statement in tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Constant):
            named = any(isinstance(target, ast.Name) and target.id == PHASE for target in targets)
            if named and statement.value.value in PHASES:
                return str(statement.value.value)
    return None


def _literal_identifiers(tree: ast.Module) -> dict[str, object] | None:
    """The identifiers where each is assigned at most once, at the top, as a literal; None where one is computed."""
    values: dict[str, object] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(statement, ast.Import | ast.ImportFrom):
            if any((alias.asname or alias.name) in IDENTIFIERS for alias in statement.names):
                return None
            continue
        names = _identifiers_set_by(statement)
        if not names:
            continue
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if value is None or len(names) > 1 or names[0] in values:
            return None
        try:
            values[names[0]] = ast.literal_eval(value)
        except ValueError:
            return None
    return values


def _identifiers_set_by(statement: ast.stmt) -> list[str]:
    """The identifiers that a statement gives a value, as often as it does."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return []
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant) and len(statement.targets) == 1:
        # The usual line, of which a large history has tens of thousands: nothing to search in.
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return [target.id] if target.id in IDENTIFIERS else []
    return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and _is_identifier(node)]


def _is_identifier(node: ast.Name) -> bool:
    return node.id in IDENTIFIERS and isinstance(node.ctx, ast.Store)


def _computed_identifiers(path: Path) -> dict[str, object]:
    from alembic_manage.alembic_api import load_module

    try:
        module = load_module(path)
    except Exception as error:
        place = location_of(error) or display_path(path)
        raise BrokenRevisionError(
            f"{place}: the migration cannot be read: {one_line(error)}", hint=f"python {display_path(path)}"
        ) from error
    return {name: getattr(module, name, None) for name in IDENTIFIERS}


def _names(path: Path, name: str, value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(sorted(map(str, value)) if isinstance(value, set | frozenset) else map(str, value))
    raise BrokenRevisionError(
        f"{display_path(path)}: {name} is {value!r}, which names no migration.",
        hint=f'{name} = None, or {name} = "0001_initial"',
    )
