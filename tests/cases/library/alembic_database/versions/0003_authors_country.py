"""authors country"""

import sqlalchemy as sa
from alembic import op

revision = "0003_authors_country"
down_revision = "0002_books"


def upgrade():
    op.add_column("authors", sa.Column("country", sa.String(length=2), server_default="--", nullable=False))
    op.create_index("ix_authors_country", "authors", ["country"])


def downgrade():
    op.drop_index("ix_authors_country", table_name="authors")
    op.drop_column("authors", "country")
