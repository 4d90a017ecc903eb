"""The settings of the Django project that faults are done to."""

import os
from urllib.parse import urlsplit

import pymysql

pymysql.install_as_MySQLdb()
_ENGINES = {"sqlite": "sqlite3", "postgresql+psycopg": "postgresql", "mysql+pymysql": "mysql"}
_URL = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": f"django.db.backends.{_ENGINES[_URL.scheme]}",
        "NAME": _URL.path[1:],
        "USER": _URL.username or "",
        "HOST": _URL.hostname or "",
        "PORT": _URL.port or "",
    }
}
INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
