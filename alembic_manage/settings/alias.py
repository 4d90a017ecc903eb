"""The names of databases in DATABASES; imports nothing."""

DEFAULT_ALIAS = "default"
"""The database that commands work on unless told another."""


def database_flag(alias: str) -> str:
    """What a command line needs to work on a database, with a space before it; nothing for the default one."""
    return "" if alias == DEFAULT_ALIAS else f" --database {alias}"
