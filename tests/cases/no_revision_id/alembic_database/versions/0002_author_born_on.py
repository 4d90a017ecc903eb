"""author born on"""

import sqlalchemy as sa
from alembic import op

down_revision = "0001_initial"


def upgrade():
    op.add_column("authors", sa.Column("born_on", sa.Date()))


def downgrade():
    op.drop_column("authors", "born_on")
