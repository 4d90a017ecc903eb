"""Two apps, two databases."""

import os

DATABASES = {
    "default": {"URL": os.environ["DATABASE_URL"]},
    "archive": {"URL": "sqlite:///archive.sqlite3"},
}
INSTALLED_APPS = ["shop", "blog"]
MIGRATIONS_DIR = "alembic_database"
