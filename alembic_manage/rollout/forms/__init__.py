"""The forms, one a file: each takes an operation, or leaves it to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from alembic.operations import ops

from alembic_manage.rollout.forms.added_column import added_column
from alembic_manage.rollout.forms.altered_column import altered_column
from alembic_manage.rollout.forms.changed_type import changed_type
from alembic_manage.rollout.forms.constraint import constraint
from alembic_manage.rollout.forms.dropped_column import dropped_column
from alembic_manage.rollout.forms.index import index
from alembic_manage.rollout.forms.new_table import new_table
from alembic_manage.rollout.forms.not_null import not_null
from alembic_manage.rollout.forms.renamed_column import renamed_column
from alembic_manage.rollout.forms.renamed_table import renamed_table
from alembic_manage.rollout.forms.reused_name import reused_name
from alembic_manage.rollout.forms.short import short
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.stage import Staged

Form: TypeAlias = Callable[[ops.MigrateOperation, Scene], list[Staged] | None]
"""Gives None for what it is not about."""
FORMS: Sequence[Form] = (
    new_table,
    reused_name,
    added_column,
    not_null,
    dropped_column,
    renamed_table,
    renamed_column,
    changed_type,
    altered_column,
    index,
    constraint,
    short,
)
"""In this order; the last one takes everything."""
