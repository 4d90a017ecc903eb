"""A review as Markdown: for a pull request, which draws its Mermaid diagrams."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alembic_manage.diagram.diagram import Diagram, Mark
from alembic_manage.diagram.revision_graph import draw
from alembic_manage.lock_trace.listing import other_lines
from alembic_manage.lock_trace.trace import TracedStatement
from alembic_manage.review.card import Card, DatabasePart, Review
from alembic_manage.review.words import headline, lines_of, summary_of, tags_of, told_once

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")
_SIGNS = {Mark.ADDED: "+ ", Mark.REMOVED: "- ", Mark.ALTERED: "! "}
"""What GitHub paints in a code block `diff`: green, red, orange."""


def markdown(review: Review) -> str:
    """The text of the page."""
    return "\n".join(_lines(review)).rstrip() + "\n"


def _lines(review: Review) -> Iterator[str]:
    yield f"# Review of {_plain(review.title)}\n"
    yield f"{_plain(summary_of(review))}\n"
    yield from (f"> {_plain(note)}\n" for note in review.notes)
    if len(review.cards) > 1:
        yield from _fenced("", _graph(review))
    for card in review.cards:
        yield from _card(card)


def _graph(review: Review) -> Iterator[str]:
    names = {card.revision.id: headline(card) for card in review.cards}
    for row in draw(review.graph):
        name = names.get(row.id or "", "")
        yield f"{row.art} {row.id or ''}{f'  {name}' if name != row.id and name else ''}".rstrip()


def _card(card: Card) -> Iterator[str]:
    yield f"## {_plain(headline(card))}\n"
    words = [f"`{card.revision.id}` in `{card.path}`"]
    words += [f"after {', '.join(f'`{id}`' for id in card.parents)}"] if card.parents else []
    words += [f"before {', '.join(f'`{id}`' for id in card.children)}"] if card.children else []
    words += map(_plain, tags_of(card))
    yield f"{', '.join(words)}\n"
    yield from _changes(card)
    yield from _tables(card)
    yield from _findings(card)
    yield from _listed("What is lost", card.losses)
    yield from _listed("Not known", card.effect.unknown)
    for part in card.databases:
        yield from _database(part)


def _changes(card: Card) -> Iterator[str]:
    lines = list(lines_of(card))
    if not lines:
        yield "Nothing changes in the database.\n"
        return
    for line in lines:
        detail = f": {_code(line.detail)}" if line.detail else ""
        yield f"- {_plain(line.text)}{detail}"
    yield ""


def _tables(card: Card) -> Iterator[str]:
    """The touched tables in a block that is painted as a difference."""
    lines = [*_table_lines(card.effect.before, card.effect.after)]
    if lines:
        yield "### Tables\n"
        yield from _fenced("diff", lines)


def _table_lines(before: Diagram | None, after: Diagram | None) -> Iterator[str]:
    later = {table.name for table in after.tables} if after else set()
    gone = [table for table in (before.tables if before else ()) if table.name not in later]
    removed = {
        (table.name, column.name): column
        for table in (before.tables if before else ())
        for column in table.columns
        if column.mark is Mark.REMOVED
    }
    for table in (*gone, *(after.tables if after else ())):
        sign = _SIGNS.get(table.mark, "  ") if table.mark else "  "
        yield f"{sign}{table.name}"
        for column in table.columns:
            own = _SIGNS.get(column.mark, "  ") if column.mark else sign if table.mark is not Mark.ALTERED else "  "
            null = " null" if column.is_nullable else ""
            yield f"{own}    {column.name} {column.type}{null}".rstrip()
        for (name, _), column in removed.items():
            if name == table.name and table not in gone:
                yield f"-     {column.name} {column.type}"


def _findings(card: Card) -> Iterator[str]:
    if not card.findings:
        return
    yield "### Findings\n"
    for told in told_once(card.findings):
        each = told.finding
        place = f" ({told.place})" if told.place else ""
        yield f"- **{each.severity.word}** `{each.label}`{place}: {_prose(each.message)}"
        yield from (f"  {_prose(text)}" for text in (each.lock, *told.advice) if text)
        if told.corrected:
            yield ""
            fenced = "\n".join(_fenced("python", told.corrected.splitlines()))
            yield from (f"  {line}".rstrip() for line in fenced.splitlines())
    yield ""


def _listed(title: str, lines: tuple[str, ...]) -> Iterator[str]:
    if lines:
        yield f"### {title}\n"
        yield from (f"- {_plain(line)}" for line in lines)
        yield ""


def _database(part: DatabasePart) -> Iterator[str]:
    names = _plain(f"{part.title} ({', '.join(part.names)})")
    if part.trace is None:
        yield f"### {names}\n\n{_plain(part.reason)}\n"
        return
    yield f"<details><summary>SQL and locks: {names}</summary>\n"
    for statement in part.trace.statements:
        yield from _fenced("sql", [f"{statement.sql};"])
        found = list(_found(statement))
        yield from (f"- {line}" for line in found)
        yield from [""] if found else []
    if part.trace.error:
        yield f"It stopped there: {_plain(part.trace.error)}\n"
    how = f"Measured on {part.trace.server}." if part.trace.is_measured else "From the manual, not measured."
    yield f"{how} Source: {part.trace.source}\n\n</details>\n"


def _found(statement: TracedStatement) -> Iterator[str]:
    for lock in statement.taken:
        yield f"**{_plain(lock.table)}** {_plain(lock.mode)}: {_plain(lock.line)}"
    yield from map(_plain, other_lines(statement))


def _fenced(language: str, lines: Iterator[str] | list[str]) -> Iterator[str]:
    """A block of code; its fence is longer than any in the text."""
    text = "\n".join(lines)
    longest = max((len(found) for found in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    yield f"{fence}{language}\n{text}\n{fence}\n"


def _code(text: str) -> str:
    fence = "`" * (max((len(found) for found in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _prose(text: str) -> str:
    """What stands between backticks stays code."""
    parts = re.split("(`[^`]+`)", " ".join(text.split()))
    return "".join(part if place % 2 else _plain(part) for place, part in enumerate(parts)) if parts else ""


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", text))
