"""A migration of a review as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from alembic_manage.diagram.svg import drawing
from alembic_manage.lock_trace.trace import Effect as LockEffect
from alembic_manage.lock_trace.trace import Lock, LockTrace, TracedStatement
from alembic_manage.quantity import counted
from alembic_manage.review.card import Card, DatabasePart
from alembic_manage.review.words import headline, lines_of, tags_of, told_once

SYMBOLS = {"+": ("plus", "+", "adds"), "-": ("minus", "\u2212", "removes"), "~": ("tilde", "~", "alters")}
"""Of a change: the class, the sign, and the word for a screen reader."""
TAGS = {
    LockEffect.EVERYTHING: "everything waits",
    LockEffect.WRITES: "writes wait",
    LockEffect.NONE: "nobody waits long",
}


class CardHtml:
    """Writes cards.

    Args:
        anchors: the ids of the cards by those of the migrations.
        is_open: whether the SQL is shown at once.
    """

    def __init__(self, anchors: Mapping[str, str], *, is_open: bool) -> None:
        self.anchors = anchors
        self.is_open = is_open

    def write(self, card: Card) -> str:
        """The article."""
        anchor = self.anchors[card.revision.id]
        parts = [
            f'<article id="{anchor}" aria-labelledby="{anchor}-title">',
            self._head(card, anchor),
            *_changes(card),
            *_diagrams(card, anchor),
            *_findings(card),
            *_plain("What is lost", "losses", card.losses),
            *_plain("Not known", "unknown", card.effect.unknown),
            *self._sql(card),
            "</article>",
        ]
        return "\n".join(parts)

    def _head(self, card: Card, anchor: str) -> str:
        tags = "".join(f'<span class="tag">{escape(tag)}</span>' for tag in tags_of(card))
        links = "".join(
            f"<span>{word} {', '.join(map(self._link, ids))}</span>"
            for word, ids in (("after", card.parents), ("before", card.children))
            if ids
        )
        return (
            f'<header><p class="id"><code>{escape(card.revision.id)}</code>{tags}<span>{escape(card.path)}</span></p>'
            f'<h2 id="{anchor}-title" tabindex="-1">{escape(headline(card))}</h2><p class="links">{links}</p></header>'
        )

    def _link(self, id: str) -> str:
        anchor = self.anchors.get(id)
        return f'<a href="#{anchor}">{escape(id)}</a>' if anchor else escape(id)

    def _sql(self, card: Card) -> Iterator[str]:
        if card.databases:
            yield "<h3>SQL and locks</h3>"
        for part in card.databases:
            yield self._database(part)

    def _database(self, part: DatabasePart) -> str:
        name = f"<strong>{escape(part.title)}</strong> <span>{escape(', '.join(part.names))}</span>"
        if part.trace is None:
            return (
                f'<details class="database"><summary>{name}<span class="tag">SQL not known</span></summary>'
                f'<div class="in"><p class="why">{escape(part.reason)}</p></div></details>'
            )
        trace = part.trace
        tags = f'<span class="tag">{counted(len(trace.statements), "statement")}</span>{_worst(trace)}'
        is_open = " open" if self.is_open else ""
        statements = "".join(map(_statement, trace.statements))
        stopped = f'<p class="why">It stopped there: {escape(trace.error)}</p>' if trace.error else ""
        return (
            f'<details class="database"{is_open}><summary>{name}{tags}</summary><div class="in">'
            f'<ol class="statements">{statements}</ol>{stopped}{_how(trace)}</div></details>'
        )


def _changes(card: Card) -> Iterator[str]:
    lines = list(lines_of(card))
    yield "<h3>What changes</h3>"
    if not lines:
        yield "<p>Nothing in the database.</p>"
        return
    yield '<ul class="changes">'
    for line in lines:
        kind, sign, word = SYMBOLS.get(line.symbol, ("other", "\u203a", ""))
        spoken = f'<span class="sign" role="img" aria-label="{word}">{sign}</span>' if word else _silent(sign)
        detail = f"<code>{escape(line.detail)}</code>" if line.detail else ""
        yield f'<li class="{kind}">{spoken}{escape(line.text)}{detail}</li>'
    yield "</ul>"


def _silent(sign: str) -> str:
    return f'<span class="sign" aria-hidden="true">{sign}</span>'


def _diagrams(card: Card, anchor: str) -> Iterator[str]:
    both = [("Before", card.effect.before), ("After", card.effect.after)]
    if not any(diagram for _, diagram in both):
        return
    yield '<h3>Tables before and after</h3><div class="both">'
    for title, diagram in both:
        if diagram is not None:
            picture = drawing(diagram, picture=f"{anchor}-{title.lower()}")
            scroll = f'<div class="scroll" role="group" aria-label="{title}">{picture}</div>'
            yield f"<figure><figcaption>{title}</figcaption>{scroll}</figure>"
    yield "</div>"
    if card.effect.left_out:
        yield f"<p>{counted(card.effect.left_out, 'more table')} touched, not drawn.</p>"


def _findings(card: Card) -> Iterator[str]:
    if not card.findings:
        return
    yield '<h3>Findings</h3><ul class="findings">'
    for told in told_once(card.findings):
        each = told.finding
        word = each.severity.word
        rule = f'<span class="rule"><code>{escape(each.label)}</code> {told.place}</span>'
        lock = f'<p class="rule">{_with_code(each.lock)}</p>' if each.lock else ""
        advice = "".join(f'<p class="rule">{_with_code(line)}</p>' for line in told.advice)
        fix = f"<pre>{escape(told.corrected)}</pre>" if told.corrected else ""
        yield (
            f'<li><p><span class="tag {word}">{word}</span> {rule}</p>'
            f"<p>{_with_code(each.message)}</p>{lock}{advice}{fix}</li>"
        )
    yield "</ul>"


def _with_code(text: str) -> str:
    """What stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _plain(title: str, kind: str, lines: Iterable[str]) -> Iterator[str]:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    if items:
        yield f'<h3>{title}</h3><ul class="{kind}">{items}</ul>'


