"""How the entries of a ledger look to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from alembic_manage.console import Style
from alembic_manage.execution.ledger import APPLIED, FAKED, RUNNING, Entry
from alembic_manage.plan import Direction

NARROWEST = 40
_GOOD = {APPLIED: "SUCCESS", FAKED: "WARNING", RUNNING: "WARNING"}


def log_lines(entries: Sequence[Entry], style: Style, width: int | None = None) -> Iterator[str]:
    """Entries as lines: each run with who it was, and below it what it did, the columns one under another.

    Args:
        entries: in the order in which they were written.
        style: the colours.
        width: of the terminal, in characters; None where a line may be of any length.
    """
    name_width = max((len(entry.revision) for entry in entries), default=0)
    elapsed_width = max((len(elapsed(entry)) for entry in entries), default=0)
    for who, run in groupby(entries, key=author):
        yield style.MIGRATE_HEADING(who)
        for entry in run:
            arrow = "up  " if entry.direction == Direction.UPGRADE.value else "down"
            outcome = getattr(style, _GOOD.get(entry.outcome, "ERROR"))(f"{entry.outcome:<11}")
            line = (
                f"  {entry.started_at:%Y-%m-%d %H:%M:%S} UTC  {arrow}  {entry.revision:<{name_width}}  {outcome}  "
                f"{elapsed(entry):>{elapsed_width}}  {statements(entry)}"
            )
            yield line.rstrip()
            yield from (style.ERROR(part) for part in _error_lines(entry, width))


def entry_lines(entry: Entry) -> Iterator[str]:
    """One entry in words: how it went, who ran it, and what file it was."""
    parts = [f"began {entry.started_at:%Y-%m-%d %H:%M:%S} UTC", elapsed(entry), statements(entry)]
    yield f"{_outcome(entry)}: {', '.join(part for part in parts if part)}"
    yield from _error_lines(entry, None)
    yield author(entry)
    if entry.checksum:
        yield f"checksum {entry.checksum}"


def _outcome(entry: Entry) -> str:
    if entry.direction == Direction.UPGRADE.value:
        return entry.outcome
    return "taken back" if entry.outcome == APPLIED else f"taking it back {entry.outcome}"


def author(entry: Entry) -> str:
    """Which run it was, and whose: "Run 9f2c61d07a3b58e4 by deploy@web-1, process 4711, application 2.4.1"."""
    who = "@".join(part for part in (entry.user_name, entry.host) if part)
    parts = [
        f"Run {entry.batch}" if entry.batch else "A run without a number",
        f" by {who}" if who else "",
        f", process {entry.pid}" if entry.pid is not None else "",
        f", application {entry.application_version}" if entry.application_version else "",
    ]
    return "".join(parts)


def elapsed(entry: Entry) -> str:
    """How long it took, as "0.012 s"; empty where nothing tells."""
    return f"{entry.duration_ms / 1000:,.3f} s" if entry.duration_ms is not None else ""


def statements(entry: Entry) -> str:
    """How many statements it sent that were not mere queries; empty where nothing tells."""
    if entry.statements is None:
        return ""
    return f"{entry.statements} statement{'' if entry.statements == 1 else 's'}"


def _error_lines(entry: Entry, width: int | None) -> list[str]:
    """What went wrong, broken where the terminal ends."""
    if not entry.error:
        return []
    if width is None:
        return [f"    {entry.error}"]
    return wrap(entry.error, max(width, NARROWEST), initial_indent=" " * 4, subsequent_indent=" " * 6)
