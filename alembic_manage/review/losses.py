"""What a migration loses, on the way up and on the way back, read from its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from alembic_manage.history import Revision
from alembic_manage.outline.change import Change
from alembic_manage.outline.revision import outline_of
from alembic_manage.sql.tokens import tokens_of


def losses_in(revision: Revision) -> tuple[str, ...]:
    """A sentence for each loss; empty where nothing is lost, as far as the file tells."""
    up, down = outline_of(revision.path, "upgrade"), outline_of(revision.path, "downgrade")
    return (*_up(up, down), *_down(up, down))


def _up(up: Sequence[Change], down: Sequence[Change]) -> Iterator[str]:
    back = {(change.kind, change.table, change.name) for change in down}
    sources = {(change.table, change.name): _source(change) for change in down if change.kind == "fill_rows"}
    for change in up:
        if change.kind == "drop_table":
            is_back = ("create_table", change.table, change.name) in back
            then = "downgrade makes it anew, empty" if is_back else "nothing brings it back"
            yield f"Upgrade drops table {change.table} with all of its rows; {then}."
        elif change.kind == "drop_column":
            is_back = ("add_column", change.table, change.name) in back
            then = "downgrade brings it back without its values" if is_back else "nothing brings it back"
            if is_back and (source := sources.get((change.table, change.name))):
                then = f"downgrade brings it back and fills it from {source}"
            yield f"Upgrade drops column {change.table}.{change.name}; {then}."


def _source(change: Change) -> str:
    """The column from which a change fills another one; empty where it is a value."""
    words = [token.text for token in tokens_of(change.statement)]
    given = words[words.index("=") + 1 :] if "=" in words else []
    is_column = bool(given) and given[0].isidentifier() and given[1:2] in ([], ["WHERE"])
    return given[0] if is_column and given[0].upper() not in ("NULL", "TRUE", "FALSE") else ""


def _down(up: Sequence[Change], down: Sequence[Change]) -> Iterator[str]:
    made = {(change.table, change.name) for change in up if change.kind in ("create_table", "add_column")}
    renamed = {change.new_name: change.name for change in up if change.new_name}
    if up and not down:
        yield "Downgrade does nothing: what upgrade did stays, or it raises."
    for change in down:
        if change.kind == "drop_table":
            yield f"Downgrade drops table {change.table} with the rows written since."
        elif change.kind == "drop_column":
            name = renamed.get(change.name, change.name)
            since = " written since" if (change.table, name) in made else ""
            yield f"Downgrade drops column {change.table}.{change.name} with the values{since}."
    if any(change.symbol in "sp" for change in up) and not any(change.symbol in "sp" for change in down) and down:
        yield "Upgrade runs statements of its own (SQL or Python) that downgrade does not undo."
