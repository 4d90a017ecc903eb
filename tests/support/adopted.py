"""Projects that had Alembic before: small ones, each named after what is special about its env.py."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from support.nursery import TIMEOUT_S, can_fork, nursery
from support.projects import ROOT

INI = "[alembic]\nscript_location = %(here)s/migrations\npath_separator = os\n"
MODELS = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
    """
FIRST = """
    import sqlalchemy as sa
    from alembic import op

    revision = "a1b2c3d4e5f6"
    down_revision = None

    def upgrade():
        op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))

    def downgrade():
        op.drop_table("users")
    """
MAKO = '''
    """${message}"""

    from alembic import op
    import sqlalchemy as sa

    revision = ${repr(up_revision)}
    down_revision = ${repr(down_revision)}
    branch_labels = ${repr(branch_labels)}
    depends_on = ${repr(depends_on)}

    def upgrade():
        ${upgrades}

    def downgrade():
        ${downgrades}
    '''
RUN = """
    engine = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.")
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()
    """
ENV = dedent("""
    from alembic import context
    from sqlalchemy import engine_from_config
    from shop.models import Base

    config = context.config
    target_metadata = Base.metadata
    """) + dedent(RUN)
FILES: Mapping[str, str] = {
    "alembic.ini": INI,
    "shop/__init__.py": "",
    "shop/models.py": MODELS,
    "migrations/script.py.mako": MAKO,
    "migrations/versions/a1b2c3d4e5f6_users.py": FIRST,
}


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files, and the folders they need; the texts may be indented as the test is."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return folder


def old_project(folder: Path, env: str = ENV, **more: str) -> Path:
    """A project with one revision and one model, whose env.py is `env`; `more` are files by their path."""
    return write_files(folder, {**FILES, "migrations/env.py": env, **more})


def run_python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python ARGUMENTS` in a folder, to its end, without what the environment says of a project of its own."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SETTINGS_MODULE")}
    ours = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]), "PYTHONDONTWRITEBYTECODE": "1"}
    argv, whole = list(arguments), {**inherited, **ours, **environment}
    if can_fork(whole):
        return nursery(str(ROOT)).run(argv, folder, whole, None)
    return subprocess.run(
        [sys.executable, *argv],
        cwd=folder,
        env=whole,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
