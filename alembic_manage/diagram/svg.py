"""A diagram as one SVG file, which needs no other program, font or file."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from alembic_manage.diagram.boxes import Box, Edge, Layout, Point
from alembic_manage.diagram.diagram import Column, Diagram, Mark, Relation, Table
from alembic_manage.diagram.layout import laid_out
from alembic_manage.diagram.text_width import text_width

HEAD = 32
ROW = 21
SIZE = 12.5
PAD = 10
MARGIN = 28
PICTURE_MARGIN = 14
"""Of a drawing that is a part of a page."""
CORNER = 7
SIGN_AT = 3
_SIGNS = {Mark.ADDED: "+", Mark.REMOVED: "\u2212", Mark.ALTERED: "~"}
_CLASSES = {Mark.ADDED: "added", Mark.REMOVED: "removed", Mark.ALTERED: "altered"}
_STYLE = Path(__file__).with_name("diagram.css")


def svg(diagram: Diagram) -> str:
    """The text of the file."""
    style = f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing(diagram, style)}\n'


def drawing(diagram: Diagram, style: str = "", *, picture: str | None = None) -> str:
    """The `svg` element alone.

    Args:
        diagram: what to draw.
        style: an element with the styles, where the page around it has none.
        picture: an id that nothing else on the page has, where the drawing is a picture as a whole: no table of it gets
            the focus, and a screen reader says one text for it. None where people walk from table to table.
    """
    shapes = [_Shape(table) for table in diagram.tables]
    edges = {relation: _edge(relation) for relation in diagram.relations}
    layout = laid_out([shape.box for shape in shapes], list(dict.fromkeys(edges.values())))
    margin = PICTURE_MARGIN if picture else MARGIN
    width, height = layout.width + 2 * margin, layout.height + 2 * margin
    id, role = (picture, "img") if picture else ("diagram", "group")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="diagram" role="{role}"'
        f' aria-labelledby="{id}-title {id}-about"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">',
        f'<title id="{id}-title">{_safe(diagram.title)}</title>',
        f'<desc id="{id}-about">{_safe(_described(diagram) if picture else diagram.description)}</desc>{style}',
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}"/>',
        f'<g transform="translate({margin} {margin})">',
        *(_line(relation, layout.routes[edge]) for relation, edge in edges.items()),
        *(shape.drawn(layout, None if picture else diagram.relations) for shape in shapes),
        "</g></svg>",
    ]
    return "\n".join(parts)


def _edge(relation: Relation) -> Edge:
    """Keys to the same parent leave it as one line, those of a kind; each key of its own ends for itself."""
    kind = "optional" if relation.is_optional else "required"
    own = f"{relation.child}.{','.join(relation.columns)}" if relation.child == relation.parent else ""
    return Edge(relation.parent, relation.child, f"{relation.parent}/{kind}{own}")


class _Shape:
    """A table with its measures."""

    def __init__(self, table: Table) -> None:
        self.table = table
        marks = [text_width(each.marks, SIZE - 3) for each in table.columns if each.marks]
        self.signs = 6 if any(each.mark in _SIGNS for each in table.columns) else 0
        self.name_at = PAD + self.signs + (max(marks) + 8 if marks else 0)
        names = max((text_width(each.name, SIZE, is_bold=each.is_primary) for each in table.columns), default=0.0)
        types = max((text_width(_type(each), SIZE - 1) for each in table.columns), default=0.0)
        self.width = max(
            self.name_at + names + 18 + types + PAD, text_width(table.name, SIZE + 1, is_bold=True) + 28, 120
        )
        self.height = HEAD + ROW * len(table.columns) + 6

    @property
    def box(self) -> Box:
        """What the layout places."""
        return Box(self.table.name, self.width, self.height)

    def drawn(self, layout: Layout, relations: Sequence[Relation] | None) -> str:
        """The group of the table; without relations it is a part of a picture, and nothing to focus."""
        x, y = layout.corners[self.table.name]
        table = self.table
        spoken = (
            ""
            if relations is None
            else f' role="group" tabindex="0" data-name="{_safe(table.name)}"'
            f' aria-label="{_safe(_spoken(table, relations))}"'
        )
        mark = f" {_CLASSES[table.mark]}" if table.mark else ""
        return "".join(
            [
                f'<g class="table{mark}"{spoken} transform="translate({x:.1f} {y:.1f})">',
                f"<title>{_safe(table.comment)}</title>" if table.comment else "",
                f'<rect class="box" width="{self.width:.1f}" height="{self.height}" rx="6"/>',
                f'<path class="head" d="M0 {HEAD}V6a6 6 0 0 1 6-6H{self.width - 6:.1f}a6 6 0 0 1 6 6V{HEAD}Z"/>',
                f'<text class="name" x="{self.width / 2:.1f}" y="21">{_signed(table.mark)}{_safe(table.name)}</text>',
                *(self._row(number, column) for number, column in enumerate(table.columns)),
                "</g>",
            ]
        )

    def _row(self, number: int, column: Column) -> str:
        y = HEAD + ROW * number + 17
        kind = "key" if column.is_primary else "column"
        null = '<tspan class="null"> null</tspan>' if column.is_nullable else ""
        if column.mark is Mark.LEFT_OUT:
            return f'<text class="rest" x="{self.name_at:.1f}" y="{y}">{_safe(column.name)}</text>'
        marks = f'<text class="mark" x="{PAD + self.signs}" y="{y}">{column.marks}</text>' if column.marks else ""
        if column.mark is not None:
            band = f'<rect class="band {_CLASSES[column.mark]}" x="1" y="{y - 15}" width="{self.width - 2:.1f}"'
            marks = (
                f'{band} height="{ROW}"/><text class="sign" x="{SIGN_AT}" y="{y}">{_SIGNS[column.mark]}</text>{marks}'
            )
        return (
            f'{marks}<text class="{kind}" x="{self.name_at:.1f}" y="{y}">{_safe(column.name)}</text>'
            f'<text class="type" x="{self.width - PAD:.1f}" y="{y}">{_safe(column.type)}{null}</text>'
        )


def _signed(mark: Mark | None) -> str:
    return f'<tspan class="sign">{_SIGNS[mark]}</tspan> ' if mark else ""


def _described(diagram: Diagram) -> str:
    """What a screen reader says of a picture: each table, and what differs in it."""
    said = []
    for table in diagram.tables:
        marked = [f"{each.name} {_type(each)} {each.mark.value}" for each in table.columns if each.mark in _SIGNS]
        words = f"{table.name}{f' {table.mark.value}' if table.mark else ''}"
        said.append(f"{words}: {', '.join(marked)}" if marked and not table.mark else words)
    return f"{diagram.description}. {'. '.join(said)}."


def _type(column: Column) -> str:
    return f"{column.type} null" if column.is_nullable else column.type


def _spoken(table: Table, relations: Sequence[Relation]) -> str:
    """What a screen reader says of a table."""
    columns = ", ".join(
        f"{each.name} {_type(each)}{' primary key' if each.is_primary else ''}" for each in table.columns
    )
    parents = sorted({each.parent for each in relations if each.child == table.name})
    refers = f" Refers to {', '.join(parents)}." if parents else ""
    return f"Table {table.name}. {f'{table.comment}. ' if table.comment else ''}Columns: {columns}.{refers}"


def _line(relation: Relation, route: Sequence[Point]) -> str:
    many = _bar(route[-1], route[-2], 9) if relation.is_single else _foot(route[-1], route[-2])
    one = _ring(route[0], route[1], 13) if relation.is_optional else _bar(route[0], route[1], 12)
    marks = "".join([_bar(route[0], route[1], 7), one, many, _ring(route[-1], route[-2], 15)])
    return (
        f'<g class="relation" data-child="{_safe(relation.child)}" data-parent="{_safe(relation.parent)}">'
        f"<title>{_safe(relation.label)}</title>"
        f'<path class="hit" d="{_path(route)}"/><path d="{_path(route)}"/>{marks}</g>'
    )


def _path(route: Sequence[Point]) -> str:
    """Straight lines with round corners."""
    words = [f"M{_pair(route[0])}"]
    for before, corner, after in zip(route, route[1:], route[2:], strict=False):
        words += [f"L{_pair(_towards(corner, before))}", f"Q{_pair(corner)} {_pair(_towards(corner, after))}"]
    return "".join([*words, f"L{_pair(route[-1])}"])


def _towards(start: Point, end: Point) -> Point:
    """The point that lies a corner's width from the start, but no further than half of the way to the end."""
    length = max(abs(end[0] - start[0]) + abs(end[1] - start[1]), 0.01)
    share = min(CORNER, length / 2) / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _along(end: Point, before: Point, way: float, aside: float = 0.0) -> Point:
    """A point near the end of a line: `way` back on it, and `aside` from it."""
    length = max(abs(before[0] - end[0]) + abs(before[1] - end[1]), 0.01)
    dx, dy = (before[0] - end[0]) / length, (before[1] - end[1]) / length
    return end[0] + dx * way - dy * aside, end[1] + dy * way + dx * aside


def _foot(end: Point, before: Point) -> str:
    tip, left, right = _along(end, before, 11), _along(end, before, 0, 6), _along(end, before, 0, -6)
    return f'<path d="M{_pair(left)}L{_pair(tip)}L{_pair(right)}"/>'


def _bar(end: Point, before: Point, way: float) -> str:
    return f'<path d="M{_pair(_along(end, before, way, 5))}L{_pair(_along(end, before, way, -5))}"/>'


def _ring(end: Point, before: Point, way: float) -> str:
    x, y = _along(end, before, way)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6"/>'


def _pair(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _safe(text: str) -> str:
    """For XML, which has no way at all to write most control characters."""
    return escape("".join(each if each >= " " else " " for each in text))
