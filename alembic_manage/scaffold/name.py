"""Which names a new app or project may have."""

from __future__ import annotations

import importlib.util
import keyword
import re
from pathlib import Path

from alembic_manage.errors import CommandError


def refuse_name(name: str, kind: str, better: str | None = None) -> None:
    """Refuse what Python could not import by this name.

    Args:
        name: what the user typed.
        kind: "app" or "project".
        better: what the hint proposes instead of an impossible name; None for the nearest possible one.

    Raises:
        CommandError: the name is no identifier, or a word of the language.
    """
    if not name.isidentifier():
        nearest = re.sub(r"\W|^(?=\d)", "_", name) or f"my{kind}"
        raise CommandError(
            f"'{name}' is not a valid {kind} name: it must be a valid Python identifier.",
            hint=f"python manage.py start{kind} {better or nearest}",
        )
    if keyword.iskeyword(name):
        raise CommandError(
            f"'{name}' is not a valid {kind} name: it is a word of the Python language.",
            hint=f"python manage.py start{kind} {name}_{kind}",
        )


def is_taken(name: str, *own: Path) -> bool:
    """Whether `import name` gives something else than one of the folders `own`; nothing is imported but parents."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return False
    except ValueError:
        # The name of a module that was made by hand, as __main__ is; or no name at all.
        return name.isidentifier()
    if spec is None:
        return False
    folders = {Path(folder).resolve() for folder in spec.submodule_search_locations or ()}
    return not folders or not folders <= set(own)
