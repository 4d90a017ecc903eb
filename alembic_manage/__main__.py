"""`python -m alembic_manage`."""

from alembic_manage.cli import main

if __name__ == "__main__":
    main()
