"""A diagram as text for Mermaid, which GitHub, GitLab and many wikis draw. Source: Mermaid 11, entity relationships."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alembic_manage.diagram.diagram import Column, Diagram, Relation


def mermaid(diagram: Diagram) -> str:
    """The text of an `erDiagram`."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield f"---\ntitle: {_quoted(diagram.title)}\n---"
    yield "erDiagram"
    for table in diagram.tables:
        yield f"    {_quoted(table.name)} {{"
        yield from (f"        {_column(column)}" for column in table.columns)
        yield "    }"
    for relation in diagram.relations:
        yield f"    {_relation(relation)}"


def _column(column: Column) -> str:
    """A type and a name are single words there; what is lost of them stands in the comment."""
    type_, name = _word(column.type), _word(column.name)
    remarks = [column.name] if name != column.name else []
    remarks += ["null"] if column.is_nullable else []
    parts = (type_, name, column.marks.replace(",", ", "), _quoted("; ".join(remarks)) if remarks else "")
    return " ".join(part for part in parts if part)


def _relation(relation: Relation) -> str:
    one = "|o" if relation.is_optional else "||"
    many = "o|" if relation.is_single else "o{"
    names = f"{_quoted(relation.parent)} {one}--{many} {_quoted(relation.child)}"
    return f"{names} : {_quoted(', '.join(relation.columns))}"


def _word(text: str) -> str:
    word = re.sub(r"[^\w()\[\]-]+", "_", text).strip("_")
    return word if word[:1].isalpha() else f"x{word}"


def _quoted(text: str) -> str:
    """In quotes, inside of which there is no way to write a quote but its code."""
    safe = " ".join(text.split()).replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    return f'"{safe}"'
