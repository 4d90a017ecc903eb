"""books"""

import sqlalchemy as sa
from alembic import op

revision = "0002_books"
down_revision = "0001_initial"


def upgrade():
    op.create_table(
        "books",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name="fk_books_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_books"),
    )


def downgrade():
    op.drop_table("books")
