"""Customers, and a row for each time that a migration runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001_customers"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("runs", sa.Column("migration", sa.String(40), nullable=False))
    customers = op.create_table(
        "customers",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("balance", sa.Integer, nullable=False, server_default="0"),
    )
    op.bulk_insert(customers, [{"id": number, "name": f"customer {number}", "balance": number} for number in range(20)])
    op.execute("INSERT INTO customers (id, name) VALUES (100, 'nobody')")
    op.execute("INSERT INTO runs (migration) VALUES ('0001')")


def downgrade() -> None:
    op.execute("DELETE FROM runs WHERE migration = '0001'")
    op.drop_table("customers")
    op.drop_table("runs")
