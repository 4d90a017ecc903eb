"""Orders with a foreign key and an index; rows by executemany."""

import sqlalchemy as sa
from alembic import op

revision = "0002_orders"
down_revision = "0001_customers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    orders = op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("amount", sa.Numeric(10, 2), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_orders_customer"),
    )
    rows = [{"id": number, "customer_id": number % 20, "amount": number * 1.5} for number in range(50)]
    op.get_bind().execute(orders.insert(), rows)
    op.create_index("ix_orders_customer", "orders", ["customer_id"])
    op.execute("INSERT INTO runs (migration) VALUES ('0002')")


def downgrade() -> None:
    op.execute("DELETE FROM runs WHERE migration = '0002'")
    op.drop_table("orders")
