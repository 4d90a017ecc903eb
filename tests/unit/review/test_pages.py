"""A review as HTML and as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from support.reviews import make_card, make_review

from alembic_manage.history import Revision
from alembic_manage.review.html import html
from alembic_manage.review.markdown import markdown

ODD = "</pre><script>alert(1)</script>&\"'`$title ```"
VOID = {"meta", "link", "input"}


class Page(HTMLParser):
    """Tags that are opened and closed, ids, links and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [found["href"]] if tag == "a" and found.get("href") else []
        self.open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_page_is_well_formed_and_its_links_lead_somewhere():
    page = Page(html(make_review(12)))
    assert (page.wrong, page.open) == ([], [])
    assert len(page.ids) == len(set(page.ids))
    inside = [link[1:] for link in page.links if link.startswith("#")]
    assert set(inside) <= set(page.ids)
    assert {f"m-{number:04}_change" for number in range(1, 13)} <= set(inside)


def test_migrations_whose_ids_look_alike_have_anchors_of_their_own():
    cards = [replace(make_card(1), revision=Revision(id, Path("a.py"))) for id in ("a b", "a-b", "äb")]
    page = Page(html(replace(make_review(3), cards=tuple(cards), graph=[(each.revision.id, []) for each in cards])))
    assert len(page.ids) == len(set(page.ids))
    assert {"m-a-b", "m2", "m--b"} <= set(page.ids)


def test_migrations_with_one_headline_are_listed_by_their_ids():
    cards = [make_card(number) for number in (1, 2, 3)]
    cards[2] = replace(cards[2], revision=replace(cards[2].revision, message=cards[1].revision.message))
    text = html(replace(make_review(3), cards=tuple(cards)))
    listed = re.findall(r'<li><a href="#[^"]+" title="[^"]+"><span>([^<]+)</span>', text)
    assert listed == ["Orders change 1", "0002_change", "0003_change"]


def test_nothing_that_the_project_writes_becomes_markup():
    page = Page(html(make_review(3, ODD)))
    assert page.tags.count("script") == 1
    assert (page.wrong, page.open) == ([], [])


def test_the_page_is_about_each_migration():
    text = html(make_review(3))
    for words in (
        "Orders change 2",
        "Add column status_2 to orders",
        "VARCHAR(16) NOT NULL",
        "ALTER TABLE orders ADD COLUMN status",
        "ACCESS EXCLUSIVE",
        "everything waits, SELECT too",
        "still held: ACCESS EXCLUSIVE on orders, since statement 1",
        "adding-index",
        "line 12",
        "Downgrade drops column orders.status_2",
        "It needs a connection.",
        "A note.",
        "3 migrations: all migrations; 3 errors; 3 warnings",
    ):
        assert words in text


def test_many_migrations_are_shown_with_their_sql_folded():
    assert '<details class="database" open>' in html(make_review(20))
    assert '<details class="database" open>' not in html(make_review(21))


def test_markdown_says_the_same():
    text = markdown(make_review(3))
    assert text.startswith("# Review of shop\n\n3 migrations: all migrations; 3 errors; 3 warnings\n")
    assert "before `0002_change`, not applied\n" in text
    assert "* 0003_change  Orders change 3\n* 0002_change" in text
    assert "- Add column status\\_2 to orders: `VARCHAR(16) NOT NULL`" in text
    assert "+     status_2 varchar(16)" in text
    assert "- **orders** ACCESS EXCLUSIVE: everything waits, SELECT too" in text
    assert "- **warning** `adding-index` (line 12): The index stops writes." in text


def test_markdown_keeps_code_inside_of_its_fences():
    text = markdown(make_review(1, ODD))
    fences = re.findall(r"^ {0,2}(`{3,})", text, re.MULTILINE)
    assert len(fences) % 2 == 0
    assert "<script>" not in re.sub(r"(?ms)^ {0,2}(`{3,}).*?^ {0,2}\1$|`+[^\n]*?`+", "", text).replace(
        "\\<script\\>", ""
    )
