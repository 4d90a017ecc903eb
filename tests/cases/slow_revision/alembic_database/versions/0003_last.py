"""last"""

import sqlalchemy as sa
from alembic import op

revision = "0003_last"
down_revision = "0002_slow"


def upgrade():
    op.create_table("last", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("last")
