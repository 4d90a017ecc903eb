"""A review as one HTML page, which loads nothing from anywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template

import alembic_manage.diagram as diagram_room
from alembic_manage.diagram.lane_picture import lane_picture, picture_width
from alembic_manage.diagram.lanes import places
from alembic_manage.quantity import counted
from alembic_manage.review.card import Card, Review
from alembic_manage.review.card_html import CardHtml
from alembic_manage.review.words import headline, summary_of

_HERE = Path(__file__).parent
_DIAGRAM = Path(str(diagram_room.__file__)).parent
ROW = 34
"""The height of a line in the list of migrations, in pixels: enough for a finger."""
OPEN_UP_TO = 20
"""So many migrations are shown with their SQL at once."""


def html(review: Review) -> str:
    """The text of the page."""
    anchors = dict(_anchors(review.cards))
    cards = CardHtml(anchors, is_open=len(review.cards) <= OPEN_UP_TO)
    by_id = {card.revision.id: card for card in review.cards}
    headlines = Counter(map(headline, review.cards))
    drawn = list(places(review.graph))
    page = Template((_HERE / "review.html").read_text(encoding="utf-8"))
    return page.substitute(
        title=escape(f"Review: {review.title}"),
        heading=escape(f"Review of {review.title}"),
        about=escape(summary_of(review)),
        count=counted(len(review.cards), "migration"),
        style=_styles(),
        script=(_HERE / "review.js").read_text(encoding="utf-8"),
        row=ROW,
        lanes=picture_width(drawn),
        picture=lane_picture(drawn, ROW),
        rows="\n".join(
            _row(by_id[place.id], anchors[place.id], is_told_apart=headlines[headline(by_id[place.id])] == 1)
            for place in reversed(drawn)
        ),
        notes=_notes(review),
        cards="\n".join(map(cards.write, review.cards)),
    )


def _anchors(cards: Sequence[Card]) -> Iterator[tuple[str, str]]:
    """The id on the page by that of the migration, which it keeps from page to page: links to it may be passed on."""
    taken: set[str] = set()
    for number, card in enumerate(cards, start=1):
        anchor = "m-" + re.sub(r"[^\w.-]", "-", card.revision.id, flags=re.ASCII)
        anchor = anchor if anchor not in taken else f"m{number}"
        taken.add(anchor)
        yield card.revision.id, anchor


def _row(card: Card, anchor: str, *, is_told_apart: bool) -> str:
    """A line of the list; by its id where another one has the same headline, as the steps of a change in phases do."""
    worst = max((finding.severity for finding in card.findings), default=None)
    tag = f'<span class="tag {worst.word}">{worst.word}</span>' if worst is not None else ""
    name = headline(card)
    title = name if name == card.revision.id else f"{card.revision.id}: {name}"
    shown = name if is_told_apart else card.revision.id
    return f'<li><a href="#{anchor}" title="{escape(title)}"><span>{escape(shown)}</span>{tag}</a></li>'


def _notes(review: Review) -> str:
    lines = "".join(f"<p>{escape(note)}</p>" for note in review.notes)
    return f'<div class="notes" role="note">{lines}</div>\n' if lines else ""


def _styles() -> str:
    files = (_DIAGRAM / "theme.css", _DIAGRAM / "diagram.css", _HERE / "review.css")
    return "".join(path.read_text(encoding="utf-8") for path in files)
