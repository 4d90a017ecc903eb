"""What must be written: the models compared with the schema, and a name for the result.

Importing it registers the suite's comparators with Alembic, also where the suite is not an installed distribution.
"""

from alembic_manage.alembic_plugin import ensure_registered

ensure_registered()
