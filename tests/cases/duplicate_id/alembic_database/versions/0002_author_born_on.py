"""author born on"""

import sqlalchemy as sa
from alembic import op

revision = "0001_initial"
down_revision = None


def upgrade():
    op.add_column("authors", sa.Column("born_on", sa.Date()))


def downgrade():
    op.drop_column("authors", "born_on")
