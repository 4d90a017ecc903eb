#!/usr/bin/env python
"""The project's commands: `python manage.py help` lists them."""

import os

from alembic_manage.cli import main

if __name__ == "__main__":
    os.environ.setdefault("SETTINGS_MODULE", "settings")
    main()
