"""Changes the ids in the text of a revision file, and nothing else: every other byte stays."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from alembic_manage.history import IDENTIFIERS

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_DOCUMENTED = re.compile(r"(?<![^\r\n])[ \t]*(Revision ID|Revises):([^\r\n]*)")


class ComputedIdentifierError(ValueError):
    """An id in the file is no literal, so it cannot be replaced; the message names the identifier."""


@dataclass(frozen=True)
class NewIds:
    """The ids of a file, old and new; what does not change is the same twice."""

    old: str
    new: str
    old_parent: str | None
    """Its `down_revision`; None for a base."""
    new_parent: str
    depends_on: Mapping[str, str] = field(default_factory=dict)
    """New ids by old ones."""


@dataclass(frozen=True)
class _Edit:
    start: int
    end: int
    text: str


def with_ids(source: bytes, ids: NewIds) -> bytes:
    """The file with other ids in its assignments, and in the lines of the docstring that Alembic's template writes.

    Args:
        source: the file; a single `down_revision`, or none.
        ids: the new ids.

    Raises:
        ComputedIdentifierError: `revision` or `down_revision` is not written as a literal.
        SyntaxError: it is no Python.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    file = _File(source.decode(encoding), ast.parse(source))
    edits = [*_assigned(file, ids), *_documented(file, ids)]
    text = file.text
    for edit in sorted(edits, key=lambda each: each.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text.encode(encoding)


class _File:
    """A source and the places of its nodes."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        # Lines as Python counts them, which is not as str.splitlines() does.
        self._starts = [0, *(found.end() for found in _LINE_ENDS.finditer(text))]

    def place(self, node: ast.expr) -> tuple[int, int]:
        """Where a node begins and ends in the text."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        """Python counts the columns of a line in bytes of UTF-8."""
        start = self._starts[line - 1]
        return start + len(self.text[start : start + column].encode()[:column].decode(errors="ignore"))


def _assigned(file: _File, ids: NewIds) -> Iterator[_Edit]:
    wanted: dict[str, dict[str | None, str]] = {
        "revision": {ids.old: ids.new},
        "down_revision": {ids.old_parent: ids.new_parent},
        "depends_on": dict(ids.depends_on.items()),
    }
    found: set[str] = set()
    for statement in file.tree.body:
        name, value = _target(statement), getattr(statement, "value", None)
        for node in ast.walk(value) if name in wanted and value is not None else ():
            if _is_name(node) and node.value in wanted[name]:
                found.add(name)
                start, end = file.place(node)
                yield _Edit(start, end, _like(file.text[start:end], wanted[name][node.value]))
    for name in ("revision", "down_revision"):
        if name not in found:
            raise ComputedIdentifierError(name)


def _is_name(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str))


def _target(statement: ast.stmt) -> str:
    """The identifier that a statement assigns; "" where it assigns none."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    names = [target.id for target in targets if isinstance(target, ast.Name)]
    return names[0] if len(names) == 1 and names[0] in IDENTIFIERS else ""


def _documented(file: _File, ids: NewIds) -> Iterator[_Edit]:
    first = file.tree.body[0] if file.tree.body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return
    start, end = file.place(first.value)
    for line in _DOCUMENTED.finditer(file.text[start:end]):
        wanted = {ids.old: ids.new} if line[1] == "Revision ID" else {ids.old_parent or "": ids.new_parent}
        if line[2].strip() in wanted:
            shift = start + line.start(2)
            end_of_id = len(line[2].rstrip()) or len(line[2])
            yield _Edit(shift, shift + end_of_id, f" {wanted[line[2].strip()]}")


def _like(literal: str, value: str) -> str:
    """`value` between the quotes of `literal`; of None, between double ones."""
    opening = re.match(r"[A-Za-z]*('''|\"\"\"|'|\")", literal)
    quote = opening[1] if opening else '"'
    return f"{quote}{value}{quote}"
