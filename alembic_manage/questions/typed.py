"""Options as they are typed in a shell."""

from __future__ import annotations

import shlex


def as_typed(flag: str) -> str:
    """An option with its value in quotes, where a shell would take it apart: "--default 'orders.placed=now()'"."""
    name, _, value = flag.partition(" ")
    return f"{name} {shlex.quote(value)}" if value else name
