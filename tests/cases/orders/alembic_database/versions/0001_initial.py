"""initial"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_initial"
down_revision = None


def upgrade() -> None:
    op.execute("CREATE TYPE status AS ENUM ('open', 'paid', 'lost')")
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("placed", sa.String(length=10), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            postgresql.ENUM("open", "paid", "lost", name="status", create_type=False),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_placed"), "orders", ["placed"], unique=False)


def downgrade() -> None:
    op.drop_table("orders")
    op.execute("DROP TYPE status")
