"""Orders know when they were shipped"""

import sqlalchemy as sa
from alembic import op

revision = "0002_order_status"
down_revision = '0001_initial'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("status", existing_type=sa.String(16), type_=sa.String(32), existing_nullable=False)
    op.create_index("ix_orders_shipped_at", "orders", ["shipped_at"])


def downgrade():
    op.drop_index("ix_orders_shipped_at", "orders")
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("status", existing_type=sa.String(32), type_=sa.String(16), existing_nullable=False)
        batch_op.drop_column("shipped_at")
