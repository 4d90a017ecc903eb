"""Tags are gone"""

import sqlalchemy as sa
from alembic import op

revision = "0005_tags_go"
down_revision = '0004_merge'
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table("product_tags")
    op.drop_table("tags")


def downgrade():
    pass
