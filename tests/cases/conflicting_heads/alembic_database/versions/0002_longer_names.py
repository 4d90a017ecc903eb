"""longer names

Revision ID: 0002_longer_names
Revises: 0001_initial
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_longer_names"
down_revision = "0001_initial"


def upgrade():
    with op.batch_alter_table("authors") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(100), type_=sa.String(200), existing_nullable=False)


def downgrade():
    with op.batch_alter_table("authors") as batch_op:
        batch_op.alter_column("name", existing_type=sa.String(200), type_=sa.String(100), existing_nullable=False)
