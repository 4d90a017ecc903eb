"""An enum type on PostgreSQL, a text elsewhere; its index is built without keeping anybody waiting."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_status"
down_revision = "0003_notes"
branch_labels = None
depends_on = None

STATUS = postgresql.ENUM("open", "paid", name="status", create_type=False)


def is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def upgrade() -> None:
    if is_postgresql():
        op.execute("CREATE TYPE status AS ENUM ('open', 'paid')")
        op.add_column("orders", sa.Column("status", STATUS, nullable=False, server_default="open"))
        op.execute("UPDATE orders SET status = 'paid' WHERE id < 10")
        with op.get_context().autocommit_block():
            op.create_index("ix_orders_status", "orders", ["status"], postgresql_concurrently=True)
            op.execute("ALTER TYPE status ADD VALUE 'lost'")
    else:
        op.add_column("orders", sa.Column("status", sa.String(10), nullable=False, server_default="open"))
        op.execute("UPDATE orders SET status = 'paid' WHERE id < 10")
        op.create_index("ix_orders_status", "orders", ["status"])
    op.execute("INSERT INTO runs (migration) VALUES ('0004')")


def downgrade() -> None:
    op.execute("DELETE FROM runs WHERE migration = '0004'")
    if is_postgresql():
        with op.get_context().autocommit_block():
            op.drop_index("ix_orders_status", "orders", postgresql_concurrently=True)
        op.drop_column("orders", "status")
        op.execute("DROP TYPE status")
    else:
        op.drop_index("ix_orders_status", "orders")
        with op.batch_alter_table("orders") as batch:
            batch.drop_column("status")
