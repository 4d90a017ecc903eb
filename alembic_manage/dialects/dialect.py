"""One kind of database: what is true of it, and what follows from that."""

from __future__ import annotations

from alembic_manage.dialects.catalog import AnyCatalog
from alembic_manage.dialects.client import AnyClient
from alembic_manage.dialects.ddl import AnyDDL
from alembic_manage.dialects.rows import AnyRows
from alembic_manage.dialects.session import AnySession
from alembic_manage.dialects.types import AnyTypes


class Dialect(AnyCatalog, AnyRows, AnyDDL, AnyTypes, AnySession, AnyClient):
    """One kind of database; the pessimistic defaults hold for one of which nothing is known."""
