"""Tables that the project's source defines, read without importing it."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic_manage.project import Project

_NO_SOURCE = ("__pycache__", "node_modules", "site-packages", "dist-packages")


@dataclass(frozen=True)
class Declaration:
    """A table in a source file."""

    path: Path
    line: int
    names: tuple[str, ...]
    """What the table may be called: one name where the source says it, guesses where the name is computed."""

    @property
    def module(self) -> str:
        """The file's name in an import statement."""
        folders = [Path(entry or ".").resolve() for entry in sys.path]
        parents = [folder for folder in folders if self.path.is_relative_to(folder)]
        nearest = max(parents, key=lambda folder: len(folder.parts), default=self.path.parent)
        parts = self.path.relative_to(nearest).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def is_imported(self) -> bool:
        """Whether Python has run the file."""
        files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
        return any(file is not None and Path(file).name == self.path.name and _same(file, self.path) for file in files)


def declarations_of(project: Project) -> Iterator[Declaration]:
    """Every table that a Python file of the project or of an installed app defines, file by file.

    Files that are no Python are passed over, and so are virtual environments and the folder of the migrations.
    """
    root = project.root.resolve()
    folders = [root, *(app.path.resolve() for app in project.apps if not app.path.resolve().is_relative_to(root))]
    for path in (path for folder in folders for path in _sources(folder, project.migrations_dir.resolve())):
        try:
            found = list(tables_in(path.read_text(encoding="utf-8")))
        except (OSError, SyntaxError, ValueError):
            continue
        yield from (Declaration(path, line, names) for line, names in found)


def tables_in(source: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line and possible names of each table that a source defines: `__tablename__`, `Table(...)`, `table=True`.

    Raises:
        SyntaxError: it is no Python.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            names = _names_of_class(node)
        elif isinstance(node, ast.Call):
            names = _names_of_call(node)
        else:
            continue
        if names:
            yield node.lineno, names


def _sources(folder: Path, migrations: Path) -> Iterator[Path]:
    for current, folders, files in os.walk(folder):
        here = Path(current)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _NO_SOURCE
            and here / name != migrations
            and not (here / name / "pyvenv.cfg").exists()
        )
        yield from (here / name for name in sorted(files) if name.endswith(".py"))


def _names_of_class(node: ast.ClassDef) -> tuple[str, ...]:
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef) and statement.name == "__tablename__":
            # In a mixin or a base it names the tables of others.
            return ()
        for target, value in _assignments(statement):
            if target == "__tablename__":
                given = isinstance(value, ast.Constant) and isinstance(value.value, str)
                return (value.value,) if given else _guesses(node.name)  # type: ignore[union-attr]
    is_table = any(
        each.arg == "table" and isinstance(each.value, ast.Constant) and each.value.value is True
        for each in node.keywords
    )
    return _guesses(node.name) if is_table or any(_is_flask_model(base) for base in node.bases) else ()


def _assignments(statement: ast.stmt) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(statement, ast.Assign):
        yield from ((target.id, statement.value) for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id, statement.value


def _names_of_call(node: ast.Call) -> tuple[str, ...]:
    """The name in `Table("orders", metadata, ...)`."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    first = node.args[0] if len(node.args) > 1 else None
    if called == "Table" and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return (first.value,)
    return ()


def _is_flask_model(base: ast.expr) -> bool:
    """Whether a base class is `db.Model`, whose tables are named after their classes."""
    return isinstance(base, ast.Attribute) and base.attr == "Model"


def _guesses(name: str) -> tuple[str, ...]:
    """What libraries make of a class's name: SQLModel "lineitem", Flask-SQLAlchemy "line_item"; people add an "s"."""
    lower, snake = name.lower(), re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return tuple(dict.fromkeys((lower, snake, f"{lower}s", f"{snake}s")))


def _same(file: str, path: Path) -> bool:
    try:
        return Path(file).resolve() == path
    except OSError:
        return False
