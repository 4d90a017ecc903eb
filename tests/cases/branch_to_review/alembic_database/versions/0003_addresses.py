"""Addresses of customers"""

import sqlalchemy as sa
from alembic import op

revision = "0003_addresses"
down_revision = '0002_order_status'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, sa.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("street", sa.String(200), nullable=False),
        sa.Column("city", sa.String(100), nullable=False),
        sa.Column("postcode", sa.String(16)),
    )
    op.create_index("ix_addresses_customer_id", "addresses", ["customer_id"])
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("address_id", sa.Integer, nullable=True))
        batch_op.create_foreign_key("fk_orders_address_id", "addresses", ["address_id"], ["id"])


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("fk_orders_address_id", type_="foreignkey")
        batch_op.drop_column("address_id")
    op.drop_table("addresses")
