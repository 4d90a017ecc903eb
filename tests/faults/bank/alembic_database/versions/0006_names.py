"""A column and a table get other names."""

import sqlalchemy as sa
from alembic import op

revision = "0006_names"
down_revision = "0005_interest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "orders", "amount", new_column_name="total", existing_type=sa.Numeric(10, 2), existing_nullable=False
    )
    op.rename_table("customers", "clients")
    op.execute("UPDATE clients SET balance = balance + 3")
    op.execute("INSERT INTO runs (migration) VALUES ('0006')")


def downgrade() -> None:
    op.execute("DELETE FROM runs WHERE migration = '0006'")
    op.execute("UPDATE clients SET balance = balance - 3")
    op.rename_table("clients", "customers")
    op.alter_column(
        "orders", "total", new_column_name="amount", existing_type=sa.Numeric(10, 2), existing_nullable=False
    )
