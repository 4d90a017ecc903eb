"""Which module the settings are, and what can be read of it without running it; imports next to nothing."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SETTINGS_VARIABLE = "SETTINGS_MODULE"
DEFAULT_MODULE = "settings"
_APPS = "INSTALLED_APPS"
ONLY_AST = 0x400
"""ast.PyCFONLY_AST; the module ast takes longer to import than a file of settings to read."""
_WRITERS = frozenset(("exec", "eval", "globals", "locals", "vars", "setattr", "__import__", "import_module", "modules"))
"""Names with whose help a module may get a value that no assignment in it shows."""


def settings_module_name() -> str:
    """The settings module that the environment names, else "settings"."""
    return os.environ.get(SETTINGS_VARIABLE) or DEFAULT_MODULE


def add_to_path(folder: str) -> None:
    """Put `folder` first on sys.path, unless it is there already."""
    if folder not in sys.path:
        sys.path.insert(0, folder)


def plain_installed_apps(module: str) -> tuple[str, ...] | None:
    """INSTALLED_APPS of a settings module that is not imported, where its source leaves no doubt about it; else None.

    There is none where the list is assigned once, outside of any block, as plain texts, is named nowhere else, and
    nothing in the module could write to it under another name. What else is wrong with the module does not show here.

    Args:
        module: a dotted name; packages that it lies in are imported.
    """
    from importlib.util import find_spec

    if module in sys.modules:
        return None  # it is there already, and may have been changed
    try:
        spec = find_spec(module)
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            return None
        with open(spec.origin, "rb") as stream:
            tree: Any = compile(stream.read(), spec.origin, "exec", ONLY_AST)
    except Exception:  # whoever imports it will say what is wrong
        return None
    value = _only_assignment(tree)
    if type(value).__name__ not in ("List", "Tuple"):
        return None
    names = tuple(getattr(item, "value", None) for item in value.elts)
    return names if all(type(name) is str for name in names) else None  # type: ignore[return-value]


def _only_assignment(tree: Any) -> Any:
    """The value that the list is assigned, where one plain statement does it and the list is named nowhere else."""
    if sum(_may_write(node) for node in _walk(tree)) != 1:
        return None
    for statement in tree.body:
        kind = type(statement).__name__
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        if kind in ("Assign", "AnnAssign") and [getattr(target, "id", None) for target in targets] == [_APPS]:
            return statement.value
    return None


def _may_write(node: Any) -> bool:
    """Whether a node names the list, or something that could change it unseen."""
    kind = type(node).__name__
    if kind == "Name":
        return node.id == _APPS or node.id in _WRITERS
    if kind == "Attribute":
        return node.attr == _APPS or node.attr in _WRITERS
    if kind == "Constant":
        return isinstance(node.value, str) and node.value == _APPS
    if kind == "alias":
        return node.name == "*" or _APPS in (node.asname, node.name) or node.name in _WRITERS
    return kind in ("Global", "Nonlocal") and _APPS in node.names


def _walk(node: Any) -> Iterator[Any]:
    """The node and all below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            waiting += [each for each in (value if isinstance(value, list) else (value,)) if hasattr(each, "_fields")]
