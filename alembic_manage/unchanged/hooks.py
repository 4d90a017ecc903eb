"""Whether everything that takes part in a comparison is SQLAlchemy's, Alembic's or the suite's.

What somebody else registered may look at anything, so that equal models no longer mean an equal result.
"""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.sql import ddl

_OURS = ("sqlalchemy", "alembic", "alembic_manage")
_EVENTS = ("column_reflect", "before_parent_attach", "after_parent_attach")


def are_known() -> bool:
    """Whether nobody else takes part, as far as what is imported by now is concerned."""
    return not (_listens() or _compiles() or _compares())


def _listens() -> bool:
    """Whether somebody is told of every table or column that is made."""
    registries = (getattr(kind.dispatch, name)._clslevel for kind in (Table, Column) for name in _EVENTS)
    return any(not _is_ours(listener) for each in registries for found in each.values() for listener in found)


def _compiles() -> bool:
    """Whether somebody compiles statements of SQLAlchemy's in another way."""
    kinds = [each for each in vars(ddl).values() if isinstance(each, type)]
    found = [vars(each)["_compiler_dispatcher"].specs for each in kinds if "_compiler_dispatcher" in vars(each)]
    return any(not _is_ours(compiles) for specs in found for compiles in specs.values())


def _compares() -> bool:
    """Whether somebody takes part in Alembic's comparison; where Alembic is not imported there is nobody."""
    if "alembic" not in sys.modules:
        return False
    from alembic_manage.alembic_api import comparators_and_implementations

    return any(not _is_ours(each) for each in comparators_and_implementations())


def _is_ours(function: Any) -> bool:
    return str(getattr(function, "__module__", None)).partition(".")[0] in _OURS
