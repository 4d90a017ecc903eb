"""Checks without a name that a rebuilt table would lose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from alembic.autogenerate import renderers
from alembic.operations import Operations, ops

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


class KeptChecks(ops.MigrateOperation):
    """Stands in a batch and is written at its head: `table_args`, with the checks that Alembic would leave out.

    Source: Alembic 1.20, ApplyBatchImpl, "Unnamed CHECK constraint on reflected table ... is being omitted".

    Args:
        table_name: the table.
        texts: the SQL of its checks without a name.
        schema: of the table.
    """

    def __init__(self, table_name: str, texts: Sequence[str], schema: str | None = None) -> None:
        self.table_name = table_name
        self.texts = tuple(texts)
        self.schema = schema

    def reverse(self) -> KeptChecks:
        """Itself: the way back rebuilds the table too."""
        return self

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """What `alembic check` prints."""
        return ("kept_checks", self.schema, self.table_name, self.texts)

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch is told."""
        return {"table_args": [_Source(f"sa.CheckConstraint({_escaped(text)!r})") for text in self.texts]}


class _Source:
    """Python as it is written into a file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _escaped(text: str) -> str:
    """For CheckConstraint, in which a colon before a name would be a parameter."""
    return text.replace(":", "\\:")


@renderers.dispatch_for(KeptChecks)
def _render(autogen_context: AutogenContext, operation: KeptChecks) -> list[str]:
    """Nothing: the batch says it."""
    return []


@Operations.implementation_for(KeptChecks)
def _run(operations: Operations, operation: KeptChecks) -> None:
    """Nothing to run outside of a batch."""
