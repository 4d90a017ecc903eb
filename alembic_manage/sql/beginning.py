"""Where a statement begins."""

from __future__ import annotations

import re

# MariaDB runs what stands in /*! */. Source: MariaDB documentation, "Comment Syntax".
_BEFORE = re.compile(r"(\s+|\(|--[^\n]*\n?|/\*(?!!).*?\*/)*", re.DOTALL)


def beginning(statement: str) -> str:
    """A statement without what stands before its first word: blanks, comments, parentheses."""
    found = _BEFORE.match(statement)
    return statement[found.end() if found else 0 :]
