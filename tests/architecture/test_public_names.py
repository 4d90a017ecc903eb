"""The public names: listed, sorted, documented."""

import ast
from collections.abc import Iterator

from support.source import modules

import alembic_manage


def test_the_list_of_public_names_is_sorted():
    assert alembic_manage.__all__ == sorted(alembic_manage.__all__)


def test_the_list_of_public_names_is_complete():
    package = next(module for module in modules() if module.name == "__init__")
    # What is imported when it is first asked for stands below `if TYPE_CHECKING`.
    later = [node for statement in package.tree.body if isinstance(statement, ast.If) for node in statement.body]
    imported = {
        alias.asname or alias.name
        for node in (*package.tree.body, *later)
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    assert set(alembic_manage.__all__) == imported
    assert all(hasattr(alembic_manage, name) for name in alembic_manage.__all__)


def test_every_public_name_has_a_docstring():
    bare = [module.name for module in modules() if not ast.get_docstring(module.tree)]
    for module in modules():
        names = public(module.tree)
        bare += [f"{module.name}:{node.lineno} {name}" for name, node in names if not ast.get_docstring(node)]
    assert not bare


def public(owner: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Public classes and functions, and the public methods of public classes."""
    for node in owner.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node, f"{node.name}.")
