"""What a migration does in words: what its file says, with what that means for the schema."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from alembic_manage.lint.finding import Finding
from alembic_manage.outline.change import Change
from alembic_manage.quantity import counted
from alembic_manage.review.card import Card, Review
from alembic_manage.review.effect import Detail

_KINDS = {
    "create_table": "table",
    "drop_table": "table",
    "rename_table": "table",
    "add_column": "column",
    "drop_column": "column",
    "alter_column": "column",
    "create_index": "index",
    "drop_index": "index",
}
LONGEST_DETAIL = 400


@dataclass(frozen=True)
class Line:
    """One change."""

    symbol: str
    """As a Change has it."""
    text: str
    detail: str = ""
    """The definitions before and after."""


def headline(card: Card) -> str:
    """The message of the migration; its id where it has none."""
    return card.revision.message or card.revision.id


def tags_of(card: Card) -> Iterator[str]:
    """What kind of migration it is, a few words each: "merge", "phase expand", "not applied"."""
    if card.revision.is_merge:
        yield "merge"
    yield from card.revision.branch_labels
    if card.revision.phase:
        yield f"phase {card.revision.phase}"
    if card.is_applied is not None:
        yield "applied" if card.is_applied else "not applied"


def lines_of(card: Card) -> Iterator[Line]:
    """What the file says, with the definitions; then what happens to the schema besides."""
    left = list(card.effect.details)
    later = {(each.table, each.name): each.new_name for each in card.changes if each.new_name}
    for change in card.changes:
        found = [detail for detail in left if _is_about(change, detail)]
        left = [detail for detail in left if detail not in found]
        if change.new_name:
            said = _renamed(found)
        else:
            named = later.get((change.table, change.name))
            after = next((each.after for each in card.effect.details if named and each.item.name == named), None)
            said = "; ".join(filter(None, (_definition(_seen_by(change, each, after)) for each in found)))
        detail = said or _statement(change)
        yield Line(change.symbol, change.text, _cut(detail))
    told = {change.table for change in card.changes if change.kind in ("create_table", "drop_table")}
    for each in left:
        if each.item.table not in told:
            yield Line(each.symbol, _capital(str(each.item)), _cut(_definition(each)))


@dataclass(frozen=True)
class Told:
    """Findings that say the same, told once."""

    finding: Finding
    """The first of them."""
    lines: tuple[int, ...]
    """Of the file, in order; empty where none is to blame."""

    @property
    def place(self) -> str:
        """ "line 13", "lines 13 and 20"; empty without one."""
        numbers = [str(line) for line in self.lines]
        if not numbers:
            return ""
        words = ", ".join(numbers[:-1]) + (" and " if numbers[1:] else "") + numbers[-1]
        return f"line{'s' * (len(numbers) > 1)} {words}"

    @property
    def advice(self) -> tuple[str, ...]:
        """What to do, where it is no code: lines, with backticks around what is set in."""
        lines = () if self.finding.has_code else (self.finding.fix or "").strip().splitlines()
        return tuple(f"`{line.strip()}`" if line.startswith("    ") else line for line in lines if line.strip())

    @property
    def corrected(self) -> str:
        """What to do, where it is code."""
        return (self.finding.fix or "").strip() if self.finding.has_code else ""


def told_once(findings: Sequence[Finding]) -> Iterator[Told]:
    """The findings, the most serious first."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for each in sorted(findings, key=lambda finding: -finding.severity):
        groups.setdefault((each.label, each.severity, each.message, each.fix), []).append(each)
    for group in groups.values():
        yield Told(group[0], tuple(sorted({each.line for each in group if each.line})))


def _is_about(change: Change, detail: Detail) -> bool:
    item = detail.item
    if item.kind in ("type", "sequence"):
        return item.name in change.text.split()
    if _KINDS.get(change.kind, "constraint") != item.kind:
        return False
    tables = {change.table, change.new_name, f"{change.schema}.{change.table}"}
    names = {change.name, change.new_name}
    if item.kind == "table":
        return item.name in tables | names
    return item.name in names and (item.table in tables or not change.table)


def _seen_by(change: Change, detail: Detail, after: str | None) -> Detail:
    """What a change has to do with it: of what goes nothing but what it was, also where another takes its name.

    Args:
        change: the change.
        detail: what differs.
        after: the definition under the name that a later change gives to it; None where none does.
    """
    if change.kind.startswith("drop_"):
        return replace(detail, after=None)
    return replace(detail, after=after) if detail.after is None and after else detail


def _statement(change: Change) -> str:
    """Its SQL, where the change does not say all of it itself."""
    sql = " ".join(change.statement.split())
    return "" if sql in change.text else sql


def _renamed(found: Sequence[Detail]) -> str:
    """What else becomes of something that has another name; empty where nothing does."""
    before = next((each.before for each in found if each.after is None), "")
    after = next((each.after for each in found if each.before is None), "")
    return f"{before} \u2192 {after}" if before and after and before != after else ""


def _definition(detail: Detail) -> str:
    return " \u2192 ".join(part for part in (detail.before, detail.after) if part)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_DETAIL else f"{text[: LONGEST_DETAIL - 1]}\u2026"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def summary_of(review: Review) -> str:
    """The line below the title: how many, which, and what was found."""
    words = [f"{counted(len(review.cards), 'migration')}: {review.scope}"]
    found: dict[str, int] = {}
    for card in review.cards:
        for finding in card.findings:
            found[finding.severity.word] = found.get(finding.severity.word, 0) + 1
    words += [counted(found[word], word) for word in ("error", "warning", "notice") if word in found]
    return "; ".join(words)
