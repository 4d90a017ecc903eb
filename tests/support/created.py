"""What `create_all` makes, beside what revisions make."""

from __future__ import annotations

import re
from collections.abc import Mapping

from alembic_manage.drift.description import Description
from alembic_manage.drift.verification import differences


def lines_of_difference(expected: Description, found: Description, *, orders: bool) -> list[str]:
    """Where a database is not what create_all makes, a line each.

    Quotes that a name in an expression keeps once it needed them are no difference, nor is the name that a revision
    gives to a primary key for which the models have none.

    Args:
        expected: what create_all makes, or what there was before.
        found: what a revision made.
        orders: whether the order of columns counts.
    """
    return [
        f"{each.object}: {each.expected} / {each.found}"
        for each in differences(_unquoted(_with_names(expected, found)), _unquoted(found))
        if orders or not each.object.startswith("order of the columns")
    ]


def _unquoted(description: Description) -> Description:
    return {name: re.sub('["`]', "", text) for name, text in description.items()}


def _with_names(expected: Description, found: Description) -> Description:
    """What create_all makes, with the names that a revision gives to primary keys."""
    given: dict[str, str] = {}
    unnamed: dict[str, str] = {}
    for name, key in expected.items():
        if name.startswith("primary key of ") and name in found:
            old, new = key.partition(" (")[0], found[name].partition(" (")[0]
            table = re.escape(name.removeprefix("primary key of ").rpartition(".")[2])
            if re.fullmatch(f"None|{table}_pkey", old):
                given[old] = new
                unnamed |= {name: found[name]} if old == "None" and found[name].endswith(key[4:]) else {}
    return {_replaced(name, given): _replaced(text, given) for name, text in expected.items()} | unnamed


def _replaced(text: str, names: Mapping[str, str]) -> str:
    for old, new in names.items():
        text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, text) if old != "None" else text
    return text
