"""The revisions on disk as a graph: what a revision is, the graph, and how files become one."""

from alembic_manage.history.cache import GraphCache
from alembic_manage.history.history import History
from alembic_manage.history.reader import read_history
from alembic_manage.history.revision import Problem, Revision
from alembic_manage.history.revision_file import IDENTIFIERS, PHASE, PHASES, read_revision, revision_of_source

__all__ = [
    "IDENTIFIERS",
    "PHASE",
    "PHASES",
    "GraphCache",
    "History",
    "Problem",
    "Revision",
    "read_history",
    "read_revision",
    "revision_of_source",
]
