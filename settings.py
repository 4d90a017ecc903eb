"""Settings of the project; the environment wins over .env, and .env.example explains each variable."""

import os
from pathlib import Path

from dotenv import load_dotenv

BASE_DIR = Path(__file__).resolve().parent

load_dotenv(BASE_DIR / ".env")

# OPTIONS are keyword arguments of sqlalchemy.create_engine().
DATABASES = {
    "default": {
        "URL": os.environ.get("DATABASE_URL") or f"sqlite:///{BASE_DIR / 'db.sqlite3'}",
        "OPTIONS": {"echo": os.environ.get("SQL_ECHO") == "1"},
    },
}

# Packages with a models module, commands of their own, or both.
INSTALLED_APPS = ["myproject"]

# The folder of env.py and versions/; alembic.ini points there too.
MIGRATIONS_DIR = "alembic_database"

# Where the tables are, if not in the apps' models modules:
# METADATA = "myproject.models:Base"  or  "myproject:db.metadata"  or a list of these.
