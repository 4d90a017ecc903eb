"""slow: creates a table, says so in the file "started", and waits where the test wants it to

WAIT_FOR names a file that ends the waiting; WAIT_IN_SQL is a statement that takes long.
"""

import os
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002_slow"
down_revision = "0001_initial"


def upgrade():
    op.create_table("slow", sa.Column("id", sa.Integer(), primary_key=True))
    Path("started").touch()
    if "WAIT_IN_SQL" in os.environ:
        op.execute(os.environ["WAIT_IN_SQL"])
    deadline = time.monotonic() + 60
    while "WAIT_FOR" in os.environ and not Path(os.environ["WAIT_FOR"]).exists() and time.monotonic() < deadline:
        time.sleep(0.01)


def downgrade():
    op.drop_table("slow")
