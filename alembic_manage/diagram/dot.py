"""A diagram as text for Graphviz. Source: Graphviz documentation, "Node Shapes" and "Arrow Shapes"."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from alembic_manage.diagram.diagram import Column, Diagram, Relation, Table


def dot(diagram: Diagram) -> str:
    """The text of a `digraph`."""
    return "\n".join(_lines(diagram)) + "\n"


def _lines(diagram: Diagram) -> Iterator[str]:
    yield f"digraph {_quoted(diagram.title)} {{"
    yield f"  graph [rankdir=TB, splines=true, nodesep=0.5, ranksep=0.8, label={_quoted(diagram.title)}, labelloc=t]"
    yield '  node [shape=plain, fontname="Helvetica", fontsize=11]'
    yield '  edge [dir=both, fontname="Helvetica", fontsize=9]'
    yield from (f"  {_quoted(table.name)} [label=<{_box(table)}>]" for table in diagram.tables)
    yield from (f"  {_edge(relation)}" for relation in diagram.relations)
    yield "}"


def _box(table: Table) -> str:
    head = f'<tr><td colspan="3" bgcolor="#e8eef7"><b>{escape(table.name)}</b></td></tr>'
    rows = "".join(_row(column) for column in table.columns)
    return f'<table border="0" cellborder="1" cellspacing="0" cellpadding="4">{head}{rows}</table>'


def _row(column: Column) -> str:
    type_ = escape(column.type) + (" null" if column.is_nullable else "")
    cells = (column.marks or " ", column.name)
    return (
        "<tr>"
        + "".join(f'<td align="left">{escape(cell)}</td>' for cell in cells)
        + f'<td align="left">{type_}</td></tr>'
    )


def _edge(relation: Relation) -> str:
    one = "teeodot" if relation.is_optional else "teetee"
    many = "teeodot" if relation.is_single else "crowodot"
    label = _quoted(", ".join(relation.columns))
    return f"{_quoted(relation.parent)} -> {_quoted(relation.child)} [arrowtail={one}, arrowhead={many}, label={label}]"


def _quoted(text: str) -> str:
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'
