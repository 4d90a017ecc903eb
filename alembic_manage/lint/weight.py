"""How the size of a table moves the severity of a finding."""

from __future__ import annotations

from alembic_manage.lint.finding import Severity, Size

SMALL_ROWS = 10_000
SMALL_BYTES = 16 * 1024**2
LARGE_ROWS = 1_000_000
LARGE_BYTES = 1024**3


def weighed(severity: Severity, size: Size | None) -> Severity:
    """The severity for a table of a size; as it is where the size is not known.

    An empty table makes it a notice, a small one lowers it by one step, a large one raises it.
    """
    if size is None:
        return severity
    if not size.rows:
        return Severity.NOTICE
    if size.rows >= LARGE_ROWS or size.size_bytes >= LARGE_BYTES:
        return severity.moved(1)
    if size.rows < SMALL_ROWS and size.size_bytes < SMALL_BYTES:
        return severity.moved(-1)
    return severity
