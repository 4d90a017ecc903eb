"""What Django finds: run by benchmarks/detection.py in a process of its own, twice, in the folder of a tiny project.

Reads the kinds as JSON from standard input: a number and the text of models.py each. "make" writes the first
migrations; "find" prints, as JSON, the operations that makemigrations would write for each number.
"""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db.migrations.questioner import InteractiveMigrationQuestioner

IMPORTS = "from django.db import models\nfrom django.db.models.functions import Lower, Upper\n"
POSTGRESQL_IMPORTS = """from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import HashIndex
"""
IGNORE_FOR_NOW = 2
"""The answer to: what do rows get in which the field is NULL?"""


def write_models(number: str, text: str, database: str) -> None:
    """The app of a kind, with these models."""
    app = Path(f"kind{number}")
    (app / "migrations").mkdir(parents=True, exist_ok=True)
    (app / "__init__.py").touch()
    (app / "migrations" / "__init__.py").touch()
    imports = IMPORTS + (POSTGRESQL_IMPORTS if database == "postgresql" else "")
    (app / "models.py").write_text(f"{imports}\n\n{text}\n", encoding="utf-8")


def set_up(numbers: list[str], server: dict[str, Any], database: str) -> None:
    """A project with an app for each kind."""
    if database == "mariadb":
        import pymysql

        pymysql.install_as_MySQLdb()
    extra = ["django.contrib.postgres"] if database == "postgresql" else []
    settings.configure(
        DATABASES={"default": server},
        INSTALLED_APPS=[*extra, *(f"kind{number}" for number in numbers)],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


def found(number: str) -> list[str]:
    """The names of the operations that makemigrations would write, a person saying yes to every rename."""
    out = io.StringIO()
    try:
        call_command("makemigrations", f"kind{number}", check_changes=True, dry_run=True, verbosity=3, stdout=out)
    except SystemExit as end:
        if end.code != 1:
            return [f"exit {end.code}"]
    return [name for name in re.findall(r"migrations\.([A-Z]\w+)\(", out.getvalue()) if name != "Migration"]


def main() -> None:
    """Make, or find."""
    sys.path.insert(0, ".")
    work = json.load(sys.stdin)
    database, models = work["database"], work["models"]
    for number, text in models.items():
        write_models(number, text, database)
    set_up(list(models), work["server"], database)
    if sys.argv[1] == "make":
        call_command("makemigrations", interactive=False, verbosity=0)
        return
    person: Any = InteractiveMigrationQuestioner
    person._boolean_input = lambda self, question, default=None: True
    person._choice_input = lambda self, question, choices: IGNORE_FOR_NOW
    print(json.dumps({number: found(number) for number in models}))


if __name__ == "__main__":
    main()