def _worst(trace: LockTrace) -> str:
    effect = max((each.effect for each in trace.statements), default=LockEffect.NONE)
    return f'<span class="tag {effect.name.lower()}">{TAGS[effect]}</span>' if trace.statements else ""


def _how(trace: LockTrace) -> str:
    how = f"Measured on {trace.server}." if trace.is_measured else "From the manual, not measured: add --locks."
    notes = " ".join([how, *trace.notes])
    address = trace.source.rpartition(" ")[2]
    source = trace.source.removesuffix(address).rstrip(": ")
    link = f'<a href="{escape(address)}">{escape(source)}</a>' if address.startswith("https://") else escape(source)
    return f'<p class="why">{escape(notes)} Source: {link}</p>' if trace.statements else ""


def _statement(statement: TracedStatement) -> str:
    items = [_lock(lock) for lock in statement.taken]
    items += [f"<li>every row of {escape(name)} is written anew</li>" for name in statement.found.rewrites]
    items += [f"<li>every row of {escape(name)} is read</li>" for name in statement.found.scans]
    items += [f"<li>{escape(note)}</li>" for note in statement.found.notes]
    if statement.worth_saying:
        held = [f"{each.mode} on {each.table}, since statement {each.since}" for each in statement.worth_saying]
        items.append(f"<li>still held: {escape('; '.join(held))}</li>")
    locks = f'<ul class="locks">{"".join(items)}</ul>' if items else ""
    return f"<li><pre>{escape(statement.sql)}</pre>{locks}</li>"


def _lock(lock: Lock) -> str:
    effect = LockEffect.NONE if lock.is_new else lock.effect
    tag = f'<span class="tag {effect.name.lower()}">{escape(lock.mode)}</span>'
    return f"<li><strong>{escape(lock.table)}</strong> {tag} {escape(lock.line)}</li>"
