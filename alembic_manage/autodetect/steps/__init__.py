"""What tables with rows need: passes that ask what only a person knows, and do a change in steps.

Each has the signature of detection.Pass. They run in the order of STEPS: what fills rows comes before what makes them
unique, and an ALTER of a column is taken apart before its type is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic_manage.autodetect.detection import Pass
from alembic_manage.autodetect.steps.column_place import put_back_in_place
from alembic_manage.autodetect.steps.enum_values import with_removed_values
from alembic_manage.autodetect.steps.not_null import filled_before_not_null
from alembic_manage.autodetect.steps.type_change import with_values_converted
from alembic_manage.autodetect.steps.unique import asked_about_unique

STEPS: Sequence[Pass] = (
    filled_before_not_null,
    put_back_in_place,
    with_removed_values,
    with_values_converted,
    asked_about_unique,
)
"""The passes, in their order."""
