"""What may have been renamed: pairs of something that is gone and something that has come, with how likely they are.

Pure functions of two schemas: they ask nobody, and know no database.
"""

from alembic_manage.autodetect.candidates.column import column_renames
from alembic_manage.autodetect.candidates.enum_value import enum_value_paths, enum_value_renames
from alembic_manage.autodetect.candidates.index import index_and_constraint_renames
from alembic_manage.autodetect.candidates.offer import Candidate, Kind, Offer
from alembic_manage.autodetect.candidates.path import Path, path_of
from alembic_manage.autodetect.candidates.table import table_renames

__all__ = [
    "Candidate",
    "Kind",
    "Offer",
    "Path",
    "column_renames",
    "enum_value_paths",
    "enum_value_renames",
    "index_and_constraint_renames",
    "path_of",
    "table_renames",
]
