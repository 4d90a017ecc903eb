"""Who takes part in comparisons: each in a process of its own, for nobody leaves again."""

import subprocess
import sys

import pytest

ASK = "\nfrom alembic_manage.unchanged.hooks import are_known\nprint(are_known())"
ALONE = "import sqlalchemy.orm, alembic.autogenerate, alembic_manage.alembic_plugin"
LISTENS = """
from sqlalchemy import Table, event
event.listen(Table, "after_parent_attach", lambda table, metadata: None)
"""
COMPILES = """
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable
compiles(CreateTable)(lambda element, compiler, **options: "")
"""
COMPARES = """
from alembic.autogenerate import comparators
comparators.dispatch_for("schema")(lambda context, operations, schemas: None)
"""


def is_known_after(code: str) -> bool:
    done = subprocess.run([sys.executable, "-c", code + ASK], capture_output=True, text=True, check=True)
    return {"True": True, "False": False}[done.stdout.strip()]


def test_the_libraries_and_the_suite_are_known():
    assert is_known_after(ALONE)


@pytest.mark.parametrize("code", [LISTENS, COMPILES, COMPARES, "import geoalchemy2"])
def test_a_stranger_is_seen(code):
    assert not is_known_after(code)
