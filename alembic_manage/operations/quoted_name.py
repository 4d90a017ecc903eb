"""Names in SQL, quoted where they must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def quoted_name(dialect: Dialect, *path: str | None) -> str:
    """The parts of a name with dots between them: `public.orders`.

    Args:
        dialect: whose quotes are used.
        path: from the outermost to the name itself; what is None is left out.
    """
    return ".".join(dialect.identifier_preparer.quote(part) for part in path if part)
