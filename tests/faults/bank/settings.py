"""The settings of the project that faults are done to."""

import os

DATABASES = {"default": {"URL": os.environ["DATABASE_URL"]}}
INSTALLED_APPS = ["shop"]
MIGRATIONS_DIR = "alembic_database"
