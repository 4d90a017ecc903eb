"""Both go on together"""

import sqlalchemy as sa
from alembic import op

revision = "0004_merge"
down_revision = ('0003_addresses', '0003_product_names')
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
